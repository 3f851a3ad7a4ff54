"""What a run gathers for its report, beside what stands in the manifest."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version

import pyarrow as pa

from pipelines import releases
from pipelines.explain import treatment
from pipelines.outcome import Outcome
from pipelines.settings import Settings
from transforms.aggregate.ledger import Account, Event, Ledger, views
from transforms.aggregate.settings import DELTA_UNIT, EPSILON_UNIT, AggregateSettings
from transforms.publish.report.facts import Budget, Example, Field, Gathered, LeakCheck, Point
from transforms.verify.leaks import LEFT

_LIBRARIES = ("apache-beam", "opendp", "presidio-analyzer", "pyarrow")

_MOST_DAYS = 400


def gather(
    settings: Settings,
    outcome: Outcome,
    example: Example,
    tables: Sequence[releases.Table] = (),
    ledger: Ledger | None = None,
) -> Gathered:
    """The facts that the manifest does not have. No record is read for them.

    Raises LedgerError where the ledger cannot be read.
    """
    return Gathered(
        fields=tuple(
            Field(
                name=spec.name,
                role=spec.role,
                entity=spec.entity,
                treatment=spec.treatment,
                how=treatment(spec),
            )
            for spec in settings.specs
        ),
        unassigned_fields=outcome.unassigned_fields,
        places=outcome.places,
        found=outcome.recognisers,
        thresholds={entity: settings.detect.threshold_of(entity) for entity in outcome.found},
        leak_check=LeakCheck(
            entities=settings.verify.entities,
            score=settings.verify.score,
            held_back=sum(n for reason, n in outcome.reasons.items() if LEFT in reason),
        ),
        contents=None if settings.publish.encrypt else outcome.contents,
        changes=outcome.changes,
        medians={table.entry.name: medians(table.released.table) for table in tables},
        budget=None
        if ledger is None or settings.aggregate is None
        else budget(ledger.events(), settings.aggregate, datetime.now(UTC)),
        example=example,
        software={"python": platform.python_version()} | {of: version(of) for of in _LIBRARIES},
    )


def medians(table: pa.Table) -> dict[str, float]:
    """The median of each column of numbers of a released table."""
    return {
        name: float(statistics.median(values))
        for name in table.column_names
        if pa.types.is_integer(table.schema.field(name).type)
        or pa.types.is_floating(table.schema.field(name).type)
        if (values := table[name].drop_null().to_pylist())
    }


def budget(log: Sequence[Event], settings: AggregateSettings, now: datetime) -> Budget | None:
    """The account over time: how it stood at the end of each day on which it changed."""
    account = Account(settings.data_set, settings.population)
    days: dict[date, Point] = {}
    for point in views.history(log, account, now):
        days[point.at.date()] = Point(
            day=point.at.date(),
            epsilon_spent=float(point.spent.epsilon * EPSILON_UNIT),
            epsilon_total=float(point.total.epsilon * EPSILON_UNIT),
            delta_spent=float(point.spent.delta * DELTA_UNIT),
            delta_total=float(point.total.delta * DELTA_UNIT),
        )
    if not days:
        return None
    return Budget(
        data_set=account.data_set,
        population=account.population,
        renews=views.balance(log, account, now).renews,
        points=tuple(days.values())[-_MOST_DAYS:],
    )
