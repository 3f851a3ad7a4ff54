"""Synthetic rows: what is spent is OpenDP's figure; the model sees noisy counts alone."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import opendp.prelude as dp
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError
from scipy.stats import beta, chisquare

from tests.aggregate import checks
from tests.aggregate.checks import FALSE_ALARM, exact_of
from tests.aggregate.support import KEY, SCHEMA, table
from tests.aggregate.test_bounding import HEAVY, OTHERS, sensitivity_holds
from transforms.aggregate import releaser, synthesis
from transforms.aggregate.accounting import epsilon_of
from transforms.aggregate.ledger import Ledger, State
from transforms.aggregate.mechanisms import Choice, Family, Sensitivity
from transforms.aggregate.needs import axes_of, pairs_of
from transforms.aggregate.noise import _dense, draw, scores_of
from transforms.aggregate.planning import plan
from transforms.aggregate.releaser import METADATA, Provenance, Released, release_all
from transforms.aggregate.schema import partial_schema
from transforms.aggregate.settings import AggregateSettings, Amount, SyntheticSettings
from transforms.aggregate.sums import aggregate_shard
from transforms.errors import UsageError
from transforms.publish.aggregates import write_aggregate, write_quality

PROVENANCE = Provenance("config", "input", "0.1")
DRAWN = 10_000
COLUMNS: dict[str, Any] = {
    "clinic": {"values": ["a", "b"], "other": "elsewhere"},
    "age": {"edges": [0, 20, 60, 100], "missing": True},
    "minutes": {"edges": [0, 10.5, 60]},
    "code": {"values": ["x", "y"]},
}
# The clinic tells the age; the code tells the minutes; the two pairs have nothing to do with
# each other. (A subject has two records.)
ROWS = [
    (
        f"s{i // 2}",
        "f",
        i,
        ("a", "b", "c")[i % 3],
        (None, 30, 70)[i % 3],
        (5.0, 40.0)[i // 3 % 2],
        "xy"[i // 3 % 2],
        None,
    )
    for i in range(3000)
]


def settings_of(**changes: Any) -> AggregateSettings:
    given: dict[str, Any] = {
        "name": "people",
        "kind": "synthetic",
        "columns": COLUMNS,
        "marginals": [["clinic", "age"], ["minutes", "code"]],
        "max_rows": 2,
        "epsilon": 4.0,
        "delta": 1e-6,
    }
    budget = {"epsilon": 1e6, "delta": 1e-3}
    return AggregateSettings.model_validate(
        {"budget": budget, "releases": [given | changes], "max_epsilon": 1e6}
    )


def synthetic(**changes: Any) -> SyntheticSettings:
    [it] = settings_of(**changes).releases
    assert isinstance(it, SyntheticSettings)
    return it


def release_one(folder: Path) -> Released:
    settings = settings_of()
    exact = {"people": exact_of(ROWS, synthetic().measured)}
    return release_all(exact, settings, Ledger(folder / "l"), PROVENANCE)["people"]


def mst(**changes: Any) -> SyntheticSettings:
    return synthetic(marginals="mst", **changes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("synthetic")


@pytest.fixture(scope="module")
def released(folder: Path) -> Released:
    return release_one(folder)


def told(released: Released) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(released.table.schema.metadata[METADATA])
    return found


def test_every_value_is_one_that_was_stated(released: Released) -> None:
    rows = pl.DataFrame(released.table)
    assert rows.columns == list(COLUMNS)
    assert set(rows["clinic"]) == {"a", "b", "elsewhere"}
    assert set(rows["code"]) == {"x", "y"}
    assert rows["age"].dtype == pl.Int64  # Whole edges make whole numbers.
    assert rows["age"].drop_nulls().is_between(0, 100).all()
    assert rows["minutes"].dtype == pl.Float64
    assert rows["minutes"].is_between(0, 60).all()
    assert abs(rows.height - len(ROWS)) < 100


def test_what_was_counted_together_hangs_together_and_the_rest_is_independent(
    released: Released,
) -> None:
    rows = pl.DataFrame(released.table).with_columns(
        old=pl.col("age") >= 60, none=pl.col("age").is_null(), long=pl.col("minutes") > 10.5
    )
    by_clinic = {key: part for (key,), part in rows.group_by("clinic")}
    assert by_clinic["a"]["none"].mean() > 0.9  # type: ignore[operator]
    assert by_clinic["elsewhere"]["old"].fill_null(False).mean() > 0.9  # type: ignore[operator]
    for part in by_clinic.values():
        assert part["long"].mean() == pytest.approx(0.5, abs=0.1)
    assert rows.filter(pl.col("code") == "y")["long"].mean() > 0.9  # type: ignore[operator]


def test_quality_is_told_against_each_noisy_marginal(released: Released) -> None:
    quality = told(released)["quality"]
    assert [one["columns"] for one in quality] == [
        ["clinic"],
        ["age"],
        ["minutes"],
        ["code"],
        ["clinic", "age"],
        ["minutes", "code"],
    ]
    assert [one["ways"] for one in quality] == [1, 1, 1, 1, 2, 2]
    assert [one["cells"] for one in quality] == [3, 4, 2, 2, 12, 4]
    for one in quality:
        assert 0 <= one["total_variation"] < 0.05
        assert 0 < one["by_noise_alone"] < 0.2


def test_quality_is_of_noisy_counts_and_rows_alone() -> None:
    it = synthetic()
    chosen, exact = plan(it.measured), exact_of(ROWS, it.measured)
    noisy = draw(exact, it.measured, chosen)
    marginals = {
        q: noisy.cells[q.column].astype(float).reshape(q.shape) for q in synthesis._queries(it)
    }
    [clinic, *_] = marginals
    marginals = {clinic: np.array([30.0, -5.0, 70.0])}
    codes = {"clinic": np.array([0, 1, 2, 2])}
    [found] = synthesis._quality(codes, marginals, chosen)
    # Rows 1/4, 1/4, 1/2; counts 0.3, 0, 0.7.
    assert found["total_variation"] == pytest.approx(0.25)


@pytest.mark.parametrize("family", list(Family))
def test_what_is_spent_is_opendps_own_figure(family: Family) -> None:
    it = synthetic(max_rows=3)
    chosen = plan(it.measured, family)
    assert len(chosen.mechanisms) == 6
    domain = dp.vector_domain(dp.atom_domain(T=dp.i64))
    scales = [m.noise.scale for m in chosen.mechanisms]
    if family is Family.LAPLACE:
        parts = [dp.m.make_laplace(domain, dp.l1_distance(T=dp.i64), scale=s) for s in scales]
        assert dp.c.make_composition(parts).map(3) == pytest.approx(chosen.loss.epsilon, rel=1e-12)
        return
    gaussian = [dp.m.make_gaussian(domain, dp.l2_distance(T=dp.f64), scale=s) for s in scales]
    whole = dp.c.make_composition(gaussian)
    assert chosen.loss.rho == pytest.approx(whole.map(3.0), rel=1e-12)
    epsilon = dp.c.make_zCDP_to_approxDP(whole).map(3.0).epsilon(it.delta)
    assert chosen.loss.epsilon == pytest.approx(epsilon, rel=1e-9)
    assert chosen.loss.epsilon <= it.epsilon


def test_the_bound_on_a_subjects_records_is_the_distance_of_neighbours() -> None:
    it = synthetic(max_rows=3, columns=COLUMNS | {"age": {"edges": [0, 100]}}).measured
    assert all(m.sensitivity.l1 == 3 for m in plan(it).mechanisms)
    assert all(m.sensitivity.l2_squared == 9 for m in plan(it).mechanisms)
    assert sensitivity_holds(exact_of, HEAVY + OTHERS, it)
    assert not sensitivity_holds(checks.one_more_of("max_rows_per_group"), HEAVY + OTHERS, it)


@pytest.mark.parametrize("family", list(Family))
def test_choosing_a_tree_is_paid_for_by_opendps_own_figures(family: Family) -> None:
    it = mst(max_rows=3)
    chosen = plan(it.measured, family)
    kinds = [m.query.kind for m in chosen.mechanisms]
    assert kinds == ["marginal"] * 4 + ["choice"] * 3 + ["chosen"] * 3
    domain = dp.vector_domain(dp.atom_domain(T=dp.i64))
    lost = 0.0
    for m in chosen.mechanisms:
        assert (m.sensitivity.l1, m.sensitivity.l2_squared) == (3, 9)
        scale, pure = m.noise.scale, family is Family.LAPLACE
        if m.query.kind == "choice":
            measure = dp.max_divergence() if pure else dp.zero_concentrated_divergence()
            linf = dp.linf_distance(T=dp.i64)
            lost += dp.m.make_noisy_max(domain, linf, measure, scale=scale).map(3)
        elif pure:
            lost += dp.m.make_laplace(domain, dp.l1_distance(T=dp.i64), scale=scale).map(3)
        else:
            lost += dp.m.make_gaussian(domain, dp.l2_distance(T=dp.f64), scale=scale).map(3.0)
    if family is Family.LAPLACE:
        assert chosen.loss.epsilon == pytest.approx(lost, rel=1e-12)
    else:
        assert chosen.loss.rho == pytest.approx(lost, rel=1e-12)
        assert chosen.loss.epsilon == epsilon_of(chosen.loss.rho, it.delta)  # type: ignore[arg-type]
    assert chosen.loss.epsilon <= it.epsilon
    assert lost == pytest.approx(sum(m.share for m in chosen.mechanisms), rel=1e-9)


def chosen_often(noise: Choice, scores: list[int]) -> list[int]:
    chooser = noise._chooser()
    return np.bincount([chooser(scores) for _ in range(DRAWN)], minlength=3).tolist()


def choice_keeps_its_promise(noise: Choice) -> bool:
    """On scores that are 3 away from each other, at ε = 1; a false alarm once in a million."""
    counts = [chosen_often(noise, scores) for scores in ([6, 3, 3], [3, 6, 6])]
    for likely, unlikely in (counts, counts[::-1]):
        for hits, others in zip(likely, unlikely, strict=True):
            least = beta.ppf(FALSE_ALARM / 12, hits, DRAWN + 1 - hits)
            most = beta.ppf(1 - FALSE_ALARM / 12, others + 1, DRAWN - others)
            if least > math.e * most:
                return False
    return True


def test_a_choice_keeps_its_promise_and_half_the_noise_would_not() -> None:
    noise = Choice.costing(Family.LAPLACE, Sensitivity(3, 9), 1.0)
    assert choice_keeps_its_promise(noise)
    assert not choice_keeps_its_promise(Choice(noise.family, noise.scale / 2))


def test_a_choice_in_rho_has_the_stated_distribution() -> None:
    """Gumbel noise makes a softmax; a false alarm once in a million."""
    noise = Choice.costing(Family.GAUSSIAN, Sensitivity(3, 9), 0.125)
    scores = [10, 7, 4]
    drawn = chosen_often(noise, scores)
    for factor in (1.0, 2.0):
        weights = np.exp(factor * np.array(scores) / noise.scale)
        fits = chisquare(drawn, DRAWN * weights / weights.sum()).pvalue > FALSE_ALARM
        assert fits == (factor == 1.0)


def test_a_subject_changes_no_score_and_no_pair_by_more_than_its_records() -> None:
    it = mst(max_rows=3, columns=COLUMNS | {"age": {"edges": [0, 100]}}).measured
    rows = HEAVY + OTHERS
    assert sensitivity_holds(exact_of, rows, it)
    assert not sensitivity_holds(checks.one_more_of("max_rows_per_group"), rows, it)
    single = {name: np.array([[7, 3, 9][: axis.size]]) for name, axis in axes_of(it).items()}
    with_all, without = (
        scores_of({q: _dense(pl.DataFrame(exact_of(given, it)), q) for q in pairs_of(it)}, single)
        for given in (rows, OTHERS)
    )
    changes = [abs(with_all[q] - without[q]) for q in with_all]
    assert max(changes) == 3  # As far as it may be, and no farther.


@pytest.mark.parametrize("family", list(Family))
def test_a_tree_joins_all_columns_and_finds_what_hangs_together(family: Family) -> None:
    it = mst(epsilon=20.0).measured
    noisy = draw(exact_of(ROWS, it), it, plan(it, family))
    pairs = {q.axes[0][0] + q.axes[1][0] for q in pairs_of(it) if q.column in noisy.cells}
    assert len(pairs) == 3
    assert {"clinicage", "minutescode"} < pairs
    assert len(noisy.cells) == 7


def test_rows_of_a_tree_tell_which_pairs_were_counted(tmp_path: Path) -> None:
    settings = settings_of(marginals="mst", rows=100)
    exact = {"people": exact_of(ROWS, mst(rows=100).measured)}
    made = release_all(exact, settings, Ledger(tmp_path / "l"), PROVENANCE)["people"]
    it = told(made)
    assert it["marginals_chosen"] == "by MST, with noise"
    assert [one["ways"] for one in it["quality"]] == [1, 1, 1, 1, 2, 2, 2]
    assert ["clinic", "age"] in it["marginals"]
    assert made.table.num_rows == 100
    spent = Ledger(tmp_path / "l").balance("default").spent
    assert spent == Amount.spent(it["loss"]["epsilon"], it["loss"]["delta"])


def test_what_is_outside_is_left_out_and_counted_or_is_other() -> None:
    columns = COLUMNS | {"age": {"edges": [0, 20, 60, 100]}}
    it = synthetic(columns=columns, marginals=[["clinic", "age"]]).measured
    rows: list[Any] = [
        ("s1", "f", 0, "a", 5, 5.0, "x", None),
        ("s2", "f", 1, "zzz", 100, 60.0, "y", None),  # another clinic; the last edges count
        ("s3", "f", 2, "a", 101, 5.0, "x", None),  # outside of all bins
        ("s4", "f", 3, "a", None, 5.0, "x", None),  # missing, and no cell for that
        ("s5", "f", 4, "a", 5, float("nan"), "x", None),
        ("s6", "f", 5, "a", 5, 5.0, "z", None),  # a code that is not listed
    ]
    exact, stats = aggregate_shard(table(rows), it, KEY)
    assert (stats.rows_outside_keys, stats.rows_without_key) == (2, 2)
    assert exact["n:rows"].to_pylist() == [2]
    [*_, together] = synthesis._queries(synthetic(columns=columns, marginals=[["clinic", "age"]]))
    assert exact[together.column].to_pylist() == [[{"cell": 0, "n": 1}, {"cell": 8, "n": 1}]]


def test_the_ledger_has_it_and_a_repeat_is_the_same_to_the_byte(
    released: Released, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(folder / "l")
    loss = told(released)["loss"]
    assert ledger.balance("default").spent == Amount.spent(loss["epsilon"], loss["delta"])
    assert [event.state for event in ledger.events()] == ["RESERVED", "DRAWN"]
    monkeypatch.setattr(releaser, "draw", None)
    monkeypatch.setattr(synthesis, "synthesise", None)
    again = release_one(folder)
    assert again.entry.repeated
    assert again.entry.state is State.DRAWN
    assert again.table.equals(released.table, check_metadata=True)
    assert len(ledger.events()) == 2


def test_other_libraries_read_the_rows(released: Released, tmp_path: Path) -> None:
    file, entry = write_aggregate(str(tmp_path), "people", released.table)
    [quality] = write_quality(str(tmp_path), "people", released.table)
    assert (entry.kind, entry.rows) == ("synthetic", released.table.num_rows)
    path = tmp_path / file.path
    assert pq.read_table(path).equals(released.table, check_metadata=True)
    assert len(pd.read_parquet(path)) == released.table.num_rows
    assert duckdb.read_parquet(str(path)).to_arrow_table().to_pylist() == released.table.to_pylist()
    assert quality.path == "aggregates/people.quality.parquet"
    found = pl.read_parquet(tmp_path / quality.path)
    assert found.to_dicts() == told(released)["quality"]
    plain = released.table.replace_schema_metadata({METADATA: b"{}"})
    assert write_quality(str(tmp_path), "other", plain) == []


def test_the_metadata_says_what_was_protected(released: Released) -> None:
    it = told(released)
    assert (it["kind"], it["epsilon"], it["max_rows_per_group"]) == ("synthetic", 4.0, 2)
    assert len(it["noise"]) == 6
    text = " ".join(it["explanation"])
    for words in ("No row is a person", "every person", "odds of any guess", "95 times in 100"):
        assert words in text


def test_empty_input_gives_rows_too(tmp_path: Path) -> None:
    settings = settings_of(rows=50)
    empty = exact_of([], synthetic(rows=50).measured)
    made = release_all({"people": empty}, settings, Ledger(tmp_path / "l"), PROVENANCE)["people"]
    assert made.table.num_rows == 50
    assert made.table.schema.types == [pa.string(), pa.int64(), pa.float64(), pa.string()]


def test_without_the_extra_it_is_refused_before_anything_is_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'veilbeam\[synthetic\]'"):
        release_all({}, settings_of(), Ledger(tmp_path / "l"), PROVENANCE)
    assert not (tmp_path / "l").exists()


def test_a_model_that_would_not_fit_in_memory_is_refused() -> None:
    columns = {name: {"edges": list(range(101))} for name in ("age", "minutes", "a", "b")}
    pairs = [["age", "minutes"], ["minutes", "a"], ["a", "b"]]
    synthesis.require(synthetic(columns=columns, marginals=pairs))  # A chain: 30,000 numbers.
    ring = synthetic(
        columns=columns, marginals=[*pairs, ["b", "age"], ["age", "a"], ["minutes", "b"]]
    )
    with pytest.raises(UsageError, match="100,000,000 numbers, more than 4,000,000"):
        synthesis.require(ring)
    synthesis.require(mst(columns=columns))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"columns": {"age": {"edges": [0, 9]}}}, "at least 2 items"),
        ({"marginals": [["clinic", "nowhere"]]}, "'nowhere', which is none of 'columns'"),
        ({"marginals": "aim"}, "Input should be 'mst'"),
        ({"marginals": [["clinic"]]}, "two or three different columns"),
        ({"marginals": [["clinic", "clinic"]]}, "two or three different columns"),
        ({"marginals": [["clinic", "age"], ["age", "clinic"]]}, "the same columns twice"),
        ({"columns": COLUMNS | {"count": {"values": [1]}}}, "no column can be called 'count'"),
        ({"columns": COLUMNS | {"code": {}}}, "give either 'values' or 'edges'"),
        ({"columns": COLUMNS | {"code": {"values": ["x", "x"]}}}, "a value twice"),
        ({"columns": COLUMNS | {"code": {"values": ["x", 1]}}}, "mixes types"),
        ({"columns": COLUMNS | {"code": {"values": ["x"], "other": "x"}}}, "one of the 'values'"),
        ({"columns": COLUMNS | {"age": {"edges": [0, 9], "other": "x"}}}, "needs 'values' of text"),
        ({"columns": COLUMNS | {"age": {"edges": [9, 0]}}}, "must ascend"),
        ({"epsilon": 0}, "greater than 0"),
        ({"keys": "private"}, "Extra inputs"),
        ({"kind": "magic"}, "does not match any of the expected tags"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings_of(**changes)


def test_too_many_cells_are_refused() -> None:
    wide = {name: {"edges": list(range(1001))} for name in ("a", "b", "c")}
    with pytest.raises(ValidationError, match="noisy numbers are more than 10,000,000"):
        settings_of(columns=wide, marginals=[["a", "b", "c"]])
    wider = {name: {"edges": list(range(1001))} for name in "abcdef"}
    with pytest.raises(ValidationError, match="15,006,000 noisy numbers"):
        mst(columns=wider)


@pytest.mark.parametrize(
    ("axis", "message"),
    [
        ({"code": {"edges": [0, 1]}}, "cannot put 'code' of type string in bins"),
        ({"age": {"values": ["old"]}}, "value 'old' of 'age' is not of the field's type int64"),
        ({"nowhere": {"values": ["x"]}}, "uses 'nowhere', which the records do not have"),
    ],
)
def test_columns_that_do_not_fit_the_fields_are_refused(axis: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        partial_schema(synthetic(columns=COLUMNS | axis).measured, SCHEMA)
