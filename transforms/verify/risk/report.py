"""The risk that is left in a release, as figures that hold no value of a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from transforms.verify.risk import classes, diversity, population, trails
from transforms.verify.risk.classes import PEOPLE, Attackers
from transforms.verify.risk.settings import COUNT, Action, Attributes, Diversity, RiskSettings
from transforms.verify.risk.trails import RECORDS, SUBJECTS, TRAIL

Count = Annotated[int, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]

_BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Attacker(_Part):
    """What an attacker achieves; a unit is a subject in a class."""

    highest: Probability
    """Highest probability of re-identification."""
    average: Probability
    """Share of the units that is re-identified on average."""
    at_risk: Probability
    """Share of the units whose probability is above 1/k."""

    @classmethod
    def of(cls, found: Attackers) -> Self:
        """The model of the figures."""
        return cls(**found._asdict())


class Sizes(_Part):
    """Classes of similar size."""

    subjects_from: Count
    subjects_to: Count | None = None
    """None: and more."""
    classes: Count
    subjects: Count
    """Subjects in them; who is in two classes counts twice."""
    records: Count


class SensitiveRisk(_Part):
    """How much the classes tell of a sensitive field: each figure is that of the worst class."""

    field: str
    distance: str
    """Between values: ``ordered`` or ``equal``."""
    distinct_l: Count
    entropy_l: Annotated[float, Field(ge=0)]
    t: Probability


class PopulationRisk(_Part):
    """The estimate of who is unique among all people."""

    size: Count
    uniques: Annotated[float, Field(ge=0)]
    """How many are."""
    share: Probability
    model: str


class Linked(_Part):
    """Subjects by all of their records together, where the release tells that they belong
    together."""

    alone: Probability
    """Share of the subjects whose set of classes no other has."""
    below_k: Probability
    """Share whose set of classes fewer than k have."""


class Generalised(_Part):
    """How a field was made coarser than configured."""

    field: str
    step: Count
    how: str


class RiskReport(_Part):
    """The risk that is left in a release's records."""

    quasi: tuple[str, ...]
    """The quasi-identifiers: classes are records with equal values in all of them."""
    uncounted: tuple[str, ...] = ()
    """Quasi-identifiers that hold lists, and so are in no class."""
    action: Action
    k: Count
    """The threshold: subjects that each class should have."""
    l: float | None = None  # noqa: E741
    """The threshold for the values of each sensitive field in a class."""
    diversity: Diversity = Diversity.DISTINCT
    """What is counted for ``l``."""
    t: float | None = None
    """The threshold for the distance of a class from the whole."""
    fulfilled: bool
    """Whether all thresholds are met in what is published."""
    records: Count
    subjects: Count
    classes: Count
    smallest_class: Count
    """Different subjects in the smallest class: the k that the release has."""
    smallest_class_records: Count
    """Records in the class that has fewest."""
    below_k: Count
    """Records in classes of fewer than k subjects."""
    sizes: tuple[Sizes, ...]
    sample_uniques: Probability
    """Share of the units that are alone in their class."""
    population: PopulationRisk | None = None
    prosecutor: Attacker
    journalist: Attacker | None = None
    """None where no table of the population is given: it is at most the prosecutor's."""
    marketer: Probability
    """Share re-identified by who goes for as many as possible; without a population as if the
    sample were all."""
    contradicted_classes: Count = 0
    """Classes with more subjects than the population table has people."""
    sensitive: tuple[SensitiveRisk, ...] = ()
    linked: Linked | None = None
    generalised: tuple[Generalised, ...] = ()
    """What ``action: generalise`` did."""
    loss: Probability | None = None
    """What it cost: 0 is nothing, 1 everything."""
    held_back: Count = 0
    """Records that the action sent to quarantine."""

    def problems(self) -> Iterator[str]:
        """What is not fulfilled, a sentence each."""
        if not self.records:
            return
        if self.smallest_class < self.k:
            yield (
                f"the smallest class has {_people(self.smallest_class)} instead of {self.k}; "
                f"{self.below_k:,} of {self.records:,} records are in classes that are too small"
            )
        for found in self.sensitive:
            if self.l is not None and _less(self._l_of(found), self.l):
                yield (
                    f"a class has l = {self._l_of(found):.3g} ({self.diversity}) for "
                    f"'{found.field}' instead of {self.l:g}"
                )
            if self.t is not None and _less(self.t, found.t):
                yield f"a class has t = {found.t:.3g} for '{found.field}' instead of {self.t:g}"

    def _l_of(self, found: SensitiveRisk) -> float:
        return found.distinct_l if self.diversity is Diversity.DISTINCT else found.entropy_l


def assess(table: pl.DataFrame, settings: RiskSettings, about: Attributes) -> RiskReport:
    """The risk in a table of trails (see ``trails``)."""
    classed = classes.classed(table, about.names)
    sizes = classes.sizes(classed)
    contradicted = 0
    if settings.population.table is not None:
        sizes, contradicted = _with_people(sizes, classed, settings.population.table, about.names)
    found = {
        "quasi": tuple(about.names),
        "uncounted": tuple(about.uncounted),
        "action": settings.action,
        "k": settings.k,
        "l": settings.l,
        "diversity": settings.diversity,
        "t": settings.t,
        "records": _int(table[RECORDS].sum()),
        "subjects": _int(table.unique(TRAIL)[SUBJECTS].sum()),
        "classes": sizes.height,
        "smallest_class": _int(sizes[SUBJECTS].min()),
        "smallest_class_records": _int(sizes[RECORDS].min()),
        "below_k": _int(sizes.filter(pl.col(SUBJECTS) < settings.k)[RECORDS].sum()),
        "sizes": tuple(_sizes(sizes)),
        "sample_uniques": _share(sizes),
        "population": _population(sizes, settings),
        "prosecutor": Attacker.of(classes.prosecutor(sizes, 1 / settings.k)),
        "journalist": Attacker.of(classes.journalist(sizes, 1 / settings.k))
        if settings.population.table is not None
        else None,
        "marketer": classes.marketer(sizes),
        "contradicted_classes": contradicted,
        "sensitive": tuple(
            _sensitive(classed, name, ordered) for name, ordered in about.ordered.items()
        ),
        "linked": _linked(table, about, settings.k) if about.is_linked else None,
    }
    report = RiskReport.model_validate(found | {"fulfilled": True})
    return report.model_copy(update={"fulfilled": not any(report.problems())})


def _sizes(sizes: pl.DataFrame) -> Iterator[Sizes]:
    for low, high in _BANDS:
        of = sizes.filter(pl.col(SUBJECTS).is_between(low, 2**62 if high is None else high))
        if of.height:
            yield Sizes(
                subjects_from=low,
                subjects_to=high,
                classes=of.height,
                subjects=_int(of[SUBJECTS].sum()),
                records=_int(of[RECORDS].sum()),
            )


def _share(sizes: pl.DataFrame) -> float:
    return sizes.filter(pl.col(SUBJECTS) == 1).height / max(_int(sizes[SUBJECTS].sum()), 1)


def _population(sizes: pl.DataFrame, settings: RiskSettings) -> PopulationRisk | None:
    size = settings.population.size
    if size is None and settings.population.table is not None:
        head, *rows = settings.population.table
        size = sum(int(row[head.index(COUNT)]) for row in rows)
    if size is None or not sizes.height:
        return None
    size = max(size, _int(sizes[SUBJECTS].sum()))
    number, model = population.uniques(sizes[SUBJECTS].to_numpy().astype(np.float64), size)
    return PopulationRisk(size=size, uniques=number, share=number / size, model=model)


def _with_people(
    sizes: pl.DataFrame, classed: pl.DataFrame, table: tuple[tuple[str, ...], ...], quasi: list[str]
) -> tuple[pl.DataFrame, int]:
    """The sizes with ``PEOPLE``, at least the subjects; and in how many classes that was needed.

    An empty cell of the population's table is a missing value.
    """
    head, *rows = table
    people = pl.DataFrame(
        [[cell or None for cell in row] for row in rows],
        schema=dict.fromkeys(head, pl.String),
        orient="row",
    )
    people = people.group_by(quasi).agg(pl.col(COUNT).cast(pl.Int64).sum().alias(PEOPLE))
    names = classed.select(classes.CLASS, *quasi).unique()
    known = names.join(people, on=quasi, how="left", nulls_equal=True)
    joined = sizes.join(known.select(classes.CLASS, PEOPLE), on=classes.CLASS)
    joined = joined.with_columns(pl.col(PEOPLE).fill_null(0))
    fewer = joined.filter(pl.col(PEOPLE) < pl.col(SUBJECTS)).height
    return joined.with_columns(pl.max_horizontal(PEOPLE, SUBJECTS).alias(PEOPLE)), fewer


def _sensitive(classed: pl.DataFrame, name: str, ordered: bool) -> SensitiveRisk:
    values = diversity.values(classed, name)
    found = diversity.diversity(values)
    distances = diversity.closeness(values, ordered=ordered)
    return SensitiveRisk(
        field=name,
        distance="ordered" if ordered else "equal",
        distinct_l=_int(found[diversity.DISTINCT].min()),
        entropy_l=_float(found[diversity.ENTROPY].min()),
        t=min(_float(distances[diversity.CLOSENESS].max()), 1.0),
    )


def _linked(table: pl.DataFrame, about: Attributes, k: int) -> Linked:
    of_classes = trails.merged([table.select(TRAIL, *about.names, SUBJECTS, RECORDS)])
    alike = of_classes.unique(TRAIL)[SUBJECTS]
    total = max(_int(alike.sum()), 1)
    return Linked(
        alone=_int(alike.filter(alike == 1).sum()) / total,
        below_k=_int(alike.filter(alike < k).sum()) / total,
    )


def _people(number: int) -> str:
    return "1 subject" if number == 1 else f"{number:,} subjects"


def _less(a: float, b: float) -> bool:
    """Beyond what rounding does."""
    return a < b - 1e-9


def _int(value: object) -> int:
    return 0 if value is None else int(str(value))


def _float(value: object) -> float:
    return 0.0 if value is None else float(str(value))
