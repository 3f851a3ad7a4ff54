"""Budgets over time, as a picture: one row for each account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.pictures import BLUE, FAINT, INK, STYLE, save
from transforms.aggregate.ledger import Event, views
from transforms.aggregate.settings import DELTA_UNIT, EPSILON_UNIT, POPULATION

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(log: Sequence[Event], now: datetime, path: Path) -> None:
    """Write the picture, as SVG or PNG by the name's end.

    For each account, what was spent in the current period (steps, filled) below the budget of that
    time (line): ε on the left, δ on the right where any is budgeted. Raises VeilbeamError if the
    file cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure

    accounts = views.accounts(log)
    points = {account: views.history(log, account, now) for account in accounts}
    deltas = any(point.total.delta for history in points.values() for point in history)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9, 1 + 2.4 * len(accounts)), layout="constrained")
        grid = figure.subplots(len(accounts), 1 + deltas, squeeze=False, sharex=True)
        for row, account in zip(grid, accounts, strict=True):
            history = points[account]
            _steps(row[0], history, [(p.spent.epsilon, p.total.epsilon) for p in history], now, 0)
            of = "" if account.population == POPULATION else f", {account.population}"
            left = views.balance(log, account, now).left
            row[0].set_title(f"{account.data_set}{of}: {left} left", loc="left", color=INK)
            if any(point.total.delta for point in history):
                amounts = [(p.spent.delta, p.total.delta) for p in history]
                _steps(row[1], history, amounts, now, 1)
            elif deltas:
                row[1].set_axis_off()
        figure.autofmt_xdate()
        save(figure, path)


def _steps(
    axes: Axes,
    history: Sequence[views.Point],
    amounts: Sequence[tuple[int, int]],
    now: datetime,
    column: int,
) -> None:
    """One number of one account; the last one holds until now."""
    unit: Fraction = (EPSILON_UNIT, DELTA_UNIT)[column]
    times = [point.at for point in history] + [max(now, history[-1].at)]
    spent = [float(amount * unit) for amount, _ in amounts]
    total = [float(amount * unit) for _, amount in amounts]
    spent, total = [*spent, spent[-1]], [*total, total[-1]]
    axes.fill_between(times, spent, step="post", color=BLUE, alpha=0.25, linewidth=0)  # type: ignore[arg-type]
    axes.step(times, spent, where="post", color=BLUE, label="spent")  # type: ignore[arg-type]
    axes.step(times, total, where="post", color=INK, linewidth=1.2, label="budget")  # type: ignore[arg-type]
    axes.set_ylim(0, max(*total, *spent) * 1.15 or 1)
    axes.set_ylabel("εδ"[column])
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if column == 0:
        axes.legend(loc="upper left", frameon=False, ncols=2)
