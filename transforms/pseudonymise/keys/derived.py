"""One derived key, handed on to whoever may open one project's values and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from transforms.errors import UsageError

from .closed import write_closed
from .ring import KeyRing
from .root import Purpose, derive


class DerivedKey(BaseModel):
    """A derived key with what it is for. ``repr`` does not show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: Purpose
    project: str
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Of the root secret from which it comes."""
    secret: SecretStr
    """Hexadecimal digits."""

    @classmethod
    def of(cls, ring: KeyRing, purpose: Purpose, project: str) -> Self:
        """That of the current version."""
        root = ring.current
        return cls(
            purpose=purpose,
            project=project,
            fingerprint=root.fingerprint,
            secret=SecretStr(derive(root, purpose, project).hex()),
        )

    @classmethod
    def parse(cls, text: str, source: str) -> Self:
        """Read what ``write`` wrote. Raises UsageError where it is something else."""
        try:
            key = cls.model_validate_json(text)
            if len(bytes.fromhex(key.secret.get_secret_value())) == key.purpose.length:
                return key
        except ValueError:  # Among them pydantic's, which would show what it was given.
            pass
        raise UsageError(f"{source} holds no derived key, as 'veilbeam key derive' writes it.")

    def write(self, path: Path) -> None:
        """Write it to a new file of mode 0600. Raises UsageError where that cannot be."""
        content = self.model_dump(mode="json") | {"secret": self.secret.get_secret_value()}
        try:
            write_closed(path, json.dumps(content, indent=2) + "\n")
        except OSError as error:
            raise UsageError(
                f"{path} cannot be made ({error.strerror}); name a new file."
            ) from None

    def key(self, name: str, purpose: Purpose, project: str) -> bytes:
        """The key, if it is the one asked for. Raises UsageError otherwise."""
        if not self.fingerprint.startswith(name) or (self.purpose, self.project) != (
            purpose,
            project,
        ):
            raise UsageError(
                f"This key was derived from {self.fingerprint} for the {self.purpose} of project "
                f"'{self.project}'. What is asked for needs the {purpose} key of '{project}' from "
                f"{name}."
            )
        return bytes.fromhex(self.secret.get_secret_value())
