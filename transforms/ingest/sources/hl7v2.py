r"""HL7 version 2: messages as interfaces send them, and engines keep them in files.

Fields are separated by the character after MSH, their repetitions and parts by those of MSH-2::

    MSH|^~\&|DEVICES|CLINIC|EHR|CLINIC|20240305102000+0000||ORU^R01^ORU_R01|17|P|2.5.1
    PID|1||483920^^^CLINIC^MR||Lee^Sam||19700102|M|||12 Oak St^^Leeds^^LS6 2AB
    PV1|1|V|||||1234^Patel^Jane^^^Dr||||||||||||V77
    OBX|1|NM|8867-4^Heart rate^LN||72|/min|||||F|||20240305101600

A message tells one thing of a visit: that it began (ADT), what was measured (ORU), what was written
(MDM), what it costs (DFT). Messages with one patient and one visit number are one consultation.
Only fields that are read are taken apart. Of the parsers on PyPI ``hl7`` takes four times as long,
and logs what it cannot unescape; ``hl7apy`` takes ninety times as long (``docs/sources.md``).
The tests compare what is read with ``hl7``.

Sources: HL7 Version 2.9, chapters 2 (encoding, escapes, batches), 3 (PID, PV1), 6 (DG1, FT1), 7
(OBX), 9 (TXA); Minimal Lower Layer Protocol, Release 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from transforms.ingest.files import (
    DamagedError,
    SourceFile,
    can_split,
    is_wide,
    read_blocks,
    recoded,
)
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Head, Source
from transforms.ingest.sources._hl7v2 import Message, encoding_of
from transforms.ingest.splitting import Piece, split
from transforms.ingest.text import UnreadableError, decode, too_large, unified, wide_encoding

_FIRST = re.compile(r"[\s\x0b\x1c]{0,20}(?:MSH|FHS|BHS)([^\w\s])([^\w\s]{3,5})(?:\1|$)")
_START = re.compile(rb"MSH(?=[^\w\s])")
_NO_BATCH = re.compile(
    rb"(?:\A(?:\xef\xbb\xbf)?+|[\r\n\x0b\x1c])[ \t\f]*+(?!FHS|BHS|BTS|FTS)[^\s\x1c]"
)
_SEGMENTS = re.compile(r"\n(?=[A-Z][A-Z0-9]{2}(?:[^\w\s]|\n|$))")
_HEADER = re.compile(r"MSH([^\w\s])([^\w\s]{2,5})\1")
_FRAME = "\x0b\x1c\r\n\t \ufeff"
_SMALLEST, _LARGEST, _PARTS = 256 << 10, 4 << 20, 16

READ = frozenset("MSH EVN PID NK1 PV1 IN1 GT1 ORC OBR OBX NTE TXA DG1 FT1".split())
"""Segments that are read."""
_CHARSETS = {
    "ASCII": "ascii", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030", "KS X 1001": "euc_kr", "BIG-5": "big5",
    "ISO IR6": "ascii", "ISO IR14": "iso2022_jp", "ISO IR87": "iso2022_jp_2",
    "ISO IR159": "iso2022_jp_2",
    **{f"8859/{part}": f"iso8859_{part}" for part in (*range(1, 10), 15)},
}  # fmt: skip
"""Table 0211."""


class Hl7V2(Source):
    """Files of messages, with MLLP's frames, in batches, or one after the other."""

    format = Format.HL7V2
    title = "HL7 v2 messages"
    endings = frozenset({".hl7", ".er7", ".msg", ".adt", ".oru", ".mdm", ".txt", ".dat"})
    has_sessions = True

    def sniff(self, head: Head) -> float:
        """A message's, batch's or file's header with its separators."""
        return SURE if _FIRST.match(head.text[:200]) else 0.0

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """Ranges of whole messages. ``position`` counts messages."""
        size = range_bytes or min(max(file.size // _PARTS, _SMALLEST), _LARGEST)
        whole = Range(file.path, self.format)
        # An interface may write each message to a file of its own.
        if file.size <= size or not can_split(file.path, settings.encoding):
            yield whole
            return
        pieces, wide = _pieces(whole, settings)
        if wide:
            yield whole
            return
        begin = end = 0
        first = number = 1
        for piece in pieces:
            if end - begin >= size and number > first:
                yield Range(file.path, self.format, begin, end, first)
                begin, first = end, number
            end += piece.size
            number += _is_message(piece)
        yield Range(file.path, self.format, begin, None, first)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """A message a record."""
        number = part.position
        try:
            pieces, wide = _pieces(part, settings)
            for piece in pieces:
                if _is_message(piece):
                    yield _row(part.file, number, piece.data, settings, wide)
                    number += 1
        except DamagedError as problem:
            yield Reject(part.file, number, f"{problem}; nothing after it could be read", None)
            return
        if number == 1:
            yield Reject(part.file, 1, "no message of HL7 v2", None)


def _pieces(part: Range, settings: SourceSettings) -> tuple[Iterator[Piece], bool]:
    """The messages of a range, and whether its first bytes tell UTF-16; what stands before the
    first message is a piece too.

    Raises: DamagedError, here and in the pieces.
    """
    blocks = read_blocks(part.file, "utf-8", part.start, part.end)
    head = next(blocks, b"")
    # Of UTF-16 there are no parts.
    wide = wide_encoding(head[:200]) if not part.start and part.end is None else None
    text: Iterable[bytes] = chain([head], blocks)
    if is_wide(encoding := wide or settings.encoding):
        text = recoded(text, encoding)
    limit = settings.max_record_bytes
    return split(_at_line_ends(text, limit), _starts, limit), wide is not None


def _at_line_ends(blocks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The same bytes in blocks that end where a segment does, so that MSH is never cut in two."""
    held = b""
    for block in blocks:
        held += block
        end = max(held.rfind(b"\r"), held.rfind(b"\n"), held.rfind(b"\x1c")) + 1
        if len(held) - end > limit:
            end = len(held)
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _starts(block: bytes) -> Iterator[int]:
    """``Ends`` of messages: each ends where the next one begins."""
    for match in _START.finditer(block):
        start = match.start()
        start -= block[start - 1 : start] == b"\x0b"
        if not start or block[start - 1] in b"\r\n\x1c":
            yield start


def _is_message(piece: Piece) -> bool:
    """Whether there is more in it than frames and the headers of batches."""
    return piece.data is None or _NO_BATCH.search(piece.data) is not None


def _row(
    file: str, number: int, data: bytes | None, settings: SourceSettings, wide: bool
) -> Row | Reject:
    if data is None:
        return Reject(file, number, too_large(settings), None)
    try:
        message = _parsed(data, settings, wide)
        record = message.consultation()
    except UnreadableError as problem:
        return Reject(file, number, str(problem), data)
    return Row(file, number, record, data, tuple(message.left_out), message.visit)


def _parsed(data: bytes, settings: SourceSettings, wide: bool) -> Message:
    """Raises: UnreadableError."""
    if b"\0" in data:
        raise UnreadableError("NUL byte")
    bare = data.strip(b"\x0b\x1c\r\n\t ").removeprefix(b"\xef\xbb\xbf").lstrip(b"\x0b\r\n\t ")
    field, marks = _separators(bare[:12])
    header = bare.splitlines()[0].decode("latin-1").split(field)
    named = "UTF-8" if wide else "".join(header[17:18])
    charset = _charset(named, marks[1]) or settings.encoding
    text = unified(_decoded(bare, charset, settings))
    segments = [
        segment.rstrip(_FRAME).split(field)
        for segment in _SEGMENTS.split(text)
        if segment[:3] in READ
    ]
    segments[0].insert(1, field)  # MSH-1 is the separator itself
    return Message(segments, encoding_of(field, marks, charset), settings)


@lru_cache(64)
def _separators(start: bytes) -> tuple[str, str]:
    """The mark between fields, and those of MSH-2.

    Raises: UnreadableError.
    """
    header = _HEADER.match(start.decode("latin-1"))
    if header is None or len(set(header[1] + header[2])) != 1 + len(header[2]):
        what = "a message that does not begin with MSH and its separators"
        raise UnreadableError(what)
    return header[1], header[2]


@lru_cache(64)
def _charset(names: str, repetition: str) -> str | None:
    """The encoding that MSH-18 names, if it names one. Of several the last ones are what the text
    may switch to.

    Raises: UnreadableError.
    """
    found = [_CHARSETS.get(n.strip().upper()) for n in names.split(repetition) if n.strip(' "')]
    if None in found:
        raise UnreadableError("a character set in MSH-18 that is not known")
    return found[-1] if found else None


def _decoded(data: bytes, charset: str, settings: SourceSettings) -> str:
    """Raises: UnreadableError."""
    if charset == settings.encoding:
        return decode(data, charset)
    try:
        return data.decode(charset)
    except UnicodeError:
        raise UnreadableError(f"not valid {charset}, which its MSH-18 names") from None
