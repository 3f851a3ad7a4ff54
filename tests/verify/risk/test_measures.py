"""Figures worked by hand: equal to what ARX defines where each subject has one record."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from transforms.verify.risk.report import RiskReport, assess

from .support import Row, about, counted, risk, table

# Four classes of 1, 2, 3 and 4 people; F people of the population have their values.
TEN: list[Row] = [
    {"patient": f"p{n}", "age": age, "area": area}
    for n, (age, area) in enumerate(
        [("20-29", "LS")] + [("30-39", "LS")] * 2 + [("40-49", "M1")] * 3 + [("50-59", None)] * 4
    )
]
POPULATION = (
    ("area", "age", "count"),
    ("LS", "20-29", "4"),
    ("LS", "30-39", "2"),
    ("M1", "40-49", "10"),
    ("M1", "40-49", "20"),
    ("", "50-59", "8"),
    ("XX", "60-69", "1"),
)


def test_prosecutor_journalist_and_marketer_are_as_arx_defines_them() -> None:
    settings = risk(k=3, population={"table": POPULATION})
    found = assess(table(TEN, settings), settings, about(settings))
    assert (found.records, found.subjects, found.classes) == (10, 10, 4)
    assert (found.smallest_class, found.below_k, found.fulfilled) == (1, 3, False)
    assert found.sample_uniques == 1 / 10
    assert found.prosecutor.highest == 1
    assert found.prosecutor.average == pytest.approx(4 / 10)  # classes / records
    assert found.prosecutor.at_risk == pytest.approx(3 / 10)  # f below 3
    assert found.journalist is not None
    assert found.journalist.highest == 1 / 2  # the class of which 2 are in the population
    # The larger of 4 classes / 44 people and (1/4 + 2/2 + 3/30 + 4/8) / 10.
    assert found.journalist.average == pytest.approx(0.185)
    assert found.journalist.at_risk == pytest.approx(2 / 10)
    assert found.marketer == pytest.approx(0.185)
    assert found.contradicted_classes == 0
    assert [(s.subjects_from, s.classes, s.subjects) for s in found.sizes] == [
        (1, 1, 1), (2, 1, 2), (3, 2, 7)
    ]  # fmt: skip


def test_without_a_population_the_marketer_is_the_prosecutor_on_average() -> None:
    settings = risk()
    found = assess(table(TEN, settings), settings, about(settings))
    assert found.journalist is None and found.population is None
    assert found.marketer == found.prosecutor.average == pytest.approx(0.4)


def test_a_population_that_is_smaller_than_the_sample_is_told() -> None:
    small = (("area", "age", "count"), ("M1", "40-49", "1"))
    settings = risk(population={"table": small})
    found = assess(table(TEN, settings), settings, about(settings))
    assert found.contradicted_classes == 4
    assert found.journalist is not None and found.journalist.highest == found.prosecutor.highest


def test_a_persons_many_records_hide_nobody() -> None:
    rows: list[Row] = [{"patient": "p", "age": "20-29", "area": "LS"}] * 9
    rows += [{"patient": n, "age": "30-39", "area": "LS"} for n in "abcab"]
    settings = risk(k=3)
    found = assess(table(rows, settings), settings, about(settings))
    assert (found.smallest_class, found.smallest_class_records) == (1, 5)
    assert (found.records, found.subjects, found.below_k) == (14, 4, 9)
    assert found.sample_uniques == 1 / 4


def test_whose_records_fit_no_other_together_is_told_apart_from_the_classes() -> None:
    """Each class has two subjects, but only a was seen at 29 and at 30."""
    rows: list[Row] = [
        {"patient": patient, "age": age, "area": "LS"}
        for patient, age in [("a", "20-29"), ("b", "20-29"), ("a", "30-39"), ("c", "30-39")]
    ]
    settings = risk(k=2)
    found = assess(table(rows, settings), settings, about(settings))
    assert found.fulfilled and found.smallest_class == 2
    assert found.linked is not None and found.linked.alone == 1.0
    assert found.sample_uniques == 0


def test_diversity_by_hand() -> None:
    ills = ["flu", "flu", "cold", "cancer", "flu", "cold"]
    rows: list[Row] = [
        {"patient": f"p{n}", "age": "20-29" if n < 4 else "30-39", "area": "LS", "illness": ill}
        for n, ill in enumerate(ills)
    ]
    settings = risk(k=1, l=3, sensitive=["illness"], diversity="distinct")
    (found,) = assess(table(rows, settings), settings, about(settings)).sensitive
    assert (found.distinct_l, found.distance) == (2, "equal")
    assert found.entropy_l == pytest.approx(2)
    # All: flu 3/6, cold 2/6, cancer 1/6. Of 30-39: 1/2, 1/2, 0. Of 20-29: 1/2, 1/4, 1/4.
    assert found.t == pytest.approx(1 / 6)
    first = table(rows[:4], settings)
    (found,) = assess(first, settings, about(settings)).sensitive
    assert found.entropy_l == pytest.approx(math.exp(0.5 * math.log(2) + 0.5 * math.log(4)))


def test_closeness_of_numbers_is_as_in_its_paper() -> None:
    """Li et al. 2007, tables 3 and 4: salaries from 3K to 11K, three classes of three."""
    classes = {"20-29": (3, 4, 5), "30-39": (6, 11, 8), "40-49": (7, 9, 10)}
    rows: list[Row] = [
        {"patient": f"p{salary}", "age": age, "area": "LS", "salary": salary}
        for age, salaries in classes.items()
        for salary in salaries
    ]
    settings = risk(k=1, t=1.0, sensitive=["salary"])
    (found,) = assess(table(rows, settings), settings, about(settings)).sensitive
    assert (found.distance, found.t) == ("ordered", pytest.approx(0.375))
    second = [{**row, "age": "20-29" if row["age"] == "30-39" else "rest"} for row in rows]
    (found,) = assess(table(second, settings), settings, about(settings)).sensitive
    # Of 6K, 8K and 11K the paper gives 0.167.
    assert found.t == pytest.approx(1 / 6, abs=1e-3)


VALUES = st.fixed_dictionaries(
    {
        "patient": st.sampled_from("abcdefgh"),
        "age": st.sampled_from(["20-29", "30-39", None]),
        "area": st.sampled_from(["LS", "M1"]),
        "illness": st.sampled_from(["flu", "cold", None]),
        "salary": st.sampled_from([1, 2, 5, 9, None]),
    }
)


@hypothesis_settings(deadline=None)
@given(st.lists(VALUES, max_size=30), st.integers(1, 4))
def test_the_figures_are_those_of_plain_counting(rows: list[Row], k: int) -> None:
    settings = risk(k=k, sensitive=["illness", "salary"])
    found = assess(table(rows, settings), settings, about(settings))
    classes = counted(rows, ["age", "area"])
    sizes = [len(subjects) for subjects in classes.values()]
    assert found.classes == len(sizes)
    assert found.smallest_class == min(sizes, default=0)
    assert found.fulfilled == (min(sizes, default=k) >= k)
    assert found.records == len(rows)
    assert found.subjects == len({row["patient"] for row in rows})
    small = [key for key, subjects in classes.items() if len(subjects) < k]
    assert found.below_k == sum((row["age"], row["area"]) in small for row in rows)
    if rows:
        assert found.prosecutor.average == pytest.approx(len(sizes) / sum(sizes))
    for sensitive in found.sensitive:
        assert _t(rows, sensitive.field) == pytest.approx(sensitive.t, abs=1e-9)
        of = [{r[sensitive.field] for r in rows if (r["age"], r["area"]) == c} for c in classes]
        assert sensitive.distinct_l == min(map(len, of), default=0)


def _t(rows: list[Row], field: str) -> float:
    """The largest earth mover's distance, by its definition."""
    pairs = {((r["age"], r["area"]), r[field], r["patient"]) for r in rows}
    values = sorted({v for _, v, _ in pairs}, key=lambda v: (v is not None, v or 0))
    whole = [sum(v == value for _, v, _ in pairs) / len(pairs) for value in values]
    worst = 0.0
    for key in {key for key, _, _ in pairs}:
        own = [v for k, v, _ in pairs if k == key]
        share = [own.count(value) / len(own) for value in values]
        gaps = [p - q for p, q in zip(share, whole, strict=True)]
        if field == "salary":
            steps = max(len(values) - 1, 1)
            worst = max(worst, sum(abs(sum(gaps[: i + 1])) for i in range(len(gaps))) / steps)
        else:
            worst = max(worst, sum(map(abs, gaps)) / 2)
    return worst


def test_a_report_reads_back_without_what_is_not_there() -> None:
    """As the manifest stores it; one class has more than a hundred people."""
    rows: list[Row] = [{"patient": str(n), "age": "20-29", "area": "LS"} for n in range(120)]
    settings = risk()
    found = assess(table(rows, settings), settings, about(settings))
    stored = found.model_dump_json(exclude_none=True)
    assert RiskReport.model_validate_json(stored) == found


def test_no_records_have_no_risk() -> None:
    settings = risk(sensitive=["illness"], l=2, t=0.1)
    found = assess(table([], settings), settings, about(settings))
    assert found.fulfilled and found.records == 0 and found.prosecutor.highest == 0
