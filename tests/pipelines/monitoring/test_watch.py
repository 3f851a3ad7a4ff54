"""What a person sees while a command works."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from pipelines.monitoring import watch
from pipelines.monitoring.log import LOG, Form
from pipelines.monitoring.watch import Watch, watching
from tests.pipelines.test_console import terminal
from transforms import progress
from transforms.progress import Progress


def counted(folder: Path) -> None:
    """What a worker process would have counted."""
    Progress(str(folder)).add(bytes=500, records=1234, identifiers=5678)
    assert progress.read(folder) == (500, 1234, 5678)


@contextmanager
def counting(folder: Path, total: int, shown: TextIO) -> Iterator[Watch]:
    """A run, being watched."""
    with watching(shown) as seen:
        progress.begin("records")
        progress.counted_in(folder, total)
        yield seen


def test_without_a_terminal_there_are_plain_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_LINE_EVERY_SECONDS", 0.05)
    counted(tmp_path)
    shown = io.StringIO()
    with counting(tmp_path, 1000, shown):
        time.sleep(0.3)
    lines = shown.getvalue().splitlines()
    assert len(lines) >= 2
    for line in lines:
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 1,234 records in, 5,678 identifiers found, "
            r"[\d,]+ records/s, \d+:\d\d left",
            line,
        ), line


def test_a_short_run_without_a_terminal_is_silent(tmp_path: Path) -> None:
    shown = io.StringIO()
    with counting(tmp_path, 1000, shown):
        pass
    assert shown.getvalue() == ""


def test_the_time_left_is_told_only_where_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before anything is done, nor where more was read than the files hold (a retry)."""
    monkeypatch.setattr(watch, "_LINE_EVERY_SECONDS", 0.05)
    for total in (0, 499):
        shown = io.StringIO()
        counted(tmp_path)
        with counting(tmp_path, total, shown):
            time.sleep(0.15)
        assert "records in" in shown.getvalue()
        assert "left" not in shown.getvalue()


def test_with_a_terminal_there_is_a_live_bar_that_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    counted(tmp_path)
    with terminal() as (shown, seen), counting(tmp_path, 1000, shown):
        time.sleep(0.8)
    text = seen.getvalue().decode()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    for word in ("━", "50%", "1,234 records in", "5,678 identifiers found", "records/s", "left"):
        assert word in plain, plain
    # Drawn over itself, and wiped at the end: what follows stands on a clean line.
    assert text.count("\x1b[2K") >= 2
    assert text.index("\x1b[?25l") < text.rindex("\x1b[?25h")


def test_progress_stops_when_the_run_fails(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), counting(tmp_path, 1, io.StringIO()):
        raise ZeroDivisionError
    assert set(threading.enumerate()) <= before  # others may end meanwhile


def test_what_is_done_one_by_one_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_LINE_EVERY_SECONDS", 0.05)
    shown = io.StringIO()
    with watching(shown) as seen:
        for item in progress.each("abc", "files checked"):
            if item == "b":
                assert seen.share == (1, 3)
                time.sleep(0.2)
        assert seen.text == "3 of 3 files checked"
        for _ in progress.each(iter("ab"), "lines"):
            assert seen.share[1] is None
        progress.begin("publish")
        assert (seen.text, seen.share) == ("publish", (0, None))
    assert "Z 1 of 3 files checked\n" in shown.getvalue()


def test_nobody_is_told_after_the_end() -> None:
    with watching(io.StringIO()) as seen:
        pass
    progress.begin("later")
    assert list(progress.each("ab", "things")) == ["a", "b"]
    assert seen.text == "starting"


def test_each_stage_has_its_seconds() -> None:
    with watching(io.StringIO()) as seen:
        assert seen.seconds == {}
        progress.begin("records")
        time.sleep(0.05)
        progress.begin("publish")
    assert list(seen.seconds) == ["records", "publish"]
    assert 0.05 <= seen.seconds["records"] < 5


def test_machines_are_told_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_LINE_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(LOG, "form", Form.JSON)
    monkeypatch.setattr(LOG, "stage", None)
    counted(tmp_path)
    shown = io.StringIO()
    with counting(tmp_path, 1000, shown):
        time.sleep(0.2)
    stage, *lines = map(json.loads, shown.getvalue().splitlines())
    assert (stage["event"], stage["stage"]) == ("stage", "records")
    told = {name: lines[0][name] for name in ("event", "records", "identifiers", "total_bytes")}
    assert told == {
        "event": "progress", "records": 1234, "identifiers": 5678, "total_bytes": 1000,
    }  # fmt: skip


def test_counts_stay_in_the_stages_that_follow(tmp_path: Path) -> None:
    counted(tmp_path)
    with counting(tmp_path, 1000, io.StringIO()) as seen:
        assert seen.text.startswith("1,234 records in") and seen.text.endswith(" left")
        progress.begin("aggregate")
        assert seen.text.startswith("1,234 records in") and seen.text.endswith(", aggregate")
        seen.counted_in(tmp_path / "gone", 1000)
        assert seen.text == "aggregate"
