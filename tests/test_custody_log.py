"""The custody log: it only grows, and an edit shows."""

import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.custody import GENESIS, CustodyError, CustodyLog


@pytest.fixture
def log(tmp_path: Path) -> CustodyLog:
    made = CustodyLog(tmp_path / "custody.jsonl")
    for number in range(3):
        made.append("reidentify", values=[f"PERSON_{number}"], reason="ticket é")
    return made


def test_each_entry_is_chained_to_the_one_before_it(log: CustodyLog) -> None:
    entries = log.verify()
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[0].previous == GENESIS
    assert [e.previous for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert log.verify(entries[1].hash) == log.verify(GENESIS) == entries


def test_who_did_it_is_told_by_the_process_and_not_by_the_environment(
    log: CustodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    entry = log.append("forget")
    assert "somebody-else" not in entry.by
    assert str(os.getuid()) in entry.by


def edited(lines: list[str], number: int, **changes: object) -> list[str]:
    content = json.loads(lines[number]) | changes
    return [*lines[:number], json.dumps(content), *lines[number + 1 :]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: edited(lines, 1, by="nobody"), "line 2 does not fit"),
        (lambda lines: edited(lines, 1, details={}), "line 2 does not fit"),
        (lambda lines: edited(lines, 0, more=1), "line 1 does not fit"),
        (lambda lines: [lines[0], lines[2]], "line 2 does not fit"),
        (lambda lines: lines[1:], "line 1 does not fit"),
        (lambda lines: [lines[1], lines[0], lines[2]], "line 1 does not fit"),
        (lambda lines: [*lines, lines[2]], "line 4 does not fit"),
        (lambda lines: [lines[0], "", *lines[1:]], "line 2 does not fit"),
        (lambda lines: [lines[0], "[]", *lines[1:]], "line 2 does not fit"),
        (lambda lines: [*lines, "é"], "cannot be read"),
    ],
)
def test_an_edit_is_told_and_nothing_more_is_entered(
    log: CustodyLog, change: Callable[[list[str]], list[str]], told: str
) -> None:
    lines = log.path.read_text().splitlines()
    log.path.write_text("\n".join(change(lines)) + "\n")
    before = log.path.read_bytes()
    for use in (log.verify, lambda: log.append("forget")):
        with pytest.raises(CustodyError, match=told):
            use()
    assert log.path.read_bytes() == before


def test_an_end_that_is_cut_off_shows_against_a_hash_noted_elsewhere(log: CustodyLog) -> None:
    head = log.entries()[-1].hash
    lines = log.path.read_text().splitlines(keepends=True)
    log.path.write_text("".join(lines[:2]))
    assert len(log.verify()) == 2
    with pytest.raises(CustodyError, match="noted earlier is not in it any more"):
        log.verify(head)
    log.path.write_text("".join(lines)[:-5])
    with pytest.raises(CustodyError, match="line 3 is cut off"):
        log.verify()


def test_entries_at_once_make_one_chain(log: CustodyLog) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.append("forget", records=n), range(40)))
    entries = log.verify()
    assert len(entries) == 43
    assert {entry.details["records"] for entry in entries[3:]} == {*range(40)}


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(tmp_path / "none" / "custody.jsonl")
    with pytest.raises(CustodyError, match=r"what is not\s+logged is not done"):
        CustodyLog(tmp_path / "elsewhere").append("forget")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CustodyError, match="cannot be read"):
        CustodyLog(tmp_path / "folder").append("forget")
