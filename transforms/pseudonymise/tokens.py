"""Tokens: opaque stand-ins that are equal where the values are."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from . import keyed

LENGTH = 20
"""Characters after the entity's name: 100 bits, so that no two of a billion values share one."""


def token(key: bytes, entity: str, value: str) -> str:
    """The token of a value as it is written: what differs in anything has another token."""
    return f"{entity}_{keyed.opaque(key, entity, value, LENGTH)}"


@lru_cache(maxsize=8_192)
def token_in_text(key: bytes, entity: str, value: str) -> str:
    """The token of a mention: the same in any case and spacing."""
    normal = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return token(key, entity, normal)
