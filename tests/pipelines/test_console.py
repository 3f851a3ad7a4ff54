"""What a person sees while a run works, and where the rest goes."""

from __future__ import annotations

import io
import os
import pty
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from pipelines import console
from pipelines.console import logged_to, progress_of
from transforms import progress
from transforms.progress import Progress


@contextmanager
def terminal(size: tuple[int, int] = (120, 30)) -> Iterator[tuple[TextIO, io.BytesIO]]:
    """A pseudo-terminal: its end for a program, and what the program wrote."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    seen = io.BytesIO()

    def pump() -> None:
        while True:
            try:
                block = os.read(master, 4096)
            except OSError:
                return
            if not block:
                return
            seen.write(block)

    thread = threading.Thread(target=pump)
    thread.start()
    file = os.fdopen(slave, "w", encoding="utf-8")
    try:
        yield file, seen
    finally:
        file.close()
        thread.join(5)
        os.close(master)


def counted(folder: Path) -> None:
    """What a worker process would have counted."""
    Progress(str(folder)).add(bytes=500, records=1234, identifiers=5678)
    assert progress.read(folder) == (500, 1234, 5678)


def test_without_a_terminal_there_are_plain_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_LINE_EVERY_SECONDS", 0.05)
    counted(tmp_path)
    shown = io.StringIO()
    with progress_of(tmp_path, 1000, shown):
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
    with progress_of(tmp_path, 1000, shown):
        pass
    assert shown.getvalue() == ""


def test_the_time_left_is_told_only_where_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before anything is done, nor where more was read than the files hold (a retry)."""
    monkeypatch.setattr(console, "_LINE_EVERY_SECONDS", 0.05)
    for total in (0, 499):
        shown = io.StringIO()
        counted(tmp_path)
        with progress_of(tmp_path, total, shown):
            time.sleep(0.15)
        assert "records in" in shown.getvalue()
        assert "left" not in shown.getvalue()


def test_with_a_terminal_there_is_a_live_bar_that_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    counted(tmp_path)
    with terminal() as (shown, seen), progress_of(tmp_path, 1000, shown):
        time.sleep(0.8)
    text = seen.getvalue().decode()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    for word in ("━", "50%", "1,234 records in", "5,678 identifiers found", "records/s", "left"):
        assert word in plain, plain
    # Drawn over itself, and wiped at the end: what follows stands on a clean line.
    assert text.count("\x1b[2K") >= 2
    assert text.index("\x1b[?25l") < text.rindex("\x1b[?25h")


def test_progress_stops_when_the_run_fails(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), progress_of(tmp_path, 1, io.StringIO()):
        raise ZeroDivisionError
    assert threading.active_count() == before


LOGS = """
import logging, os, subprocess, sys
from pathlib import Path
from pipelines.console import logged_to
print("before", file=sys.stderr)
with logged_to(Path(sys.argv[1])) as shown:
    print("ours RAW", file=sys.stderr)
    os.write(2, b"library RAW\\n")
    logging.basicConfig()
    logging.error("logged RAW")
    subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('worker RAW')"])
    print("shown", file=shown, flush=True)
print("after", file=sys.stderr)
"""


def test_what_libraries_and_workers_write_goes_into_the_log_alone(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    done = subprocess.run(
        [sys.executable, "-c", LOGS, str(log)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "before\nshown\nafter\n"
    for word in ("ours", "library", "logged", "worker"):
        assert f"{word} RAW" in log.read_text() or f"{word}:RAW" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_standard_error_is_restored_after_a_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError), logged_to(tmp_path / "run.log"):
        os.write(2, b"inside\n")
        raise ZeroDivisionError
    os.write(2, b"outside\n")
    assert capfd.readouterr().err == "outside\n"
    assert (tmp_path / "run.log").read_text() == "inside\n"
