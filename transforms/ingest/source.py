"""What a source is: how its files are told, how they are cut, and how they are read.

Each source is one small class in ``transforms/ingest/sources/``, listed in the registry.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from transforms.errors import VeilbeamError
from transforms.ingest.consultation import Consultation
from transforms.ingest.files import (
    DamagedError,
    SourceFile,
    base_name,
    ending,
    read_blocks,
)
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range, pack
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.text import UnreadableError, too_large, unified, wide_encoding

SURE, LIKELY, BY_NAME = 1.0, 0.6, 0.3
"""How sure a source is of a file: it has marks that nothing else has; it looks like it; only its
name says so. The surest takes the file."""


@dataclass(frozen=True)
class Head:
    """What is looked at to tell what a file is: its beginning, decompressed, and its name."""

    path: str
    data: bytes
    is_whole: bool
    """Whether ``data`` is all of the file."""

    @cached_property
    def text(self) -> str:
        """The beginning as text. What is no text of its encoding is replaced."""
        encoding = wide_encoding(self.data) or "utf-8"
        return unified(self.data.decode(encoding, errors="replace").removeprefix("\ufeff"))

    @cached_property
    def lines(self) -> list[str]:
        """Its whole lines that are not blank."""
        lines = self.text.split("\n")
        return [line for line in (lines if self.is_whole else lines[:-1]) if line.strip()]

    @property
    def ending(self) -> str:
        """``.vtt``, in lower case, without ``.gz`` or ``.zst``."""
        return ending(self.path)

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return base_name(self.path)

    @property
    def is_binary(self) -> bool:
        """Whether it is no text: control characters are in it."""
        return any(c in self.text for c in "\0\x01\x02\x03\x04\x05\x06")


class Source(ABC):
    """One kind of export. Subclasses have no state: workers make their own."""

    format: ClassVar[Format]
    """Its name in ``source.format``, in counts and in ``sources`` of a consultation."""
    title: ClassVar[str]
    """What it is, in words."""
    endings: ClassVar[frozenset[str]] = frozenset()
    """Endings that its files have, where a user names the format: others of a folder are left out,
    unless none has one."""
    has_own_shape: ClassVar[bool] = False
    """Whether its records have a shape of their own (``consultation`` makes canonical ones)."""
    has_sessions: ClassVar[bool] = False
    """Whether its rows are parts of consultations (``Row.session``), which are put together."""

    @abstractmethod
    def sniff(self, head: Head) -> float:
        """How sure it is that the file is one of its own, from 0 (it is not) to ``SURE``."""

    def companions(self, own: Sequence[str], others: Sequence[str]) -> Iterable[str]:
        """Of ``others`` (paths that no source is sure of) those that belong to its ``own``."""
        return ()

    def pack(self, files: Sequence[SourceFile]) -> Iterator[Range] | None:
        """Ranges of all its files, where their names alone tell them; else ``None``, and each file
        is planned by itself, in parallel."""
        return None

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """The ranges of one file; the whole file as one, where it cannot be split."""
        yield Range(file.path, self.format)

    @abstractmethod
    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The records of a range, one by one; each that cannot be read is a ``Reject``.

        ``paths`` are those of the configured fields; nothing else need be read.
        """

    def consultation(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """A record of the source's own shape as a canonical consultation."""
        return record


class Document(NamedTuple):
    """A small file, read whole."""

    path: str
    data: bytes

    def text(self, settings: SourceSettings) -> str:
        """Its text, line breaks as ``\\n``. A byte order mark comes before ``source.encoding``.

        Raises: UnreadableError.
        """
        encoding = wide_encoding(self.data) or settings.encoding
        try:
            text = self.data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeError:
            reason = f"not valid {encoding}: set source.encoding"
            raise UnreadableError(reason, self.path) from None
        if "\0" in text:
            raise UnreadableError("NUL byte", self.path)
        return unified(text.removeprefix("\ufeff"))


class Refusal(NamedTuple):
    """A part of a document that is no consultation, for quarantine; what follows it goes on."""

    reason: str
    data: bytes | None


class DocumentSource(Source):
    """A source of small files, each read whole: a transcript, a chat, a report.

    Of a subclass only ``sniff`` and ``parse`` are needed.
    """

    def group(self, path: str) -> str:
        """What files that are parsed together share; by default each is alone."""
        return path

    @abstractmethod
    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation | Refusal]:
        """The consultations in the files of one group: one, or many.

        Raises: UnreadableError. Those yielded before it go on; it counts as one record.
        """

    def pack(self, files: Sequence[SourceFile]) -> Iterator[Range] | None:
        """Some groups of files to a range."""
        return pack(files, self.format, self.group)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The consultations of each group, numbered from 1 in its first file."""
        for group in part.consultations:
            yield from guarded(self._read(group, settings), group[0], str(self.format))

    def _read(self, paths: Sequence[str], settings: SourceSettings) -> Iterator[Row | Reject]:
        documents: list[Document] = []
        position, first = 1, paths[0]
        try:
            left = settings.max_record_bytes
            for path in paths:
                documents.append(Document(path, _whole(path, left, settings)))
                left -= len(documents[-1].data)
            for record in self.parse(documents, settings):
                if isinstance(record, Refusal):
                    yield Reject(first, position, record.reason, record.data)
                else:
                    yield Row(first, position, record, None)
                position += 1
            if position == 1:
                raise UnreadableError("holds no consultation")
        except UnreadableError as problem:
            data = documents[0].data if len(documents) == len(paths) == 1 else None
            yield Reject(problem.path or first, position, str(problem), data)


def guarded(rows: Iterator[Row | Reject], file: str, name: str) -> Iterator[Row | Reject]:
    """``rows``; a fault of their reader is one record for quarantine, and ends them.

    One file that a reader was not written for must not end a run over thousands. The reason names
    the error's class alone: its text may quote the file.
    """
    row: Row | Reject | None = None
    try:
        for row in rows:
            yield row
    except (OSError, MemoryError, VeilbeamError):
        raise
    except Exception as problem:
        position = row.position + 1 if row else 1
        reason = f"reader of {name} failed ({type(problem).__name__}), nothing after it was read"
        yield Reject(file, position, reason, None)


def _whole(path: str, limit: int, settings: SourceSettings) -> bytes:
    """Raises: UnreadableError, where the content is larger than ``limit`` or damaged."""
    blocks, size = [], 0
    try:
        for block in read_blocks(path, "utf-8"):
            blocks.append(block)
            if (size := size + len(block)) > limit:
                raise UnreadableError(too_large(settings), path)
    except DamagedError as problem:
        raise UnreadableError(str(problem), path) from None
    return b"".join(blocks)
