"""The command with its ledger in PostgreSQL: shared by machines, gone in the middle, never told."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.postgres import Server, postgres, unsteady
from transforms.aggregate.ledger import Ask, Ledger
from transforms.aggregate.settings import Amount

from .support import Done, end, everything_in, holding, manifest_of, start, veilbeam, write_jsonl

__all__ = ["postgres", "unsteady"]

PASSWORD = "correct-horse-battery"
CONFIG = """\
version: 1
source: {record_id: id}
fields:
  id: {role: identifier, entity: ID, treatment: token}
  patient: {role: subject}
  clinic: {role: attribute}
aggregate:
  data_set: clinics
  budget: {epsilon: 1.0, renews: year}
  releases:
    - {name: visits, group_by: [clinic], keys: [a, b], measures: [{kind: count}], epsilon: 1.0}
"""


class Site:
    """A machine with a restricted zone of its own; the ledger is everybody's."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.url = url
        self.config = folder / "config.yaml"
        self.config.write_text(CONFIG)
        records = [{"id": str(i), "patient": f"P{i}", "clinic": "ab"[i % 2]} for i in range(40)]
        self.input = write_jsonl(folder / "visits.jsonl", records)
        self.restricted = folder / "restricted"

    def arguments(self, release: str) -> tuple[str | Path, ...]:
        return (
            "run", "--config", self.config, "--input", self.input,
            "--release", self.folder / release, "--restricted", self.restricted,
        )  # fmt: skip

    def run(self, release: str) -> Done:
        return veilbeam(*self.arguments(release), VEILBEAM_LEDGER=self.url)


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_schema().replace("owner@", f"owner:{PASSWORD}@")


def test_machines_share_a_budget_and_no_one_learns_the_password(url: str, tmp_path: Path) -> None:
    here, there = Site(tmp_path / "here", url), Site(tmp_path / "there", url)
    first = here.run("release")
    assert first.code == 0, first.err
    again = there.run("release")  # The same input there is a repeat.
    assert again.code == 0, again.err
    tables = [(s.folder / "release/aggregates/visits.parquet").read_bytes() for s in (here, there)]
    assert tables[0] == tables[1]
    there.config.write_text(CONFIG.replace("data_set", "edition: more\n  data_set"))
    refused = there.run("more")
    assert refused.code == 1
    assert "the budget of data set 'clinics' does not suffice for visits@more" in refused.err
    for site in (here, there):
        assert list(site.restricted.glob("runs/*/outcome.json"))
        assert not (site.restricted / "ledger.sqlite").exists()
        verified = veilbeam(
            "budget", "verify", "--restricted", site.restricted, "--release",
            site.folder / "release", VEILBEAM_LEDGER=url,
        )  # fmt: skip
        assert verified.code == 0, verified.err
        assert len(manifest_of(site.folder / "release")["ledger_head"]) == 64
    assert holding(PASSWORD, everything_in(tmp_path)) == []
    assert all(PASSWORD not in done.text for done in (first, again, refused, verified))


def test_a_ledger_that_is_not_there_is_told_before_the_work(
    unsteady: Server, url: str, tmp_path: Path
) -> None:
    site = Site(tmp_path / "here", url)
    unsteady.stop()
    done = site.run("release")
    assert done.code == 1
    assert "the server cannot be reached" in done.err
    assert PASSWORD not in done.text and "Traceback" not in done.text
    assert not (site.folder / "release").exists()
    assert not list(site.restricted.glob("runs/*/outcome.json"))


def dying_at(server: Server, url: str, table: str, when: str = "true") -> str:
    """Let the server end the connection that inserts into a table; returns how to undo it."""
    schema = str(sa.make_url(url).query["options"]).rpartition("=")[2]
    Ledger(url).reserve("other", Amount(1, 0), [Ask("other", "d", Amount(1, 0))])  # Makes tables.
    server.execute(
        f"SET search_path = {schema}",
        f"CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF {when} THEN "
        "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); END IF; "
        "RETURN NEW; END$$",
        f"CREATE TRIGGER die BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION die()",
    )
    return f"DROP TRIGGER die ON {schema}.{table}"


def test_a_ledger_that_goes_in_mid_run_publishes_nothing_and_a_repeat_goes_on(
    postgres: Server, url: str, tmp_path: Path
) -> None:
    site = Site(tmp_path / "here", url)
    mend = dying_at(postgres, url, "veilbeam_result")
    done = site.run("release")
    assert done.code == 1
    assert "a repeat goes on from there and spends nothing twice" in done.err
    assert "Traceback" not in done.text
    assert not (site.folder / "release").exists()
    postgres.execute(mend)
    done = site.run("release")
    assert done.code == 0, done.err
    ledger = Ledger(url)
    assert ledger.balance("clinics").ever.epsilon == 10**6
    states = [event.state for event in ledger.events() if event.data_set == "clinics"]
    assert states == ["RESERVED", "DRAWN", "PUBLISHED"]


def test_a_release_that_could_not_be_noted_stands_and_says_so(
    postgres: Server, url: str, tmp_path: Path
) -> None:
    site = Site(tmp_path / "here", url)
    mend = dying_at(postgres, url, "veilbeam_event", "NEW.state = 'PUBLISHED'")
    done = site.run("release")
    assert done.code == 0
    assert "The release is published and its spending is in the ledger" in done.err
    assert (site.folder / "release/manifest.json").exists()
    assert Ledger(url).events()[-1].state == "DRAWN"
    postgres.execute(mend)
    assert site.run("again").code == 0
    assert Ledger(url).events()[-1].state == "PUBLISHED"


def test_a_killed_run_leaves_its_reservation_and_a_repeat_takes_it_up(
    url: str, tmp_path: Path
) -> None:
    site = Site(tmp_path / "here", url)
    process = start(*site.arguments("release"), VEILBEAM_LEDGER=url)
    ledger = Ledger(url)
    limit = time.monotonic() + 100
    while not ledger.events():
        assert process.poll() is None and time.monotonic() < limit
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    end(process)
    assert ledger.balance("clinics").ever.epsilon == 10**6
    done = site.run("release" if not (site.folder / "release").exists() else "again")
    assert done.code == 0, done.err
    assert ledger.balance("clinics").ever.epsilon == 10**6
    assert ledger.events()[-1].state == "PUBLISHED"
