"""Who is told of a run from outside: that it began, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

from pipelines.monitoring.log import LOG
from pipelines.monitoring.watch import watching
from pipelines.outcome import Outcome
from transforms.publish.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from pipelines.training_set import Job


class State(StrEnum):
    """How a run ended."""

    COMPLETE = "complete"
    FAIL = "fail"
    ABORT = "abort"
    """Interrupted."""


class Ending(NamedTuple):
    """The end of a run."""

    state: State
    seconds: Mapping[str, float]
    """By stage."""
    manifest: Manifest | None = None
    """Of what was published."""
    outcome: Outcome | None = None
    error: str | None = None
    """The class of what went wrong; its text may name files."""


class Observer(Protocol):
    """Is told of a run. Where it cannot pass that on it raises OSError: no run fails for it."""

    name: str
    """The option that asks for it."""

    def started(self, job: Job) -> None:
        """The run begins."""

    def ended(self, job: Job, ending: Ending) -> None:
        """The run has ended."""


@contextmanager
def observed(
    job: Job, shown: TextIO, observers: Sequence[Observer], interrupted: Callable[[], bool]
) -> Iterator[None]:
    """Show a run's progress while it works, and tell the observers of it."""
    _tell(observers, lambda one: one.started(job))
    with watching(shown) as watch:
        try:
            yield
        except BaseException as error:
            aborted = interrupted() or isinstance(error, KeyboardInterrupt)
            ending = (
                Ending(State.ABORT, watch.seconds)
                if aborted
                else Ending(State.FAIL, watch.seconds, error=type(error).__name__)
            )
            raise
        else:
            seconds = watch.seconds
            manifest, outcome = read_manifest(job.release), Outcome.read_from(job.folder)
            ending = Ending(State.COMPLETE, seconds, manifest, outcome)
        finally:
            _tell(observers, lambda one: one.ended(job, ending))


def _tell(observers: Sequence[Observer], what: Callable[[Observer], None]) -> None:
    for one in observers:
        try:
            what(one)
        except OSError as error:
            # Its text may hold the password of a URL.
            LOG.say(f"{one.name}: could not be written ({type(error).__name__})", "remark")
