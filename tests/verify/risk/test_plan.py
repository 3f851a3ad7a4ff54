"""What is published fulfils the thresholds, whatever the table; no record is lost; and nothing that
loses less would have done."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.pseudonymise.batch import Treated
from transforms.verify.risk.hierarchy import Hierarchy, hierarchy_of
from transforms.verify.risk.plan import HELD, Plan, apply, decide
from transforms.verify.risk.report import assess
from transforms.verify.risk.settings import RiskSettings

from .support import Row, about, counted, risk, rows_of, table, table_of, treated

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "patient": st.sampled_from("abcdefghij"),
            "age": st.sampled_from(["20-29", "30-39", "40-49", "90+", None]),
            "area": st.sampled_from(["LS", "LN", "M1", None]),
            "sex": st.sampled_from(["f", "m"]),
            "visits": st.sampled_from([1, 2, None]),
            "illness": st.sampled_from(["flu", "cold", "burn"]),
            "salary": st.sampled_from([1, 2, 9]),
        }
    ),
    max_size=25,
)
THRESHOLDS = st.fixed_dictionaries(
    {"k": st.integers(1, 4)},
    optional={
        "l": st.sampled_from([1.5, 2, 3]),
        "t": st.sampled_from([0.1, 0.3, 0.6]),
        "diversity": st.sampled_from(["distinct", "entropy"]),
    },
)
quick = settings(max_examples=120, deadline=None)


def protected(rows: list[Row], rules: RiskSettings) -> tuple[Plan, list[Treated], list[Row]]:
    """The plan, what is published (in two batches), and what is held back."""
    batches = [treated(rows[:7]), treated(rows[7:])]
    plan = decide(table_of(batches, rules), rules, about(rules))
    if plan.problem is not None:
        return plan, [], []
    kept, held = [], []
    for batch in batches:
        out, refused = apply(plan, batch, about(rules))
        kept.append(out)
        held += refused.data.to_pylist() if refused is not None else []
    return plan, kept, held


@quick
@given(ROWS, THRESHOLDS)
def test_what_is_left_of_suppression_fulfils_all(rows: list[Row], given: dict[str, Any]) -> None:
    rules = risk(action="suppress", quasi=["sex"], sensitive=["illness", "salary"], **given)
    plan, kept, held = protected(rows, rules)
    assert plan.problem is None
    assert assess(table_of(kept, rules), rules, about(rules)).fulfilled
    published = [row for batch in kept for row in rows_of(batch)]
    for subjects in counted(published, ["age", "area", "sex"]).values():
        assert len(subjects) >= rules.k
    assert len(published) + len(held) == len(rows)


@quick
@given(ROWS, THRESHOLDS, st.sampled_from([0.0, 0.0, 0.2, 0.5]))
def test_what_was_generalised_fulfils_all(
    rows: list[Row], given: dict[str, Any], suppression: float
) -> None:
    rules = risk(
        action="generalise", quasi=["visits"], sensitive=["illness", "salary"],
        suppression=suppression, **given,
    )  # fmt: skip
    plan, kept, held = protected(rows, rules)
    if plan.problem is not None:
        assert not kept and "nothing" not in plan.problem
        return
    assert assess(table_of(kept, rules), rules, about(rules)).fulfilled
    published = [row for batch in kept for row in rows_of(batch)]
    for subjects in counted(published, ["age", "area", "visits"]).values():
        assert len(subjects) >= rules.k
    assert len(published) + len(held) == len(rows)
    assert len(held) <= suppression * len(rows)


@quick
@given(ROWS, st.integers(1, 4), st.sampled_from([0.0, 0.0, 0.2, 0.5]))
def test_no_other_combination_of_steps_loses_less(
    rows: list[Row], k: int, suppression: float
) -> None:
    rules = risk(action="generalise", quasi=["sex"], k=k, suppression=suppression)
    plan = decide(table(rows, rules), rules, about(rules))
    hierarchies = [hierarchy_of(field, rules) for field in about(rules).quasi]
    losses = [
        loss
        for node in product(*(range(h.height + 1) for h in hierarchies))
        if (loss := lost(rows, hierarchies, node, k, suppression)) is not None
    ]
    assert (plan.problem is None) == bool(losses)
    if losses:
        assert plan.loss == pytest.approx(min(losses))


def lost(
    rows: list[Row], hierarchies: list[Hierarchy], node: tuple[int, ...], k: int, most: float
) -> float | None:
    """The loss of a node, by its definition; None where it does not do."""
    fields = [h.field for h in hierarchies]
    known = {f: list({row[f] for row in rows}) for f in fields}
    becomes: Mapping[str, Any] = {
        h.field: h.recoding(known[h.field], step) for h, step in zip(hierarchies, node, strict=True)
    }
    coarse = [{"patient": r["patient"], **{f: becomes[f][r[f]] for f in fields}} for r in rows]
    classes = counted(coarse, fields)
    total, held = 0.0, 0
    for row in coarse:
        if len(classes[tuple(row[f] for f in fields)]) < k:
            held += 1
            total += 1
            continue
        for f in fields:
            under = sum(becomes[f][value] == row[f] for value in known[f])
            total += (under - 1) / max(len(known[f]) - 1, 1) / len(fields)
    return None if held > most * len(rows) else total / max(len(rows), 1)


def test_a_held_back_record_is_quarantined_as_it_was_read_with_the_kind_of_reason() -> None:
    rows: list[Row] = [
        {"patient": n, "age": "20-29", "area": "LS", "sex": "f", "illness": n} for n in "abc"
    ]
    rows.append({"patient": "x", "age": "90+", "area": "ZZ", "sex": "m", "illness": "plague"})
    rules = risk(action="suppress", k=2, l=2, sensitive=["illness"])
    _, kept, held = protected(rows, rules)
    assert [row["patient"] for batch in kept for row in rows_of(batch)] == ["a", "b", "c"]
    (record,) = held
    assert (record["position"], record["stage"]) == (4, "verify")
    assert record["reason"] == "class of too few subjects"
    assert record["reason"].startswith(HELD)
    assert orjson.loads(record["record"])["illness"] == "plague"


def test_the_plan_says_what_it_did() -> None:
    rows: list[Row] = [
        {"patient": n, "age": age, "area": "LS", "sex": "f"}
        for n, age in zip("abcd", ("40-49", "40-49", "50-59", "50-59"), strict=True)
    ]
    rules = risk(action="generalise", k=4)
    plan, kept, _ = protected(rows, rules)
    assert [(g.field, g.step, g.how) for g in plan.generalised] == [("age", 1, "bands of 20")]
    assert {row["age"] for batch in kept for row in rows_of(batch)} == {"40-59"}


def test_a_column_of_numbers_keeps_its_type_when_it_is_left_out() -> None:
    rows: list[Row] = [
        {"patient": str(n), "age": "20-29", "area": "LS", "visits": n} for n in range(6)
    ]
    plan, kept, _ = protected(rows, risk(action="generalise", k=6, quasi=["visits"]))
    column = kept[0].published.column("visits")
    assert str(column.type) == "int64" and column.null_count == 6
    assert [g.how for g in plan.generalised] == ["left out"]


def test_no_way_is_told_without_a_value() -> None:
    rows: list[Row] = [{"patient": "a", "age": "20-29", "area": "LS"}]
    plan, _, _ = protected(rows, risk(action="generalise", k=2))
    assert plan.problem is not None and "k 2, with 1 subjects in all" in plan.problem
    assert "LS" not in plan.problem


def test_a_value_outside_of_its_hierarchy_stops_all_and_is_named_in_the_zone_alone() -> None:
    rows: list[Row] = [{"patient": "a", "age": "20-29", "area": "LS", "sex": "unheard"}]
    rules = risk(
        action="generalise", k=1, quasi=["sex"], hierarchies={"sex": {"file": [["f", "any"]]}}
    )
    plan, _, _ = protected(rows, rules)
    assert plan.problem is not None and "'sex' (1)" in plan.problem
    assert "unheard" not in plan.problem and plan.outside == {"sex": ["unheard"]}
