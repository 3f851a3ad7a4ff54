"""A run that is watched, without the run."""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import load
from pipelines.training_set import Job
from pipelines.zones import RestrictedZone
from transforms.pseudonymise.keys import KeySource


def job_in(folder: Path) -> Job:
    """A job over a file whose name is a patient's."""
    zone = RestrictedZone(folder / "restricted", str(folder / "release"))
    return Job(
        settings=load("telehealth"),
        inputs=[str(folder / "Zephyrine Quackenbush" / "chat with Quackenbush.txt")],
        input_bytes=4711,
        taken={"whatsapp": 1},
        release=str(folder / "release"),
        restricted=zone,
        key=KeySource.choose(None, zone.key),
    )
