"""Rows of subjects -> bounded rows: no subject has more groups and rows than the release allows.

The bounds (L0: groups of a subject; L∞: rows of a subject in a group; rows of a subject in all)
hold for every input. Which groups and rows of a subject stay is uniform, decided by a keyed hash of
the row alone, its place and what is read of it: no other subject has a say in it (as the
sensitivity demands), and a repeated bundle decides the same.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, fields

import polars as pl
import pyarrow as pa

from transforms.aggregate.keys import bin_of, bucket_of
from transforms.aggregate.needs import axes_of, numeric_fields, raw_fields
from transforms.aggregate.queries import FIRST, code_column, code_of, raw_column, value_column
from transforms.aggregate.settings import ReleaseSettings
from transforms.fields import FILE, POSITION

SUBJECT = "_subject"
"""Column of the batches: a keyed token of the subject, the privacy unit."""

GROUP = "c:g"
"""Column of bounded rows: the number of their group."""
PERSON = "c:s"
"""Column of bounded rows: the number of their subject."""

# Working columns; the colon keeps them apart from every field's name.
_PAIR, _ORDER, _NUMBER = "c:pair", "c:order", "c:number"
_SUBJECT_HASH, _GROUP_HASH = "h:s", "h:g"


@dataclass
class Stats:
    """What bounding left out, exactly; for the restricted zone only, never for a release."""

    rows: int = 0
    rows_without_subject: int = 0
    rows_without_key: int = 0
    """A grouping field is null, no date, or outside of all bins, or a marginal's field is missing
    and has no cell for that: the row is in no group."""
    rows_outside_keys: int = 0
    """The row's group is not one of the public keys, or it is in no cell of a marginal."""
    groups_over_bound: int = 0
    """Pairs of subject and group that ``max_groups`` cut."""
    rows_over_bound: int = 0
    """Rows that ``max_groups``, ``max_rows_per_group`` and ``max_rows`` cut."""
    missing: dict[str, int] = field(default_factory=dict)
    """By field: null, NaN or infinite values among the rows that were kept."""

    def __add__(self, other: Stats) -> Stats:
        names = [f.name for f in fields(self) if f.name != "missing"]
        counts = {name: getattr(self, name) + getattr(other, name) for name in names}
        keys = self.missing.keys() | other.missing.keys()
        missing = {key: self.missing.get(key, 0) + other.missing.get(key, 0) for key in keys}
        return Stats(**counts, missing=missing)

    def flat(self) -> dict[str, int]:
        """All numbers by name; ``missing.FIELD`` for the missing ones."""
        counts = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "missing"}
        return counts | {f"missing.{name}": n for name, n in sorted(self.missing.items())}


def public_groups(release: ReleaseSettings) -> pl.DataFrame:
    """All public groups, crossed; one column for each grouping field."""
    table = pl.DataFrame({"c:one": [0]})
    for name, values in release.public_keys.items():
        table = table.join(pl.DataFrame({name: values}), how="cross")
    return table.drop("c:one")


def bound(
    rows: pa.Table, release: ReleaseSettings, sampling_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame, Stats]:
    """Rows of some subjects, all of each -> (groups by number, the rows that stay, what was cut).

    The rows have ``GROUP``, ``PERSON``, ``FIRST``, and the values that the queries read.
    """
    stats = Stats(rows=rows.num_rows)
    frame = _frame(rows, release)
    with_subject = frame.filter(pl.col(SUBJECT).is_not_null())
    stats.rows_without_subject = frame.height - with_subject.height
    codes = [code_column(name) for name in axes_of(release)]
    with_key = with_subject.filter(
        pl.all_horizontal(
            pl.lit(True), *(pl.col(name).is_not_null() for name in (*release.group_by, *codes))
        )
    )
    stats.rows_without_key = with_subject.height - with_key.height
    in_cells = with_key.filter(pl.all_horizontal(pl.lit(True), *(pl.col(c) >= 0 for c in codes)))

    seed = seed_of(sampling_key, release)
    groups = _groups(in_cells, release, seed)
    coded = _code(in_cells, groups, release, seed)
    stats.rows_outside_keys = with_key.height - coded.height
    kept = _bound(coded, release, seed, stats)
    stats.missing = {name: kept[column].null_count() for name, column in _read(release).items()}
    return groups.drop(_GROUP_HASH), kept, stats


def seed_of(sampling_key: bytes, release: ReleaseSettings) -> int:
    """Hash seed of the release: another release samples other rows."""
    label = b"veilbeam aggregate sampling\0" + release.name.encode()
    return int.from_bytes(hmac.digest(sampling_key, label, hashlib.sha256)[:8], "big")


def _read(release: ReleaseSettings) -> dict[str, str]:
    """The column in which each measured field is kept; of one read both ways, the number."""
    return {name: raw_column(name) for name in raw_fields(release)} | {
        name: value_column(name) for name in numeric_fields(release)
    }


def _frame(rows: pa.Table, release: ReleaseSettings) -> pl.DataFrame:
    """As Polars, keys made, with a column of valid values beside each field that is measured."""
    frame = pl.DataFrame(rows)
    keys = {name: pl.col(name) for name in release.group_by}
    keys |= {name: bucket_of(name, bucket) for name, bucket in release.periods.items()}
    keys |= {name: bin_of(name, edges) for name, edges in release.bins.items()}
    values = {name: pl.col(name).cast(pl.Float64) for name in numeric_fields(release)}
    return frame.select(
        SUBJECT,
        FILE,
        POSITION,
        *(key.alias(name) for name, key in keys.items()),
        *(
            pl.when(value.is_finite()).then(value).alias(value_column(name))
            for name, value in values.items()
        ),
        *(pl.col(name).alias(raw_column(name)) for name in raw_fields(release)),
        *(code_of(name, axis).alias(code_column(name)) for name, axis in axes_of(release).items()),
    )


def _groups(frame: pl.DataFrame, release: ReleaseSettings, seed: int) -> pl.DataFrame:
    """The groups that may appear, numbered, each with a hash of its key."""
    met = frame.select(release.group_by).unique() if release.private else public_groups(release)
    key_hash = met.hash_rows(seed=seed) if release.group_by else pl.Series([0], dtype=pl.UInt64)
    return met.with_columns(key_hash.alias(_GROUP_HASH)).with_row_index(GROUP)


def _code(
    frame: pl.DataFrame, groups: pl.DataFrame, release: ReleaseSettings, seed: int
) -> pl.DataFrame:
    """Rows of the groups, with a number and a hash for subject and group in place of text."""
    subjects = frame.select(SUBJECT).unique()
    subjects = subjects.with_columns(
        subjects.hash_rows(seed=seed).alias(_SUBJECT_HASH)
    ).with_row_index(PERSON)
    if release.group_by:
        frame = frame.join(groups, on=release.group_by)
    else:
        frame = frame.join(groups, how="cross")
    frame = frame.join(subjects, on=SUBJECT)
    values = [value_column(name) for name in numeric_fields(release)]
    values += [raw_column(name) for name in raw_fields(release)]
    values += [code_column(name) for name in axes_of(release)]
    # All that is read of a row, so that only rows that are alike can tie: a sort leaves open which
    # comes first, and another subject could decide it.
    whole = frame.select(_SUBJECT_HASH, _GROUP_HASH, FILE, POSITION, *values).hash_rows(seed=seed)
    return frame.select(PERSON, GROUP, _SUBJECT_HASH, _GROUP_HASH, *values, whole.alias(_ORDER))


def _bound(rows: pl.DataFrame, release: ReleaseSettings, seed: int, stats: Stats) -> pl.DataFrame:
    """The rows that stay, with ``FIRST``.

    Sorting once by (subject, group, hash) puts the rows of a pair beside each other in random
    order, so that a row's number within its pair tells whether it stays; the same for the pairs of
    a subject. Far faster than a window function for each pair.
    """
    pair = pl.col(PERSON).cast(pl.Int64) * (2**32) + pl.col(GROUP)
    rows = _numbered(rows.with_columns(pair.alias(_PAIR)), _PAIR)

    pairs = rows.filter(pl.col(_NUMBER) == 0).select(PERSON, _SUBJECT_HASH, _GROUP_HASH, _PAIR)
    order = pairs.select(_SUBJECT_HASH, _GROUP_HASH).hash_rows(seed=seed)
    pairs = _numbered(pairs.with_columns(order.alias(_ORDER)), PERSON)
    cut = pairs.filter(pl.col(_NUMBER) >= release.max_groups).select(_PAIR)
    stats.groups_over_bound = cut.height

    kept = rows.filter(pl.col(_NUMBER) < release.max_rows_per_group)
    if cut.height:
        kept = kept.join(cut, on=_PAIR, how="anti")
    kept = kept.with_columns((pl.col(_NUMBER) == 0).alias(FIRST))
    if release.max_rows is not None:
        kept = _numbered(kept, PERSON).filter(pl.col(_NUMBER) < release.max_rows)
        # The first row of a pair may be gone: number the others anew.
        kept = _numbered(kept, _PAIR).with_columns((pl.col(_NUMBER) == 0).alias(FIRST))
    stats.rows_over_bound = rows.height - kept.height
    return kept


def _numbered(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Sorted by (``by``, hash), each row with its number among those of the same ``by``."""
    index = pl.int_range(pl.len(), dtype=pl.Int64)
    new = pl.col(by).ne_missing(pl.col(by).shift(1))
    start = pl.when(new).then(index).forward_fill()
    return frame.sort(by, _ORDER).with_columns((index - start).alias(_NUMBER))
