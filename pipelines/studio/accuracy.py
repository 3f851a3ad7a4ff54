"""What error and budget come of a configuration's tables: the figures of ``veilbeam plan`` and the
ledger's own sums, as JSON for the page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.ledgers import LEDGER_VARIABLE, open_ledger
from pipelines.planning.figures import Planned, at_epsilon, basis, cut, hidden, planned
from pipelines.planning.sizes import Uniform, of_releases
from pipelines.settings import Settings
from transforms.aggregate.ledger import Account, State, views
from transforms.aggregate.measures import Measure
from transforms.aggregate.settings import AggregateSettings, Amount, ReleaseSettings
from transforms.errors import VeilbeamError

POINTS = 9
"""Values of ε from a tenth to ten times the release's own, evenly on the logarithm."""

Json = dict[str, Any]


def tables(settings: Settings, sizes: Uniform) -> list[Json]:
    """The expected errors of each table, in groups of the given sizes."""
    return (
        []
        if settings.aggregate is None
        else [
            _table(number, release.model_dump_json(), sizes)
            for number, release in enumerate(settings.aggregate.releases)
            if isinstance(release, ReleaseSettings)
        ]
    )


@lru_cache(maxsize=256)
def _table(number: int, release: str, sizes: Uniform) -> Json:
    settings = ReleaseSettings.model_validate_json(release)
    [groups] = of_releases(sizes, [settings])
    one = planned(settings, groups)
    under, open_ = hidden(one)
    fewest, most = cut(one)
    return {
        "number": number,
        "name": settings.name,
        "epsilon": settings.epsilon,
        "noise": str(one.plan.family),
        "groups": len(groups),
        "threshold": one.plan.threshold,
        "under_threshold": len(under),
        "noise_decides": len(open_),
        "cut": [fewest, most],
        "rows": sum(group.rows for group in groups),
        "errors": [_error(one, measure) for measure in settings.measures],
        "curve": _curve(one),
    }


def _error(one: Planned, measure: Measure) -> Json:
    error = one.error(measure)
    off = error.at(one.middle.rows)
    whole = basis(measure, one.middle)
    if off is None:
        text = "known when the bounds are found"
    elif error.per == "rank":
        text = f"{100 * off:.3g}% in rank"
    else:
        text = f"± {off:,.3g}"
    relative = one.relative(measure, one.middle)
    return {
        "column": measure.column,
        "error": text,
        "percent": None if relative is None else 100 * relative,
        "of": None if whole is None else whole[1],
    }


def _curve(one: Planned) -> Json:
    half = (POINTS - 1) // 2
    points = [
        at_epsilon(one, one.release.epsilon * 10 ** (step / half))
        for step in range(-half, half + 1)
    ]
    lines = []
    for measure in one.release.measures:
        parts = [point.relative(measure, one.middle) for point in points]
        if all(part is not None for part in parts):
            percents = [100 * part for part in parts if part is not None]
            lines.append({"column": measure.column, "percents": percents})
    return {"epsilons": [point.release.epsilon for point in points], "lines": lines}


@dataclass(frozen=True)
class Spent:
    """What the ledger says of the configuration's account."""

    ledger: str | None
    """Where it is kept; None: none was named."""
    problem: str | None
    """Why it cannot be read."""
    amount: Amount
    """Spent in the current period, or ever if the budget does not renew."""
    since: datetime | None
    releases: dict[str, Amount]
    """What each release in it has cost."""
    at: datetime
    """When it was read."""


def spent(aggregate: AggregateSettings | None, restricted: Path | None, url: str | None) -> Spent:
    """Read the ledger; nothing is written. A ledger that cannot be used is told in ``problem``."""
    now = datetime.now(UTC)
    nothing = Spent(None, None, views.NOTHING, None, {}, now)
    stated = aggregate is not None and aggregate.ledger is not None
    if aggregate is None or not (restricted or url or stated or os.environ.get(LEDGER_VARIABLE)):
        return nothing
    try:
        ledger = open_ledger(restricted, aggregate, url)
        log = ledger.events()
    except VeilbeamError as problem:
        return Spent(None, str(problem), views.NOTHING, None, {}, now)
    account = Account(aggregate.data_set, aggregate.population)
    since = views.period_start(aggregate.budget.renews, now)
    known = {e.release: e.amount for e in log if e.account == account and e.state == State.RESERVED}
    return Spent(ledger.name, None, views.spent(log, account, since), since, known, now)


def budget(aggregate: AggregateSettings | None, spent: Spent) -> Json | None:
    """The account: total, spent before, what these releases add, what is left then."""
    if aggregate is None:
        return None
    total = aggregate.budget.amount
    asked = sum(map(_amount, new_releases(aggregate, spent)), views.NOTHING)
    left = total - spent.amount - asked
    return {
        "ledger": spent.ledger,
        "problem": spent.problem,
        "read": f"{spent.at:%Y-%m-%d %H:%M} UTC",
        "since": None if spent.since is None else f"{spent.since:%Y-%m-%d}",
        "repeats": [
            r.name for r in aggregate.releases if aggregate.release_id(r) in spent.releases
        ],
        "epsilon": _units(total.epsilon, spent.amount.epsilon, asked.epsilon, left.epsilon, 10**6),
        "delta": _units(total.delta, spent.amount.delta, asked.delta, left.delta, 10**15),
    }


def new_releases(aggregate: AggregateSettings, spent: Spent) -> Sequence[Any]:
    """The releases that the ledger does not have: they spend."""
    return [r for r in aggregate.releases if aggregate.release_id(r) not in spent.releases]


def _amount(release: Any) -> Amount:
    amount: Amount = release.amount
    return amount


def _units(total: int, spent: int, asked: int, left: int, unit: int) -> Json:
    names = ("total", "spent", "asked", "left")
    return {name: n / unit for name, n in zip(names, (total, spent, asked, left), strict=True)}
