"""How a pipeline is run: on all cores of this machine, or on the runner that the user names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    StandardOptions,
)
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

WORTH_WORKERS = 4_000_000
"""Bytes of input from which worker processes earn the seconds that they take to start."""


@contextmanager
def pipeline(input_bytes: int, beam_options: Sequence[str]) -> Iterator[beam.Pipeline]:
    """A pipeline that is run to its end on leaving.

    Without ``--runner`` it is Beam's FnApiRunner, named: ``DirectRunner`` would first try to
    download another one. Small inputs run in this process, others on all cores.
    """
    options = PipelineOptions(list(beam_options))
    if options.view_as(StandardOptions).runner is not None:
        with beam.Pipeline(options=options) as root:
            yield root
        return
    direct = options.view_as(DirectOptions)
    given = {option.partition("=")[0] for option in beam_options}
    if not given & {"--direct_num_workers", "--direct_running_mode"}:
        small = input_bytes < WORTH_WORKERS
        direct.direct_num_workers = 1 if small else 0
        direct.direct_running_mode = "in_memory" if small else "multi_processing"
    with _loopback_only(), beam.Pipeline(runner=FnApiRunner(), options=options) as root:
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
