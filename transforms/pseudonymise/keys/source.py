"""Where a process finds the root secret."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from .derived import DerivedKey
from .files import load, load_holder, load_or_create
from .ring import KeyRing
from .root import RootKey

KEY_VARIABLE = "VEILBEAM_KEY"


class KeySource(NamedTuple):
    """Where the root secret is: workers read it there, so that no job description holds it."""

    file: str | None
    """None: the environment variable ``VEILBEAM_KEY``."""

    @classmethod
    def choose(cls, given: Path | None, default: Path) -> KeySource:
        """The file that the user gave, else the environment variable, else ``default``, which is
        made at the first run.

        Raises UsageError where it holds no proper key.
        """
        source = cls.find(given, default)
        if source.file == str(default):
            load_or_create(default)
        source.read()
        return source

    @classmethod
    def find(cls, given: Path | None, default: Path) -> KeySource:
        """The same place, in which nothing is made or read."""
        if given is not None:
            return cls(str(given.resolve()))
        return cls(None if KEY_VARIABLE in os.environ else str(default))

    def ring(self) -> KeyRing:
        """All versions of the root secret. Raises UsageError where there is no proper key."""
        if self.file is not None:
            return load(Path(self.file))
        return KeyRing.parse(os.environ.get(KEY_VARIABLE, ""), f"${KEY_VARIABLE}")

    def read(self) -> RootKey:
        """The current version. Raises UsageError where there is no proper key, or VeilbeamError
        where the service that wraps it does not open it."""
        return self.ring().current

    def holder(self) -> KeyRing | DerivedKey:
        """All versions of the root secret, or the one derived key that the file holds instead.

        Raises UsageError where it holds neither.
        """
        return self.ring() if self.file is None else load_holder(Path(self.file))
