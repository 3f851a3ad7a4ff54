"""Characters of text files: encodings and byte order marks."""

from __future__ import annotations

import codecs

from transforms.ingest.files import is_wide
from transforms.ingest.settings import SourceSettings


class UnreadableError(Exception):
    """Why bytes are no record; the text holds none of their content."""


def decode(data: bytes, encoding: str) -> str:
    """The text of a record that ``read_blocks`` gave.

    Raises: UnreadableError.
    """
    try:
        return data.decode("utf-8" if is_wide(encoding) else encoding)
    except UnicodeError:
        raise UnreadableError(f"not valid {encoding}: set source.encoding") from None


def skip_mark(head: bytes, encoding: str) -> int:
    """Bytes of the byte order mark with which a file's content begins.

    Raises: UnreadableError, where the mark contradicts ``encoding``.
    """
    if head.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not is_wide(encoding):
        raise UnreadableError("looks like UTF-16: set source.encoding")
    return 0


def too_large(source: SourceSettings) -> str:
    """The reason of a record over the limit."""
    return f"larger than source.max_record_bytes ({source.max_record_bytes:,})"
