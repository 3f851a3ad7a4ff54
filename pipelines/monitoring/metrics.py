"""Metrics of a run, for Prometheus: a text file for node_exporter's textfile collector."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector

from pipelines.ledgers import open_ledger
from pipelines.monitoring.observers import Ending, State
from pipelines.outcome import Outcome
from transforms.aggregate.ledger import Account, LedgerError, views
from transforms.aggregate.settings import DELTA_UNIT, EPSILON_UNIT
from transforms.errors import UsageError
from transforms.publish.manifest import Manifest

if TYPE_CHECKING:
    from pipelines.training_set import Job

PREFIX = "veilbeam_"


class Metrics:
    """Writes a run's metrics when it has ended; an ``Observer``.

    All are gauges of the last run, labelled with the project, so that files of several pipelines
    can lie in one folder.
    """

    name = "--metrics"

    def __init__(self, file: Path) -> None:
        """Raises UsageError where the file could not be written, or would not be collected."""
        if file.suffix != ".prom":
            raise UsageError(f"--metrics {file}: give a name that ends in .prom: others are not "
                             "collected")  # fmt: skip
        if not file.parent.is_dir():
            raise UsageError(f"--metrics {file}: no folder {file.parent}")
        self._file = file

    def started(self, job: Job) -> None:
        """The last run's metrics stay until this one has ended."""

    def ended(self, job: Job, ending: Ending) -> None:
        """Write them: whole, in one step."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Families(job, ending))
        write_to_textfile(str(self._file), registry)


class _Families(Collector):
    def __init__(self, job: Job, ending: Ending) -> None:
        self._job, self._ending = job, ending
        self._project = job.settings.pseudonymise.project

    def collect(self) -> Iterator[Gauge]:
        """All families."""
        ending = self._ending
        yield self._one("run_end_timestamp_seconds", "When the last run ended.", time.time())
        yield self._one(
            "run_success", "1 if the last run published.", ending.state is State.COMPLETE
        )
        yield self._family(
            "run_seconds", "How long each stage took.", ("stage",),
            {(stage,): seconds for stage, seconds in ending.seconds.items()},
        )  # fmt: skip
        if ending.manifest is not None and ending.outcome is not None:
            yield from self._counts(ending.manifest, ending.outcome)
        yield from self._budget()

    def _counts(self, manifest: Manifest, outcome: Outcome) -> Iterator[Gauge]:
        counts = manifest.counts
        yield self._family(
            "records", "Records: read = published + quarantined + merged.", ("state",),
            {(state,): getattr(counts, state)
             for state in ("read", "published", "quarantined", "merged")},
        )  # fmt: skip
        yield self._family(
            "quarantined_records", "Records kept back, by stage and kind of reason.",
            ("stage", "reason"),
            {(stage, reason): number for stage, reasons in outcome.refused.items()
             for reason, number in reasons.items()},
        )  # fmt: skip
        yield self._family(
            "identifiers", "Identifiers found in texts.", ("entity",),
            {(entity,): number for entity, number in manifest.detections.items()},
        )  # fmt: skip
        for what in ("epsilon", "delta"):
            yield self._family(
                f"table_{what}", f"The {what} of each table with differential privacy.",
                ("table",),
                {(table.name,): getattr(table, what) for table in manifest.aggregates},
            )  # fmt: skip

    def _budget(self) -> Iterator[Gauge]:
        """What the ledger says of the data set, whatever became of the run."""
        aggregate = self._job.settings.aggregate
        if aggregate is None:
            return
        account = Account(aggregate.data_set, aggregate.population)
        try:
            log = open_ledger(self._job.restricted.folder, aggregate).events()
        except LedgerError as error:
            raise OSError from error
        spent = views.balance(log, account, datetime.now(UTC)).spent
        for what, unit in (("epsilon", EPSILON_UNIT), ("delta", DELTA_UNIT)):
            yield self._family(
                f"budget_{what}", f"The {what} of the data set, in the current period.",
                ("data_set", "state"),
                {(aggregate.data_set, state): float(getattr(amount, what) * unit)
                 for state, amount in (("spent", spent), ("total", aggregate.budget.amount))},
            )  # fmt: skip

    def _one(self, name: str, what: str, value: float) -> Gauge:
        return self._family(name, what, (), {(): value})

    def _family(
        self, name: str, what: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]
    ) -> Gauge:
        family = Gauge(PREFIX + name, what, labels=("project", *labels))
        for of, value in sorted(values.items()):
            family.add_metric((self._project, *of), value)
        return family
