"""What a released table says about itself: figures for who checks, sentences for who reads.

Nothing of it comes from the data, but for bounds that a noisy histogram found (``bounds: auto``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from transforms.aggregate.measures import (
    Bounded,
    Count,
    CountDistinct,
    CountSubjects,
    Histogram,
    Marginal,
    Measure,
    Median,
    Quantile,
    TopK,
)
from transforms.aggregate.mechanisms import Choice, Family
from transforms.aggregate.noise import Bounds
from transforms.aggregate.planning import Mechanism, Plan
from transforms.aggregate.reading import Error, error_of
from transforms.aggregate.settings import ReleaseSettings, SyntheticSettings

RELATION = "add or remove one subject"

_SELECTION = (
    "groups, and values of top_k, are taken from the data where their noisy number of subjects "
    "reaches a threshold"
)


def describe(release: ReleaseSettings, plan: Plan, bounds: Bounds | None = None) -> dict[str, Any]:
    """The release's metadata: everything a reader needs to judge it."""
    found = bounds or {}
    return {
        "release": release.name,
        "kind": release.kind,
        "epsilon": release.epsilon,
        "delta": release.delta if plan.loss.delta else 0.0,
        "loss": {"epsilon": plan.loss.epsilon, "delta": plan.loss.delta, "rho": plan.loss.rho},
        "accounting": "sum of ε"
        if plan.family is Family.LAPLACE
        else "sum of ρ (zCDP), converted to (ε, δ)",
        "mechanism": str(plan.family),
        "library": f"OpenDP {version('opendp')}",
        "privacy_unit": "subject",
        "neighbouring_relation": RELATION,
        "group_by": release.group_by,
        "periods": release.periods,
        "bins": {name: list(edges) for name, edges in release.bins.items()},
        "keys": "private" if release.private else "public",
        "selection": _SELECTION if any(m.threshold for m in plan.mechanisms) else None,
        "threshold": plan.threshold,
        "max_groups": release.max_groups,
        "max_rows_per_group": release.max_rows_per_group,
        "max_rows": release.contribution.rows,
        "budget_split": "over the noisy numbers by weight; delta in equal parts over "
        "thresholds and the conversion of rho",
        "bounds_found": {name: list(pair) for name, pair in found.items()},
        "noise": [_noise(m, found) for m in plan.mechanisms],
        "measures": [_measure(measure, release, plan, found) for measure in release.measures],
        "post_processing": "counts below 0 are shown as 0; means, variances and quantiles are kept "
        "within their bounds; rows are sorted by key",
        "explanation": explain(release, plan, found),
    }


def describe_synthetic(
    release: SyntheticSettings, plan: Plan, quality: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The same of synthetic rows; ``measures`` are the noisy marginals that they are made from."""
    return describe(release.measured, plan) | {
        "kind": release.kind,
        "columns": {name: axis.model_dump(mode="json") for name, axis in release.columns.items()},
        "marginals": [list(one["columns"]) for one in quality],
        "marginals_chosen": "by MST, with noise" if release.marginals == "mst" else "stated",
        "post_processing": "a graphical model (mbi) is fitted to the noisy marginals alone, and "
        "rows are drawn from it; numbers are spread evenly over their bins",
        "budget_split": "a third for the columns' counts, a third for choosing pairs, a third for "
        "the pairs' counts"
        if release.marginals == "mst"
        else "in equal parts over the marginals",
        "model": f"mbi {version('mbi')}",
        "quality": [dict(one) for one in quality],
        "explanation": explain_synthetic(release, plan),
    }


def _noise(m: Mechanism, bounds: Bounds) -> dict[str, Any]:
    query = m.query.within(bounds.get(m.query.field))
    return {
        "number": query.column,
        "epsilon" if m.noise.family is Family.LAPLACE else "rho": m.share,
        "sensitivity": _sensitivity(m) * query.step,
        "norm": _norm(m),
        "scale": m.noise.scale * query.step,
        "threshold": m.threshold,
    }


def _norm(m: Mechanism) -> str:
    if isinstance(m.noise, Choice):
        return "L∞"
    return "L1" if m.noise.family is Family.LAPLACE else "L2"


def _sensitivity(m: Mechanism) -> float:
    return m.sensitivity.l1 if m.noise.family is Family.LAPLACE else m.sensitivity.l2


_KEYS = {
    "group": "error_95",
    "values": "error_95_times_values",
    "root": "error_95_squared_times_values",
    "rank": "error_95_rank",
}


def _measure(
    measure: Measure, release: ReleaseSettings, plan: Plan, bounds: Bounds
) -> dict[str, Any]:
    error = error_of(measure, release, plan, bounds)
    told: dict[str, Any] = {"column": measure.column, "kind": measure.kind}
    told |= measure.model_dump(mode="json", exclude={"name", "kind"}, exclude_none=True)
    if isinstance(measure, Bounded) and measure.auto and measure.field in bounds:
        told["lower"], told["upper"] = bounds[measure.field]
    if error.size is not None:
        told[_KEYS[error.per]] = error.size
    if error.per in ("values", "root"):
        root = "the root of " if error.per == "root" else ""
        told["error_95"] = f"{root}{_KEYS[error.per]}, divided by the group's number of values"
    return told


def explain(release: ReleaseSettings, plan: Plan, bounds: Bounds) -> list[str]:
    """What was protected, against whom, how strongly, and how far off the numbers are."""
    loss, most = plan.loss, release.contribution
    factor = math.exp(min(loss.epsilon, 700.0))
    guess = 100 * factor / (1 + factor)
    sentences = [
        "Protected is every person (subject) with all of their records together: whether someone "
        "is in the data at all, and whatever their records say.",
        "The protection holds against everyone who reads this table, whatever else they know, even "
        "the records of all other persons, and whatever computers they will have.",
        f"How strongly: from this table (ε = {loss.epsilon:.4g}) the odds of any guess about one "
        f"person change by a factor of {factor:,.3g} at most; who thought it as likely as not that "
        f"someone is in the data will be at most {min(guess, 99.9):.1f}% sure afterwards.",
    ]
    if loss.delta:
        sentences.append(
            f"With a probability of at most {loss.delta:.3g} (δ) this promise fails for a person."
        )
    sentences.append(
        f"One person adds at most {_many(most.rows, 'record')} in at most "
        f"{_many(most.groups, 'group')}; further ones are left out at random."
    )
    if plan.threshold is not None:
        sentences.append(
            "A group shows only if its number of persons, with noise, is at least "
            f"{plan.threshold:,}; that a group is missing does not mean that nobody is in it."
        )
    sentences += [
        f"{measure.column}: {_what(measure)}. {_error(error_of(measure, release, plan, bounds))}"
        for measure in release.measures
    ]
    sentences.append(
        "Not protected is what holds for people in general, such as that a disease is frequent: it "
        "would be found without any one person. Several tables about the same people add up."
    )
    return sentences


def explain_synthetic(release: SyntheticSettings, plan: Plan) -> list[str]:
    """The same of synthetic rows."""
    chosen = (
        ["Which columns were counted together was chosen by the data, with noise that is paid for."]
        if release.marginals == "mst"
        else []
    )
    return [
        "No row is a person, and none was made from one: the rows are drawn from a model that has "
        "seen nothing but the noisy counts below.",
        "What they share with the data is the noisy counts, about: of each column, and of the "
        f"columns that are named together in {release.name}.quality.parquet, which tells how well "
        "they fit. How others hang together is made up, but for what follows from these.",
        *chosen,
        *explain(release.measured, plan, {}),
    ]


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _what(measure: Measure) -> str:
    match measure:
        case Count(field=None):
            return "number of records"
        case Count():
            return f"number of records with a value of {measure.field}"
        case CountSubjects():
            return "number of persons"
        case CountDistinct():
            return f"number of different values of {measure.field}"
        case TopK():
            return f"the {measure.k} most frequent values of {measure.field}, with their persons"
        case Histogram():
            return f"number of records in each bin of {measure.field}"
        case Marginal():
            return f"number of records in each combination of {', '.join(measure.axes)}"
        case Quantile() | Median():
            return f"the value of {measure.field} below which {100 * measure.at:.4g}% lie"
        case _:
            return f"{measure.kind.replace('_', ' ')} of {measure.field}, clipped to its bounds"


def _error(error: Error) -> str:
    if error.size is None:
        return "How much noise it has depends on the bounds that are found."
    size = f"{error.size:,.4g}"
    match error.per:
        case "group":
            return f"Noise moves it by no more than {size}, 95 times in 100."
        case "values":
            return (
                f"Noise moves it by no more than {size} divided by the group's number of values, "
                "95 times in 100."
            )
        case "root":
            return (
                f"Noise moves it by no more than the root of ({size} divided by the group's number "
                "of values), 95 times in 100."
            )
        case "rank":
            return (
                f"Noise moves its place in the order of the values by no more than {size} records, "
                "95 times in 100; within a bin values are taken to be spread evenly."
            )
