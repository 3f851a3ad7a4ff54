"""The configuration on disk: read whole, and written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from transforms.errors import UsageError, VeilbeamError


class ChangedError(VeilbeamError):
    """The file is not the one that was opened any more."""


class Content(NamedTuple):
    """A file's text, and what names this state of it."""

    text: str
    digest: str
    """SHA-256 of the bytes."""


def digest_of(text: str) -> str:
    """What names a text: SHA-256 of its bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Content:
    """The file as it is now. Raises UsageError where it cannot be read."""
    try:
        # As bytes: line breaks stay what they are.
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise UsageError(f"{path}: no such configuration file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({type(error).__name__})") from None
    return Content(text, digest_of(text))


def require(path: Path, digest: str) -> str:
    """The file's text. Raises ChangedError if it is not what ``digest`` names any more."""
    content = read(path)
    if content.digest != digest:
        raise ChangedError(
            f"{path.name} was changed on disk since this page was opened. Nothing was written. "
            "Reload the page: your changes here are lost, those on disk are kept"
        )
    return content.text


def write(path: Path, text: str, digest: str) -> None:
    """Put ``text`` in the place of what ``digest`` names: a reader sees the old file or the new.

    Mode and symbolic links stay. Raises ChangedError if the file was changed meanwhile, and
    VeilbeamError where it cannot be written; the old file stays then.
    """
    target = path.resolve()
    try:
        number, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(target.stat().st_mode & 0o777)
            require(path, digest)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise VeilbeamError(
            f"{path}: cannot be written ({error.strerror}). The file is as it was"
        ) from None
