"""Exact tables -> released tables: reserve, draw once, store, return.

Runs in one process, outside of anything that a runner may repeat: noise drawn twice is spent twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from transforms.aggregate import synthesis
from transforms.aggregate.bounding import public_groups
from transforms.aggregate.explanation import describe, describe_synthetic
from transforms.aggregate.ledger import Ask, Entry, Ledger
from transforms.aggregate.noise import draw
from transforms.aggregate.planning import Plan, plan
from transforms.aggregate.reading import read_off
from transforms.aggregate.settings import (
    AggregateSettings,
    Release,
    ReleaseSettings,
    SyntheticSettings,
)
from transforms.aggregate.sums import by_key, filled

METADATA = b"veilbeam.release"
"""Key of the JSON in a released table's schema metadata."""


@dataclass(frozen=True)
class Provenance:
    """What a table depends on beside its release's settings."""

    config_digest: str
    """Of all settings that shape the rows (fields, treatments); not of paths or options."""
    input_digest: str
    """Of the input snapshot. Restricted: from it, a guess of the whole input can be confirmed."""
    version: str
    """Veilbeam's."""


@dataclass(frozen=True)
class Released:
    """A table that may be published, and its entry in the ledger."""

    table: pa.Table
    entry: Entry


def release_digest(release: Release, provenance: Provenance) -> str:
    """Digest of everything that the release's table depends on."""
    content = {"release": release.model_dump(mode="json"), "provenance": vars(provenance)}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def release_all(
    exact: Mapping[str, pa.Table],
    settings: AggregateSettings,
    ledger: Ledger,
    provenance: Provenance,
) -> dict[str, Released]:
    """Released tables by name, from the exact ones of ``sums`` by name (of synthetic rows: of the
    marginals that they are made from).

    All releases are reserved together before the first draw; a repeat over the same input with the
    same settings returns the stored tables, byte for byte, and spends nothing. After publishing,
    call ``ledger.publish`` with each entry. Raises LedgerError, and draws nothing, if the budget
    does not suffice, or if the ledger holds a release by the same id that was made of other things;
    UsageError, and spends nothing, if synthetic rows cannot be made here.
    """
    # Whatever can fail without the ledger fails before anything is spent.
    prepare(settings)
    prepared = [
        (release, aligned(exact[release.name], release.measured), plan(release.measured))
        for release in settings.releases
    ]
    asks = [
        Ask(
            settings.release_id(release),
            release_digest(release, provenance),
            chosen.loss.amount,
            rho=chosen.loss.rho,
            **vars(provenance),
        )
        for release, _, chosen in prepared
    ]
    entries = ledger.reserve(
        settings.data_set,
        settings.budget.amount,
        asks,
        population=settings.population,
        renews=settings.budget.renews,
    )
    released = {}
    for entry, (release, table, chosen) in zip(entries, prepared, strict=True):
        stored = entry.stored
        if stored is None:
            stored = ledger.store(entry, _encode(_drawn(table, release, chosen)))
        released[release.name] = Released(_decode(stored), entry)
    return released


def prepare(settings: AggregateSettings) -> None:
    """Check that this installation can make all releases. Raises UsageError if not."""
    for release in settings.releases:
        if isinstance(release, SyntheticSettings):
            synthesis.require(release)


def aligned(exact: pa.Table, release: ReleaseSettings) -> pa.Table:
    """One row for each public group, zeros where nothing was met; sorted by key."""
    frame = pl.DataFrame(exact)
    if release.group_by and not release.private:
        frame = public_groups(release).join(frame, on=release.group_by, how="left")
    elif frame.is_empty() and not release.group_by:
        frame = frame.clear(1)
    return filled(by_key(frame, release), exact.schema)


def _drawn(exact: pa.Table, release: Release, plan: Plan) -> pa.Table:
    """The released table. Each call spends."""
    if isinstance(release, SyntheticSettings):
        noisy = draw(exact, release.measured, plan)
        made = synthesis.synthesise(noisy, release, plan)
        return _with_metadata(made.rows, describe_synthetic(release, plan, made.quality))
    return noisy_table(exact, release, plan)


def noisy_table(exact: pa.Table, release: ReleaseSettings, plan: Plan) -> pa.Table:
    """The released table of an ``aligned`` exact one, outside of any ledger. Each call spends."""
    noisy = draw(exact, release, plan)
    keys = noisy.groups.select(release.group_by).to_arrow()
    columns = {name: keys[name].cast(exact.schema.field(name).type) for name in release.group_by}
    columns |= {m.column: read_off(m, release, noisy) for m in release.measures}
    return _with_metadata(pa.table(columns), describe(release, plan, noisy.bounds))


def _with_metadata(table: pa.Table, told: dict[str, Any]) -> pa.Table:
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return table.replace_schema_metadata({METADATA: text.encode()})


def _encode(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _decode(stored: bytes) -> pa.Table:
    with pa.ipc.open_file(pa.py_buffer(stored)) as reader:
        return reader.read_all()
