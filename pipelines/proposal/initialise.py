"""From a source to a configuration that fits it, checked against that source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import settings as configuration
from pipelines.proposal.document import consultation_document, table_document
from pipelines.proposal.naming import meaning
from pipelines.proposal.profile import (
    Column,
    Profile,
    columns_of,
    detector_for,
    language_of,
    month_comes_first,
)
from pipelines.proposal.propose import propose
from pipelines.proposal.source import Looked, look_at
from transforms.detect.engine import Detector
from transforms.errors import UsageError
from transforms.fields import Role, is_path
from transforms.ingest.check import check_source
from transforms.ingest.settings import Format
from transforms.progress import begin, each
from transforms.pseudonymise.dates import Reading

MOST_FIELDS = 400
"""Fields of a source that are described; keys of objects that are data would have no end."""
MANY_KEYS = 20
"""Keys of one object, each in less than a tenth of the records, from which on they are data."""
_VALUE = re.compile(r"@|\d{5}|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\W*[\d.,]+\W*$")
"""What names of fields do not look like: addresses, numbers, dates."""


@dataclass(frozen=True)
class Made:
    """A configuration, and what it was made from."""

    text: str
    records: int
    formats: dict[str, int]
    profiles: list[Profile]
    roles: dict[str, Role]
    """By path; a field without one is not in the configuration."""
    remarks: list[str] = field(default_factory=list)


def initialise(inputs: Sequence[str], output: Path) -> Made:
    """Propose a configuration for the files of ``inputs``; ``output`` is what errors call it.

    Raises: UsageError, where the source cannot be read, or no field could be the subject.
    """
    begin("reading the first records")
    looked = look_at(inputs)
    columns = columns_of(looked.records)
    remarks = _on_source(looked)
    said = Counter(named.language for path in columns if (named := meaning(path)).language)
    language = language_of(columns.values(), Counter({str(k): n for k, n in said.items()}))
    month_first = month_comes_first(columns.values())
    begin("telling what each field holds")
    spans = detector_for(language)
    columns = _named(columns, looked, spans, remarks)
    reading = Reading(not month_first, language)
    profiles = [
        column.profile(len(looked.records), spans, reading)
        for column in each(columns.values(), "fields")
    ]
    if looked.is_consultation:
        text = _of_consultations(looked, set(columns), language, remarks)
    else:
        text = _of_table(looked, profiles, language, month_first, remarks)
    # What is handed out is what `veilbeam check` and `veilbeam run` take.
    settings = configuration.parse(text, str(output))
    report = check_source(inputs, settings.source, settings.specs)
    for reason, count in report.unusable.items():
        remarks.append(f"{count:,} of {report.records:,} records would be quarantined: {reason}.")
    return Made(
        text=text,
        records=len(looked.records),
        formats=looked.formats,
        profiles=profiles,
        roles={spec.path: spec.role for spec in settings.specs},
        remarks=remarks,
    )


def _of_table(
    looked: Looked, profiles: list[Profile], language: str, month_first: bool, remarks: list[str]
) -> str:
    proposed = propose(profiles)
    if proposed is None:
        raise UsageError(
            "--input: no field tells patients apart, nor records: none is in every record and in "
            "no two the same. Add a column with a number for each patient (the same in all of "
            "their records), call it patient_id, and run init again. If there is a number that "
            "begins anew in each file, give init and run one file at a time."
        )
    if proposed.is_fallback:
        remarks.append(
            "No field tells one patient from another. Each record counts as a person: see the "
            "field with role subject in the file."
        )
    return table_document(proposed, looked.settings, language, month_first, remarks)


def _of_consultations(looked: Looked, seen: set[str], language: str, remarks: list[str]) -> str:
    told = sum(bool((record.get("patient") or {}).get("id")) for record in looked.records)
    if told < len(looked.records):
        remarks.append(
            f"In {told:,} of {len(looked.records):,} consultations it is told who the patient is: "
            "fill in source.speakers.staff, so that the others are."
        )
    by_consultation = 2 * told < len(looked.records)
    return consultation_document(seen, looked.settings, language, by_consultation, remarks)


def _on_source(looked: Looked) -> list[str]:
    remarks = []
    if looked.refused:
        remarks.append(f"{looked.refused:,} of the first records cannot be read.")
    if unknown := looked.formats.get("unknown"):
        remarks.append(f"{unknown:,} files are of no known format and go to quarantine.")
    if looked.tables:
        remarks.append(
            f"{looked.tables:,} files are tables with names of their own, which this configuration "
            "cannot use: describe them by themselves, with a configuration of their own."
        )
    return remarks


def _named(
    columns: dict[str, Column], looked: Looked, spans: Detector, remarks: list[str]
) -> dict[str, Column]:
    """The columns whose names are names, and can stand in a configuration.

    Raises: UsageError, where the first row of a table is data.
    """
    if looked.is_consultation:
        return columns
    like_values = {path for path, column in columns.items() if _is_value(path, column, spans)}
    like_values |= _keys(columns, len(looked.records))
    is_csv = set(looked.formats) <= {str(Format.CSV), "unknown", "media"}
    if is_csv and 3 * len(like_values) >= len(columns):
        raise UsageError(
            "--input: the first row does not look like names of columns, but like a record. Add a "
            "first row with a name for each column."
        )
    if like_values:
        remarks.append(
            f"{len(like_values):,} names of fields look like data themselves: they are left out, "
            "and dropped."
        )
    odd = {path for path in columns if not is_path(path)} - like_values
    if odd:
        remarks.append(f"{len(odd):,} fields have names that no path can be written for: dropped.")
    kept = {p: c for p, c in columns.items() if p not in like_values and p not in odd}
    if len(kept) > MOST_FIELDS:
        remarks.append(f"Only the first {MOST_FIELDS:,} fields are described: the rest is dropped.")
        kept = dict(list(kept.items())[:MOST_FIELDS])
    return kept


def _keys(columns: Mapping[str, Column], records: int) -> set[str]:
    """Keys of objects that are data (a name, a day): one object has many, each of them rarely."""
    rare: dict[str, list[str]] = {}
    for path, column in columns.items():
        steps = path.split(".")
        for depth in range(len(steps)):
            if 10 * column.filled < records:
                rare.setdefault(".".join(steps[:depth]), []).append(path)
    return {
        path
        for parent, paths in rare.items()
        if len({p[len(parent) :].lstrip(".").partition(".")[0] for p in paths}) > MANY_KEYS
        for path in paths
    }


def _is_value(path: str, column: Column, spans: Detector) -> bool:
    """Whether the name of a field looks like data: an address, a number, a person."""
    last = path.rpartition(".")[2] or path
    if _VALUE.search(last) or _VALUE.search(path) or path in column.values:
        return True
    if meaning(path).meaning is not None or " " not in last.strip():
        return False
    (found,) = spans.detect([last])
    return any(s.entity == "PERSON" and s.end - s.start >= 0.6 * len(last) for s in found)
