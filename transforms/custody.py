"""The custody log: who opened, erased or destroyed what, when and why.

One JSON object a line, each with the hash of the one before it: a line that is changed, taken out
or put in breaks the chain. That its end was cut off shows only against a hash noted elsewhere, so
every command that writes to it says its new hash. It holds no value of a record and names no
subject; it is restricted all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from transforms.errors import VeilbeamError

GENESIS = hashlib.sha256(b"veilbeam custody 1").hexdigest()
"""What the first entry is chained to."""
_WAIT_SECONDS = 30


class CustodyError(VeilbeamError):
    """The log cannot be read or written, or was changed. Nothing was opened or erased."""


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    seq: int
    at: str
    """UTC, by this machine's clock; the order is that of ``seq``."""
    by: str
    """The operating system's user, by the process's user id (which the environment cannot set)."""
    act: str
    """reidentify, forget, key create ..."""
    details: Mapping[str, Any]
    previous: str
    hash: str


def link(content: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 of the other fields as JSON, keys sorted, no spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class CustodyLog:
    """The log in the file ``path``; the first entry makes it, with mode 0600.

    Every method raises CustodyError where the file cannot be used or its chain is broken. Safe to
    use from any number of processes at once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, act: str, **details: Any) -> Entry:
        """Add an entry; it is on the disk when this returns."""
        try:
            with FileLock(
                self.path.with_name(f".{self.path.name}.lock"), _WAIT_SECONDS, mode=0o600
            ):
                before = self.entries()
                content: dict[str, Any] = {
                    "seq": len(before) + 1,
                    "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                    "by": _user(),
                    "act": act,
                    "details": details,
                    "previous": before[-1].hash if before else GENESIS,
                }
                entry = Entry(**content, hash=link(content))
                line = json.dumps(content | {"hash": entry.hash}, ensure_ascii=True) + "\n"
                self._write(line.encode())
                return entry
        except Timeout:
            raise CustodyError(
                f"{self.path}: another process held the log for {_WAIT_SECONDS} s; end that one, "
                "then repeat."
            ) from None
        except OSError as error:
            raise CustodyError(
                f"{self.path}: the log cannot be written ({error.strerror}), and what is not "
                "logged is not done. Make its folder writable, then repeat."
            ) from None

    def entries(self) -> list[Entry]:
        """The whole log, its chain checked; empty if there is none yet."""
        try:
            text = self.path.read_text(encoding="ascii")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise self._changed(f"it cannot be read ({type(error).__name__})") from None
        lines = text.split("\n")
        if lines.pop():
            raise self._changed(f"line {len(lines) + 1} is cut off")
        entries: list[Entry] = []
        for number, line in enumerate(lines, start=1):
            try:
                entry = Entry(**json.loads(line))
                content = {k: v for k, v in vars(entry).items() if k != "hash"}
                whole = entry.hash == link(content)
            except (ValueError, TypeError):
                whole = False
            previous = entries[-1].hash if entries else GENESIS
            if not whole or (entry.seq, entry.previous) != (number, previous):
                raise self._changed(f"line {number} does not fit the chain")
            entries.append(entry)
        return entries

    def verify(self, head: str | None = None) -> list[Entry]:
        """The whole log, its chain checked, and that it has only grown since its last hash was
        ``head``."""
        entries = self.entries()
        if head is not None and head not in {GENESIS, *(entry.hash for entry in entries)}:
            raise self._changed(f"the hash {head[:16]} noted earlier is not in it any more")
        return entries

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            # One write, so that a full disk leaves a line that is cut off, never a mix of two.
            if os.write(descriptor, line) != len(line):
                raise OSError(0, "the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _changed(self, what: str) -> CustodyError:
        return CustodyError(
            f"{self.path}: the custody log was edited or damaged: {what}. Nothing is opened or "
            "erased with it; find out who did it, and restore it from a backup."
        )


def _user() -> str:
    number = os.getuid()
    try:
        return f"{pwd.getpwuid(number).pw_name} ({number})"
    except KeyError:  # No entry for this user, as in some containers.
        return str(number)
