"""Praat TextGrid transcripts, one file per speaker, with a note as JSON: one consultation an id.

``<id>_<speaker>.TextGrid`` and ``<id>.json``, in any folders of the input. Each consultation is
``{"consultation": id, "turns": [{"speaker", "start", "end", "text"}, ...], "note": {...}}``, its
turns in the order of time, times in seconds.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from praatio.utilities.textgrid_io import parseTextgridStr  # type: ignore[import-untyped]

from transforms.ingest.files import SourceFile, open_file
from transforms.ingest.lines import parse_object
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range, pack
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.text import UnreadableError, too_large

_TAG = re.compile(r"</?[A-Za-z][\w-]*\s*/?>")
"""Marks of the transcriber: ``<UNSURE>..</UNSURE>`` around words, ``<UNIN/>`` instead of some."""


def plan_transcripts(files: Sequence[SourceFile]) -> list[Range]:
    """Ranges of consultations, told from the files' names."""
    return list(pack(files, Format.TEXTGRID, lambda path: identity_of(path)[0]))


def read_transcripts(part: Range, source: SourceSettings) -> Iterator[Row | Reject]:
    """The consultations of a range; each is record 1 of its first file."""
    for paths in part.consultations:
        yield _consultation(paths, source)


def _consultation(paths: Sequence[str], source: SourceSettings) -> Row | Reject:
    turns: list[dict[str, Any]] = []
    note: dict[str, object] | None = None
    left = source.max_record_bytes
    for path in paths:
        try:
            with closing(open_file(path)) as file:
                data = file.read(left + 1)
            if len(data) > left:
                raise UnreadableError(too_large(source))
            left -= len(data)
            if _is_transcript(path):
                turns += parse_turns(_decode(data, source.encoding), identity_of(path)[1])
            elif note is not None:
                raise UnreadableError("a second note with the consultation's id")
            else:
                note = parse_object(_decode(data, source.encoding).encode(), "utf-8")
        except UnreadableError as problem:
            # The file that is named is the cause; the whole consultation stays back with it.
            return Reject(path, 1, str(problem), None)
    turns.sort(key=lambda turn: (turn["start"], turn["end"], turn["speaker"]))
    record = {"consultation": identity_of(paths[0])[0], "turns": turns, "note": note}
    return Row(paths[0], 1, record, None)


def parse_turns(text: str, speaker: str) -> list[dict[str, Any]]:
    """What is said in a TextGrid (long or short text form); silence is left out.

    Of several tiers each is a speaker of its own, else it is ``speaker``.

    Raises: UnreadableError.
    """
    if "ooTextFile" not in text[:100] or '"TextGrid"' not in text[:200]:
        raise UnreadableError("not a Praat TextGrid in text form")
    try:
        tiers = [t for t in parseTextgridStr(text)["tiers"] if t["class"] == "IntervalTier"]
        turns = [
            {
                "speaker": (tier["name"] if len(tiers) > 1 else speaker) or tier["name"],
                "start": float(start),
                "end": float(end),
                "text": said,
            }
            for tier in tiers
            for start, end, label in tier["entries"]
            if (said := " ".join(_TAG.sub(" ", label).split()))
        ]
    except Exception:  # the library has no common error; its texts could quote the transcript
        raise UnreadableError("broken Praat TextGrid") from None
    return turns


def _is_transcript(path: str) -> bool:
    return path.lower().endswith(".textgrid")


def identity_of(path: str) -> tuple[str, str]:
    """The consultation's id and the speaker (none for a note)."""
    stem = re.split(r"[/\\]", path)[-1].rpartition(".")[0]
    if not _is_transcript(path):
        return stem, ""
    identity, _, speaker = stem.rpartition("_")
    return (identity, speaker) if identity else (stem, "")


def _decode(data: bytes, encoding: str) -> str:
    """Praat writes UTF-8, or UTF-16 with a mark.

    Raises: UnreadableError.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError:
        raise UnreadableError(f"not valid {encoding}: set source.encoding") from None
