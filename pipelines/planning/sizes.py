"""How large the groups are expected to be: public figures that the user gives, never counted."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from transforms.aggregate.settings import ReleaseSettings
from transforms.errors import UsageError

COLUMNS = ("release", "group", "rows", "subjects")
MAX_SIZE = 10**12


class Group(NamedTuple):
    """One group, as it is expected to be."""

    name: str
    rows: int
    subjects: int


@dataclass(frozen=True)
class Uniform:
    """All groups alike."""

    rows: int
    subjects: int
    groups: int | None = None
    """Of releases with private keys; public keys tell their number themselves."""


Sizes = Uniform | dict[str, tuple[Group, ...]]
"""Alike for all releases, or the groups of each release by its name."""


def choose(path: Path | None, groups: int | None, rows: int | None, subjects: int | None) -> Sizes:
    """The sizes that the command's options give. Raises UsageError if they do not fit together."""
    alike = (groups, rows, subjects)
    if path is not None:
        if any(given is not None for given in alike):
            raise UsageError("give --sizes, or --groups, --rows and --subjects, not both")
        return read(path)
    if rows is None or subjects is None:
        raise UsageError(
            "give --sizes FILE, or --rows and --subjects of one group, as they are publicly known; "
            "never count them in the data for this"
        )
    if subjects > rows:
        raise UsageError(f"--subjects {subjects}: more than --rows {rows}; each has one at least")
    return Uniform(rows, subjects, groups)


def read(path: Path) -> dict[str, tuple[Group, ...]]:
    """Read a CSV with the columns release, group, rows, subjects.

    Raises UsageError that names file, line and column.
    """
    found: dict[str, dict[str, Group]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            heads = lines.fieldnames or []
            if missing := [name for name in COLUMNS if name not in heads]:
                raise UsageError(
                    f"--sizes {path}: no column {', '.join(missing)}; its first line must be "
                    f"{','.join(COLUMNS)}"
                )
            for line in lines:
                where = f"--sizes {path}:{lines.line_num}"
                group = Group(
                    line["group"] or "",
                    _whole(line["rows"], f"{where}: rows"),
                    _whole(line["subjects"], f"{where}: subjects"),
                )
                if group.subjects > group.rows:
                    raise UsageError(f"{where}: more subjects than rows; each has one at least")
                of_release = found.setdefault(line["release"] or "", {})
                if group.name in of_release:
                    raise UsageError(f"{where}: group '{group.name}' stands there twice")
                of_release[group.name] = group
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"--sizes {path}: cannot be read ({type(error).__name__})") from None
    return {name: tuple(groups.values()) for name, groups in found.items()}


def _whole(text: str | None, where: str) -> int:
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise UsageError(f"{where} must be a whole number, 0 or more, below {MAX_SIZE:,}")
    return int(text)


def of_releases(sizes: Sizes, releases: Sequence[ReleaseSettings]) -> list[tuple[Group, ...]]:
    """The groups of each release. Raises UsageError if some are missing, or none can be."""
    if isinstance(sizes, dict):
        known = {release.name for release in releases}
        if unknown := [name for name in sizes if name not in known]:
            raise UsageError(
                f"--sizes: no release '{unknown[0]}' in the configuration; it has "
                f"{', '.join(sorted(known))}"
            )
    return [_of(sizes, release) for release in releases]


def _of(sizes: Sizes, release: ReleaseSettings) -> tuple[Group, ...]:
    if isinstance(sizes, Uniform):
        number = sizes.groups if release.private else release.public_groups
        if number is None:
            raise UsageError(
                f"release '{release.name}' takes its groups from the data: give --groups, about "
                "how many there will be"
            )
        return tuple(Group(f"{n:,}", sizes.rows, sizes.subjects) for n in range(1, number + 1))
    groups = sizes.get(release.name)
    if not groups:
        raise UsageError(f"--sizes: no group of release '{release.name}'")
    if len(release.public_keys) == 1:
        [keys] = release.public_keys.values()
        known = {str(key) for key in keys}
        if unknown := [group.name for group in groups if group.name not in known]:
            raise UsageError(
                f"--sizes: release '{release.name}' has no group '{unknown[0]}' among its keys"
            )
    return groups
