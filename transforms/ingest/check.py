"""What a source is and what it holds, told from its first records: before anything runs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple

from transforms.errors import UsageError
from transforms.fields import FieldSpec, Role
from transforms.ingest import fhir, fhir_pieces
from transforms.ingest.consultation import PATHS
from transforms.ingest.databases import shown
from transforms.ingest.fhir_join import NO_TYPE
from transforms.ingest.files import SourceFile
from transforms.ingest.find import find_files
from transforms.ingest.paths import leaves, without_indexes
from transforms.ingest.plan import packed, plan
from transforms.ingest.quarantine import Reject, Rejects
from transforms.ingest.read import completed, is_canonical, read, records
from transforms.ingest.records import Row, to_batches
from transforms.ingest.settings import Format, SourceSettings

FILES, RECORDS = 3, 1000
"""How many files of a format, and records of each, are looked at."""


@dataclass(frozen=True)
class SourceReport:
    """What the first records of a source tell."""

    files: int
    size: int
    """Bytes, as they are stored."""
    formats: dict[str, int]
    """Number of files by what they were taken for: a format, ``unknown`` (they go to quarantine),
    ``media`` (recordings and pictures: not read)."""
    records: int
    """Number of records looked at."""
    found: dict[str, int]
    """Field -> number of these records in which it has a value."""
    unassigned: list[str]
    """Paths in the data that have no role: dropped."""
    unusable: dict[str, int]
    """Reason -> number of these records that would go to quarantine."""
    warnings: list[str]


def check_source(
    patterns: Sequence[str], source: SourceSettings, fields: Sequence[FieldSpec]
) -> SourceReport:
    """Look at the source without running.

    Raises: UsageError, where no file matches, nothing is in them, nothing can be read, or a field
    of the configuration is not in the source.
    """
    _check_record_id(source, fields)
    found = find_files(patterns, source)
    canonical = {f.format for f in found.files if is_canonical(f.format, source)}
    try:
        sample = _sample(found.files, source, fields)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageError(f"input {problem.filename or shown(patterns[0])}: {reason}.") from problem
    readable = [row for row in sample.rows if isinstance(row, Row)]
    where = ", ".join(map(shown, patterns))
    if not sample.rows and not sample.is_partial:
        raise UsageError(f"input {where}: holds no records.")
    if sample.rows and not readable:
        reason, _ = Counter(r.reason for r in sample.rows if isinstance(r, Reject)).most_common(1)[
            0
        ]
        raise UsageError(
            f"input {where}: none of the first {len(sample.rows)} records can be read: {reason}. "
            "Check source.format and source.encoding."
        )
    seen = Counter(path for row in readable for path in set(leaves(row.record)))
    # What a canonical consultation can have is known, whatever the first ones hold.
    names = set(sample.header) | set(seen) | set(PATHS if canonical else ())
    are_all = {file.format for file in found.files if file.format is not None} == canonical
    warnings = [f"{path}: not read, its name tells of no records" for path in found.ignored]
    if sample.is_partial:
        warnings.append("the first resources do not join: the fields could not be checked")
    else:
        warnings += _missing(fields, names, bool(sample.header) or are_all)
    covered = {f.path for f in fields} | {without_indexes(f.path) for f in fields}
    return SourceReport(
        files=len(found.files),
        size=sum(file.size for file in found.files),
        formats=found.taken(),
        records=len(sample.rows),
        found={f.name: seen[f.path] or seen[without_indexes(f.path)] for f in fields},
        unassigned=sorted((set(sample.header) | set(seen)) - covered),
        unusable=_unusable(sample.rows, fields),
        warnings=warnings,
    )


def first_records(
    patterns: Sequence[str], source: SourceSettings, fields: Sequence[FieldSpec]
) -> list[Row | Reject]:
    """The first records of a source, in the shape in which the fields' paths find their values.

    Raises: UsageError, where no file matches or one cannot be opened.
    """
    try:
        return _sample(find_files(patterns, source).files, source, fields).rows
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageError(f"input {problem.filename or shown(patterns[0])}: {reason}.") from problem


class _Sample(NamedTuple):
    rows: list[Row | Reject]
    header: tuple[str, ...]
    """The paths of all records, where the format says so; else empty."""
    is_partial: bool
    """FHIR: there are resources, but those looked at do not belong together."""


def _sample(
    files: Sequence[SourceFile], source: SourceSettings, fields: Sequence[FieldSpec]
) -> _Sample:
    """The first records of the first files of each format."""
    rows: list[Row | Reject] = []
    headers: dict[str, None] = {}
    is_certain, is_partial = True, False
    by_format: dict[Format | None, list[SourceFile]] = defaultdict(list)
    for file in files:
        by_format[file.format].append(file)
    for format, some in by_format.items():
        if format is Format.FHIR:
            joined = _fhir_sample(some, source)
            rows += completed(joined.rows, format, source)
            is_certain, is_partial = False, joined.is_partial and len(by_format) == 1
            continue
        packed_ones, _ = packed(some)
        if packed_ones:
            every = (row for part in packed_ones for row in records(part, source, fields))
            rows += islice(every, RECORDS)
            is_certain &= format is None
            continue
        looked_at = 0
        for file in some:
            before = len(rows)
            for part in plan(file, source):
                headers.update(dict.fromkeys(part.header))
                is_certain &= bool(part.header or part.problem)
                rows += islice(records(part, source, fields), RECORDS - (len(rows) - before))
                if len(rows) - before >= RECORDS:
                    break
            looked_at += len(rows) > before
            if looked_at >= FILES:
                break
    return _Sample(rows, tuple(headers) if is_certain else (), is_partial)


def _fhir_sample(files: Sequence[SourceFile], source: SourceSettings) -> _Sample:
    """Consultations of the first resources of each file, joined as the pipeline joins all."""
    rows: list[Row | Reject] = []
    patients: dict[str, Mapping[str, Any]] = {}
    practitioners: dict[str, Mapping[str, Any]] = {}
    encounters: list[Row] = []
    documents: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    pieces: dict[str | None, list[fhir_pieces.Piece]] = defaultdict(list)
    canonical = is_canonical(Format.FHIR, source)
    resources = 0
    files_of: Counter[str] = Counter()
    for file in files:
        kind = re.split(r"[^A-Za-z]", re.split(r"[/\\]", file.path)[-1])[0]
        files_of[kind] += 1
        if files_of[kind] > FILES:
            continue
        for row in islice(_rows(file, source), RECORDS):
            if isinstance(row, Reject):
                rows.append(row)
                continue
            resources += 1
            kind = row.record.get("resourceType")
            if not isinstance(kind, str):
                rows.append(Reject(row.file, row.position, NO_TYPE, row.raw))
                continue
            match kind:
                case "Patient":
                    patients.update((key, row.record) for key in fhir.keys_of(row.record))
                case "Practitioner":
                    practitioners.update((key, row.record) for key in fhir.keys_of(row.record))
                case "Encounter":
                    encounters.append(row)
                case "DocumentReference":
                    key = fhir.encounter_key(row.record)
                    documents[key].append(fhir.note_of(row.record)[0])
                    if canonical:
                        pieces[key].append(fhir_pieces.document_piece(row.record))
                case other if canonical and other in fhir_pieces.SHARED:
                    practitioners.update((key, row.record) for key in fhir.keys_of(row.record))
                case other if canonical and other in fhir_pieces.KINDS:
                    for piece in fhir_pieces.pieces_of(row.record):
                        pieces[fhir_pieces.key_of(piece)].append(piece)
    for row in encounters[:RECORDS]:
        encounter = row.record
        patient = patients.get(fhir.reference_key(encounter.get("subject"), "Patient") or "")
        keys = list(fhir.keys_of(encounter))
        said = [piece for key in keys for piece in pieces.pop(key, ())]
        if patient is not None:
            wanted = [*fhir.practitioner_keys(encounter), *(k for p in said for k in p.keys)]
            record = fhir.consultation(
                encounter.get("id"),
                encounter,
                patient,
                [practitioners[key] for key in dict.fromkeys(wanted) if key in practitioners],
                [note for key in keys for note in documents.get(key, ())],
            )
            record |= {"pieces": [piece._asdict() for piece in said]} if canonical else {}
            rows.append(row._replace(record=record))
    for key, said in islice(pieces.items(), RECORDS):
        patient = patients.get(fhir.reference_key(said[0].subject, "Patient") or "")
        if patient is not None and key is not None and any(piece.is_session for piece in said):
            wanted = [k for piece in said for k in piece.keys]
            known = [practitioners[k] for k in dict.fromkeys(wanted) if k in practitioners]
            record = fhir.consultation(None, None, patient, known, [])
            record |= {"pieces": [piece._asdict() for piece in said]}
            rows.append(Row(files[0].path, 1, record, None))
    is_partial = resources > 0 and not any(isinstance(row, Row) for row in rows)
    return _Sample([] if is_partial else rows, (), is_partial)


def _rows(file: SourceFile, source: SourceSettings) -> Iterator[Row | Reject]:
    for part in plan(file, source):
        yield from read(part, source, ())


def _missing(fields: Sequence[FieldSpec], names: set[str], is_certain: bool) -> list[str]:
    """Warnings on fields that the source does not seem to have.

    Raises: UsageError, where it is certain, or no record could go on.
    """
    warnings, errors = [], []
    for field in fields:
        if field.path in names or without_indexes(field.path) in names:
            continue
        close = get_close_matches(field.path, sorted(names), n=1, cutoff=0.6)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        needed = field.required or field.role is Role.SUBJECT
        if is_certain or needed:
            errors.append(f"fields.{field.name}: the source has no {field.path!r}{hint}")
        else:
            warnings.append(
                f"fields.{field.name}: {field.path!r} is not in the first records{hint}"
            )
    if errors:
        known = f"Set the field's path, or remove it. The source has: {_listed(names)}."
        raise UsageError("\n".join([*errors, known]))
    return warnings


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:30]
    return ", ".join(shown) + (f" and {len(names) - 30} more" if len(names) > 30 else "")


def _unusable(rows: Sequence[Row | Reject], fields: Sequence[FieldSpec]) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for output in to_batches(rows, fields):
        if isinstance(output, Rejects):
            reasons.update(output.data["reason"].to_pylist())
    return dict(reasons)


def _check_record_id(source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
    """Raises: UsageError, where ``record_id`` names no field that is read as one value."""
    if source.record_id is None:
        return
    names = [f.name for f in fields if f.role is not Role.DROP and not f.is_list]
    if source.record_id not in names:
        close = get_close_matches(source.record_id, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UsageError(
            f"source.record_id: {source.record_id!r} is not the name of a field with one value "
            f"and a role other than drop.{hint}"
        )
