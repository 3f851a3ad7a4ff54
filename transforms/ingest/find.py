"""The files of an input, and what each of them is: told by content, then by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from transforms.errors import UsageError
from transforms.ingest.databases import database_of, is_database, shown
from transforms.ingest.files import SourceFile, base_name, ending, open_file, read_head
from transforms.ingest.registry import SOURCES, source_of
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Head

HEAD = 64 << 10
"""Bytes of a file's content that are looked at."""

_NO_DATA = re.compile(
    r"(licen[cs]e|readme|copying|notice|changelog|sha256sums)(\.(md|txt|rst))?", re.IGNORECASE
)
_MEDIA = re.compile(
    rb"....ftyp|\xff\xd8\xff|\x89PNG|GIF8|RIFF....(WAVE|WEBP|AVI )|OggS|ID3|\xff[\xfb\xf3\xf2]"
    rb"|\x1aE\xdf\xa3|#!AMR|fLaC|caff",
    re.DOTALL,
)
"""How recordings and pictures begin: MP4, M4A, MOV, HEIC, JPEG, PNG, GIF, WAV, WebP, Opus, MP3,
WebM, AMR. They are what talk was recorded in, not records; they are never opened."""


class Found(NamedTuple):
    """What the patterns of an input match."""

    files: list[SourceFile]
    """Files to read; those of no known format too, since they go to quarantine."""
    ignored: list[str]
    """Files of a folder that hold no records by their name (LICENSE, README)."""
    media: list[str]
    """Recordings and pictures."""

    def taken(self) -> dict[str, int]:
        """Number of files by what they were taken for; ``unknown`` and ``media`` among them."""
        counts: dict[str, int] = {}
        for file in self.files:
            name = str(file.format or "unknown")
            counts[name] = counts.get(name, 0) + 1
        if self.media:
            counts["media"] = len(self.media)
        return counts


def find_files(patterns: Sequence[str], source: SourceSettings) -> Found:
    """The files that match, sorted by path; a folder stands for the files below it. Databases that
    are given by their URL come first.

    Raises: UsageError, where a pattern matches nothing or nothing has a known format;
    DatabaseError.
    """
    databases = _databases([pattern for pattern in patterns if is_database(pattern)], source)
    patterns = [pattern for pattern in patterns if not is_database(pattern)]
    if databases and not patterns:
        return Found(databases, [], [])
    found = _found(patterns, source)
    return found._replace(files=[*databases, *found.files])


def _databases(urls: Sequence[str], source: SourceSettings) -> list[SourceFile]:
    """Raises: UsageError, DatabaseError."""
    if urls and source.format not in ("auto", Format.DATABASE):
        raise UsageError(
            f"input {shown(urls[0])}: a database, but source.format is {source.format}: set it to "
            "auto, or to database."
        )
    found = [database_of(url, source) for url in urls]
    if len({file.path for file in found}) < len(found):
        raise UsageError(f"input {found[0].path}: given twice, or told apart by options alone.")
    return found


def _found(patterns: Sequence[str], source: SourceSettings) -> Found:
    named: dict[str, int] = {}
    inside: dict[str, int] = {}
    for pattern in patterns:
        folder = None if re.search(r"[*?\[]", pattern) else _match(pattern.rstrip("/\\") + "/**")
        if folder:
            # Hidden files and markers such as _SUCCESS are no data; WhatsApp's _chat.txt is.
            hidden = re.compile(r"[/\\](?:\.|_(?!chat\.txt))[^/\\]*$")
            shown = {p: n for p, n in folder.items() if not hidden.search(p)}
            inside.update(shown)
        found = folder or _match(pattern)
        if not found or (not folder and all(_is_folder(p) for p in found)):
            raise UsageError(
                f"input {pattern!r}: no file matches. Check the path; patterns such as "
                "'data/*.jsonl' must be quoted in a shell."
            )
        if not folder:
            named.update({path: size for path, size in found.items() if not _is_folder(path)})
    sizes = inside | named
    paths = sorted(sizes)
    if source.format != "auto":
        endings = source_of(source.format).endings
        known = [p for p in paths if ending(p) in endings] or paths
        files = [SourceFile(p, sizes[p], source.format) for p in known]
        return Found(files, [p for p in paths if p not in set(known)], [])
    ignored = [p for p in paths if p not in named and _NO_DATA.fullmatch(base_name(p))]
    looked_at = [p for p in paths if p not in set(ignored)]
    formats, media = sniffed(looked_at)
    if not any(formats.values()):
        what = repr(looked_at[0]) if len(looked_at) == 1 else ", ".join(patterns)
        raise UsageError(
            f"input {what}: no file of a known format: neither content nor name tells it. Set "
            f"source.format to one of {', '.join(Format)}, or name files .jsonl, .csv ..."
        )
    return Found([SourceFile(p, sizes[p], form) for p, form in formats.items()], ignored, media)


def sniffed(paths: Sequence[str]) -> tuple[dict[str, Format | None], list[str]]:
    """What each file is (``None`` where nobody knows), and which are recordings or pictures."""
    with ThreadPoolExecutor(16) as pool:  # waits for the file system, mostly
        heads = pool.map(_head, paths)
        surest = {head.path: _surest(head) for head in heads}
    media = [path for path, found in surest.items() if found is None]
    taken = {path: found for path, found in surest.items() if found is not None}
    formats = {path: form if sure else None for path, (form, sure) in taken.items()}
    unsure = [path for path, (_, sure) in taken.items() if sure < SURE]
    return formats | _adopted(formats, unsure, taken), media


def _adopted(
    formats: Mapping[str, Format | None],
    unsure: Sequence[str],
    taken: Mapping[str, tuple[Format, float]],
) -> dict[str, Format | None]:
    """Files that belong to those of another source, such as the notes of transcripts."""
    adopted: dict[str, Format | None] = {}
    for source in SOURCES:
        own = [path for path, form in formats.items() if form is source.format]
        if own:
            adopted |= dict.fromkeys(source.companions(own, unsure), source.format)
    return adopted


def _head(path: str) -> Head:
    data = read_head(path, HEAD)
    return Head(path, data, len(data) < HEAD)


def _surest(head: Head) -> tuple[Format, float] | None:
    """The format that is surest of a file, and how sure; ``None`` for media."""
    if _MEDIA.match(head.data):
        return None
    found = max(SOURCES, key=lambda source: source.sniff(head))
    return found.format, found.sniff(head)


def _match(pattern: str) -> dict[str, int]:
    try:
        (result,) = FileSystems.match([pattern])
    except (BeamIOError, ValueError) as problem:
        if pattern.endswith("/**"):
            return {}
        raise UsageError(
            f"input {pattern!r}: cannot be listed ({type(problem).__name__}). Check the path, the "
            "permissions, and that the file system's extra is installed (gcp, aws, hdfs)."
        ) from problem
    return {entry.path: entry.size_in_bytes for entry in result.metadata_list}


def _is_folder(path: str) -> bool:
    if FileSystems.get_scheme(path) is not None:
        return False
    try:
        open_file(path).close()
    except IsADirectoryError:
        return True
    except OSError:
        return False
    return False
