"""How a pipeline is run: on all cores of this machine, or on the runner that the user names."""

from __future__ import annotations

import argparse
import shlex
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, NoReturn

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    StandardOptions,
)
from apache_beam.portability import python_urns
from apache_beam.runners import create_runner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    BeamFnControlServicer,
    SubprocessSdkWorkerHandler,
    WorkerHandler,
)
from apache_beam.runners.portability.local_job_service import SubprocessSdkWorker

from pipelines import worker
from transforms.errors import UsageError, VeilbeamError

LONGEST_END = 2 * worker.GRACE
"""Seconds that the end of a worker is waited for."""

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

    Raises VeilbeamError if a worker process is killed.
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
    _WatchedWorker.died = False
    try:
        with _loopback_only(), beam.Pipeline(runner=runner, options=options) as root:
            yield root
    except Exception:
        if _WatchedWorker.died:
            raise VeilbeamError(
                "A worker process ended before its time: it was killed, perhaps for want of "
                "memory. Nothing was published. Run again, with fewer of them after '--': "
                "--direct_num_workers=1"
            ) from None
        raise


@WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)
class _WatchedWorker(SubprocessSdkWorkerHandler):
    """A worker process whose early end fails what is asked of it.

    Beam sees only that a connection breaks: a process that is killed before it has one (a machine
    short of memory kills what starts) would be waited for without end. Nor is anybody waited for
    who does not end when told to (``pipelines.worker``).
    """

    died: ClassVar[bool] = False
    """Whether a worker of this run ended before its time."""
    _is_closed = False

    def start_worker(self) -> None:
        # Without the shell, whose end would not be that of the worker.
        command = f"exec {shlex.quote(sys.executable)} -m {worker.__name__}".encode()
        self.worker = SubprocessSdkWorker(
            command, self.control_address, self.provision_info, self.worker_id
        )
        self.worker_thread = threading.Thread(target=self._run, name="run_worker", daemon=True)
        self.worker_thread.start()

    def close(self) -> None:
        with suppress(Exception):  # that of a connection that is broken
            super().close()
        if not self._is_closed:
            self.stop_worker()

    def stop_worker(self) -> None:
        self._is_closed = True
        # Beam tells only workers that have a connection: one that still starts would wait for work.
        self.control_conn.push(BeamFnControlServicer._DONE_MARKER)
        self.worker_thread.join(LONGEST_END)

    def _run(self) -> None:
        try:
            self.worker.run()
        except RuntimeError as error:
            if not self._is_closed:
                _WatchedWorker.died = True
                with suppress(Exception):  # that of the connection, which is broken
                    self.data_conn.close()
            while not self._is_closed:
                # More may be asked meanwhile, also while its requests are gone through.
                with suppress(Exception):
                    self.control_conn.abort(error)
                time.sleep(0.5)


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
