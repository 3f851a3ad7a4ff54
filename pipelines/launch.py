"""How a pipeline is run: on all cores of this machine, or on the runner that the user names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    StandardOptions,
)
from apache_beam.runners import create_runner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.errors import UsageError

WORTH_WORKERS = 4_000_000
"""Bytes of input from which worker processes earn the seconds that they take to start."""

WORTH_WORKERS_WITHOUT_TEXT = 125 * WORTH_WORKERS
"""The same for a job that looks for nothing in texts: vectorised code uses all cores as it is."""


def beam_options(given: Sequence[str]) -> PipelineOptions:
    """Beam's options, as they follow ``--`` on the command line.

    Raises UsageError for an option or a runner that Beam does not know, or a wrong value.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    for options in PipelineOptions.__subclasses__():
        if "_add_argparse_args" in vars(options):
            options._add_argparse_args(parser)
    _, unknown = parser.parse_known_args(list(given))
    found = PipelineOptions(list(given))
    runner = found.view_as(StandardOptions).runner
    if runner is not None:
        try:
            create_runner(runner)
        except (ValueError, ImportError) as error:
            raise UsageError(f"Beam's --runner={runner}: {error}") from None
    elif unknown:
        # Another runner's server may know more options than Beam does.
        raise UsageError(f"Beam has no option {' '.join(unknown)}")
    return found


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"Beam's options after --: {message}")


@contextmanager
def pipeline(
    input_bytes: int, given: Sequence[str], worth_workers: int = WORTH_WORKERS
) -> Iterator[beam.Pipeline]:
    """A pipeline that is run to its end on leaving.

    Without ``--runner`` it is Beam's FnApiRunner, named: ``DirectRunner`` would first try to
    download another one. Inputs of fewer than ``worth_workers`` bytes run in this process, others
    on all cores.
    """
    options = beam_options(given)
    named = options.view_as(StandardOptions).runner is not None
    direct = options.view_as(DirectOptions)
    names = {option.partition("=")[0] for option in given}
    if not named and not {"--direct_num_workers", "--direct_running_mode"} & names:
        small = input_bytes < worth_workers
        direct.direct_num_workers = 1 if small else 0
        direct.direct_running_mode = "in_memory" if small else "multi_processing"
    runner = None if named else FnApiRunner()
    with _loopback_only(), beam.Pipeline(runner=runner, options=options) as root:
        yield root


@contextmanager
def _loopback_only() -> Iterator[None]:
    """Keep Beam's servers off the network.

    The local runner talks to its worker processes through gRPC servers that listen, without
    authentication, on every interface; what is in work passes through them.
    """
    listen_anywhere = grpc.server

    def listen_here(*arguments: Any, **options: Any) -> Any:
        server = listen_anywhere(*arguments, **options)
        bind = server.add_insecure_port
        server.add_insecure_port = lambda address: bind(address.replace("[::]", "localhost"))
        return server

    grpc.server = listen_here
    try:
        yield
    finally:
        grpc.server = listen_anywhere
