"""How a pipeline is run: which runner, how many workers, and nothing open to the network."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import apache_beam as beam
import grpc
import pytest
from apache_beam.options.pipeline_options import DirectOptions

from pipelines.launch import WORTH_WORKERS, pipeline

from .sockets import beyond_loopback, listening, tree

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="no /proc/net here")


@linux
def test_the_search_for_open_sockets_finds_them() -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside, socket.create_server(("", 0)) as outside:
        found = listening(tree(os.getpid()))
        here, there = inside.getsockname()[1], outside.getsockname()[1]
        assert {("127.0.0.1", here), ("0.0.0.0", there)} <= found
        assert ("0.0.0.0", there) in beyond_loopback(found)
        assert ("127.0.0.1", here) not in beyond_loopback(found)


JOB = """
import contextlib, sys, time
import apache_beam as beam
from pipelines import launch
if sys.argv[1] == "unguarded":
    launch._loopback_only = contextlib.nullcontext
options = ["--direct_running_mode=multi_processing", "--direct_num_workers=2", *sys.argv[2:]]
with launch.pipeline(0, options) as root:
    root | beam.Create([1, 2]) | beam.Reshuffle() | beam.Map(lambda n: time.sleep(2))
"""


def sockets_of(*arguments: str) -> set[tuple[str, int]]:
    """All TCP sockets on which a Python process and its workers listened while it ran."""
    process = subprocess.Popen(
        [sys.executable, "-c", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: set[tuple[str, int]] = set()
    most = 0
    while process.poll() is None:
        pids = tree(process.pid)
        most = max(most, len(pids))
        seen |= listening(pids)
        time.sleep(0.05)
    assert process.returncode == 0
    assert most >= 3, "there were no worker processes"
    return seen


@linux
def test_workers_are_talked_to_on_this_machine_alone() -> None:
    seen = sockets_of(JOB, "as it is")
    assert seen, "Beam's servers were not seen: the test looks in the wrong place"
    assert beyond_loopback(seen) == set()


@linux
@pytest.mark.parametrize("name", ["DirectRunner"])
def test_they_are_so_too_where_the_local_runner_is_named(name: str) -> None:
    seen = sockets_of(JOB, "as it is", f"--runner={name}")
    assert seen
    assert beyond_loopback(seen) == set()


@linux
def test_without_the_guard_they_would_be_open_to_the_network() -> None:
    """So that the test above is known to be able to fail."""
    assert beyond_loopback(sockets_of(JOB, "unguarded"))


def test_the_guard_is_taken_back() -> None:
    before = grpc.server
    with pipeline(0, []) as root:
        assert grpc.server is not before
        root | beam.Create([1])
    assert grpc.server is before


@pytest.mark.parametrize(
    ("size", "given", "workers", "mode"),
    [
        (WORTH_WORKERS - 1, [], 1, "in_memory"),
        (WORTH_WORKERS, [], 0, "multi_processing"),
        (WORTH_WORKERS, ["--direct_num_workers=1"], 1, "in_memory"),
        (0, ["--direct_running_mode=multi_processing"], 1, "multi_processing"),
        (
            0,
            ["--direct_num_workers=3", "--direct_running_mode=multi_threading"],
            3,
            "multi_threading",
        ),
        (0, ["--direct_num_workers", "2"], 2, "in_memory"),
    ],
)
def test_small_inputs_do_not_pay_for_workers_and_what_is_given_counts(
    size: int, given: list[str], workers: int, mode: str
) -> None:
    root = _built(size, given)
    direct = root.options.view_as(DirectOptions)
    assert direct.direct_num_workers == workers
    assert direct.direct_running_mode == mode


class _StopError(Exception):
    pass


def _built(size: int, given: list[str]) -> beam.Pipeline:
    """A pipeline as it is built; not run."""
    kept: list[beam.Pipeline] = []
    with pytest.raises(_StopError), pipeline(size, given) as root:
        kept.append(root)
        raise _StopError
    return kept[0]


def test_the_runner_is_named_and_another_one_can_be() -> None:
    assert type(_built(0, []).runner).__name__ == "FnApiRunner"
    assert type(_built(0, ["--runner=PortableRunner"]).runner).__name__ == "PortableRunner"
