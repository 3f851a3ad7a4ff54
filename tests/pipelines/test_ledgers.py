"""Which ledger is used, and what a configuration may say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ledgers import LEDGER_VARIABLE, open_ledger
from pipelines.settings import Settings, parse
from pipelines.zones import LEDGER, LEDGER_HEAD, RestrictedZone
from transforms.aggregate.ledger import Ask, LedgerError
from transforms.aggregate.settings import AggregateSettings, Amount
from transforms.errors import UsageError

CONFIG = """\
version: 1
fields:
  patient: {{role: subject}}
aggregate:
  {line}
  budget: {{epsilon: 1}}
  releases: [{{name: visits, measures: [{{kind: count}}], epsilon: 1}}]
"""
URL = "postgresql://veilbeam:secret-word@db.example/privacy"


def settings_with(line: str) -> Settings:
    return parse(CONFIG.format(line=line), "c.yaml")


def aggregate_with(line: str) -> AggregateSettings:
    aggregate = settings_with(line).aggregate
    assert aggregate is not None
    return aggregate


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LEDGER_VARIABLE, raising=False)


def test_by_default_it_is_the_file_in_the_restricted_folder(tmp_path: Path) -> None:
    zone = RestrictedZone(tmp_path / "restricted", "release")
    ledger = open_ledger(zone.folder, aggregate_with("data_set: d"))
    assert ledger.name == str(zone.ledger)
    ledger.reserve("d", Amount(10, 0), [Ask("r", "d", Amount(1, 0))])
    assert {path.name for path in zone.folder.iterdir()} == {LEDGER, LEDGER_HEAD}


def test_a_ledger_elsewhere_notes_its_head_in_the_restricted_folder(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, url=f"sqlite:///{tmp_path / 'elsewhere'}")
    ledger.reserve("d", Amount(10, 0), [Ask("r", "d", Amount(1, 0))])
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", LEDGER_HEAD}
    # Another ledger for the same runs would forget what was spent.
    with pytest.raises(LedgerError, match="it was removed, or is kept elsewhere"):
        open_ledger(tmp_path).reserve("d", Amount(10, 0), [Ask("r2", "d", Amount(1, 0))])


def test_option_goes_before_variable_before_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = aggregate_with(f"ledger: {URL}")
    assert open_ledger(tmp_path, stated).name == "postgresql://veilbeam@db.example/privacy"
    monkeypatch.setenv(LEDGER_VARIABLE, "postgresql://other:x@db.example:5432/privacy")
    assert open_ledger(tmp_path, stated).name == "postgresql://other@db.example:5432/privacy"
    assert open_ledger(tmp_path, stated, f"sqlite:///{tmp_path}/l").name == f"{tmp_path}/l"


def test_two_ledgers_for_one_run_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("postgresql://db.example/else", "postgresql://else/privacy", "sqlite:///privacy"):
        monkeypatch.setenv(LEDGER_VARIABLE, other)
        with pytest.raises(UsageError, match="two different ledgers") as raised:
            open_ledger(tmp_path, aggregate_with(f"ledger: {URL}"))
        assert "secret-word" not in str(raised.value)


def test_a_password_in_a_configuration_is_shown_nowhere_and_changes_no_digest() -> None:
    settings = settings_with(f"ledger: {URL}")
    shown = (repr(settings), str(settings), settings.model_dump_json(), repr(settings.aggregate))
    assert all("secret-word" not in text for text in shown)
    changed = settings_with(f"ledger: {URL.replace('secret-word', 'other')}")
    assert settings.digest == changed.digest


@pytest.mark.parametrize(
    "line",
    [
        "ledger: postgres:secret-word",
        "ledger: mysql://u:secret-word@h/d",
        "ledger: postgresql://u:secret@secret-word/d@x",
        "ledger: {url: secret-word}",
    ],
)
def test_what_is_no_address_is_told_with_its_line_but_not_itself(line: str) -> None:
    with pytest.raises(UsageError, match=r"c.yaml:5: aggregate.ledger: ") as raised:
        settings_with(line)
    assert "secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("population: ''", "aggregate.population: .*pattern"),
        ("population: a b", "aggregate.population: .*pattern"),
        ("edition: '@'", "aggregate.edition: .*pattern"),
    ],
)
def test_names_in_the_ledger_are_plain(line: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        settings_with(line)


def test_a_budget_renews_with_the_calendar_or_not_at_all() -> None:
    text = CONFIG.format(line="data_set: d").replace("epsilon: 1}\n", "epsilon: 1, renews: week}\n")
    with pytest.raises(UsageError, match=r"c.yaml:6: aggregate.budget.renews: .*'year', 'quarter'"):
        parse(text, "c.yaml")
    aggregate = parse(text.replace("week", "quarter"), "c.yaml").aggregate
    assert aggregate is not None and aggregate.budget.renews == "quarter"


def test_an_edition_makes_other_releases_of_the_same_tables() -> None:
    plain, named = aggregate_with("data_set: d"), aggregate_with("edition: 2026-Q1")
    assert plain.release_id(plain.releases[0]) == "visits"
    assert named.release_id(named.releases[0]) == "visits@2026-Q1"
