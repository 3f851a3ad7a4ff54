"""A plan as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.planning.figures import FACTORS, Planned, at_epsilon, basis, cut, hidden
from pipelines.planning.sizes import Group
from transforms.aggregate.explanation import describe
from transforms.aggregate.measures import Measure


def as_json(plans: Sequence[Planned]) -> dict[str, Any]:
    """All figures; errors are those of 95%."""
    return {"releases": [_release(one) for one in plans]}


def _release(one: Planned) -> dict[str, Any]:
    under, open_ = hidden(one)
    fewest, most = (None, None) if one.estimated else cut(one)
    return {
        "metadata": describe(one.release, one.plan),
        "sizes": "estimated" if one.estimated else "stated",
        "groups": len(one.groups),
        "rows": sum(group.rows for group in one.groups),
        "under_threshold": [group.name for group in under],
        "noise_decides": [group.name for group in open_],
        "rows_cut_by_bounding": {"at_least": fewest, "at_most": most},
        "median_group": one.middle._asdict(),
        "smallest_group": one.smallest._asdict(),
        "errors": [
            {
                "column": measure.column,
                "median_group": _error(one, measure, one.middle),
                "smallest_group": _error(one, measure, one.smallest),
            }
            for measure in one.release.measures
        ],
        "other_epsilons": [_other(one, factor) for factor in FACTORS],
    }


def _error(one: Planned, measure: Measure, group: Group) -> dict[str, Any]:
    whole = basis(measure, group)
    return {
        "absolute": one.error(measure).at(group.rows),
        "relative": one.relative(measure, group),
        "relative_to": None if whole is None else whole[1],
    }


def _other(one: Planned, factor: float) -> dict[str, Any]:
    other = at_epsilon(one, one.release.epsilon * factor)
    return {
        "epsilon": other.release.epsilon,
        "mechanism": str(other.plan.family),
        "threshold": other.plan.threshold,
        "errors": {
            measure.column: other.error(measure).at(one.middle.rows)
            for measure in other.release.measures
        },
    }
