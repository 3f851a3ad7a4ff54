"""A plan on the terminal: readable at 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.planning.figures import FACTORS, Planned, at_epsilon, basis, cut, hidden
from pipelines.planning.sizes import Group
from transforms.aggregate.ledger import Entry
from transforms.aggregate.measures import Measure
from transforms.aggregate.settings import Amount

_NAMED = 5
"""Groups that are named one by one."""


def show(plans: Sequence[Planned], console: Console) -> None:
    """Print each release's noise, errors, threshold, bounding, and other choices of ε."""
    for one in plans:
        for line in _heads(one):
            console.print(Text(line))
        console.print(_errors(one))
        console.print(_others(one))
    read = "" if any(one.estimated for one in plans) else "; no data was read"
    console.print(Text(f"Errors are of noise alone, 95 times in 100 within{read}."))


def show_estimates(entries: Sequence[Entry], most: Amount, console: Console) -> None:
    """Say what the sizes have cost."""
    new = [entry.release for entry in entries if not entry.repeated]
    cost = f"{most} at most ({', '.join(new)} in the ledger)" if new else "nothing: see the ledger"
    console.print(
        Text(
            "Sizes are noisy counts of the records that bounding lets through, and of their "
            f"subjects. This time they have cost {cost}."
        )
    )


def _heads(one: Planned) -> list[str]:
    release, plan = one.release, one.plan
    rows = sum(group.rows for group in one.groups)
    lines = [
        f"\nRelease {release.name}",
        f"  ε={release.epsilon:g}, δ={release.delta:g}, {plan.family} noise",
        f"  {len(one.groups):,} groups; median: {one.middle.rows:,} rows of "
        f"{one.middle.subjects:,} subjects; smallest: {one.smallest.rows:,} rows",
    ]
    if one.estimated:
        lines.append("  what bounding and clipping cut is not foreseen")
    else:
        fewest, most = cut(one)
        lines.append(
            f"  bounding cuts {fewest:,} to {most:,} of {rows:,} rows; clipping is not foreseen"
        )
    if plan.threshold is not None:
        under, open_ = hidden(one)
        lines.append(f"  threshold: {plan.threshold:,} noisy subjects")
        lines.append(f"    under it: {_named(under)}")
        lines.append(f"    noise decides: {_named(open_)}")
    for m in plan.mechanisms:
        unit = "steps of the bounds to be found" if m.query.auto and m.query.step == 0 else ""
        scale = m.noise.scale * (m.query.step or 1.0)
        of = m.query.field or ", ".join(name for name, _ in m.query.axes)
        what = f"{m.query.kind} {of}".rstrip()
        lines.append(f"  noise on {what}: scale {scale:,.4g} {unit}".rstrip())
    return lines


def _named(groups: Sequence[Group]) -> str:
    if not groups:
        return "none"
    more = f" and {len(groups) - _NAMED:,} more" if len(groups) > _NAMED else ""
    return ", ".join(group.name for group in groups[:_NAMED]) + more


def _errors(one: Planned) -> Table:
    table = Table(title="95% error", title_justify="left")
    table.add_column("measure", overflow="fold")
    for head in ("median group", "relative", "smallest"):
        table.add_column(head, justify="right")
    table.add_column("relative to", overflow="fold")
    for measure in one.release.measures:
        whole = basis(measure, one.middle)
        table.add_row(
            measure.column,
            _absolute(one, measure),
            _percent(one.relative(measure, one.middle)),
            _percent(one.relative(measure, one.smallest)),
            "" if whole is None else whole[1],
        )
    return table


def _others(one: Planned) -> Table:
    others = [at_epsilon(one, one.release.epsilon * factor) for factor in FACTORS]
    table = Table(title="95% error in the median group, at another ε", title_justify="left")
    table.add_column("ε", overflow="fold")
    for other in others:
        table.add_column(f"{other.release.epsilon:.3g}", justify="right")
    for measure in one.release.measures:
        table.add_row(measure.column, *(_absolute(other, measure) for other in others))
    if one.release.private:
        table.add_row("threshold", *(f"{other.plan.threshold:,}" for other in others))
    return table


def _absolute(one: Planned, measure: Measure) -> str:
    error = one.error(measure)
    off = error.at(one.middle.rows)
    if off is None:
        return "by bounds"
    return f"{100 * off:.3g}% rank" if error.per == "rank" else f"{off:,.3g}"


def _percent(part: float | None) -> str:
    return "" if part is None else f"{100 * part:,.3g}%"
