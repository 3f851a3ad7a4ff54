"""Key files: made once, closed to others, and what may be done with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from transforms.errors import UsageError

from .closed import read_closed, shred, write_closed
from .derived import DerivedKey
from .ring import KeyRing, Version
from .root import RootKey


def load(path: Path) -> KeyRing:
    """Read a key file. Raises UsageError where it is missing, open to others, or no key."""
    source = f"Key file {path}"
    return KeyRing.parse(read_closed(path, source), source)


def load_holder(path: Path) -> KeyRing | DerivedKey:
    """Read a key file, or the file of a derived key.

    Raises UsageError where it is missing, open to others, or neither.
    """
    source = f"Key file {path}"
    text = read_closed(path, source)
    return (DerivedKey if text.startswith("{") else KeyRing).parse(text, source)


def load_or_create(path: Path) -> KeyRing:
    """Read the key file, or make it with a new random key (mode 0600) if there is none.

    Of several processes that do so at once one makes the key, and all return it. Raises
    UsageError where the file cannot be made or is no proper key file.
    """
    if not path.exists():
        try:
            write_closed(path, KeyRing("", (Version.plain(RootKey.new()),)).text)
        except FileExistsError:
            pass
        except OSError as error:
            raise _cannot_be_made(path, error) from None
    return load(path)


def create(path: Path, url: str | None = None) -> KeyRing:
    """Make a new root secret, wrapped by the service at ``url`` if there is one.

    Raises UsageError where the file holds a key that is not destroyed, or cannot be made, and
    VeilbeamError where the service refuses.
    """
    if not path.exists():
        ring = KeyRing(f"Key file {path}", (_new(url),))
        try:
            write_closed(path, ring.text)
        except OSError as error:
            raise _cannot_be_made(path, error) from None
        return load(path)
    if load(path).versions:
        raise UsageError(
            f"Key file {path} holds a key. To replace it by another and keep this one for opening "
            "what it made: veilbeam key rotate."
        )
    return _rewritten(path, lambda ring: ring.with_new(_new(url)))


def rotate(path: Path, url: str | None = None) -> KeyRing:
    """Make a new current version; the older ones stay, for opening what they encrypted.

    With ``url`` all versions are wrapped by that service; else the new one is kept as the current
    one was. Raises as ``load`` and ``create`` do.
    """

    def rotated(ring: KeyRing) -> KeyRing:
        ring.current  # noqa: B018  # It must be there, and its service must answer.
        if url is None:
            return ring.with_new(_new(ring.versions[0].url))
        wrapped = tuple(
            v if v.url == url else Version.wrapped(v.open(), url) for v in ring.versions
        )
        return KeyRing(ring.source, wrapped, ring.destroyed).with_new(_new(url))

    return _rewritten(path, rotated)


def destroy(path: Path, fingerprints: Sequence[str]) -> KeyRing:
    """Take the named versions out of the file and overwrite where they stood (crypto-shredding).

    Raises UsageError as ``KeyRing.without`` does.
    """
    return _rewritten(path, lambda ring: ring.without(fingerprints))


def _new(url: str | None) -> Version:
    root = RootKey.new()
    return Version.plain(root) if url is None else Version.wrapped(root, url)


def _rewritten(path: Path, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Put a changed ring in the place of a file's, and overwrite what was there."""
    with FileLock(path.with_name(f".{path.name}.lock"), mode=0o600):
        ring = change(load(path))
        try:
            before = os.open(path, os.O_RDWR)
            try:
                write_closed(path, ring.text, replace=True)
                shred(before)
            finally:
                os.close(before)
        except OSError as error:
            raise UsageError(
                f"Key file {path} cannot be changed ({error.strerror}); check its folder and owner."
            ) from None
    return ring


def _cannot_be_made(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"Key file {path} cannot be made ({error.strerror}); make its folder, or give the key by "
        "an environment variable."
    )
