"""The two places a run is given: what may be shared, and what never leaves."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from transforms.errors import UsageError

PRIVATE = 0o700

LEDGER = "ledger.sqlite"
"""File of the budget's ledger in a restricted zone."""
LEDGER_HEAD = "ledger.head"
"""File in which a restricted zone notes how far the ledger had come, wherever that is kept."""


def new_run_id() -> str:
    """Sorts by time; unique."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


class RestrictedZone:
    """A folder for its owner alone: the key, the ledger, and a folder for each run with its log,
    its quarantine and its exact tables."""

    def __init__(self, folder: str | Path, *releases: str) -> None:
        """Make the folder if needed.

        Raises UsageError where one zone would lie in the other, where others may read the
        restricted one, or where it cannot be made.
        """
        # A Path writes s3://bucket as s3:/bucket.
        if re.match(r"[a-z][a-z0-9+.-]+:/", str(folder)):
            raise UsageError(
                f"--restricted {folder}: give a folder of this machine (a mounted one will do): "
                "key and ledger need a file system with locks."
            )
        self.folder = Path(folder).resolve()
        for release in releases:
            if "://" in release:
                continue
            shared = Path(release).resolve()
            if shared == self.folder or shared in self.folder.parents:
                raise UsageError(
                    f"--restricted {folder} lies in the release, so the key would be shared. "
                    "Give two separate folders."
                )
            if self.folder in shared.parents:
                raise UsageError(
                    f"--release {release} lies in the restricted zone: give two separate folders."
                )
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=PRIVATE, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--restricted {folder}: cannot be made ({error.strerror})") from None
        if self.folder.stat().st_mode & 0o077:
            raise UsageError(
                f"--restricted {folder} is open to other users; close it: chmod 700 {folder}"
            )

    @property
    def key(self) -> Path:
        """File of the root secret."""
        return self.folder / "key"

    @property
    def custody(self) -> Path:
        """File of the custody log."""
        return self.folder / "custody.jsonl"

    @property
    def ledger(self) -> Path:
        """File of the budget's ledger."""
        return self.folder / LEDGER

    def run(self, run_id: str) -> Path:
        """A new folder for one run."""
        runs = self.folder / "runs"
        runs.mkdir(mode=PRIVATE, exist_ok=True)
        folder = runs / run_id
        folder.mkdir(mode=PRIVATE)
        return folder
