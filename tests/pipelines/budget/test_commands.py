"""``veilbeam budget``, as a process of its own: what is left, what was spent, and proof of both."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.end_to_end.support import Done, veilbeam
from tests.postgres import Server, postgres
from transforms.aggregate.ledger import Ask, Ledger
from transforms.aggregate.settings import Amount

__all__ = ["postgres"]

TOTAL = Amount(3_000_000, 10**9)


def spend(ledger: Ledger) -> None:
    """Three releases: published, drawn, reserved; over two data sets and two populations."""
    asks = [
        Ask("visits", "1", Amount(1_000_000, 0), "config", "input", "0.1", 0.25),
        Ask("conditions", "2", Amount(500_000, 10**8), "config", "input", "0.1"),
    ]
    visits, conditions = ledger.reserve("telehealth", TOTAL, asks, renews="year")
    for entry in (visits, conditions):
        ledger.store(entry, entry.release.encode())
    ledger.publish(visits)
    ask = Ask("workload", "3", Amount(250_000, 0))
    ledger.reserve("clinics", TOTAL, [ask], population="clinicians")


@pytest.fixture
def restricted(tmp_path: Path) -> Path:
    folder = tmp_path / "restricted"
    folder.mkdir(mode=0o700)
    spend(Ledger(folder / "ledger.sqlite"))
    return folder


def test_it_shows_what_is_left_and_what_spent_it(restricted: Path) -> None:
    done = veilbeam("budget", "--restricted", restricted)
    assert (done.code, done.err) == (0, "")
    cells = [[c.strip() for c in line.split("│")[1:-1]] for line in done.out.splitlines()]
    year = datetime.now(UTC).year
    [clinics] = [row[1:5] for row in cells if row[:1] == ["clinics"]]
    assert clinics == ["clinicians", "ε=3, δ=1e-06", "ε=0.25, δ=0", "ε=2.75, δ=1e-06"]
    assert [
        "telehealth", "subjects", "ε=3, δ=1e-06", "ε=1.5, δ=1e-07", "ε=1.5, δ=9e-07", "each year",
        f"{year}-01-01", "ε=1.5, δ=1e-07",
    ] in cells  # fmt: skip
    states = {row[1]: row[5] for row in cells if len(row) == 8 and row[0].isdigit()}
    assert states == {"visits": "PUBLISHED", "conditions": "DRAWN", "workload": "RESERVED"}
    assert "Reserved, and so spent, but never drawn: workload." in done.out
    assert veilbeam("budget", "show", "--restricted", restricted).out == done.out


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_it_draws_spending_over_time(restricted: Path, tmp_path: Path, suffix: str) -> None:
    picture = tmp_path / f"spending{suffix}"
    done = veilbeam("budget", "--restricted", restricted, "--picture", picture)
    assert done.code == 0, done.err
    if suffix == ".svg":
        root = ElementTree.parse(picture).getroot()
        texts = {"".join(e.itertext()).strip() for e in root.iter() if e.tag.endswith("text")}
        assert {"telehealth: ε=1.5, δ=9e-07 left", "spent", "budget", "ε", "δ"} <= texts
        assert "clinics, clinicians: ε=2.75, δ=1e-06 left" in texts
    else:
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_verify_passes_what_is_whole_and_fails_what_was_edited(restricted: Path) -> None:
    done = veilbeam("budget", "verify", "--restricted", restricted)
    assert done.code == 0
    assert "6 entries in order, their chain and tables whole" in done.out
    with closing(sqlite3.connect(restricted / "ledger.sqlite")) as db:
        db.execute("UPDATE veilbeam_event SET micro_epsilon = 1 WHERE seq = 2")
        db.commit()
    for command in ("verify", "show"):
        done = veilbeam("budget", command, "--restricted", restricted)
        assert done.code == 1
        assert "edited or damaged: entry 2 does not fit the chain" in done.err
        assert "Traceback" not in done.text


def test_an_auditor_can_check_an_export_by_its_own_means(restricted: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.json"
    old = os.umask(0)
    try:
        done = veilbeam("budget", "export", "--restricted", restricted, "--out", out)
    finally:
        os.umask(old)
    assert done.code == 0 and "6 entries" in done.out
    assert out.stat().st_mode & 0o777 == 0o600
    told = json.loads(out.read_text())
    previous = told["entries"][0]["previous"]
    for entry in told["entries"]:
        assert entry["previous"] == previous
        previous = entry.pop("hash")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == previous
    [clinics, telehealth] = told["accounts"]
    assert clinics["left"] == {"micro_epsilon": 2_750_000, "femto_delta": 10**9}
    assert (telehealth["renews"], telehealth["spent"]["femto_delta"]) == ("year", 10**8)
    spent = [e["micro_epsilon"] for e in told["entries"] if e["data_set"] == "telehealth"]
    assert sum(spent) == telehealth["spent_in_all_periods"]["micro_epsilon"]

    done = veilbeam("budget", "export", "--format", "csv", "--restricted", restricted, "--out", out)
    assert done.code == 0
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{k: str(v) for k, v in event.items()} for event in _events(restricted)]
    assert rows[0]["rho"] == "0.250000000000"


def _events(restricted: Path) -> list[dict[str, object]]:
    return [vars(event) for event in Ledger(restricted / "ledger.sqlite").events()]


def test_nothing_spent_is_no_error_but_nothing_to_verify_is(tmp_path: Path) -> None:
    done = veilbeam("budget", "--restricted", tmp_path)
    assert (done.code, "nothing was spent yet" in done.out) == (0, True)
    done = veilbeam("budget", "verify", "--restricted", tmp_path)
    assert (done.code, "there is no ledger" in done.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give --restricted DIR or --ledger URL"),
        (["--restricted", "nowhere"], "nowhere: no such folder"),
        (["--ledger", "postgresql//u:secret-word@h/d"], "address of a ledger: give postgresql"),
        (["--ledger", "ledger.sqlite"], "address of a ledger: give postgresql"),
        (["--ledger", "sqlite:///l", "verify"], "give the options after 'verify'"),
        (["--restricted", ".", "--picture", "p.gif"], "must end in .svg or .png"),
        (["--restricted", ".", "--picture", "none/p.svg"], "no folder none"),
        (["export", "--restricted", ".", "--format", "xml", "--out", "o"], "give csv or json"),
        (["verify", "--restricted", ".", "--release", "nowhere"], "There is no release"),
    ],
)
def test_bad_usage_is_told(arguments: list[str], words: str) -> None:
    done = veilbeam("budget", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "secret-word" not in done.text and "Traceback" not in done.text


def test_an_export_that_cannot_be_written_is_told(restricted: Path, tmp_path: Path) -> None:
    out = tmp_path / "none" / "audit.json"
    done = veilbeam("budget", "export", "--restricted", restricted, "--out", out)
    assert (done.code, "cannot be written" in done.err) == (1, True)


def shown(done: Done) -> str:
    assert done.code == 0, done.err
    return done.out


def test_a_ledger_in_postgresql_is_named_by_option_variable_or_configuration(
    postgres: Server, tmp_path: Path
) -> None:
    url = postgres.new_schema()
    spend(Ledger(url))
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(url=url))
    ways = [
        veilbeam("budget", "--ledger", url),
        veilbeam("budget", VEILBEAM_LEDGER=url),
        veilbeam("budget", "--config", config),
        # Whoever logs in, it is the same ledger.
        veilbeam("budget", "--config", config, VEILBEAM_LEDGER=url.replace("owner@", "owner:x@")),
    ]
    assert len({shown(done) for done in ways}) == 1
    assert "workload" in ways[0].out
    done = veilbeam("budget", "--config", config, VEILBEAM_LEDGER=postgres.url("other"))
    assert (done.code, "name two different ledgers" in done.err) == (2, True)


CONFIG = """\
version: 1
fields:
  patient: {{role: subject}}
aggregate:
  ledger: {url}
  budget: {{epsilon: 1}}
  releases: [{{name: visits, measures: [{{kind: count}}], epsilon: 1}}]
"""
