"""Praat TextGrid transcripts with notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from transforms.ingest.files import SourceFile
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import BY_NAME, SURE, Head, Source
from transforms.ingest.textgrid import identity_of, plan_transcripts, read_transcripts

_ROLES = {"doctor": "clinician", "clinician": "clinician", "patient": "patient"}


def _who(speaker: str) -> dict[str, str]:
    """A speaker, or only the role where that is all that the file's name says."""
    role = _ROLES.get(speaker.strip().lower())
    return {"speaker": speaker} if role is None else {"role": role}


class TextGrid(Source):
    """``<id>_<speaker>.TextGrid``, one a speaker, with ``<id>.json``: several files are one."""

    format = Format.TEXTGRID
    title = "Praat TextGrid with notes"
    endings = frozenset({".textgrid", ".json"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """The first line of a TextGrid."""
        if "ooTextFile" in head.text[:100] and '"TextGrid"' in head.text[:200]:
            return SURE
        return BY_NAME if head.ending == ".textgrid" else 0.0

    def companions(self, own: Sequence[str], others: Sequence[str]) -> Iterable[str]:
        """The notes: JSON with the id of a transcript."""
        ids = {identity_of(path)[0] for path in own}
        return [p for p in others if p.lower().endswith(".json") and identity_of(p)[0] in ids]

    def pack(self, files: Sequence[SourceFile]) -> Iterator[Range] | None:
        """Ranges of consultations, told from the files' names."""
        return iter(plan_transcripts(files))

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The consultations of a range."""
        return read_transcripts(part, settings)

    def consultation(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Turns with their times; the note's texts, one after the other, and its ``patient_id``."""
        note = record["note"] or {}
        identity = note.get("patient_id")
        texts = (note.get(key) for key in ("presenting_complaint", "note"))
        return {
            "id": record["consultation"],
            "patient": {"id": str(identity)} if identity else None,
            "turns": [
                {
                    **_who(turn["speaker"]),
                    "offset": turn["start"],
                    "end_offset": turn["end"],
                    "text": turn["text"],
                }
                for turn in record["turns"]
            ],
            "note": "\n\n".join(text for text in texts if isinstance(text, str) and text) or None,
        }
