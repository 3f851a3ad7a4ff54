"""Erasure: a release without one subject's records, in the place of the release.

The new folder is made beside the old one and the two are exchanged in one step of the file system
(``renameat2`` with ``RENAME_EXCHANGE``, Linux), so that at any moment, a power cut included, a
reader finds the old release or the new one, whole. What the old one held is deleted after that; a
file system may keep deleted bytes for a while, and backups and receivers keep their copies.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from transforms.errors import UsageError, VeilbeamError
from transforms.progress import each
from transforms.pseudonymise.keys import DerivedKey, KeyRing
from transforms.publish.documents import DOCUMENTS, documents
from transforms.publish.encryption import Decryption, Encryption
from transforms.publish.inspect import inspect
from transforms.publish.manifest import MANIFEST, FileEntry, Manifest, entry_of, read_manifest
from transforms.publish.release import (
    lock_file,
    partial_folder,
    remove_stale,
    sync,
    sync_tree,
)
from transforms.publish.report.contents import Tally, merged, tally
from transforms.publish.report.facts import read_gathered
from transforms.publish.storage import DiskFullError, full_disk_behind, is_local, open_parquet
from transforms.publish.writer import ParquetPart

_BATCH_ROWS = 1 << 14
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Erasure:
    """A release while one subject's records are taken out of it: a context manager.

    Entering takes the release's lock, checks that it is as it was published, and prepares the new
    folder, if the subject has records in it. ``commit`` exchanges the two. Without a commit the
    release stays as it was, and nothing remains beside it.

    Raises:
        UsageError: the folder is no release or not on this machine, is being written to, or is not
            as it was published.
        DiskFullError: there is no space for the files that are written anew.
    """

    def __init__(
        self,
        folder: str,
        subject: str,
        stand_in: str,
        run_id: str,
        holder: KeyRing | DerivedKey | None = None,
    ) -> None:
        """Prepare to take out the records whose column ``subject`` holds ``stand_in``; ``run_id``
        names the folder beside the release. ``holder`` has the key of files that are encrypted."""
        require_local(folder)
        self._final = os.path.realpath(folder)
        self._subject, self._stand_in = subject, stand_in
        self._holder = holder
        self._erased: Tally = Counter()
        self._partial = Path(partial_folder(self._final, run_id))
        self._whole = self._partial / "whole"
        self._lock = FileLock(lock_file(self._final), timeout=0)
        self.before = self.after = read_manifest(folder)
        """The manifest as it is, and as it will be."""

    @property
    def records(self) -> int:
        """How many records are taken out."""
        return self.before.counts.published - self.after.counts.published

    def commit(self) -> None:
        """Put the new release in the place of the old one, and delete that.

        Raises VeilbeamError where the file system cannot exchange two folders in one step (the
        release stays as it was), or where the old files cannot be deleted.
        """
        _exchange(self._whole, Path(self._final))
        sync(Path(self._final).parent)
        sync(self._partial)
        try:
            shutil.rmtree(self._partial)
        except OSError as error:
            raise VeilbeamError(
                f"The release in {self._final!r} is without the subject's records now, but its old "
                f"files cannot be deleted ({error.strerror}). Delete {str(self._partial)!r}."
            ) from None

    def __enter__(self) -> Self:
        try:
            self._lock.acquire()
        except Timeout:
            raise UsageError(
                f"Something else is writing to {self._final!r}. Wait until it has ended, then "
                "repeat."
            ) from None
        except OSError as error:
            raise UsageError(
                f"{self._final!r} cannot be written to ({error.strerror}). The folder that holds "
                "it must be writable: the new release is made beside the old one."
            ) from None
        try:
            remove_stale(self._final)
            self.before = self.after = read_manifest(self._final)
            self._require_whole()
            self._prepare()
        except OSError as error:
            self._leave()
            if full_disk_behind(error, self._final):
                raise DiskFullError.of(str(Path(self._final).parent)) from error
            raise
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        # Before a commit it is the new release, after one nothing, or what could not be deleted.
        shutil.rmtree(self._partial, ignore_errors=True)
        with suppress(OSError):
            Path(self._lock.lock_file).unlink()
        self._lock.release()

    def _require_whole(self) -> None:
        problems = inspect(self._final, self._decryption()).problems
        if problems:
            raise UsageError(
                f"{self._final!r} is not as it was published ({problems[0]}). Fetch the release "
                "again from where it was published; 'veilbeam inspect' tells more."
            )

    def _prepare(self) -> None:
        parts = [file for file in self.before.files if file.split]
        held = [file for file in each(parts, "files searched") if self._holds(file)]
        if not held:
            return
        self._partial.mkdir(mode=0o700)
        self._whole.mkdir()
        self._whole.chmod(Path(self._final).stat().st_mode)
        files: list[FileEntry] = []
        for file in each(self.before.files, "files made"):
            if file.path in DOCUMENTS:
                continue
            (self._whole / file.path).parent.mkdir(parents=True, exist_ok=True)
            if file in held:
                files += self._rewritten(file)
            else:
                _link(Path(self._final, file.path), self._whole / file.path)
                files.append(file)
        self.after = _revised(self.before, files)
        gathered = read_gathered(self._final).without(self._erased)
        for path, text in documents(self.after, gathered).items():
            content = text.encode()
            (self._whole / path).write_bytes(content)
            files.append(entry_of(path, content))
        self.after = self.after.model_copy(update={"files": tuple(files)})
        (self._whole / MANIFEST).write_text(self.after.to_json(), encoding="utf-8")
        sync_tree(self._whole)

    def _holds(self, file: FileEntry) -> bool:
        with self._opened(file) as parquet:
            return any(
                pc.any(pc.equal(batch.column(0), self._stand_in)).as_py()
                for batch in parquet.iter_batches(_BATCH_ROWS, columns=[self._subject])
            )

    def _rewritten(self, file: FileEntry) -> Iterator[FileEntry]:
        """The file without the subject's records; none if no other is in it."""
        with self._opened(file) as parquet:
            part = ParquetPart(
                str(self._whole),
                file.path,
                parquet.schema_arrow,
                split=file.split,
                encryption=self._encryption(),
            )
            try:
                for batch in parquet.iter_batches(_BATCH_ROWS):
                    others = self._others(batch)
                    part.write(batch.filter(others))
                    erased = batch.filter(pc.invert(others))
                    self._erased = merged([self._erased, tally(erased, str(file.split))])
                entry = part.close()
            except BaseException:
                part.discard()
                raise
        if entry.rows:
            yield entry
        else:
            Path(self._whole, file.path).unlink()

    def _opened(self, file: FileEntry) -> AbstractContextManager[pq.ParquetFile]:
        decryption = self._decryption()
        return open_parquet(
            str(Path(self._final, file.path)), decryption and decryption.properties()
        )

    def _decryption(self) -> Decryption | None:
        return Decryption(self._ring()) if self.before.encrypted else None

    def _encryption(self) -> Encryption | None:
        if not self.before.encrypted:
            return None
        return Encryption(self._ring().named(self.before.key_fingerprint), self.before.project)

    def _ring(self) -> KeyRing:
        if not isinstance(self._holder, KeyRing):
            raise UsageError(
                f"{self._final!r} has encrypted files; to write them anew the root secret is "
                "needed: give its file by --key."
            )
        return self._holder

    def _others(self, batch: pa.RecordBatch) -> pa.Array:
        mine = pc.equal(batch.column(self._subject), self._stand_in)
        return pc.invert(pc.fill_null(mine, False))


def require_local(folder: str) -> None:
    """Check that a release is on this machine's own file system. Raises UsageError otherwise."""
    if not is_local(folder):
        raise UsageError(
            f"{folder!r}: an object store cannot exchange a release in one step. Copy it to a "
            "local folder, take the records out there, and publish that in its place."
        )


def _revised(manifest: Manifest, files: list[FileEntry]) -> Manifest:
    splits = Counter(dict.fromkeys(manifest.splits, 0))
    for file in files:
        if file.split is not None:
            splits[file.split] += file.rows or 0
    erased = manifest.counts.published - splits.total()
    counts = {
        "read": manifest.counts.read,
        "published": splits.total(),
        "quarantined": manifest.counts.quarantined,
        "erased": manifest.counts.erased + erased,
        "merged": manifest.counts.merged,
    }
    return Manifest.model_validate(
        manifest.model_dump()
        | {"counts": counts, "splits": splits, "files": files, "revised": datetime.now(UTC)}
    )


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # Not every file system has links.
        shutil.copy2(source, target)


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    number = errno.ENOSYS
    if hasattr(libc, "renameat2"):
        done = libc.renameat2(
            _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
        )
        number = 0 if done == 0 else ctypes.get_errno()
    if number:
        raise VeilbeamError(
            f"The file system of {str(other)!r} cannot exchange two folders in one step "
            f"({os.strerror(number)}), so the release was left as it was. Copy it to a local disk "
            "of Linux (ext4, XFS, Btrfs ...), take the records out there, and publish that in its "
            "place."
        )
