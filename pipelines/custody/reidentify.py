"""Re-identification: encrypted values of a release opened, for a reason, and entered in the log."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.compute as pc

from pipelines.custody.zone import existing_zone, log_of
from transforms.batches import flat
from transforms.errors import UsageError
from transforms.fields import Role, Treatment
from transforms.pseudonymise.encryption import Encrypted, ValueCipher
from transforms.pseudonymise.format_preserving import FormatCipher
from transforms.pseudonymise.keys import KeySource, Purpose
from transforms.publish.manifest import Column, Manifest, read_manifest
from transforms.publish.storage import join, open_parquet

MOST_REASON = 1_000


class Opened(NamedTuple):
    """What came of a request."""

    values: list[tuple[str, str | None]]
    """Each stand-in with its value; None where it is none of this key's."""
    authenticated: bool
    """Whether a wrong key or a changed stand-in would have been noticed."""
    head: str
    """The log's last hash now."""


def reidentify(
    restricted: Path, release: str, field: str, values: str, reason: str, key: Path | None
) -> Opened:
    """Open encrypted values of a release's field.

    ``values`` is a file with one stand-in a line, ``-`` for the same from standard input, or one
    stand-in. The log has its entry, on the disk, before the first value is opened.

    Raises UsageError where there is no reason, no such field, or no proper stand-in, or where the
    key is not that of the release; CustodyError where the log is broken or cannot be written.
    Nothing is opened then.
    """
    why = _reason(reason)
    zone = existing_zone(restricted, release)
    log = log_of(zone)
    manifest = read_manifest(release)
    column = _column(manifest, field)
    asked = _asked(values)
    holder = KeySource.find(key, zone.key).holder()
    by_format = column.treatment is Treatment.FPE
    purpose = Purpose.FORMAT if by_format else Purpose.ENCRYPTION
    if by_format:
        _require_published(release, manifest, column, asked)
        parsed = []
    else:
        parsed = _parsed(asked, manifest)
    secret = holder.key(manifest.key_fingerprint, purpose, manifest.project)
    entry = log.append("reidentify", release=manifest.run_id, field=field, values=asked, reason=why)
    if by_format:
        formats = FormatCipher(secret)
        entity = column.entity or "ID"
        found = [formats.decrypt(entity, value) for value in asked]
    else:
        cipher = ValueCipher(secret, manifest.key_fingerprint)
        found = [cipher.decrypt(value) for value in parsed]
    return Opened(list(zip(asked, found, strict=True)), not by_format, entry.hash)


def _reason(text: str) -> str:
    # One line: no control character may hide what stands in the log.
    why = "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)
    why = " ".join(why.split())
    if not any(map(str.isalnum, why)):
        raise UsageError(
            "--reason: say why, for whoever reads the log (a ticket's number, a request). Without "
            "a reason nothing is opened."
        )
    if len(why) > MOST_REASON:
        raise UsageError(f"--reason: at most {MOST_REASON:,} characters; nothing was opened.")
    return why


def _column(manifest: Manifest, field: str) -> Column:
    column = next((column for column in manifest.columns if column.name == field), None)
    can = [c.name for c in manifest.columns if _can_be_opened(c)]
    fields = f"fields with encrypted values: {', '.join(can) or 'none'}"
    if column is None:
        raise UsageError(f"--field {field}: the release has no such field; {fields}")
    if not _can_be_opened(column):
        raise UsageError(
            f"--field {field} has treatment '{column.treatment}', which nobody can undo; {fields}"
        )
    return column


def _can_be_opened(column: Column) -> bool:
    """A text may hold encrypted entities whatever becomes of the others."""
    return column.treatment in (Treatment.ENCRYPT, Treatment.FPE) or column.role is Role.TEXT


def _asked(values: str) -> list[str]:
    try:
        if values == "-":
            text = sys.stdin.read()
        elif "\n" not in values and len(values) < 4096 and _is_file(Path(values)):
            text = Path(values).read_text(encoding="utf-8")
        else:
            text = values
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--values: cannot be read ({type(error).__name__})") from None
    asked = [line.strip() for line in text.splitlines() if line.strip()]
    if not asked:
        raise UsageError("--values: no value is given")
    return asked


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A stand-in may be too long for a file's name.
        return False


def _parsed(asked: Sequence[str], manifest: Manifest) -> list[Encrypted]:
    parsed = []
    for number, text in enumerate(asked, start=1):
        value = Encrypted.parse(text)
        if value is None:
            raise UsageError(
                f"--values: number {number} of {len(asked)} is no encrypted value (it reads "
                "ENTITY_KEY_CODE). Nothing was opened."
            )
        if not manifest.key_fingerprint.startswith(value.key_id):
            raise UsageError(
                f"--values: number {number} of {len(asked)} was encrypted with key {value.key_id}, "
                f"this release with {manifest.key_fingerprint}. Give the release from which it is. "
                "Nothing was opened."
            )
        parsed.append(value)
    return parsed


def _require_published(
    release: str, manifest: Manifest, column: Column, asked: Sequence[str]
) -> None:
    """A value in its own format does not show that it is encrypted: only one that the release
    holds may go in the log. Raises UsageError otherwise."""
    missing = set(asked)
    for file in manifest.files:
        if file.split is None or not missing:
            continue
        with open_parquet(join(release, file.path)) as parquet:
            parent, _, child = column.name.partition(".")
            top = column.name if column.name in parquet.schema_arrow.names else parent
            for batch in parquet.iter_batches(columns=[top]):
                values = flat(batch.column(0))
                if top != column.name:
                    values = values.field(child)
                missing -= {*pc.unique(values).to_pylist()}
    if missing:
        number = next(i for i, value in enumerate(asked, start=1) if value in missing)
        raise UsageError(
            f"--values: number {number} of {len(asked)} is not in field {column.name} of the "
            "release. Nothing was opened."
        )
