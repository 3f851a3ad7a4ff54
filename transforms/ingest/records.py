"""Records of any source to Arrow batches of the configured fields, typed and checked."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
import pyarrow as pa

from transforms.batches import BATCH_BYTES, BATCH_RECORDS
from transforms.fields import FieldSpec, FieldType, Role, source_schema
from transforms.ingest.paths import PathError, accessor
from transforms.ingest.quarantine import Reject, Rejects, rejects_to_batch

NO_SUBJECT = "no subject"


class Row(NamedTuple):
    """A record that could be read, before its fields are checked."""

    file: str
    position: int
    """1-based line, row or record number in the file."""
    record: Mapping[str, Any]
    raw: bytes | None
    """The record as it stood in the file; ``None`` where a format has no such thing."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(kind, name) of each part that was seen and not read: ``("attachment", "image/png")``."""
    session: str | None = None
    """What the parts of one consultation share, where a source has them one by one; a digest."""

    def original(self) -> bytes:
        """What quarantine keeps of the record."""
        return self.raw if self.raw is not None else orjson.dumps(self.record, default=str)


def to_batches(
    rows: Iterable[Row | Reject], fields: Sequence[FieldSpec]
) -> Iterator[pa.RecordBatch | Rejects]:
    """Batches of ``source_schema(fields)``, and what cannot go on.

    Every row comes out once, in a batch or in a ``Rejects``; order is kept within each of the two.
    """
    schema = source_schema(list(fields))
    readers = [_reader(field) for field in fields if field.role is not Role.DROP]
    columns: list[list[Any]] = [[] for _ in schema]
    rejects: list[Reject] = []
    size = rejected_size = 0
    for row in rows:
        if isinstance(row, Row):
            try:
                values = [read(row.record) for read in readers]
            except _UnusableError as problem:
                row = Reject(row.file, row.position, str(problem), row.original())
        if isinstance(row, Reject):
            rejects.append(row)
            rejected_size += len(row.record or b"")
            if len(rejects) >= BATCH_RECORDS or rejected_size >= BATCH_BYTES:
                yield rejects_to_batch(rejects)
                rejects, rejected_size = [], 0
            continue
        for column, value in zip(columns, values, strict=False):
            column.append(value)
        columns[-2].append(row.file)
        columns[-1].append(row.position)
        size += len(row.raw) if row.raw is not None else _size(values)
        if len(columns[-1]) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield _batch(columns, schema)
            columns, size = [[] for _ in schema], 0
    if columns[-1]:
        yield _batch(columns, schema)
    if rejects:
        yield rejects_to_batch(rejects)


class _UnusableError(Exception):
    """Why a record cannot go on; names the field, never the value."""


class _ValueError(Exception):
    """What is wrong with a value: a predicate that does not quote it, as Python's errors do."""


def _batch(columns: list[list[Any]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _size(values: list[Any]) -> int:
    """Approximate number of bytes in a record that has no raw form."""
    texts = (t for v in values for t in (v if isinstance(v, list) else (v,)))
    return sum(len(t) if isinstance(t, str) else 8 for t in texts)


def _reader(field: FieldSpec) -> Callable[[Mapping[str, Any]], Any]:
    """A function from a record to the field's value, converted and checked."""
    get, convert, name, subject = (
        accessor(field.path), _CONVERT[field.type], field.name, field.role is Role.SUBJECT,
    )  # fmt: skip
    required = field.required or subject
    missing = NO_SUBJECT if subject else f"required field '{name}' is missing or blank"

    def one(record: Mapping[str, Any]) -> Any:
        value = get(record)
        if value is not None:
            try:
                value = convert(value)
            except _ValueError as problem:
                raise _UnusableError(f"field '{name}' {problem}") from None
        if required and (value is None or (type(value) is str and not value.strip())):
            raise _UnusableError(missing)
        return value

    def many(record: Mapping[str, Any]) -> list[Any] | None:
        try:
            values = get(record)
            if values is not None:
                if not isinstance(values, list):
                    raise _ValueError("is not a list, but its path has []")
                values = [None if value is None else convert(value) for value in values]
        except (_ValueError, PathError) as problem:
            raise _UnusableError(f"field '{name}' {problem}") from None
        if required and not any(v is not None and str(v).strip() for v in values or ()):
            raise _UnusableError(missing)
        return values

    return many if field.is_list else one


# Soft hyphen, zero-width space, word joiner, byte-order mark.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INTEGER = re.compile(r"[+-]?\d+(\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {
    "true": True, "yes": True, "y": True, "t": True, "1": True,
    "false": False, "no": False, "n": False, "f": False, "0": False,
}  # fmt: skip


def clean_text(text: str) -> str:
    """A text as it stands, but in Unicode's normal form C and without characters that are never
    seen, so that one name is one string.

    Control characters are noise that breaks what comes after (\\x1e separates texts there), so each
    becomes a space, but for a NUL byte: it says that something went wrong before.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    if _CONTROL.search(text) is None:
        return text
    if "\0" in text:
        raise _ValueError("holds a NUL byte")
    return _CONTROL.sub(" ", text)


def _string(value: Any) -> str:
    """Text as ``clean_text`` leaves it; other scalars as their JSON text, dates in ISO 8601."""
    if type(value) is str:
        return clean_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and abs(value) >= 2**53:
        # The parser has already lost digits of such an integer: two ids could become one.
        raise _ValueError("is a number too large to be an exact text; it must be quoted")
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise _ValueError(_shape(value) + ", not a text")


def _integer(value: Any) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not _INTEGER.fullmatch(text) or len(text) > 40:
            raise _ValueError("is not an integer")
        value = int(text.partition(".")[0])
    elif isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _ValueError("is not an integer")
    if not -(2**63) <= value < 2**63:
        raise _ValueError("is an integer of more than 64 bits")
    return value


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise _ValueError("is not a number")
        value = text
    elif not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        raise _ValueError("is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _ValueError("is not a finite number")
    return number


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str):
        text = str(value).strip().lower()
        if not text:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
    raise _ValueError("is not a boolean (true, false, yes, no, 1, 0)")


def _shape(value: Any) -> str:
    if isinstance(value, list):
        return "is a list (use [] or [0] in its path)"
    if isinstance(value, dict):
        return "is an object (its path must go on into it)"
    return "is binary data"


_CONVERT: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.STRING: _string,
    FieldType.DATE: _string,
    FieldType.DATETIME: _string,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
}
