"""The root secret, and the keys that are derived from it: one for each purpose and project."""

from __future__ import annotations

import os
import re
import secrets
import stat
from enum import StrEnum
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transforms.errors import UsageError

KEY_BYTES = 32
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_MEND = f"a key is {2 * KEY_BYTES} hexadecimal digits, as `openssl rand -hex {KEY_BYTES}` makes it"


class Purpose(StrEnum):
    """What a derived key is for."""

    TOKENS = "tokens"
    SURROGATES = "surrogates"
    DATES = "dates"
    SPLITS = "splits"
    SAMPLING = "sampling"


class RootKey:
    """The root secret. Neither ``str`` nor ``repr`` shows it."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise UsageError(f"The key has {len(secret)} bytes instead of {KEY_BYTES}; {_MEND}.")
        self._secret = secret

    @classmethod
    def parse(cls, text: str, source: str) -> Self:
        """The key written as hexadecimal digits, say in an environment variable.

        ``source`` names where it came from. Raises UsageError where it is no key.
        """
        text = text.strip()
        if not _HEX.fullmatch(text):
            raise UsageError(
                f"{source} holds no key ({len(text)} characters instead of {2 * KEY_BYTES}, or "
                f"others than hexadecimal digits); {_MEND}."
            )
        return cls(bytes.fromhex(text))

    @property
    def fingerprint(self) -> str:
        """Names the key without telling anything of it; safe to publish."""
        return _hkdf(self._secret, b"fingerprint", 8).hex()

    def __repr__(self) -> str:
        return f"RootKey(fingerprint={self.fingerprint})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RootKey) and secrets.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def load(path: Path) -> RootKey:
    """Read a key file. Raises UsageError where it is missing, open to others, or no key."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"Key file {path} is not a regular file; give the path of one.")
            if status.st_mode & 0o077:
                raise UsageError(
                    f"Key file {path} is open to other users (mode "
                    f"{stat.S_IMODE(status.st_mode):04o}); close it: chmod 600 {path}"
                )
            content = file.read(1024)
    except OSError as error:
        raise UsageError(
            f"Key file {path} cannot be read ({error.strerror}); check the path and its owner."
        ) from None
    return RootKey.parse(content.decode("ascii", "replace"), f"Key file {path}")


def load_or_create(path: Path) -> RootKey:
    """Read the key file, or make it with a new random key (mode 0600) if there is none.

    Of several processes that do so at once one makes the key, and all return it. Raises
    UsageError where the file cannot be made or is no proper key file.
    """
    if path.exists():
        return load(path)
    # Written aside and linked into place: whoever sees the file sees the whole key.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, path)
        finally:
            aside.unlink()
    except FileExistsError:
        pass
    except OSError as error:
        raise UsageError(
            f"Key file {path} cannot be made ({error.strerror}); make its folder, or give the key "
            "by an environment variable."
        ) from None
    return load(path)


def derive(root: RootKey, purpose: str, project: str) -> bytes:
    """The 32-byte key of one purpose in one project, by HKDF-SHA256 (RFC 5869)."""
    return _hkdf(root._secret, f"{purpose}\0{project}".encode(), KEY_BYTES)


def _hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"veilbeam/1", info=info).derive(secret)
