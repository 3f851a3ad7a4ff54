"""The restricted zone and the key of a command that works on what is there already."""

from __future__ import annotations

from pathlib import Path

from pipelines.zones import RestrictedZone
from transforms.custody import CustodyLog
from transforms.errors import UsageError
from transforms.pseudonymise.keys import KEY_VARIABLE, KeySource


def existing_zone(folder: Path, *releases: str) -> RestrictedZone:
    """The zone in a folder that is there. Raises UsageError where it is not, and as the zone does:
    a mistyped name must not become a new zone, with a log of its own."""
    if not folder.is_dir():
        raise UsageError(f"--restricted {folder}: there is no such folder; give that of the runs.")
    return RestrictedZone(folder, *releases)


def log_of(zone: RestrictedZone) -> CustodyLog:
    """The zone's custody log, its chain checked. Raises CustodyError where it is broken."""
    log = CustodyLog(zone.custody)
    log.entries()
    return log


def key_file(zone: RestrictedZone, given: Path | None) -> Path:
    """The key file that a command may change. Raises UsageError where the key is in no file."""
    source = KeySource.find(given, zone.key)
    if source.file is None:
        raise UsageError(
            f"The key is in ${KEY_VARIABLE}, which this command cannot change. Unset it to work on "
            f"{zone.key}, or give a file by --key."
        )
    return Path(source.file)
