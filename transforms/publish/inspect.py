"""What a release holds, and whether it still is what was published."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from transforms.fields import Role
from transforms.progress import each
from transforms.publish.encryption import Decryption
from transforms.publish.manifest import MANIFEST, FileEntry, Manifest, columns_of, read_manifest
from transforms.publish.storage import is_local, join, list_files, open_file, open_parquet

_CHUNK = 1 << 20


class Inspection(BaseModel):
    """A release's manifest, and every way in which its folder is not what the manifest says."""

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    problems: tuple[str, ...] = ()
    """One sentence each; none if the release is whole. Holds no value of a record."""


def inspect(folder: str, decryption: Decryption | None = None) -> Inspection:
    """Check the release in ``folder`` against its manifest, reading every byte of it.

    Of encrypted files what is in them is checked only with ``decryption``.

    Raises:
        UsageError: the folder has no manifest, or one that cannot be understood, or the key is
            another one.
    """
    manifest = read_manifest(folder)
    present = list_files(folder)
    listed = {file.path for file in manifest.files} | {MANIFEST}
    problems = [
        f"{path}: is not listed in the manifest" for path in sorted(present) if path not in listed
    ]
    whole: list[FileEntry] = []
    for file in each(manifest.files, "files checked"):
        found = _problem(folder, file, present)
        if found:
            problems.append(f"{file.path}: {found}")
        else:
            whole.append(file)
    if manifest.encrypted and decryption is None:
        whole = [file for file in whole if file.split is None]
    problems += _contents(folder, manifest, whole, decryption)
    return Inspection(manifest=manifest, problems=tuple(problems))


def _problem(folder: str, file: FileEntry, present: dict[str, int]) -> str | None:
    if file.path not in present:
        return "is missing"
    path = join(folder, file.path)
    if is_local(folder) and Path(path).resolve() != Path(folder).resolve() / file.path:
        return "is a symbolic link, not a file of the release"
    if present[file.path] != file.bytes:
        return f"has {present[file.path]} bytes, the manifest says {file.bytes}"
    digest = hashlib.sha256()
    try:
        with open_file(path) as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return f"cannot be read ({error.strerror or 'input/output error'})"
    if digest.hexdigest() != file.sha256:
        return "has another checksum than the manifest says: its content was changed"
    return None


def _contents(
    folder: str, manifest: Manifest, files: list[FileEntry], decryption: Decryption | None
) -> list[str]:
    """What the Parquet files say themselves; of files that are as they were published."""
    problems = []
    subject = next((c.name for c in manifest.columns if c.role is Role.SUBJECT), None)
    subjects: list[pl.DataFrame] = []
    key = decryption.properties() if decryption is not None else None
    tables = [file for file in files if file.rows is not None]
    for file in each(tables, "tables checked"):
        try:
            encrypted = manifest.encrypted and file.split is not None
            with open_parquet(join(folder, file.path), key if encrypted else None) as parquet:
                if parquet.metadata.num_rows != file.rows:
                    problems.append(
                        f"{file.path}: has {parquet.metadata.num_rows} rows, the manifest says "
                        f"{file.rows}"
                    )
                if file.split is None:
                    continue
                if columns_of(parquet.schema_arrow) != manifest.columns:
                    problems.append(f"{file.path}: has other columns than the manifest says")
                elif subject is not None:
                    subjects += _subjects_of(parquet, subject, file.split)
        except (pa.ArrowException, OSError, ValueError):
            problems.append(f"{file.path}: is no Parquet file of a release")
    if subjects:
        splits = pl.concat(subjects).unique().group_by("subject").len()
        several = splits.filter(pl.col("len") > 1).height
        if several:
            problems.append(f"records: {several} subjects are in more than one split")
    return problems


def _subjects_of(parquet: pq.ParquetFile, column: str, split: str) -> list[pl.DataFrame]:
    return [
        pl.DataFrame({"subject": batch.column(0)}).unique().with_columns(split=pl.lit(split))
        for batch in parquet.iter_batches(columns=[column], batch_size=1 << 16)
    ]
