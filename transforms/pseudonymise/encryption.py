"""Encrypted stand-ins: opaque, authenticated, and opened again by whoever holds the key.

AES-256 in SIV mode (RFC 5297), which needs no nonce: equal values are encrypted alike, so that they
can be joined, and nothing else shows. With a random nonce they are not. A stand-in reads
``UK_NHS_1a2b3c4d_aeqcf...``: the entity, the id of the key, and in base 32 what is encrypted. It
stays one word in any text, table or file.
"""

from __future__ import annotations

import base64
import os
import re
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.padding import PKCS7

KEY_BYTES = 64
"""Two keys of 256 bits, as RFC 5297 splits them."""
ID_LENGTH = 8
"""Characters of the key's fingerprint that a stand-in carries."""
_NONCE_BYTES = 16
_DETERMINISTIC, _RANDOM = b"\x01", b"\x02"
_BLOCK_BITS = 128
_FORM = re.compile(rf"([A-Z][A-Z0-9_]*)_([0-9a-f]{{{ID_LENGTH}}})_([a-z2-7]+)")


class Encrypted(NamedTuple):
    """A stand-in, taken apart. Nothing in it tells the value."""

    entity: str
    key_id: str
    content: bytes

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The stand-in that a text is; None if it is none."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        code = match[3].upper()
        try:
            content = base64.b32decode(code + "=" * (-len(code) % 8))
        except ValueError:
            return None
        return cls(match[1], match[2], content)


class ValueCipher:
    """Encrypts and opens values with one key; ``fingerprint`` names the key's root secret."""

    def __init__(self, key: bytes, fingerprint: str) -> None:
        self._siv = AESSIV(key)
        self._id = fingerprint[:ID_LENGTH]

    def encrypt(self, entity: str, value: str, *, deterministic: bool = True) -> str:
        """The stand-in of a value. Its length tells the value's in steps of 16 bytes."""
        padder = PKCS7(_BLOCK_BITS).padder()
        padded = padder.update(value.encode()) + padder.finalize()
        nonce = b"" if deterministic else os.urandom(_NONCE_BYTES)
        mode = _DETERMINISTIC if deterministic else _RANDOM
        content = mode + nonce + self._siv.encrypt(padded, _bound_to(mode, entity, nonce))
        return f"{entity}_{self._id}_{base64.b32encode(content).decode().rstrip('=').lower()}"

    def decrypt(self, given: Encrypted) -> str | None:
        """The value; None if it was not encrypted with this key, or was changed since."""
        mode, rest = given.content[:1], given.content[1:]
        nonce = rest[:_NONCE_BYTES] if mode == _RANDOM else b""
        try:
            padded = self._siv.decrypt(rest[len(nonce) :], _bound_to(mode, given.entity, nonce))
        except (InvalidTag, ValueError):
            return None
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()


def _bound_to(mode: bytes, entity: str, nonce: bytes) -> list[bytes]:
    """What is authenticated besides the value. A nonce comes last (RFC 5297, section 3)."""
    return [mode, entity.encode(), *([nonce] if nonce else [])]
