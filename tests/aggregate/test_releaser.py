"""From exact tables to released ones: what is in them, what they tell, and what a repeat gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from tests.aggregate.checks import exact_of
from tests.aggregate.support import MEASURES, SCHEMA, table
from transforms.aggregate import releaser
from transforms.aggregate.explanation import explain
from transforms.aggregate.ledger import Ledger, LedgerError, State
from transforms.aggregate.planning import plan
from transforms.aggregate.releaser import METADATA, Provenance, release_all
from transforms.aggregate.schema import exact_schema
from transforms.aggregate.settings import AggregateSettings, Amount

PROVENANCE = Provenance("config", "input", "0.1")
ROWS = [(f"s{i}", "f", i, "abd"[i % 3], i % 90, i % 60) for i in range(3000)]
BOUNDED = [
    {"kind": "count"},
    {"kind": "count_subjects", "name": "people"},
    {"kind": "sum", "field": "age", "lower": 0, "upper": 89},
    {"kind": "sum", "field": "minutes", "lower": 0, "upper": 60},
    {"kind": "mean", "field": "minutes", "lower": 0, "upper": 60},
]


def settings_of(epsilon: float = 1.0, **changes: Any) -> AggregateSettings:
    given = {
        "name": "r",
        "group_by": ["clinic"],
        "keys": ["a", "b", "c"],
        "measures": BOUNDED,
        "epsilon": epsilon,
    }
    return AggregateSettings.model_validate(
        {
            "budget": {"epsilon": 10 * epsilon, "delta": 1e-3},
            "releases": [given | changes],
            "max_epsilon": 1e9,
        }
    )


def exact(settings: AggregateSettings, rows: list[Any] = ROWS) -> dict[str, pa.Table]:
    return {r.name: exact_of(rows, r) for r in settings.releases}


def release_one(
    settings: AggregateSettings,
    path: Path,
    rows: list[Any] = ROWS,
    provenance: Provenance = PROVENANCE,
) -> releaser.Released:
    return release_all(exact(settings, rows), settings, Ledger(path / "l"), provenance)["r"]


def plain(rows: list[Any]) -> pl.DataFrame:
    return (
        pl.DataFrame(table(rows))
        .group_by("clinic")
        .agg(
            pl.len().alias("count"),
            pl.col("_subject").n_unique().alias("people"),
            pl.col("age").sum().alias("sum_age"),
            pl.col("minutes").sum().alias("sum_minutes"),
            pl.col("minutes").mean().alias("mean_minutes"),
        )
        .sort("clinic")
    )


@pytest.mark.parametrize("private", [False, True])
def test_with_a_huge_epsilon_it_is_the_plain_group_by(tmp_path: Path, private: bool) -> None:
    how: dict[str, Any] = {"keys": "private", "delta": 1e-6} if private else {}
    released = pl.DataFrame(release_one(settings_of(1e8, **how), tmp_path).table)
    expected = plain(ROWS)
    if private:
        assert released["clinic"].to_list() == ["a", "b", "d"]
    else:
        # Group c has no record and is there all the same; d is not public.
        assert released["clinic"].to_list() == ["a", "b", "c"]
        assert released.row(2)[1:] == pytest.approx((0, 0, 0, 0, 30), abs=1e-3)
        released, expected = released[:2], expected[:2]
    for name in expected.columns[1:]:
        # Steps of a millionth of a bound: sums of 1,000 rows are off by 0.05 at the very most.
        assert released[name].to_list() == pytest.approx(expected[name].to_list(), abs=0.05)


def test_without_groups_there_is_one_row_even_of_nothing(tmp_path: Path) -> None:
    settings = settings_of(1e8, group_by=[], keys=None)
    [row] = release_one(settings, tmp_path, rows=[]).table.to_pylist()
    assert (row["count"], row["people"]) == (0, 0)


def test_several_public_keys_are_crossed(tmp_path: Path) -> None:
    keys = {"clinic": ["b", "a"], "age": [1, 0]}
    settings = settings_of(1e8, group_by=["age", "clinic"], keys=keys, measures=[{"kind": "count"}])
    released = release_one(settings, tmp_path).table
    assert released.schema.names == ["age", "clinic", "count"]
    assert [tuple(r.values())[:2] for r in released.to_pylist()] == [
        (0, "a"),
        (0, "b"),
        (1, "a"),
        (1, "b"),
    ]


def test_an_empty_input_still_gets_noise(tmp_path: Path) -> None:
    settings = settings_of(0.001)
    rows = release_one(settings, tmp_path, rows=[]).table.to_pylist()
    assert len(rows) == 3
    assert any(row["sum_age"] != 0 for row in rows)
    assert all(row["count"] >= 0 and 0 <= row["mean_minutes"] <= 60 for row in rows)


def test_a_repeat_is_the_same_to_the_byte_and_spends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of()
    first = release_one(settings, tmp_path)
    monkeypatch.setattr(releaser, "draw", None)  # Nothing is drawn again.
    again = release_one(settings, tmp_path)
    assert again.table.equals(first.table, check_metadata=True)
    assert again.entry.repeated
    assert again.entry.state is State.DRAWN
    assert Ledger(tmp_path / "l").balance("default").spent == Amount(10**6, 0)


@pytest.mark.parametrize("field", ["config_digest", "input_digest", "version"])
def test_whatever_the_table_depends_on_makes_it_another_release_that_must_be_named(
    tmp_path: Path, field: str
) -> None:
    first = release_one(settings_of(), tmp_path)
    other = Provenance(**(vars(PROVENANCE) | {field: "other"}))
    changes = ((settings_of(), other), (settings_of(max_groups=2), PROVENANCE))
    for edition, (settings, provenance) in zip("ab", changes, strict=True):
        with pytest.raises(LedgerError, match=r"release 'r' .* is in the ledger already"):
            release_one(settings, tmp_path, provenance=provenance)
        named = settings.model_copy(update={"edition": edition})
        again = release_one(named, tmp_path, provenance=provenance)
        assert not again.table.equals(first.table)
    assert Ledger(tmp_path / "l").balance("default").spent == Amount(3 * 10**6, 0)


def test_nothing_is_drawn_on_an_overspent_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of()
    Ledger(tmp_path / "l").reserve(
        "default", Amount(10**8, 10**15), [releaser.Ask("x", "x", Amount(9_500_000, 0))]
    )
    monkeypatch.setattr(releaser, "draw", None)
    with pytest.raises(LedgerError, match="does not suffice for r"):
        release_one(settings, tmp_path)


def test_a_failed_draw_is_made_up_for_without_spending_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, pytest.raises(TypeError):
        broken.setattr(releaser, "draw", None)
        release_one(settings_of(), tmp_path)
    released = release_one(settings_of(), tmp_path)
    assert released.entry.repeated
    assert Ledger(tmp_path / "l").balance("default").spent == Amount(10**6, 0)


def test_the_metadata_tells_all_and_nothing_of_the_data(tmp_path: Path) -> None:
    settings = settings_of(keys="private", delta=1e-6, max_rows_per_group=4)
    released = release_one(settings, tmp_path).table
    told = json.loads(released.schema.metadata[METADATA])
    assert (told["epsilon"], told["delta"], told["keys"]) == (1.0, 1e-6, "private")
    assert told["loss"]["epsilon"] <= 1.0
    assert 0 < told["loss"]["delta"] <= 1e-6
    assert told["neighbouring_relation"] == "add or remove one subject"
    assert (told["privacy_unit"], told["mechanism"]) == ("subject", "discrete Laplace")
    assert (told["max_groups"], told["max_rows_per_group"]) == (1, 4)
    assert told["threshold"] > 1
    noise = {one["number"]: one for one in told["noise"]}
    total, split = noise["sum:age:0.0:89.0:0.0"], noise["split:minutes:0.0:60.0"]
    assert total["norm"] == split["norm"] == "L1"
    assert total["scale"] == pytest.approx(4 * 89 / total["epsilon"])
    assert split["scale"] == pytest.approx(4 / split["epsilon"])
    # 95% of discrete Laplace noise is within scale * ln(20), and a bit; of three numbers' within
    # scale * 5, where e^-t (1 + 5t/8 + t²/8) is 0.05 or so.
    assert told["measures"][2]["error_95"] == pytest.approx(total["scale"] * 3.0, rel=0.05)
    assert told["measures"][0]["error_95"] == pytest.approx(split["scale"] * 5.0, rel=0.05)
    empty = {"r": exact_schema(settings.releases[0], SCHEMA).empty_table()}
    nothing = release_all(empty, settings, Ledger(tmp_path / "m"), PROVENANCE)["r"].table
    assert nothing.schema.equals(released.schema, check_metadata=True)


def test_stated_errors_hold_in_95_of_100(tmp_path: Path) -> None:
    # 2,000 public groups with one draw each; a false alarm once in a million runs (95% - 5 sd).
    keys = [f"g{i}" for i in range(2000)]
    rows = [(f"s{i}.{j}", "f", i, key, 40, 20.0) for i, key in enumerate(keys) for j in range(5)]
    settings = settings_of(5.0, keys=keys)
    released = pl.DataFrame(release_one(settings, tmp_path, rows).table)
    told = json.loads(release_one(settings, tmp_path, rows).table.schema.metadata[METADATA])
    truth = {"count": 5, "people": 5, "sum_age": 200, "sum_minutes": 100}
    for measure in told["measures"]:
        if measure["column"] in truth:
            error = (released[measure["column"]] - truth[measure["column"]]).abs()
            assert (error <= measure["error_95"]).mean() > 0.925


def test_what_is_charged_is_the_loss_and_not_the_unused_delta(tmp_path: Path) -> None:
    laplace = settings_of(delta=1e-9)
    release_one(laplace, tmp_path)
    assert Ledger(tmp_path / "l").balance("default").spent == Amount(10**6, 0)
    gaussian = settings_of(
        delta=1e-5, max_groups=16, keys=list("abcdefghijklmnop"), measures=BOUNDED, name="g"
    )
    table = release_all(exact(gaussian), gaussian, Ledger(tmp_path / "m"), PROVENANCE)["g"].table
    told = json.loads(table.schema.metadata[METADATA])
    assert told["mechanism"] == "discrete Gaussian"
    spent = Ledger(tmp_path / "m").balance("default").spent
    assert spent == Amount.spent(told["loss"]["epsilon"], told["loss"]["delta"])
    assert spent.within(Amount.spent(1.0, 1e-5))


def test_every_measure_is_released_told_and_read_back(tmp_path: Path) -> None:
    settings = settings_of(delta=1e-6, measures=list(MEASURES.values()), epsilon=3.0)
    released = release_one(settings, tmp_path).table
    [it] = settings.releases
    assert released.column_names == ["clinic", *(m.column for m in it.measures)]
    told = json.loads(released.schema.metadata[METADATA])
    text = " ".join(told["explanation"])
    for measure in told["measures"]:
        assert any(key.startswith("error_95") for key in measure), measure
        assert f"{measure['column']}: " in text
    assert told["bounds_found"].keys() == {"minutes", "age"}
    for words in ("every person", "whatever else they know", "ε = 3", "(δ)", "95 times in 100"):
        assert words in text
    again = release_one(settings, tmp_path).table
    assert again.equals(released, check_metadata=True)


def test_the_explanation_is_true_to_the_figures(tmp_path: Path) -> None:
    text = " ".join(explain(settings_of(1.0).releases[0], plan(settings_of(1.0).releases[0]), {}))
    assert "by a factor of 2.72 at most" in text  # e
    assert "at most 73.1% sure afterwards" in text  # e / (1 + e)
    assert "(δ)" not in text
    assert "at most 1 record in at most 1 group;" in text
