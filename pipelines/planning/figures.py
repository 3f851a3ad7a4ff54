"""What a release will be like, from its settings and the expected sizes of its groups alone.

All figures are those of ``planning.plan`` and ``reading.error_of``, which draw the real release's
noise and state its error; nothing is modelled a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.planning.sizes import Group
from transforms.aggregate.measures import (
    Bounded,
    Count,
    CountDistinct,
    CountSubjects,
    Measure,
    StandardDeviation,
    Sum,
    TopK,
    Variance,
)
from transforms.aggregate.planning import Plan, plan
from transforms.aggregate.queries import SUBJECTS
from transforms.aggregate.reading import Error, error_of
from transforms.aggregate.settings import ReleaseSettings

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Of the release's ε: what else is told."""


@dataclass(frozen=True)
class Planned:
    """A release, its plan, and the groups that it is judged by."""

    release: ReleaseSettings
    plan: Plan
    groups: tuple[Group, ...]
    estimated: bool = False
    """Their sizes are noisy counts of what bounding let through: what it cut is not known."""

    @property
    def middle(self) -> Group:
        """The median group by its rows (of two, the smaller)."""
        return sorted(self.groups, key=lambda group: group.rows)[(len(self.groups) - 1) // 2]

    @property
    def smallest(self) -> Group:
        """The group with the fewest rows."""
        return min(self.groups, key=lambda group: group.rows)

    def error(self, measure: Measure) -> Error:
        """The measure's 95% error."""
        return error_of(measure, self.release, self.plan)

    def relative(self, measure: Measure, group: Group) -> float | None:
        """The 95% error in a group as a part of ``basis``; None if that is not known."""
        off = self.error(measure).at(group.rows)
        whole = basis(measure, group)
        return None if off is None or not whole else off / whole[0] if whole[0] else None


def planned(release: ReleaseSettings, groups: Sequence[Group], estimated: bool = False) -> Planned:
    """Plan one release."""
    return Planned(release, plan(release), tuple(groups), estimated)


def at_epsilon(one: Planned, epsilon: float) -> Planned:
    """The same release with another ε."""
    return planned(one.release.model_copy(update={"epsilon": epsilon}), one.groups, one.estimated)


def basis(measure: Measure, group: Group) -> tuple[float, str] | None:
    """What an error is relative to, and its name; None where nothing public is at hand.

    A sum's is the largest that it can be, a mean's the width of its bounds, a variance's the
    largest variance between them. An error in rank is a part of the group's rows already.
    """
    if isinstance(measure, CountSubjects | TopK):
        return group.subjects, "subjects"
    if isinstance(measure, CountDistinct):
        return None
    if isinstance(measure, Bounded):
        if measure.lower is None or measure.upper is None:
            return None
        width = measure.upper - measure.lower
        if isinstance(measure, Sum):
            return group.rows * max(abs(measure.lower), abs(measure.upper)), "largest sum"
        if isinstance(measure, Variance):
            return width**2 / 4, "largest variance"
        return (
            (width / 2, "largest") if isinstance(measure, StandardDeviation) else (width, "range")
        )
    if isinstance(measure, Count) or measure.kind in ("histogram", "marginal"):
        return group.rows, "rows"
    return (1.0, "rows") if group.rows else None


def hidden(one: Planned) -> tuple[list[Group], list[Group]]:
    """The groups that will be under the threshold, and those for which noise decides.

    Under it: by more than noise makes up for, 97.5 times in 100 at least; likewise above it.
    Bounding is taken to leave all their subjects; what it cuts makes more groups fall.
    """
    threshold = one.plan.threshold
    if threshold is None:
        return [], []
    noise = one.plan.of(SUBJECTS).noise.error(0.05)
    under = [group for group in one.groups if group.subjects + noise < threshold]
    open_ = [g for g in one.groups if g.subjects - noise < threshold <= g.subjects + noise]
    return under, open_


def cut(one: Planned) -> tuple[int, int]:
    """The fewest and the most rows that bounding can cut, over all ways in which the given rows
    may belong to the given subjects.

    Fewest: rows spread evenly, subjects in few groups. Most: where the bound on groups or on rows
    in all can bind, each subject is in as many groups as can be, which leaves the subjects of the
    largest ones (Gale and Ryser's order), with a row each; where neither can, one subject has
    all further rows of a group. Groups that are not given are taken as empty.
    """
    release, most = one.release, one.release.contribution
    rows = sum(group.rows for group in one.groups)
    least_cut = sum(
        max(0, group.rows - group.subjects * min(release.max_rows_per_group, most.rows))
        for group in one.groups
    )
    if len(one.groups) <= most.groups and most.rows >= most.groups * release.max_rows_per_group:
        kept = sum(
            min(g.rows, g.subjects - 1 + release.max_rows_per_group)
            for g in one.groups
            if g.subjects
        )
    else:
        kept = sum(sorted((g.subjects for g in one.groups), reverse=True)[: most.groups])
    return least_cut, max(least_cut, rows - kept)
