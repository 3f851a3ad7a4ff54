"""The versions of a root secret, as they are written down: one a line, the current one first.

9f86d081884c7d65...                                 a secret, in hexadecimal digits
aws-kms://alias/veilbeam 1a2b3c4d5e6f7a8b AQIDAH... a wrapped one: service, fingerprint, base 64
destroyed 1a2b3c4d5e6f7a8b 2025-03-04               what is no more
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from transforms.errors import UsageError

from . import kms
from .root import Purpose, RootKey, derive

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, repr=False)
class Version:
    """One secret: in the clear, or wrapped by a service and opened when it is needed."""

    fingerprint: str
    line: str
    """As it is written down: as secret as the secret."""

    @classmethod
    def plain(cls, root: RootKey) -> Self:
        """Written in the clear."""
        return cls(root.fingerprint, root.secret.hex())

    @classmethod
    def wrapped(cls, root: RootKey, url: str) -> Self:
        """Wrapped by a service. Raises VeilbeamError where that refuses."""
        content = base64.b64encode(kms.service(url).wrap(root.secret)).decode()
        return cls(root.fingerprint, f"{url} {root.fingerprint} {content}")

    @classmethod
    def parse(cls, line: str, source: str) -> Self:
        """Read a line. Raises UsageError where it is neither."""
        if not kms.is_url(line):
            root = RootKey.parse(line, source)
            return cls(root.fingerprint, line)
        match line.split():
            case [_, fingerprint, _] if _FINGERPRINT.fullmatch(fingerprint):
                return cls(fingerprint, line)
        raise UsageError(
            f"{source} has a wrapped key that is cut off: a line is the service's URL, the key's "
            "fingerprint and what is wrapped. Restore it from a backup."
        )

    @property
    def url(self) -> str | None:
        """The service that wraps it; None for one in the clear."""
        return self.line.split()[0] if kms.is_url(self.line) else None

    def open(self) -> RootKey:
        """The secret. Raises VeilbeamError where the service refuses or gives another one."""
        url = self.url
        if url is None:
            return RootKey.parse(self.line, f"Key {self.fingerprint}")
        try:
            content = base64.b64decode(self.line.split()[2], validate=True)
        except binascii.Error:
            raise UsageError(
                f"Key {self.fingerprint}: what {url} should unwrap is no base 64. Restore the key "
                "file from a backup."
            ) from None
        root = RootKey(kms.unwrap(url, content))
        if root.fingerprint != self.fingerprint:
            raise UsageError(
                f"{url} unwraps another key ({root.fingerprint}) than the one that is noted "
                f"({self.fingerprint}). Restore the key file from a backup."
            )
        return root


@dataclass(frozen=True, repr=False)
class KeyRing:
    """All versions of a root secret that are left; new pseudonyms come from the current one."""

    source: str
    """What messages call the place where it is written."""
    versions: tuple[Version, ...]
    """The current one first."""
    destroyed: tuple[tuple[str, str], ...] = ()
    """Fingerprint and date of those that are no more."""

    @classmethod
    def parse(cls, text: str, source: str) -> Self:
        """Read the lines. Raises UsageError where one is none of the three."""
        lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
        gone = [line.split() for line in lines if line.startswith("destroyed ")]
        versions = [
            Version.parse(line, source) for line in lines if not line.startswith("destroyed ")
        ]
        if any(len(parts) != 3 for parts in gone):
            raise UsageError(f"{source} was edited: a line of a destroyed key is cut off.")
        return cls(source, tuple(versions), tuple((parts[1], parts[2]) for parts in gone))

    @property
    def text(self) -> str:
        """The lines. As secret as the secrets."""
        gone = [f"destroyed {fingerprint} {date}" for fingerprint, date in self.destroyed]
        return "\n".join([*(version.line for version in self.versions), *gone]) + "\n"

    @property
    def current(self) -> RootKey:
        """The secret from which new pseudonyms come. Raises UsageError where all are destroyed."""
        if not self.versions:
            raise UsageError(
                f"{self.source}: the key was destroyed ({self._gone()}). What it made can neither "
                "be opened nor continued. Make another with 'veilbeam key create': its pseudonyms "
                "are others."
            )
        return self.versions[0].open()

    def named(self, name: str) -> RootKey:
        """The version whose fingerprint begins with ``name``.

        Raises UsageError where it is not, or no more, among them.
        """
        for version in self.versions:
            if version.fingerprint.startswith(name):
                return version.open()
        for fingerprint, date in self.destroyed:
            if fingerprint.startswith(name):
                raise UsageError(
                    f"{self.source}: key {fingerprint} was destroyed on {date}. What it made stays "
                    "closed for good."
                )
        known = ", ".join(version.fingerprint for version in self.versions) or "none"
        raise UsageError(
            f"{self.source} is another key than the one asked for ({name}); it holds {known}. "
            "Give the key with which the release was made, by --key."
        )

    def key(self, name: str, purpose: Purpose, project: str) -> bytes:
        """The derived key of the version whose fingerprint begins with ``name``.

        Raises UsageError as ``named`` does.
        """
        return derive(self.named(name), purpose, project)

    def with_new(self, version: Version) -> KeyRing:
        """The same with another current version."""
        return KeyRing(self.source, (version, *self.versions), self.destroyed)

    def without(self, fingerprints: Sequence[str]) -> KeyRing:
        """The same without some versions.

        Raises UsageError where one is not there, or the current one would go and others stay.
        """
        known = [version.fingerprint for version in self.versions]
        if missing := [name for name in fingerprints if name not in known]:
            raise UsageError(
                f"{self.source} holds no key {missing[0]}; it holds {', '.join(known) or 'none'}."
            )
        left = tuple(v for v in self.versions if v.fingerprint not in fingerprints)
        if left and self.versions[0].fingerprint in fingerprints:
            raise UsageError(
                f"{known[0]} is the current key, and older ones would take its place. Make a new "
                "one first ('veilbeam key rotate'), or name all of them: "
                f"{' '.join(known)}"
            )
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        gone = tuple((name, today) for name in known if name in fingerprints)
        return KeyRing(self.source, left, (*gone, *self.destroyed))

    def __repr__(self) -> str:
        return f"KeyRing({[version.fingerprint for version in self.versions]})"

    def _gone(self) -> str:
        return ", ".join(f"{fingerprint} on {date}" for fingerprint, date in self.destroyed)
