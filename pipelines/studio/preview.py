"""What records become under a configuration: by the real detector, pseudonymiser and leak check.

The key is a throw-away one, so that what is seen here is no pseudonym of any release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pipelines.settings import Settings
from pipelines.studio import made_up
from transforms.batches import flat, rows_of
from transforms.detect.batch import Detected, detect_batch
from transforms.detect.engine import DetectionError
from transforms.detect.spans import Span
from transforms.detect.transform import detector
from transforms.errors import VeilbeamError
from transforms.fields import FieldSpec, Role, subject_of
from transforms.ingest.check import first_records
from transforms.ingest.quarantine import Reject
from transforms.ingest.records import Row, to_batches
from transforms.pseudonymise.batch import Place, Treated, treat
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.overlaps import resolve
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.verify.leaks import leaks

MOST = 20
"""Records of a file that are shown."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """Records to look at: made-up ones, or the first of the files that ``sample`` names."""

    sample: Sequence[str] = ()
    key: RootKey = field(default_factory=RootKey.new)
    _read: dict[str, list[Row | Reject]] = field(default_factory=dict, repr=False)

    def check(self, settings: Settings) -> None:
        """Raise UsageError if the files cannot be read."""
        if self.sample:
            self._rows(settings)

    def look(self, settings: Settings, originals: bool) -> Json:
        """The records before and after, as JSON for the page.

        ``originals``: whether what stands in the records now is told too. Raises UsageError where a
        file cannot be read, or a model is not installed.
        """
        outputs = list(to_batches(self._rows(settings), settings.specs))
        refused: Counter[str] = Counter()
        records: list[Json] = []
        for output in outputs:
            if isinstance(output, pa.RecordBatch):
                records += _records(settings, output, self.key, originals)
            else:
                refused.update(output.data["reason"].to_pylist())
        return {
            "made_up": not self.sample,
            "records": records,
            "refused": [{"reason": why, "records": n} for why, n in refused.items()],
        }

    def _rows(self, settings: Settings) -> Sequence[Row | Reject]:
        if not self.sample:
            return made_up.rows(settings.specs)
        # Read once for each way of reading: what is edited here is seldom that.
        source = settings.source.model_dump_json()
        if source not in self._read:
            self._read.clear()
            found = first_records(self.sample, settings.source, settings.specs)
            self._read[source] = found[:MOST]
        return self._read[source]


def _records(
    settings: Settings, batch: pa.RecordBatch, key: RootKey, originals: bool
) -> Iterator[Json]:
    fields = settings.specs
    detect = settings.detect.model_dump_json()
    try:
        detected = detect_batch(detector(detect), batch, fields)
        pseudonymiser = Pseudonymiser(key, settings.pseudonymise, fields)
        treated = treat(pseudonymiser, detected, subject_of(fields).name)
        certain = detector(detect, settings.verify.certain)
        reasons = leaks(certain, settings.verify, fields, treated)
    except DetectionError as problem:
        raise VeilbeamError(f"A record's text could not be searched: {problem}.") from None
    for row, reason in enumerate(reasons):
        yield {
            "fields": _values(fields, treated, row, originals),
            "texts": [
                _text(one.name, detected, treated, row, originals)
                for one in fields
                if one.role is Role.TEXT
            ],
            "refused": reason,
        }


def _values(fields: Sequence[FieldSpec], treated: Treated, row: int, originals: bool) -> Json:
    """Each field that is no text: its value before and after; null where there is none."""
    found = {}
    for one in fields:
        if one.role in (Role.TEXT, Role.DROP):
            continue
        after = None
        if one.name in treated.published.schema.names:
            after = _shown(treated.published.column(one.name)[row].as_py())
        found[one.name] = {"after": after}
        if originals:
            found[one.name]["before"] = _shown(treated.source.column(one.name)[row].as_py())
    return found


def _shown(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(item) for item in dict.fromkeys(value) if item is not None) or None
    return None if value is None else str(value)


def _text(name: str, detected: Detected, treated: Treated, row: int, originals: bool) -> Json:
    """A text field: each of its values in pieces, those that are replaced marked."""
    source = treated.source.column(name)
    numbers = [number for number, owner in enumerate(rows_of(source)) if owner == row]
    shown: Json = {"field": name, "after": None}
    if name in treated.published.schema.names:
        texts = flat(treated.published.column(name))
        places = treated.places[name]
        shown["after"] = [_after(texts[n].as_py() or "", places[n]) for n in numbers]
    if originals:
        texts, spans = flat(source), detected.spans[name]
        shown["before"] = [_before(texts[n].as_py() or "", spans[n]) for n in numbers]
    return shown


def _before(text: str, spans: Sequence[Span]) -> list[Json]:
    return _pieces(text, {(s.start, s.end): s.entity for s in resolve(spans, len(text))})


def _after(text: str, places: Sequence[Place]) -> list[Json]:
    return _pieces(text, dict.fromkeys(places, "stand-in"))


def _pieces(text: str, marks: Mapping[Place, str]) -> list[Json]:
    pieces: list[Json] = []
    at = 0
    for (start, end), mark in sorted(marks.items()):
        if start > at:
            pieces.append({"text": text[at:start]})
        pieces.append({"text": text[max(start, at) : end], "mark": mark})
        at = max(at, end)
    if at < len(text):
        pieces.append({"text": text[at:]})
    return pieces
