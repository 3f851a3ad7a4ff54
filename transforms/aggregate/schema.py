"""Which columns a release reads and of what type, and which its exact table has."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from transforms.aggregate.bounding import SUBJECT
from transforms.aggregate.needs import axes_of, exact_queries, numeric_fields, raw_fields
from transforms.aggregate.queries import Query
from transforms.aggregate.settings import ReleaseSettings
from transforms.errors import UsageError
from transforms.fields import FILE, POSITION

_NUMBERS = (pa.int64(), pa.float64(), pa.bool_())
_VALUES = (pa.string(), pa.int64(), pa.bool_())


def read_fields(release: ReleaseSettings) -> list[str]:
    """The fields that the release reads."""
    measured = (*numeric_fields(release), *raw_fields(release), *axes_of(release))
    return list(dict.fromkeys([*release.group_by, *measured]))


def columns_of(releases: Iterable[ReleaseSettings]) -> list[str]:
    """The columns of a batch that the releases read."""
    used = [name for release in releases for name in read_fields(release)]
    return [SUBJECT, FILE, POSITION, *dict.fromkeys(used)]


def partial_schema(release: ReleaseSettings, schema: pa.Schema) -> pa.Schema:
    """Schema of the release's partial tables, for batches of ``schema``.

    Raises UsageError if a field is not there, or has a type that cannot be grouped or measured.
    """
    for name in (SUBJECT, FILE, POSITION):
        _type_of(name, release, schema)
    keys = [pa.field(name, _key_type(name, release, schema)) for name in release.group_by]
    for name in numeric_fields(release):
        kind = _type_of(name, release, schema)
        if kind not in _NUMBERS:
            raise UsageError(
                f"release '{release.name}' cannot add up '{name}' of type {kind}: give the field "
                "'type: number' or 'type: integer'"
            )
    for name in raw_fields(release):
        kind = _type_of(name, release, schema)
        if kind not in _VALUES:
            raise UsageError(
                f"release '{release.name}' cannot tell values of '{name}' of type {kind} apart: "
                "count those of text, whole numbers or booleans"
            )
    for query in exact_queries(release):
        for value in query.values:
            _check_value(value, schema.field(query.field).type, "value", query.field, release)
    for name, axis in axes_of(release).items():
        kind = _type_of(name, release, schema)
        if axis.edges is not None and kind not in (pa.int64(), pa.float64()):
            raise UsageError(
                f"release '{release.name}' cannot put '{name}' of type {kind} in bins: give the "
                "field 'type: number' or 'type: integer', or list its 'values'"
            )
        for value in axis.values or ():
            _check_value(value, kind, "value", name, release)
    return pa.schema(
        [*keys, *(pa.field(q.column, _query_type(q, schema)) for q in exact_queries(release))]
    )


def exact_schema(release: ReleaseSettings, schema: pa.Schema) -> pa.Schema:
    """Schema of the release's exact table, for batches of ``schema``.

    Raises UsageError as ``partial_schema`` does.
    """
    partial = partial_schema(release, schema)
    counted = {query.column for query in exact_queries(release) if query.kind == "distinct"}
    return pa.schema([pa.field(f.name, pa.int64()) if f.name in counted else f for f in partial])


def _key_type(name: str, release: ReleaseSettings, schema: pa.Schema) -> pa.DataType:
    kind = _type_of(name, release, schema)
    if name in release.periods:
        if not (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
            raise UsageError(
                f"release '{release.name}' cannot put '{name}' of type {kind} in time buckets: "
                "give the field 'role: date'"
            )
        return pa.string()
    if name in release.bins:
        if kind not in (pa.int64(), pa.float64()):
            raise UsageError(
                f"release '{release.name}' cannot put '{name}' of type {kind} in bins: give the "
                "field 'type: number' or 'type: integer'"
            )
        return pa.string()
    if kind not in _VALUES:
        raise UsageError(
            f"release '{release.name}' cannot group by '{name}' of type {kind}: group by text, "
            "whole numbers or booleans (a number by its band or 'bins', a date by 'periods')"
        )
    for value in release.public_keys.get(name, []):
        _check_value(value, kind, "public key", name, release)
    return kind


def _check_value(
    value: bool | int | str, kind: pa.DataType, what: str, name: str, release: ReleaseSettings
) -> None:
    if pa.scalar(value).type != kind:
        raise UsageError(
            f"release '{release.name}': {what} {value!r} of '{name}' is not of the "
            f"field's type {kind}" + ("; put it in quotes" if kind == pa.string() else "")
        )


def _query_type(query: Query, schema: pa.Schema) -> pa.DataType:
    whole = pa.int64()
    match query.kind:
        case "distinct":
            return pa.list_(whole)
        case "parts":
            return pa.list_(pa.struct(dict.fromkeys(("cell", "n", "s", "q"), whole)))
        case "frequent":
            return pa.list_(pa.struct({"cell": schema.field(query.field).type, "n": whole}))
        case "histogram" | "tree" | "marginal":
            return pa.list_(pa.struct({"cell": whole, "n": whole}))
        case _:
            return whole


def _type_of(name: str, release: ReleaseSettings, schema: pa.Schema) -> pa.DataType:
    if name not in schema.names:
        raise UsageError(
            f"release '{release.name}' uses '{name}', which the records do not have "
            f"(they have: {', '.join(sorted(n for n in schema.names if n[0] != '_'))})"
        )
    return schema.field(name).type
