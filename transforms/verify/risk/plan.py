"""What makes a release fulfil its thresholds: decided over all, applied to each batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from transforms.batches import Batch
from transforms.pseudonymise.batch import Treated
from transforms.quarantine import quarantine
from transforms.verify.risk import diversity
from transforms.verify.risk.classes import CLASS, classed, sizes
from transforms.verify.risk.hierarchy import Hierarchy, hierarchy_of
from transforms.verify.risk.lattice import Node, search
from transforms.verify.risk.numbering import Ints, combined
from transforms.verify.risk.report import Generalised
from transforms.verify.risk.settings import Action, Attributes, Diversity, RiskSettings
from transforms.verify.risk.trails import RECORDS, SUBJECTS, TRAIL, values_of

REASON = "r:reason"
HELD = "class "
"""How the reasons begin for which records are held back here."""
_MOST_LISTED = 100
_ROUNDING = 1e-9

Recoding = Mapping[str | None, str | None]


class Plan(NamedTuple):
    """What becomes of which records."""

    generalised: tuple[Generalised, ...] = ()
    recodings: Mapping[str, Recoding] = {}
    """Field -> what each of its published values becomes."""
    refused: pl.DataFrame | None = None
    """The classes whose records are held back: the quasi-identifiers (recoded) and ``REASON``."""
    loss: float | None = None
    problem: str | None = None
    """Why nothing can be published; holds no value."""
    outside: Mapping[str, list[str]] = {}
    """Field -> values that its hierarchy does not know: for the restricted zone alone."""


def failing(table: pl.DataFrame, settings: RiskSettings, ordered: Mapping[str, bool]) -> Any:
    """``CLASS`` and ``REASON`` of each class that does not fulfil the thresholds.

    ``table``: trails with their ``CLASS``; ``ordered``: the sensitive fields.
    """
    small = sizes(table).filter(pl.col(SUBJECTS) < settings.k).select(CLASS)
    found = [small.with_columns(pl.lit(f"{HELD}of too few subjects").alias(REASON))]
    for name, is_ordered in ordered.items():
        if settings.l is None and settings.t is None:
            break
        values = diversity.values(table, name)
        if settings.l is not None:
            of = diversity.diversity(values)
            distinct = settings.diversity is Diversity.DISTINCT
            column = diversity.DISTINCT if distinct else diversity.ENTROPY
            few = of.filter(pl.col(column) < settings.l - _ROUNDING).select(CLASS)
            found.append(
                few.with_columns(pl.lit(f"{HELD}of too few values of '{name}'").alias(REASON))
            )
        if settings.t is not None:
            far = diversity.closeness(values, ordered=is_ordered)
            far = far.filter(pl.col(diversity.CLOSENESS) > settings.t + _ROUNDING).select(CLASS)
            found.append(
                far.with_columns(pl.lit(f"{HELD}with telling values of '{name}'").alias(REASON))
            )
    return pl.concat(found).unique(CLASS, keep="first", maintain_order=True)


def refused(
    table: pl.DataFrame, settings: RiskSettings, ordered: Mapping[str, bool]
) -> pl.DataFrame:
    """``CLASS`` and ``REASON`` of the classes to hold back, so that all others fulfil everything.

    Until nothing fails: without some classes, the whole to which t compares is another one.
    """
    found = []
    while True:
        more = failing(table, settings, ordered)
        found.append(more)
        if not more.height or settings.t is None:
            return pl.concat(found)
        table = table.join(more, on=CLASS, how="anti")


def decide(table: pl.DataFrame, settings: RiskSettings, about: Attributes) -> Plan:
    """What ``action`` makes of a table of trails."""
    if settings.action is Action.SUPPRESS:
        return Plan(refused=_named(table, about.names, settings, about.ordered))
    hierarchies = [hierarchy_of(field, settings) for field in about.quasi]
    outside = {
        h.field: known[:_MOST_LISTED]
        for h in hierarchies
        if (known := h.outside(table[h.field].unique().to_list()))
    }
    if outside:
        return Plan(outside=outside, problem=_outside(outside))
    nodes = _Nodes(table, hierarchies, settings, about.ordered)
    found = search([h.height for h in hierarchies], nodes.floor, nodes.may_fulfil, nodes.loss)
    if found is None:
        return Plan(problem=_no_way(table, settings))
    steps = dict(zip(about.names, found.node, strict=True))
    recodings = {
        h.field: h.recoding(table[h.field].unique().to_list(), steps[h.field])
        for h in hierarchies
        if steps[h.field]
    }
    coarser = _recoded_table(table, recodings)
    return Plan(
        generalised=tuple(
            Generalised(field=h.field, step=steps[h.field], how=h.steps[steps[h.field]].name)
            for h in hierarchies
            if steps[h.field]
        ),
        recodings=recodings,
        refused=_named(coarser, about.names, settings, about.ordered),
        loss=found.loss,
    )


def apply(plan: Plan, treated: Treated, about: Attributes) -> tuple[Treated, Batch | None]:
    """A batch as the plan makes it, and its records that are held back; all of them come out in
    one of the two."""
    published = treated.published
    for name, recoding in plan.recodings.items():
        index = published.schema.get_field_index(name)
        column = recoded(published.column(index), recoding)
        published = published.set_column(index, published.schema.field(index), column)
    treated = treated._replace(published=published)
    if plan.refused is None or not plan.refused.height or not published.num_rows:
        return treated, None
    rows = pl.DataFrame(pa.Table.from_batches([published.select(about.names)]))
    reasons = rows.with_columns(pl.all().cast(pl.String)).join(
        plan.refused, on=about.names, how="left", nulls_equal=True, maintain_order="left"
    )[REASON]
    held = reasons.is_not_null().to_arrow()
    if not reasons.count():
        return treated, None
    why = reasons.drop_nulls().to_list()
    return treated.only(pc.invert(held)), quarantine(treated.source.filter(held), "verify", why)


def recoded(column: pa.Array, recoding: Recoding) -> pa.Array:
    """A column with each value replaced; what is missing stays so."""
    encoded = column.dictionary_encode()
    # A column of numbers has but one step, at which it is left out.
    values = [recoding[str(value)] for value in encoded.dictionary.to_pylist()]
    return pa.array(values, column.type).take(encoded.indices)


class _Nodes:
    """The nodes of the lattice over a table of trails."""

    def __init__(
        self,
        table: pl.DataFrame,
        hierarchies: Sequence[Hierarchy],
        settings: RiskSettings,
        ordered: Mapping[str, bool],
    ) -> None:
        self._settings, self._ordered = settings, ordered
        self._weight = table[RECORDS].to_numpy()
        self._records = max(int(self._weight.sum()), 1)
        self._rest = table.select(TRAIL, *ordered, SUBJECTS, RECORDS)
        self._linear = table[TRAIL].n_unique() == table.height
        self._codes: list[list[Ints]] = []
        """Field -> step -> the number of each row's value at that step."""
        self._cells: list[list[Any]] = []
        """Field -> step -> the loss of each row's value at that step."""
        for hierarchy in hierarchies:
            codes, cells = _coded(table[hierarchy.field], hierarchy)
            self._codes.append(codes)
            self._cells.append(cells)
        self._losses = [
            [float((cell * self._weight).sum()) / self._records for cell in cells]
            for cells in self._cells
        ]

    def floor(self, node: Node) -> float:
        """The loss of a node if nothing is held back.

        Iyengar (2002): a value that stands for a of the n values that the field has in the data
        loses (a - 1) / (n - 1); the mean over all cells, the fields weighing the same. A record
        that is held back loses 1, which is no less.
        """
        steps = zip(self._losses, node, strict=True)
        return sum(losses[step] for losses, step in steps) / len(node)

    def may_fulfil(self, node: Node) -> bool:
        """Whether not too many records are in classes of fewer than k subjects: merging classes
        never makes it more."""
        if not self._records:
            return True
        frame = pl.DataFrame({CLASS: self._classes(node)}).hstack(
            self._rest.select(TRAIL, SUBJECTS, RECORDS)
        )
        if self._linear:
            found = frame.group_by(CLASS).agg(pl.col(SUBJECTS, RECORDS).sum())
        else:
            found = sizes(frame)
        small = found.filter(pl.col(SUBJECTS) < self._settings.k)[RECORDS].sum()
        return int(small) <= self._settings.suppression * self._records

    def loss(self, node: Node) -> float | None:
        """What a node loses, held back records included; None where it would be too many."""
        if not self.may_fulfil(node):
            return None
        if not self._settings.suppression and not self._needs_values:
            return self.floor(node)
        table = pl.DataFrame({CLASS: self._classes(node)}).hstack(self._rest)
        bad = refused(table, self._settings, self._ordered)
        held = table[CLASS].is_in(bad[CLASS].to_list()).to_numpy()
        lost = int(self._weight[held].sum())
        if lost > self._settings.suppression * self._records:
            return None
        cells = sum(c[s] for c, s in zip(self._cells, node, strict=True)) / len(node)
        return float((np.where(held, 1.0, cells) * self._weight).sum()) / self._records

    @property
    def _needs_values(self) -> bool:
        return self._settings.l is not None or self._settings.t is not None

    def _classes(self, node: Node) -> Ints:
        """A number for each row's class, equal where all values are."""
        steps = zip(self._codes, node, strict=True)
        return combined((codes[step] for codes, step in steps), len(self._weight))


def _coded(column: pl.Series, hierarchy: Hierarchy) -> tuple[list[Ints], list[Any]]:
    """For each step, the code and the loss of each row's value."""
    base = column.unique(maintain_order=True).to_list()
    number = {value: code for code, value in enumerate(base)}
    rows: Ints = pl.DataFrame({"v": column}).join(
        pl.DataFrame({"v": base, "n": list(number.values())}, schema_overrides={"v": pl.String}),
        on="v", how="left", nulls_equal=True, maintain_order="left",
    )["n"].to_numpy().astype(np.int64)  # fmt: skip
    codes, cells = [], []
    for step in range(hierarchy.height + 1):
        recoding = hierarchy.recoding(base, step)
        kinds = {value: code for code, value in enumerate(dict.fromkeys(recoding.values()))}
        of: Ints = np.array([kinds[recoding[value]] for value in base], np.int64)
        leaves = np.bincount(of, minlength=1) if len(of) else np.zeros(1)
        lost = (leaves - 1) / max(len(base) - 1, 1)
        codes.append(of[rows])
        cells.append(lost[of][rows])
    return codes, cells


def _recoded_table(table: pl.DataFrame, recodings: Mapping[str, Recoding]) -> pl.DataFrame:
    columns = {
        name: pl.Series(name, recoded(table[name].to_arrow(), recoding), dtype=pl.String)
        for name, recoding in recodings.items()
    }
    return table.with_columns(*columns.values())


def _named(
    table: pl.DataFrame, quasi: Sequence[str], settings: RiskSettings, ordered: Mapping[str, bool]
) -> pl.DataFrame:
    """The classes to hold back by the values of their quasi-identifiers."""
    assert set(quasi) <= set(values_of(table))
    numbered = classed(table, quasi)
    names = numbered.select(CLASS, *quasi).unique()
    return names.join(refused(numbered, settings, ordered), on=CLASS).drop(CLASS)


def _outside(outside: Mapping[str, list[str]]) -> str:
    each = ", ".join(
        f"'{name}' ({len(values)}{' or more' if len(values) == _MOST_LISTED else ''})"
        for name, values in outside.items()
    )
    return (
        f"verify.risk: values are outside of their field's hierarchy: {each}. Add them to the "
        "hierarchy's file, or give a hierarchy that knows them (verify.risk.hierarchies)."
    )


def _no_way(table: pl.DataFrame, settings: RiskSettings) -> str:
    subjects = int(table.unique(TRAIL)[SUBJECTS].sum())
    return (
        f"verify.risk: however much is generalised, the thresholds are not met (k {settings.k}"
        + (f", l {settings.l:g}" if settings.l is not None else "")
        + (f", t {settings.t:g}" if settings.t is not None else "")
        + f", with {subjects:,} subjects in all). Take more records, or lower what is asked for."
    )
