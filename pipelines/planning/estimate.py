"""Sizes of groups that a small, stated budget pays for: DP counts, entered in the ledger."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import pyarrow as pa

from pipelines.console import logged_to
from pipelines.launch import WORTH_WORKERS_WITHOUT_TEXT, pipeline
from pipelines.ledgers import open_ledger
from pipelines.outcome import Outcome, collect
from pipelines.planning.sizes import Group
from pipelines.releases import Exact, drawn, sha256_of
from pipelines.settings import Settings
from pipelines.zones import PRIVATE, RestrictedZone, new_run_id
from transforms.aggregate.accounting import round_down
from transforms.aggregate.ledger import Entry
from transforms.aggregate.measures import Count, CountSubjects
from transforms.aggregate.settings import (
    AggregateSettings,
    Amount,
    ReleaseSettings,
    stated,
)
from transforms.errors import UsageError, VeilbeamError
from transforms.ingest.transform import Ingest
from transforms.progress import begin, counted_in
from transforms.pseudonymise.keys import KeySource

SUFFIX = "_sizes"
"""Of the estimate's name in the ledger, after the release's."""

_ROWS, _SUBJECTS = "size.rows", "size.subjects"

NONE_SHOWN = "(none above the threshold)"
"""In place of the groups where keys are private and none is large enough to show."""


def estimates(aggregate: AggregateSettings, epsilon: float, delta: float) -> AggregateSettings:
    """For each release a table of its groups' records and subjects, within the same bounds.

    ε is parted equally over the releases, δ over those with private keys.
    Raises UsageError if the budget would not suffice for the releases and the estimates.
    """
    releases, private = aggregate.measured, sum(one.private for one in aggregate.measured)
    if private and not delta:
        raise UsageError(
            "--estimate: releases with private keys need --estimate-delta, for example 1e-7: "
            "their groups are found by a threshold"
        )
    if delta and not private:
        raise UsageError("--estimate-delta is for releases with private keys; there is none")
    total = Amount.spent(epsilon, delta)
    for release in aggregate.releases:
        total += release.amount
    if not total.within(aggregate.budget.amount):
        raise UsageError(
            f"--estimate: together with the releases it would cost {total}, more than the budget "
            f"of {aggregate.budget.amount}, so that these could not be drawn any more: lower a "
            "release's epsilon or delta, or raise the budget"
        )
    names = {release.name.casefold() for release in releases}
    if clash := [r.name for r in releases if f"{r.name}{SUFFIX}".casefold() in names]:
        raise UsageError(f"--estimate: '{clash[0]}{SUFFIX}' is a release; call it otherwise")
    each = round_down(stated(epsilon) / len(releases))
    each_delta = round_down(stated(delta) / private) if private else 0.0
    return aggregate.model_copy(
        update={"releases": [_estimate(one, each, each_delta) for one in releases]}
    )


def _estimate(release: ReleaseSettings, epsilon: float, delta: float) -> ReleaseSettings:
    grouped = release.model_dump(
        include={
            *("group_by", "periods", "bins", "keys"),
            *("max_groups", "max_rows_per_group", "max_rows"),
        }
    )
    return ReleaseSettings(
        **grouped,
        name=f"{release.name}{SUFFIX}",
        measures=[
            Count(kind="count", name=_ROWS),
            CountSubjects(kind="count_subjects", name=_SUBJECTS),
        ],
        epsilon=epsilon,
        delta=delta if release.private else 0.0,
    )


def estimated(
    settings: Settings,
    aggregate: AggregateSettings,
    inputs: Sequence[str],
    input_bytes: int,
    zone: RestrictedZone,
    key: KeySource,
) -> tuple[list[tuple[Group, ...]], list[Entry]]:
    """The groups of each release by ``estimates``, and the estimates' entries in the ledger.

    Nothing is spent again over the same input. Raises VeilbeamError where the budget does not
    suffice, or reading fails.
    """
    ledger = open_ledger(zone.folder, aggregate)
    ledger.events()  # One that is out of reach is told before the work is done.
    counted = settings.model_copy(update={"aggregate": aggregate})
    folder = zone.run(f"plan-{new_run_id()}")
    # What libraries write to standard error may hold raw values.
    with logged_to(folder / "run.log"):
        try:
            _count(counted, inputs, input_bytes, key, folder)
        except VeilbeamError:
            raise
        except Exception as error:
            traceback.print_exc()
            raise VeilbeamError(
                f"The source could not be read ({type(error).__name__}). Nothing was spent. What "
                f"is known stands in {folder / 'run.log'} (it may hold raw values: do not share "
                "it)."
            ) from None
    begin("aggregate")
    released = drawn(counted, Outcome.read_from(folder), folder, ledger)
    tables = [released[release.name] for release in aggregate.measured]
    groups = [_groups(one.table, r) for one, r in zip(tables, aggregate.measured, strict=True)]
    return groups, [one.entry for one in tables]


def _count(
    settings: Settings, inputs: Sequence[str], input_bytes: int, key: KeySource, folder: Path
) -> None:
    counts = folder / "progress"
    counts.mkdir(mode=PRIVATE)
    begin("records")
    counted_in(counts, input_bytes)
    with pipeline(input_bytes, (), WORTH_WORKERS_WITHOUT_TEXT) as root:
        source = root | "Ingest" >> Ingest(inputs, settings.source, settings.specs, str(counts))
        results = {
            "exact": [source.batches | "Aggregates" >> Exact(settings, key)],
            "inputs": [source.files | "Digest" >> beam.Map(sha256_of, settings.source)],
        }
        collect(results, folder)


def _groups(table: pa.Table, release: ReleaseSettings) -> tuple[Group, ...]:
    found = []
    for row in table.to_pylist():
        name = ", ".join(str(row[key]) for key in release.group_by) or "all"
        # Noise may leave more subjects than records, which cannot be.
        found.append(Group(name, max(row[_ROWS], row[_SUBJECTS]), row[_SUBJECTS]))
    return tuple(found) or (Group(NONE_SHOWN, 0, 0),)
