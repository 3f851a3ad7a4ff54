"""Where what libraries write goes."""

from __future__ import annotations

import io
import os
import pty
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from pipelines.console import logged_to


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
