"""JSON Lines: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from transforms.ingest.files import DamagedError, read_blocks
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import SourceSettings
from transforms.ingest.splitting import lines_of
from transforms.ingest.text import UnreadableError, decode, too_large


def read_lines(part: Range, source: SourceSettings) -> Iterator[Row | Reject]:
    """The records of a range; blank lines are none."""
    blocks = read_blocks(part.file, source.encoding, part.start, part.end)
    line = part.position
    try:
        for line, data in enumerate(lines_of(blocks, source.max_record_bytes), part.position):
            if data is None:
                yield Reject(part.file, line, too_large(source), None)
            elif not data.isspace():
                try:
                    yield Row(part.file, line, parse_object(data, source.encoding), data)
                except UnreadableError as problem:
                    yield Reject(part.file, line, str(problem), data)
    except DamagedError as problem:
        yield Reject(part.file, line, f"{problem}; nothing after this line could be read", None)


def parse_object(data: bytes, encoding: str) -> dict[str, object]:
    """A JSON object.

    Raises: UnreadableError.
    """
    if b"\0" in data:
        raise UnreadableError("NUL byte")
    try:
        # UTF-8 needs no decoding of its own: the parser checks it.
        value = orjson.loads(data if encoding == "utf-8" else decode(data, encoding))
    except orjson.JSONDecodeError:
        decode(data, encoding)
        raise UnreadableError("broken JSON") from None
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object")
    return value
