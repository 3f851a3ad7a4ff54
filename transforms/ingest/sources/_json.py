"""What sources in JSON share: a document whole, its beginning, and values of no sure type."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from transforms.ingest.source import Document, Head
from transforms.ingest.text import UnreadableError

_NO_NUMBER = re.compile(rb"(?<=[:,\[\s])(?:NaN|-?Infinity)(?=[\s,\]}])")


def loaded(document: Document) -> Any:
    """The document's value. ``NaN``, which Python's own JSON writes, is null.

    Raises: UnreadableError.
    """
    data = document.data.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(_NO_NUMBER.sub(b"null", data))
    except orjson.JSONDecodeError:
        raise UnreadableError("broken JSON", document.path) from None


def is_one_value(head: Head) -> bool:
    """Whether the file could be one JSON value, and not one a line."""
    if head.text.lstrip()[:1] not in ("{", "["):
        return False
    if len(head.lines) < 2:
        return True
    try:
        orjson.loads(head.lines[0])
    except orjson.JSONDecodeError:
        return True
    return False


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; none, where it is no list."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def text_of(value: object) -> str:
    """A text without spaces around it; empty, where it is none."""
    return value.strip() if isinstance(value, str) else ""


def seconds(value: object, scale: float = 1.0) -> float | None:
    """A number of seconds, or a text that is one, from 0 to four months; ``None`` for all else."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = value * scale
    return round(found, 3) if math.isfinite(found) and 0 <= found < 1e7 else None
