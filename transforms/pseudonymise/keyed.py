"""Choices that a key makes: the same for the same key, class and value, unpredictable without it.

All are HMAC-SHA256 of (class, value). A class keeps apart what must not agree by accident, such as
a street and a surname.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Sequence


def stream(key: bytes, kind: str, value: str, length: int) -> bytes:
    """``length`` pseudo-random bytes of ``value`` as one of ``kind``."""
    message = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
    out = hmac.digest(key, message, "sha256")
    block = 1
    while len(out) < length:
        out += hmac.digest(key, message + b"\0" + block.to_bytes(4), "sha256")
        block += 1
    return out[:length]


def number(key: bytes, kind: str, value: str, below: int) -> int:
    """A whole number from 0 to ``below`` - 1, uniform (bias under 2**-64 for ``below`` < 2**64)."""
    return int.from_bytes(stream(key, kind, value, 16)) % below


def pick(
    key: bytes,
    kind: str,
    value: str,
    choices: Sequence[str],
    accept: Callable[[str], bool] | None = None,
) -> str:
    """One of ``choices``, uniform over those that ``accept`` takes (some must be)."""
    return first(lambda attempt: choices[number(key, kind, attempt, len(choices))], value, accept)


def first(
    make: Callable[[str], str], value: str, accept: Callable[[str], bool] | None = None
) -> str:
    """What ``make`` makes of ``value``, or of its variations until ``accept`` takes one."""
    made = make(value)
    attempt = 0
    while accept is not None and not accept(made):
        attempt += 1
        made = make(f"{value}\0{attempt}")
    return made


def digits(key: bytes, kind: str, value: str, count: int) -> str:
    """``count`` (1 or more) decimal digits."""
    # Sixteen bytes more than needed, so that the remainder's bias is negligible.
    wide = int.from_bytes(stream(key, kind, value, count // 2 + 17))
    return str(wide % 10**count).zfill(count)


def opaque(key: bytes, kind: str, value: str, length: int) -> str:
    """``length`` characters of a to z and 2 to 7: 5 bits each."""
    raw = stream(key, kind, value, (5 * length + 7) // 8)
    return base64.b32encode(raw).decode().lower()[:length]
