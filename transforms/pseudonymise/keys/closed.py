"""Small secret files: for their owner alone, there whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from transforms.errors import UsageError

_MOST_BYTES = 1 << 20


def read_closed(path: Path, what: str) -> str:
    """The text of a file that its owner alone may read; ``what`` is what messages call it.

    Raises UsageError where it is missing, no regular file, or open to others.
    """
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"{what} is not a regular file; give the path of one.")
            if status.st_mode & 0o077:
                raise UsageError(
                    f"{what} is open to other users (mode {stat.S_IMODE(status.st_mode):04o}); "
                    f"close it: chmod 600 {path}"
                )
            return file.read(_MOST_BYTES).decode("ascii", "replace")
    except OSError as error:
        raise UsageError(
            f"{what} cannot be read ({error.strerror}); check the path and its owner."
        ) from None


def write_closed(path: Path, text: str, *, replace: bool = False) -> None:
    """Write a file of mode 0600, by way of a hidden one beside it.

    Raises FileExistsError where there is one and it is not to be replaced, OSError where it cannot
    be written.
    """
    # Linked or renamed into place: whoever sees the file sees the whole of it.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            aside.rename(path)
        else:
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def shred(descriptor: int) -> None:
    """Overwrite an open file's bytes where they lie. A file system that copies on write, a solid
    state disk, a snapshot or a backup may keep them elsewhere all the same."""
    length = os.fstat(descriptor).st_size
    for content in (os.urandom(length), bytes(length)):
        os.pwrite(descriptor, content, 0)
        os.fsync(descriptor)
    os.ftruncate(descriptor, 0)
    os.fsync(descriptor)
