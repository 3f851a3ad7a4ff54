"""No call leaves the machine: a run does all it does with the network closed to it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .support import TWO_PROCESSES, environment, manifest_of, veilbeam

REFUSING = """
import ipaddress, socket

def refuse(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "", "localhost", b"localhost"):
        try:
            ipaddress.ip_address(arguments[0])
        except ValueError:
            raise OSError("the network is closed: " + str(arguments[0]))
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise OSError("the network is closed: " + str(host))

import sys
sys.addaudithook(refuse)
"""
"""A ``sitecustomize``, for where no namespace can be had: of Python's sockets it knows them all."""

UP = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def closed(folder: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """What goes before a command, and its environment, so that it reaches this machine alone."""
    there = shutil.which("unshare") and shutil.which("ip")
    if there and subprocess.run([*UP, "true"], capture_output=True, check=False).returncode == 0:
        return UP, {}
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(REFUSING)
    return (), {"PYTHONPATH": str(folder / "site")}


REACH = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
RESOLVE = "import socket; socket.getaddrinfo('publicsuffix.org', 443)"


@pytest.mark.parametrize("code", [REACH, RESOLVE], ids=["connect", "resolve"])
def test_the_network_is_closed_indeed(tmp_path: Path, code: str) -> None:
    before, env = closed(tmp_path)
    done = subprocess.run(
        [*before, sys.executable, "-c", code], env=environment(**env), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "closed" in done.stderr or "unreachable" in done.stderr or "resolution" in done.stderr


def test_a_run_needs_no_network(tmp_path: Path) -> None:
    """In workers, and with every recogniser: an e-mail address would ask for the list of public
    suffixes, a runner for its binary."""
    before, env = closed(tmp_path)
    assert veilbeam("sample", tmp_path / "in.jsonl", "-n", "60").code == 0
    done = veilbeam(
        "run", "-c", "telehealth", "-i", tmp_path / "in.jsonl", "--release", tmp_path / "release",
        "--restricted", tmp_path / "restricted", *TWO_PROCESSES, before=before, **env,
    )  # fmt: skip
    assert done.code == 0, done
    assert manifest_of(tmp_path / "release")["detections"]["EMAIL_ADDRESS"] > 0
    (log,) = (tmp_path / "restricted").rglob("run.log")
    assert "closed" not in log.read_text()
