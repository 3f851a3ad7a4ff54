"""A root secret, and what is derived from it."""

from __future__ import annotations

import re
import secrets
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transforms.errors import UsageError

KEY_BYTES = 32
_HEX = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")
_MEND = f"a key is {2 * KEY_BYTES} hexadecimal digits, as `openssl rand -hex {KEY_BYTES}` makes it"


class Purpose(StrEnum):
    """What a derived key is for."""

    TOKENS = "tokens"
    SURROGATES = "surrogates"
    DATES = "dates"
    SPLITS = "splits"
    SHUFFLE = "shuffle"
    """The order of a release's records."""
    SAMPLING = "sampling"
    ENCRYPTION = "encryption"
    FORMAT = "format"
    """Format-preserving encryption."""
    PARQUET = "parquet"
    """Wraps the keys of encrypted files."""

    @property
    def length(self) -> int:
        """Bytes of a derived key: AES in SIV mode takes two of 256 bits."""
        return 64 if self is Purpose.ENCRYPTION else 32


class RootKey:
    """The root secret. Neither ``str`` nor ``repr`` shows it."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise UsageError(f"The key has {len(secret)} bytes instead of {KEY_BYTES}; {_MEND}.")
        self._secret = secret

    @classmethod
    def new(cls) -> Self:
        """A random one."""
        return cls(secrets.token_bytes(KEY_BYTES))

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

    @property
    def secret(self) -> bytes:
        """The secret itself: to be written into a key file or wrapped, and for nothing else."""
        return self._secret

    def __repr__(self) -> str:
        return f"RootKey(fingerprint={self.fingerprint})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RootKey) and secrets.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def derive(root: RootKey, purpose: Purpose, project: str) -> bytes:
    """The key of one purpose in one project, by HKDF-SHA256 (RFC 5869)."""
    return _hkdf(root.secret, f"{purpose}\0{project}".encode(), purpose.length)


def _hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"veilbeam/1", info=info).derive(secret)
