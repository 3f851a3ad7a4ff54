"""Exact tables -> released tables: reserve, draw once, store, return.

Runs in one process, outside of anything that a runner may repeat: noise drawn twice is spent twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import polars as pl
import pyarrow as pa

from transforms.aggregate.bounding import exact_queries, public_groups
from transforms.aggregate.ledger import Ask, Entry, Ledger
from transforms.aggregate.noise import Plan, draw, plan
from transforms.aggregate.queries import needs, read_off
from transforms.aggregate.settings import (
    AggregateSettings,
    Mean,
    Measure,
    ReleaseSettings,
    Sum,
)

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


def release_digest(release: ReleaseSettings, provenance: Provenance) -> str:
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
    """Released tables by name, from the exact ones of ``bounding`` by name.

    All releases are reserved together before the first draw; a repeat over the same input with the
    same settings returns the stored tables, byte for byte, and spends nothing. After publishing,
    call ``ledger.publish`` with each entry. Raises LedgerError, and draws nothing, if the budget
    does not suffice.
    """
    # Whatever can fail without the ledger fails before anything is spent.
    prepared = [
        (release, _align(exact[release.name], release), plan(release))
        for release in settings.releases
    ]
    metadata = [describe(release, chosen) for release, _, chosen in prepared]
    asks = [
        Ask(release.name, release_digest(release, provenance), release.amount, **vars(provenance))
        for release in settings.releases
    ]
    entries = ledger.reserve(settings.data_set, settings.budget.amount, asks)
    released = {}
    for entry, (release, table, chosen), told in zip(entries, prepared, metadata, strict=True):
        stored = entry.stored
        if stored is None:
            noisy = _noisy_table(table, release, chosen, told)
            stored = ledger.store(entry, _encode(noisy))
        released[release.name] = Released(_decode(stored), entry)
    return released


def _align(exact: pa.Table, release: ReleaseSettings) -> pa.Table:
    """One row for each public group, zeros where nothing was met; sorted by key."""
    if release.private:
        return exact.sort_by([(name, "ascending") for name in release.group_by])
    columns = [query.column for query in exact_queries(release)]
    frame = pl.DataFrame(exact)
    if release.group_by:
        frame = public_groups(release).join(frame, on=release.group_by, how="left")
        frame = frame.sort(release.group_by)
    elif frame.is_empty():
        frame = pl.DataFrame({name: [0] for name in columns})
    return frame.with_columns(pl.col(columns).fill_null(0)).to_arrow().cast(exact.schema)


def _noisy_table(
    exact: pa.Table, release: ReleaseSettings, plan: Plan, told: Mapping[str, Any]
) -> pa.Table:
    noisy = draw(exact, release, plan)
    measures = [read_off(measure, release) for measure in release.measures]
    table = noisy.select(*release.group_by, *measures).to_arrow()
    keys = [exact.schema.field(name) for name in release.group_by]
    schema = pa.schema([*keys, *(table.schema.field(m.column) for m in release.measures)])
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return table.cast(schema).replace_schema_metadata({METADATA: text.encode()})


def describe(release: ReleaseSettings, plan: Plan) -> dict[str, Any]:
    """The release's metadata: everything a reader needs to judge it; nothing of it from data."""
    threshold = next((m.threshold for m in plan.mechanisms if m.threshold is not None), None)
    return {
        "release": release.name,
        "epsilon": release.epsilon,
        "delta": release.delta,
        "loss": {"epsilon": plan.loss.epsilon, "delta": plan.loss.delta},
        "mechanism": "discrete Laplace",
        "library": f"OpenDP {version('opendp')}",
        "privacy_unit": "subject",
        "neighbouring_relation": "add or remove one subject",
        "group_by": release.group_by,
        "keys": "private" if release.private else "public",
        "threshold": threshold,
        "max_groups": release.max_groups,
        "max_rows_per_group": release.max_rows_per_group,
        "budget_split": "epsilon equally over the noisy numbers; delta to the threshold",
        "noise": [
            {
                "number": m.query.column,
                "epsilon": m.epsilon,
                "sensitivity": m.sensitivity * m.query.step,
                "scale": m.scale * m.query.step,
            }
            for m in plan.mechanisms
        ],
        "measures": [_describe_measure(measure, release, plan) for measure in release.measures],
        "post_processing": "counts below 0 are shown as 0; means are kept within their bounds; "
        "rows are sorted by key",
    }


def _describe_measure(measure: Measure, release: ReleaseSettings, plan: Plan) -> dict[str, Any]:
    told: dict[str, Any] = {"column": measure.column, "kind": measure.kind}
    used = [plan.of(query) for query in needs(measure, release)]
    # Each number may take an equal part of the 5% (union bound).
    errors = [m.error(0.05 / len(used)) * m.query.step for m in used]
    match measure:
        case Mean(lower=lower, upper=upper):
            # |S'/n' - S/n| <= (|S'-S| + |S/n| |n'-n|) / n', and |S/n| <= half of the range.
            error = errors[0] + errors[1] * (upper - lower) / 2
            told["error_95_times_values"] = error
            told["error_95"] = "error_95_times_values, divided by the group's number of values"
        case Sum() if len(used) == 2:
            told["error_95"] = errors[0] + errors[1] * abs(used[0].query.centre)
        case _:
            told["error_95"] = errors[0]
    if isinstance(measure, Sum | Mean):
        told |= {"field": measure.field, "lower": measure.lower, "upper": measure.upper}
    return told


def _encode(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _decode(stored: bytes) -> pa.Table:
    with pa.ipc.open_file(pa.py_buffer(stored)) as reader:
        return reader.read_all()
