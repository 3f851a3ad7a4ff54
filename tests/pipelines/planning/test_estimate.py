"""Sizes that a stated budget pays for: counted with noise, in the ledger, and used by the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.planning.commands import plan
from pipelines.planning.estimate import NONE_SHOWN, estimated, estimates
from pipelines.planning.figures import planned
from pipelines.planning.report import as_json
from pipelines.planning.sizes import Group
from pipelines.settings import Settings, load
from pipelines.zones import RestrictedZone
from transforms.aggregate.ledger import Entry, Ledger, LedgerError, State
from transforms.aggregate.settings import Amount
from transforms.errors import UsageError
from transforms.pseudonymise.keys import KeySource

CONFIG = """\
version: 1
fields:
  patient: {role: subject}
  clinic: {role: attribute}
  town: {role: attribute}
  minutes: {role: attribute, type: integer}
aggregate:
  budget: {epsilon: 50.0, delta: 1.0e-4}
  max_epsilon: 20
  releases:
    - name: visits
      group_by: [clinic]
      keys: [a, b]
      measures: [{kind: count}]
      max_groups: 2
      max_rows_per_group: 3
      epsilon: 1.0
    - name: towns
      group_by: [town]
      keys: private
      measures: [{kind: count_subjects}]
      epsilon: 1.0
      delta: 1.0e-6
    - name: rows
      kind: synthetic
      columns:
        clinic: {values: [a, b]}
        minutes: {edges: [0, 10, 20]}
      epsilon: 1.0
"""


def records() -> list[dict[str, Any]]:
    """90 subjects with two records each; town 'far' has one of them."""
    return [
        {"patient": f"p{i // 2}", "clinic": "ab"[i % 2], "town": "far" if i < 2 else "near",
         "minutes": i % 20}
        for i in range(180)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estimate")
    lines = [json.dumps(record) for record in records()]
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "my.yaml").write_text(CONFIG, "utf-8")
    return folder


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return load(folder / "my.yaml")


def estimate(
    folder: Path, settings: Settings, epsilon: float = 30.0
) -> tuple[list[tuple[Group, ...]], list[Entry]]:
    assert settings.aggregate is not None
    zone = RestrictedZone(folder / "restricted")
    asked = estimates(settings.aggregate, epsilon, 1e-5)
    key = KeySource.choose(None, zone.key)
    return estimated(settings, asked, [str(folder / "in.jsonl")], 1, zone, key)


@pytest.fixture(scope="module")
def first(folder: Path, settings: Settings) -> tuple[list[tuple[Group, ...]], list[Entry]]:
    return estimate(folder, settings)


def test_groups_are_counted_within_the_releases_own_bounds(first: Any) -> None:
    visits, towns, rows = first[0]
    # Noise of scale 0.6 on rows, 0.4 on subjects at ε = 10 each; a false alarm once in 1e6.
    assert [group.name for group in visits] == ["a", "b"]
    for group in visits:
        assert abs(group.rows - 90) < 15
        assert abs(group.subjects - 90) < 15
    [near] = towns  # The other town is under the threshold.
    assert near.name == "near"
    assert abs(near.subjects - 89) < 15
    [whole] = rows
    assert (whole.name, abs(whole.rows - 90) < 15) == ("all", True)  # One record of each subject.


def test_what_it_cost_is_in_the_ledger(first: Any, folder: Path, settings: Settings) -> None:
    ledger = Ledger(folder / "restricted" / "ledger.sqlite")
    names = ["visits_sizes", "towns_sizes", "rows_sizes"]
    assert [entry.release for entry in first[1]] == names
    assert [event.release for event in ledger.events() if event.state == "RESERVED"] == names
    assert [event.state for event in ledger.events()] == ["RESERVED"] * 3 + ["DRAWN"] * 3
    spent = ledger.balance("default").spent
    assert spent.within(Amount.spent(30.0, 1e-5))
    assert spent.epsilon > 29_900_000
    assert settings.aggregate is not None
    ledger.verify()


def test_a_repeat_spends_nothing_even_for_other_budgets_of_the_releases(
    first: Any, folder: Path, settings: Settings
) -> None:
    ledger = Ledger(folder / "restricted" / "ledger.sqlite")
    before = ledger.head()
    tuned = load_changed(folder, "epsilon: 1.0\n      delta", "epsilon: 2.0\n      delta")
    groups, entries = estimate(folder, tuned)
    assert groups == first[0]
    assert all(entry.repeated and entry.state is State.DRAWN for entry in entries)
    assert ledger.head() == before


def test_another_estimate_under_the_same_name_is_refused(
    first: Any, folder: Path, settings: Settings
) -> None:
    with pytest.raises(LedgerError, match=r"'visits_sizes' .* settings of the release"):
        estimate(folder, settings, epsilon=3.0)


def load_changed(folder: Path, old: str, new: str) -> Settings:
    assert old in CONFIG
    changed = folder / "changed.yaml"
    changed.write_text(CONFIG.replace(old, new), "utf-8")
    return load(changed)


def test_errors_are_relative_to_the_estimated_sizes(first: Any, settings: Settings) -> None:
    assert settings.aggregate is not None
    one = planned(settings.aggregate.measured[0], first[0][0], estimated=True)
    [told] = as_json([one])["releases"]
    assert told["sizes"] == "estimated"
    assert told["rows_cut_by_bounding"] == {"at_least": None, "at_most": None}
    [error] = told["errors"]
    assert error["median_group"]["relative"] == pytest.approx(
        error["median_group"]["absolute"] / one.middle.rows
    )


def test_no_group_above_the_threshold_can_still_be_planned(settings: Settings) -> None:
    assert settings.aggregate is not None
    one = planned(settings.aggregate.measured[1], [Group(NONE_SHOWN, 0, 0)], estimated=True)
    [told] = as_json([one])["releases"]
    assert told["errors"][0]["median_group"]["relative"] is None


@pytest.mark.parametrize(
    ("old", "epsilon", "delta", "said"),
    [
        ("", 30.0, 0.0, "need --estimate-delta"),
        ("", 48.0, 1e-5, "more than the budget of ε=50"),
        ("", 30.0, 1e-4, "more than the budget of ε=50"),
        ("name: towns", 30.0, 1e-5, "'visits_sizes' is a release"),
    ],
)
def test_what_cannot_be_estimated_is_refused_before_anything_is_spent(
    old: str, epsilon: float, delta: float, said: str, folder: Path
) -> None:
    settings = load_changed(
        folder, old or "version: 1", "name: Visits_sizes" if old else "version: 1"
    )
    assert settings.aggregate is not None
    with pytest.raises(UsageError, match=said):
        estimates(settings.aggregate, epsilon, delta)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"estimate": 1.0}, "give --input, and --restricted"),
        ({"estimate": 1.0, "rows": 5}, "not both"),
        ({"restricted": "r", "rows": 5, "subjects": 5}, "need --estimate"),
        ({"estimate": 0.0, "inputs": ["x"], "restricted": "r"}, "an ε above 0"),
        ({"estimate": float("nan"), "inputs": ["x"], "restricted": "r"}, "an ε above 0"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(
    options: dict[str, Any], said: str, folder: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        plan(config=str(folder / "my.yaml"), **options)
