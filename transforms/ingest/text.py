"""Characters of text files: encodings and byte order marks."""

from __future__ import annotations

import codecs
import io

from transforms.ingest.files import is_wide
from transforms.ingest.settings import SourceSettings


class UnreadableError(Exception):
    """Why bytes are no record; the text holds none of their content.

    ``path`` says which file it was, of several that were read together.
    """

    def __init__(self, reason: str, path: str | None = None) -> None:
        super().__init__(reason)
        self.path = path


def decode(data: bytes, encoding: str) -> str:
    """The text of a record that ``read_blocks`` gave.

    Raises: UnreadableError.
    """
    try:
        return data.decode("utf-8" if is_wide(encoding) else encoding)
    except UnicodeError:
        raise UnreadableError(f"not valid {encoding}: set source.encoding") from None


def unified(text: str) -> str:
    """The text with ``\\n`` for each of its line breaks."""
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)


def skip_mark(head: bytes, encoding: str) -> int:
    """Bytes of the byte order mark with which a file's content begins.

    Raises: UnreadableError, where the mark contradicts ``encoding``.
    """
    if head.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not is_wide(encoding):
        raise UnreadableError("looks like UTF-16: set source.encoding")
    return 0


def wide_encoding(data: bytes) -> str | None:
    """UTF-16, where a mark or the zero bytes of Latin letters tell it; ``None`` otherwise."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[0:200:2], data[1:200:2]
    if len(data) >= 8 and not any(odd) and all(even):
        return "utf-16-le"
    if len(data) >= 8 and not any(even) and all(odd):
        return "utf-16-be"
    return None


def too_large(source: SourceSettings) -> str:
    """The reason of a record over the limit."""
    return f"larger than source.max_record_bytes ({source.max_record_bytes:,})"
