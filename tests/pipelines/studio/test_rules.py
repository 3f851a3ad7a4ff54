"""Warnings: what a valid configuration gives up all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from configs import PRESETS
from pipelines import settings as configuration
from pipelines.settings import Problem, Settings
from pipelines.studio.accuracy import Spent, budget
from pipelines.studio.edits import Edit, apply
from pipelines.studio.rules import warnings
from transforms.aggregate.settings import Amount

TEXT = PRESETS["telehealth"].read_text("utf-8")
SAVED = configuration.load("telehealth")
NOTHING = Spent(None, None, Amount(0, 0), None, {}, datetime.now(UTC))


def edited(*edits: Edit) -> Settings:
    return configuration.parse(apply(TEXT, edits), "my.yaml")


def about(found: Sequence[Problem], *at: str | int) -> list[str]:
    return [problem.what for problem in found if problem.at == at]


def warned(*edits: Edit, spent: Spent = NOTHING) -> list[Problem]:
    return warnings(SAVED, edited(*edits), spent)


def test_the_presets_keep_no_identifier() -> None:
    for preset in PRESETS:
        loaded = configuration.load(preset)
        found = warnings(loaded, loaded, NOTHING)
        assert not [problem for problem in found if problem.at[0] == "fields"], preset


def test_an_identifier_that_is_kept_is_warned_of() -> None:
    kept = (
        Edit(("fields", "phone", "role"), "attribute"),
        Edit(("fields", "phone", "entity"), None),
        Edit(("fields", "phone", "treatment"), None),
    )
    [what] = about(warned(*kept), "fields", "phone", "role")
    assert "an identifier is kept" in what


def test_a_field_that_sounds_like_an_identifier_is_warned_of_whatever_it_was() -> None:
    text = TEXT.replace("  sex:\n", "  next_of_kin_phone:\n    role: attribute\n  sex:\n", 1)
    now = configuration.parse(text, "my.yaml")
    assert about(warnings(now, now, NOTHING), "fields", "next_of_kin_phone", "role")


def test_text_and_dates_that_are_published_as_they_are_are_warned_of() -> None:
    found = warned(
        Edit(("fields", "note", "role"), "attribute"),
        Edit(("fields", "started_at", "role"), "attribute"),
    )
    assert about(found, "fields", "note", "role")
    assert about(found, "fields", "started_at", "role")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Edit(("fields", "patient_name", "treatment"), "encrypt"), "opened again"),
        (Edit(("pseudonymise", "entities", "URL"), "keep"), "as it is"),
        (Edit(("pseudonymise", "max_shift_days"), 7), "below 30"),
        (Edit(("verify", "risk", "k"), 2), "5 is usual"),
        (Edit(("aggregate", "budget", "epsilon"), 12.0), "means little"),
        (Edit(("aggregate", "max_epsilon"), 50.0), "means little"),
    ],
)
def test_what_protects_less_is_warned_of(edit: Edit, says: str) -> None:
    assert not any(says in problem.what for problem in warned())
    assert any(says in problem.what for problem in warned(edit))


def test_a_delta_needs_the_number_of_patients_to_be_held_against() -> None:
    [what] = about(warned(), "aggregate", "subjects")
    assert "one in 1,000,000" in what
    assert not about(warned(Edit(("aggregate", "subjects"), 5000)), "aggregate", "subjects")
    with pytest.raises(configuration.InvalidError, match="above one in"):
        edited(Edit(("aggregate", "subjects"), 5_000_000))


def test_what_the_ledger_would_refuse_is_told_before() -> None:
    spent = Spent("l", None, Amount(2_500_000, 0), None, {}, datetime.now(UTC))
    [what] = about(warned(spent=spent), "aggregate", "budget")
    assert "refuse" in what
    assert SAVED.aggregate is not None
    account = budget(SAVED.aggregate, spent)
    assert account is not None
    total = SAVED.aggregate.budget.epsilon
    assert account["epsilon"] == {"total": total, "spent": 2.5, "asked": total, "left": -2.5}


def test_a_release_in_the_ledger_spends_nothing_again_and_may_not_change() -> None:
    known = {"durations": Amount(500_000, 0)}
    spent = Spent("l", None, Amount(500_000, 0), None, known, datetime.now(UTC))
    assert not about(warned(spent=spent), "aggregate", "releases", 2)
    assert not about(warned(spent=spent), "aggregate", "budget")
    changed = warned(Edit(("aggregate", "releases", 2, "epsilon"), 0.25), spent=spent)
    assert "edition" in about(changed, "aggregate", "releases", 2)[0]
    account = budget(SAVED.aggregate, spent)
    assert account is not None
    assert account["repeats"] == ["durations"]
    assert account["epsilon"]["left"] == 0
