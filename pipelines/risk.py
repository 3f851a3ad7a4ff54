"""The main job's last step before records are written: what they tell of people, and what follows.

Figures are those of what is published: where an action changes it, it is measured anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.outcome import Outcome
from pipelines.settings import Settings
from pipelines.zones import PRIVATE
from transforms.errors import VeilbeamError
from transforms.quarantine import QUARANTINED
from transforms.verify.risk.plan import HELD
from transforms.verify.risk.report import RiskReport
from transforms.verify.risk.settings import Action, Attributes
from transforms.verify.risk.transform import PLAN, Assess, Protect

_WAITING = "waiting"
_CHANGES = (Action.SUPPRESS, Action.GENERALISE)


class Protected(NamedTuple):
    """What goes on, and what a run reports."""

    out: Any
    """PCollection of ``Treated``."""
    refused: dict[str, Any]
    """Quarantined records, by the name of the step that refuses them."""
    results: dict[str, list[Any]]
    """For ``outcome.collect``."""


@contextmanager
def waiting_room(run_folder: Path) -> Iterator[None]:
    """A folder for records that wait for a decision; however the run ends, it is emptied."""
    folder = run_folder / _WAITING
    folder.mkdir(mode=PRIVATE)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def expand(verified: Any, settings: Settings, run_folder: Path) -> Protected:
    """Add the steps; none where no field counts as a quasi-identifier. Those that change records
    need the ``waiting_room``."""
    rules, fields = settings.verify.risk, settings.specs
    if not Attributes(rules, fields).quasi:
        return Protected(verified, {}, {})
    if rules.action not in _CHANGES:
        report = verified | "Risk" >> Assess(rules, fields)
        return Protected(verified, {}, {"risk": [report]})
    waiting = run_folder / _WAITING
    protected = verified | "Protect" >> Protect(rules, fields, str(waiting))
    report = protected["out"] | "Risk" >> Assess(rules, fields)
    return Protected(
        protected["out"],
        {"risk": protected[QUARANTINED]},
        {"risk": [report], "plan": [protected[PLAN]]},
    )


def require_fulfilled(outcome: Outcome, settings: Settings, run_folder: Path) -> RiskReport | None:
    """The report on what was written.

    Raises VeilbeamError where nothing may be published: the action is to refuse, or no way was
    found.
    """
    report, plan = outcome.risk, outcome.plan
    if plan is not None and plan.problem is not None:
        where = f" They are listed in {run_folder / 'outcome.json'}." if plan.outside else ""
        raise VeilbeamError(f"{plan.problem}{where} Nothing was published.")
    if report is None:
        return None
    action = settings.verify.risk.action
    if not report.fulfilled and action is Action.REFUSE:
        raise VeilbeamError(
            f"verify.risk: {'; '.join(report.problems())}. Nothing was published, since 'action' "
            "is 'refuse': make quasi-identifiers coarser, or let 'action: generalise' do so."
        )
    if not report.fulfilled and action in _CHANGES:
        raise VeilbeamError(
            f"verify.risk: after 'action: {action}' {'; '.join(report.problems())}. Nothing was "
            "published. This is a fault of Veilbeam: please report it."
        )
    if plan is None:
        return report
    return report.model_copy(
        update={
            "generalised": plan.generalised,
            "loss": plan.loss,
            "held_back": sum(n for why, n in outcome.reasons.items() if why.startswith(HELD)),
        }
    )


def summary(report: RiskReport | None) -> Iterator[str]:
    """What the run's summary says of it, line by line."""
    if report is None:
        return
    if not report.records:
        yield f"Risk over {', '.join(report.quasi)}: no record is left."
        return
    yield (
        f"Risk over {', '.join(report.quasi)}: smallest class {report.smallest_class} (k "
        f"{report.k}), prosecutor at most {report.prosecutor.highest:.3g}, on average "
        f"{report.prosecutor.average:.3g}."
    )
    for coarser in report.generalised:
        yield f"  made coarser: {coarser.field} ({coarser.how})"
    for problem in report.problems():
        yield f"  Warning: {problem}."
