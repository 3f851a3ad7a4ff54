"""Files on any Beam file system: local paths, and URLs (``s3://``, ``gs://``, ``hdfs://``)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.errors import UsageError, VeilbeamError

_FULL = "No space is left on the disk that holds "
_FULL_TEXT = re.compile(re.escape(_FULL) + r"'([^'\n]+)'")


class DiskFullError(VeilbeamError):
    """The disk of a folder is full."""

    # Made from its text alone: a runner makes errors anew with a longer text.

    @classmethod
    def of(cls, folder: str) -> Self:
        """The error that names ``folder``."""
        return cls(
            f"{_FULL}'{folder}'. Nothing was published. Free some space there or choose another "
            "folder, then run again."
        )


@contextmanager
def full_disk_named(folder: str) -> Iterator[None]:
    """Turn the system's "no space left" inside the block into a ``DiskFullError``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError.of(folder) from error
        raise


def full_disk_behind(error: BaseException, default: str) -> str | None:
    """The folder whose full disk caused ``error``; None if no full disk did.

    A runner hands on what failed in a worker as text, so the text is looked at too. ``default``
    is the folder to name when the error does not say which one it was.
    """
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    texts = [str(link) for link in chain]
    for text in texts:
        if named := _FULL_TEXT.search(text):
            return named[1]
    full = (errno.ENOSPC, errno.EDQUOT)
    if any(isinstance(link, OSError) and link.errno in full for link in chain) or any(
        f"[Errno {number}]" in text for number in full for text in texts
    ):
        return default
    return None


def is_local(path: str) -> bool:
    """Whether the path is on this machine's own file system."""
    return FileSystems.get_scheme(path) is None


def require_file_system(path: str) -> None:
    """Check that the path's file system is supported here.

    Raises:
        UsageError: the path is a URL of a kind for which nothing is installed.
    """
    try:
        scheme = FileSystems.get_scheme(path)
        FileSystems.get_filesystem(path)
        # Beam knows S3 without what it needs for it, and says so at the first file only.
        if scheme == "s3" and find_spec("boto3") is None:
            raise ValueError("boto3 is missing")
    except (ValueError, BeamIOError) as error:
        raise UsageError(
            f"There is no file system for {path!r}: {scheme}:// is unknown or its extra is not "
            "installed (pip install 'veilbeam[gcp]', 'veilbeam[aws]' or 'veilbeam[hdfs]'). "
            "Local folders are given as plain paths."
        ) from error


def require_reachable(folder: str, seconds: float = 60) -> None:
    """Check that a store answers; Beam's clients go on asking for minutes where it does not.

    Raises:
        UsageError: it refuses, or does not answer in time.
    """
    answers: SimpleQueue[str | None] = SimpleQueue()

    def ask() -> None:
        try:
            FileSystems.match([join(folder, "*")], limits=[1])
            answers.put(None)
        except Exception as error:
            answers.put(type(error).__name__)

    # A daemon: it may go on asking after the answer has been given up.
    threading.Thread(target=ask, daemon=True).start()
    try:
        problem = answers.get(timeout=seconds)
    except Empty:
        problem = f"no answer in {seconds:g} seconds"
    if problem is not None:
        raise UsageError(
            f"{folder!r} cannot be reached ({problem}). Check that this machine has credentials "
            "for it, that it is spelled right, and that the network is there."
        )


def join(folder: str, relative: str) -> str:
    """The path of a file in a folder; ``relative`` has forward slashes on every system."""
    return FileSystems.join(folder, *relative.split("/"))


def create(path: str, *, private: bool = False) -> BinaryIO:
    """Open a new file for writing, with the folders above it.

    ``private`` files on a local disk can be read by their owner alone, from the start.
    """
    if private and is_local(path):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED)


def open_file(path: str) -> BinaryIO:
    """Open a file for reading, as it is (never decompressed by its name)."""
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


@contextmanager
def open_parquet(path: str, decryption: Any = None) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file for reading; ``decryption``: pyarrow's properties, if it is encrypted.

    Arrow's threads get a native file: the last reference to a Python one may be let go by a thread
    of theirs after the interpreter has begun to end, which aborts the process.
    """
    with _native(path) as source, pq.ParquetFile(source, decryption_properties=decryption) as file:
        yield file


def _native(path: str) -> pa.NativeFile:
    if is_local(path):
        return pa.OSFile(path)
    whole = pa.BufferOutputStream()
    with open_file(path) as content:
        shutil.copyfileobj(content, whole, 1 << 20)
    return pa.BufferReader(whole.getvalue())


def list_files(folder: str) -> dict[str, int]:
    """Relative path and size in bytes of every file below a folder; hidden files too."""
    if is_local(folder):
        root = Path(folder)
        return {
            path.relative_to(root).as_posix(): path.lstat().st_size
            for parent, folders, files in os.walk(root)
            for path in (Path(parent, name) for name in files + folders)
            if path.is_symlink() or not path.is_dir()
        }
    prefix = folder.rstrip("/") + "/"
    try:
        (match,) = FileSystems.match([prefix + "**"])
    except BeamIOError:
        return {}
    return {found.path.removeprefix(prefix): found.size_in_bytes for found in match.metadata_list}
