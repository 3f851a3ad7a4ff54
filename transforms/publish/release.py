"""A release appears whole or not at all: a run writes beside it, and commits by renaming."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from filelock import FileLock, Timeout

from transforms.errors import UsageError, VeilbeamError
from transforms.publish.manifest import MANIFEST, RUN_ID, Manifest, entry_of
from transforms.publish.storage import (
    DiskFullError,
    create,
    full_disk_behind,
    full_disk_named,
    is_local,
    join,
    list_files,
    require_file_system,
    require_reachable,
)


class ReleaseFolder:
    """The final folder of a release, held by one run: a context manager.

    Entering takes a lock, which the system gives back however the process ends, and makes a
    private folder beside the final one; stages write below ``work``. ``commit`` turns what the
    manifest lists into the release. Without a commit nothing remains.

    On a local disk the whole release appears by one rename. On an object store the files are moved
    one by one and the manifest last: without a manifest there is no release. There, the lock holds
    between the runs of one machine only, and a killed run's hidden folder stays.

    Raises:
        UsageError: the folder holds something, another run is writing to it, it cannot be written
            to, or its file system is not supported. Raised before anything is written.
    """

    def __init__(self, final: str, run_id: str) -> None:
        if not re.fullmatch(RUN_ID, run_id):
            raise ValueError("a run id has letters, digits, '-' and '_' only")
        require_file_system(final)
        self._local = is_local(final)
        self._final = os.path.realpath(final) if self._local else final.rstrip("/")
        parent, _, self._name = self._final.rpartition("/")
        self._parent = parent or "/"
        self._partial = partial_folder(self._final, run_id)
        self._lock = FileLock(lock_file(self._final), timeout=0)

    @property
    def work(self) -> str:
        """The folder below which the run's stages write their files."""
        return join(self._partial, "work")

    def __enter__(self) -> Self:
        if not self._name or self._parent.endswith(":/"):
            raise UsageError(f"{self._final!r} is a root; give a folder in it as --release.")
        if not self._local:
            require_reachable(self._final)
        try:
            if self._local:
                Path(self._parent).mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._prepare()
        except Timeout:
            raise UsageError(
                f"Another run is writing to {self._final!r}. Wait until it has ended, or give "
                "another --release folder."
            ) from None
        except OSError as error:
            if full_disk_behind(error, self._parent):
                raise DiskFullError.of(self._parent) from error
            raise UsageError(
                f"{self._final!r} cannot be written to ({error.strerror or error}). Give a "
                "--release folder where you may write."
            ) from error
        return self

    def commit(self, manifest: Manifest, documents: Mapping[str, str]) -> Manifest:
        """Publish the files that the manifest lists, and ``documents`` (README.md ...), as UTF-8.

        Returns:
            The manifest as it is published: it lists the documents too.

        Raises:
            VeilbeamError: a listed file is not there or not as long as listed, or the final folder
                has been filled meanwhile. Nothing is published.
            DiskFullError: there is no space left.
        """
        files = list_files(self.work)
        for file in manifest.files:
            if files.get(file.path) != file.bytes:
                raise VeilbeamError(
                    f"{file.path} is not as it was written ({file.bytes} bytes). Nothing was "
                    f"published. Look for what else writes to {self._parent!r}, then run again."
                )
        encoded = {name: text.encode() for name, text in documents.items()}
        listed = tuple(entry_of(name, text) for name, text in encoded.items())
        # Validated again, not copied: a document must not hide a file of the same name.
        manifest = Manifest.model_validate(
            manifest.model_dump() | {"files": (*manifest.files, *listed)}
        )
        encoded[MANIFEST] = manifest.to_json().encode()
        moved = [file.path for file in manifest.files if file.path not in documents]
        with full_disk_named(self._parent):
            if self._local:
                self._commit_local(moved, encoded)
            else:
                self._commit_remote(moved, encoded)
        return manifest

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()
        if isinstance(error, Exception):
            full = full_disk_behind(error, self._parent)
            if full is not None:
                # The partial folder is gone by now; name one that the user knows.
                folder = self._parent if full.startswith(self._partial) else full
                raise DiskFullError.of(folder) from error

    def _prepare(self) -> None:
        try:
            self._require_empty()
            if self._local:
                remove_stale(self._final)
                Path(self._partial).mkdir(mode=0o700)
                Path(self.work).mkdir()
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        if self._local:
            shutil.rmtree(self._partial, ignore_errors=True)
        else:
            _delete_remote(self._partial)
        # Deleted while it is held: a run that waits at the old file notices and looks anew.
        with suppress(OSError):
            Path(self._lock.lock_file).unlink()
        self._lock.release()

    def _require_empty(self) -> None:
        if self._local and Path(self._final).exists() and not Path(self._final).is_dir():
            raise UsageError(f"{self._final!r} is a file. Give a folder as --release.")
        if self._local and os.path.ismount(self._final):
            raise UsageError(
                f"{self._final!r} is a mount point, and a release appears by renaming its folder. "
                f"Give a folder inside it: {join(self._final, 'release')!r}."
            )
        if self._local and Path(self._final).is_dir():
            held = {entry.name for entry in Path(self._final).iterdir()}
        else:
            held = set(list_files(self._final))
        if MANIFEST in held:
            raise UsageError(
                f"{self._final!r} holds a release already, and a release is never overwritten. "
                "Give another --release folder, or move this one away."
            )
        if held:
            raise UsageError(
                f"{self._final!r} is not empty and holds no release (no {MANIFEST}). Give a new or "
                "empty folder as --release; if a run was interrupted here, delete what it left."
            )

    def _commit_local(self, moved: list[str], written: Mapping[str, bytes]) -> None:
        whole, final = Path(self._partial, "whole"), Path(self._final)
        whole.mkdir()
        if final.is_dir():
            whole.chmod(final.stat().st_mode)
        for path in moved:
            (whole / path).parent.mkdir(parents=True, exist_ok=True)
            Path(self.work, path).rename(whole / path)
        for name, content in written.items():
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            (whole / name).write_bytes(content)
        sync_tree(whole)
        try:
            whole.rename(final)
        except OSError as error:
            raise VeilbeamError(
                f"{self._final!r} could not be put in place ({error.strerror}). Nothing was "
                "published. If something was written there during the run, move it away, then run "
                "again."
            ) from error
        sync(Path(self._parent))

    def _commit_remote(self, moved: list[str], written: Mapping[str, bytes]) -> None:
        self._require_empty()
        has_folders = FileSystems.get_filesystem(self._final).has_dirs()
        done: list[str] = []
        try:
            for path in moved:
                target = join(self._final, path)
                done.append(target)
                folder = target.rpartition("/")[0]
                if has_folders and not FileSystems.exists(folder):
                    FileSystems.mkdirs(folder)
                FileSystems.rename([join(self.work, path)], [target])
            for name, content in written.items():  # the manifest is the last of them
                done.append(join(self._final, name))
                with create(done[-1]) as file:
                    file.write(content)
        except BaseException:
            for path in reversed(done):
                with suppress(BeamIOError, OSError):
                    FileSystems.delete([path])
            raise


def _delete_remote(folder: str) -> None:
    paths = [join(folder, path) for path in list_files(folder)]
    with suppress(BeamIOError, OSError):
        if paths:
            FileSystems.delete(paths)


def partial_folder(final: str, run_id: str) -> str:
    """The hidden folder beside a release's (a real path, or a URL) in which a run prepares it."""
    parent, _, name = final.rpartition("/")
    return join(parent or "/", f".{name}.{run_id}.partial")


def lock_file(final: str) -> str:
    """The file that whoever writes to a release's folder (a real path, or a URL) locks."""
    if is_local(final):
        parent, _, name = final.rpartition("/")
        return join(parent or "/", f".{name}.veilbeam.lock")
    digest = hashlib.sha256(final.encode()).hexdigest()[:32]
    return str(Path(tempfile.gettempdir(), f"veilbeam-{os.getuid()}-{digest}.lock"))


def remove_stale(final: str) -> None:
    """Remove what killed runs left beside a local release: with its lock held, no live one does."""
    folder = Path(final)
    mine = re.compile(rf"\.{re.escape(folder.name)}\.{RUN_ID}\.partial")
    for entry in folder.parent.iterdir():
        if mine.fullmatch(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def sync_tree(folder: Path) -> None:
    """Bring a folder and all that is in it to the disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync(Path(parent, name))
        sync(Path(parent))


def sync(path: Path) -> None:
    """Bring a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
