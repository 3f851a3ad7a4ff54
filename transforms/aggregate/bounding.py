"""Rows of subjects -> bounded contributions -> exact sums of each group, one shard at once.

The bounds (L0: groups of a subject; L∞: rows of a subject in a group) hold for every input. Which
groups and rows of a subject stay is uniform, decided by a keyed hash of the row's place alone: no
other subject has a say in it (as the sensitivity demands), and a repeated bundle decides the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import polars as pl
import pyarrow as pa

from transforms.aggregate.queries import (
    FIRST,
    ROWS,
    SUBJECTS,
    Query,
    queries_of,
    value_column,
)
from transforms.aggregate.settings import ReleaseSettings
from transforms.errors import UsageError
from transforms.fields import FILE, POSITION

SUBJECT = "_subject"
"""Column of the batches: a keyed token of the subject, the privacy unit."""

# Working columns; the colon keeps them apart from every field's name.
_SUBJECT, _GROUP, _PAIR, _ORDER, _NUMBER = "c:s", "c:g", "c:pair", "c:order", "c:number"
_SUBJECT_HASH, _GROUP_HASH = "h:s", "h:g"


@dataclass
class Stats:
    """What bounding left out, exactly; for the restricted zone only, never for a release."""

    rows: int = 0
    rows_without_subject: int = 0
    rows_without_key: int = 0
    """A grouping field is null: the row is in no group."""
    rows_outside_keys: int = 0
    """The row's group is not one of the public keys."""
    groups_over_bound: int = 0
    """Pairs of subject and group that ``max_groups`` cut."""
    rows_over_bound: int = 0
    """Rows that ``max_groups`` and ``max_rows_per_group`` cut."""
    missing: dict[str, int] = field(default_factory=dict)
    """By field: null, NaN or infinite values among the rows that were kept."""

    def __add__(self, other: Stats) -> Stats:
        names = [f.name for f in fields(self) if f.name != "missing"]
        counts = {name: getattr(self, name) + getattr(other, name) for name in names}
        keys = self.missing.keys() | other.missing.keys()
        missing = {key: self.missing.get(key, 0) + other.missing.get(key, 0) for key in keys}
        return Stats(**counts, missing=missing)


def exact_queries(release: ReleaseSettings) -> list[Query]:
    """The queries that the exact table holds: those of the release, and both counts."""
    return list(dict.fromkeys([SUBJECTS, ROWS, *queries_of(release)]))


def value_fields(release: ReleaseSettings) -> list[str]:
    """The numeric fields that the release adds up."""
    return list(dict.fromkeys(q.field for q in queries_of(release) if q.field))


def columns_of(releases: Iterable[ReleaseSettings]) -> list[str]:
    """The columns of a batch that the releases read."""
    used = [name for release in releases for name in (*release.group_by, *value_fields(release))]
    return [SUBJECT, FILE, POSITION, *dict.fromkeys(used)]


def exact_schema(release: ReleaseSettings, schema: pa.Schema) -> pa.Schema:
    """Schema of the release's exact table, for batches of ``schema``.

    Raises UsageError if a field is not there, or has a type that cannot be grouped or added up.
    """
    for name in (SUBJECT, FILE, POSITION):
        _type_of(name, release, schema)
    for name in release.group_by:
        kind = _type_of(name, release, schema)
        if not (pa.types.is_string(kind) or pa.types.is_int64(kind) or pa.types.is_boolean(kind)):
            raise UsageError(
                f"release '{release.name}' cannot group by '{name}' of type {kind}: group by text, "
                "whole numbers or booleans (a number by its band)"
            )
        for value in release.public_keys.get(name, []):
            if pa.scalar(value).type != kind:
                raise UsageError(
                    f"release '{release.name}': public key {value!r} of '{name}' is not of the "
                    f"field's type {kind}" + ("; put it in quotes" if kind == pa.string() else "")
                )
    for name in value_fields(release):
        kind = _type_of(name, release, schema)
        if kind not in (pa.int64(), pa.float64(), pa.bool_()):
            raise UsageError(
                f"release '{release.name}' cannot add up '{name}' of type {kind}: give the field "
                "'type: number' or 'type: integer'"
            )
    keys = [pa.field(name, schema.field(name).type) for name in release.group_by]
    return pa.schema([*keys, *(pa.field(q.column, pa.int64()) for q in exact_queries(release))])


def _type_of(name: str, release: ReleaseSettings, schema: pa.Schema) -> pa.DataType:
    if name not in schema.names:
        raise UsageError(
            f"release '{release.name}' uses '{name}', which the records do not have "
            f"(they have: {', '.join(sorted(n for n in schema.names if n[0] != '_'))})"
        )
    return schema.field(name).type


def public_groups(release: ReleaseSettings) -> pl.DataFrame:
    """All public groups, crossed; one column for each grouping field."""
    table = pl.DataFrame({"c:one": [0]})
    for name, values in release.public_keys.items():
        table = table.join(pl.DataFrame({name: values}), how="cross")
    return table.drop("c:one")


def aggregate_shard(
    rows: pa.Table, release: ReleaseSettings, sampling_key: bytes
) -> tuple[pa.Table, Stats]:
    """Exact sums of each group over the bounded rows of a shard's subjects.

    ``rows`` has the columns ``columns_of([release])`` and holds *all* rows of each of its subjects.
    The result has the columns of ``exact_schema``, one row for each group met, sorted by key.
    """
    schema = exact_schema(release, rows.schema)
    stats = Stats(rows=rows.num_rows)
    frame = _frame(rows.select(columns_of([release])), release)
    with_subject = frame.filter(pl.col(SUBJECT).is_not_null())
    stats.rows_without_subject = frame.height - with_subject.height
    with_key = with_subject.filter(
        pl.all_horizontal(pl.lit(True), *(pl.col(name).is_not_null() for name in release.group_by))
    )
    stats.rows_without_key = with_subject.height - with_key.height

    seed = _seed(sampling_key, release)
    groups = _groups(with_key, release, seed)
    coded = _code(with_key, groups, release, seed)
    stats.rows_outside_keys = with_key.height - coded.height
    kept = _bound(coded, release, seed, stats)
    stats.missing = {name: kept[value_column(name)].null_count() for name in value_fields(release)}

    sums = kept.group_by(_GROUP).agg(query.of_rows() for query in exact_queries(release))
    table = groups.drop(_GROUP_HASH).join(sums, on=_GROUP).drop(_GROUP)
    return _sorted(table, release).to_arrow().cast(schema), stats


def merge(tables: Iterable[pa.Table], release: ReleaseSettings) -> pa.Table:
    """The sums of several shards' tables, by group; sorted by key."""
    whole = pa.concat_tables(list(tables))
    sums = [pl.col(query.column).sum() for query in exact_queries(release)]
    frame = pl.DataFrame(whole)
    if release.group_by:
        frame = frame.group_by(release.group_by).agg(sums)
    elif frame.height:
        frame = frame.select(sums)
    return _sorted(frame, release).to_arrow().cast(whole.schema)


def aggregate_locally(
    batches: Iterable[pa.RecordBatch], release: ReleaseSettings, sampling_key: bytes
) -> tuple[pa.Table, Stats]:
    """The exact table of a release over batches that fit in memory; what ``Aggregate`` computes."""
    return aggregate_shard(
        pa.Table.from_batches(batches).select(columns_of([release])), release, sampling_key
    )


def _seed(sampling_key: bytes, release: ReleaseSettings) -> int:
    """Hash seed of the release: another release samples other rows."""
    label = b"veilbeam aggregate sampling\0" + release.name.encode()
    return int.from_bytes(hmac.digest(sampling_key, label, hashlib.sha256)[:8], "big")


def _frame(rows: pa.Table, release: ReleaseSettings) -> pl.DataFrame:
    """As Polars, with a column of valid values beside each field that is added up."""
    frame = pl.DataFrame(rows)
    values = {name: pl.col(name).cast(pl.Float64) for name in value_fields(release)}
    return frame.select(
        SUBJECT,
        FILE,
        POSITION,
        *release.group_by,
        *(
            pl.when(value.is_finite()).then(value).alias(value_column(name))
            for name, value in values.items()
        ),
    )


def _groups(frame: pl.DataFrame, release: ReleaseSettings, seed: int) -> pl.DataFrame:
    """The groups that may appear, numbered, each with a hash of its key."""
    met = frame.select(release.group_by).unique() if release.private else public_groups(release)
    key_hash = met.hash_rows(seed=seed) if release.group_by else pl.Series([0], dtype=pl.UInt64)
    return met.with_columns(key_hash.alias(_GROUP_HASH)).with_row_index(_GROUP)


def _code(
    frame: pl.DataFrame, groups: pl.DataFrame, release: ReleaseSettings, seed: int
) -> pl.DataFrame:
    """Rows of the groups, with a number and a hash for subject and group in place of text."""
    subjects = frame.select(SUBJECT).unique()
    subjects = subjects.with_columns(
        subjects.hash_rows(seed=seed).alias(_SUBJECT_HASH)
    ).with_row_index(_SUBJECT)
    if release.group_by:
        frame = frame.join(groups, on=release.group_by)
    else:
        frame = frame.join(groups, how="cross")
    frame = frame.join(subjects, on=SUBJECT)
    place = frame.select(_SUBJECT_HASH, FILE, POSITION).hash_rows(seed=seed)
    values = [value_column(name) for name in value_fields(release)]
    return frame.select(_SUBJECT, _GROUP, _SUBJECT_HASH, _GROUP_HASH, *values, place.alias(_ORDER))


def _bound(rows: pl.DataFrame, release: ReleaseSettings, seed: int, stats: Stats) -> pl.DataFrame:
    """The rows that stay, with ``FIRST``.

    Sorting once by (subject, group, hash) puts the rows of a pair beside each other in random
    order, so that a row's number within its pair tells whether it stays; the same for the pairs of
    a subject. Far faster than a window function for each pair.
    """
    pair = pl.col(_SUBJECT).cast(pl.Int64) * (2**32) + pl.col(_GROUP)
    rows = _numbered(rows.with_columns(pair.alias(_PAIR)), _PAIR)

    pairs = rows.filter(pl.col(_NUMBER) == 0).select(_SUBJECT, _SUBJECT_HASH, _GROUP_HASH, _PAIR)
    order = pairs.select(_SUBJECT_HASH, _GROUP_HASH).hash_rows(seed=seed)
    pairs = _numbered(pairs.with_columns(order.alias(_ORDER)), _SUBJECT)
    cut = pairs.filter(pl.col(_NUMBER) >= release.max_groups).select(_PAIR)
    stats.groups_over_bound = cut.height

    kept = rows.filter(pl.col(_NUMBER) < release.max_rows_per_group)
    if cut.height:
        kept = kept.join(cut, on=_PAIR, how="anti")
    stats.rows_over_bound = rows.height - kept.height
    return kept.with_columns((pl.col(_NUMBER) == 0).alias(FIRST))


def _numbered(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Sorted by (``by``, hash), each row with its number among those of the same ``by``."""
    index = pl.int_range(pl.len(), dtype=pl.Int64)
    new = pl.col(by).ne_missing(pl.col(by).shift(1))
    start = pl.when(new).then(index).forward_fill()
    return frame.sort(by, _ORDER).with_columns((index - start).alias(_NUMBER))


def _sorted(frame: pl.DataFrame, release: ReleaseSettings) -> pl.DataFrame:
    """By key, never by a value: the order must tell nothing."""
    return frame.sort(release.group_by) if release.group_by else frame
