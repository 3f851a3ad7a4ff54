"""``veilbeam export chat``: a release's dialogues, split by split, as files of chats.

Batches are read, turned and written one by one: memory does not grow with the release.
"""

from __future__ import annotations

import io
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
import pyarrow as pa
from ruamel.yaml import YAML

from transforms.errors import UsageError, VeilbeamError
from transforms.progress import each
from transforms.publish.chat import INSTRUCTION, ROLES, ChatRole, Chats, dialogue_of
from transforms.publish.encryption import Decryption
from transforms.publish.manifest import FileEntry, Manifest, read_manifest
from transforms.publish.storage import full_disk_named, join, open_parquet
from transforms.publish.writer import ParquetPart

Form = Literal["parquet", "jsonl"]

_BATCH_ROWS = 1_000


class Written(NamedTuple):
    """What was exported."""

    chats: dict[str, int]
    """By split."""
    left_out: int
    """Records without dialogue, or without a target."""


def export(
    release: str,
    out: Path,
    *,
    form: Form = "parquet",
    roles: Sequence[str] = (),
    target: str | None = None,
    instruction: str | None = None,
    system: str | None = None,
    keep: Sequence[str] = (),
    speaker: str | None = None,
    text: str | None = None,
    key: Path | None = None,
) -> Written:
    """Write the chats of a release into the new folder ``out``, which appears whole or not at all.

    ``roles`` are like ``carer=user``; ``speaker`` and ``text`` name columns like ``turns.text``.

    Raises UsageError where the release lacks what is asked for, a speaker has no role, the folder
    is there, or the release is encrypted and ``key`` does not open it.
    """
    manifest = read_manifest(release)
    if manifest.encrypted and key is None:
        raise UsageError(f"{release!r} is encrypted: give the file of its key by --key.")
    decryption = None if key is None or not manifest.encrypted else Decryption.load(key)
    dialogue, of_speaker, of_text = _dialogue(manifest, speaker, text)
    chats = Chats(
        dialogue=dialogue,
        speaker=of_speaker,
        text=of_text,
        roles=_roles(roles),
        target=None if target is None else _column(manifest, target, "--target", "string"),
        instruction=instruction or INSTRUCTION,
        system=system,
        keep=tuple(_column(manifest, name, "--keep") for name in keep),
    )
    counts = Counter(dict.fromkeys((s for s, rows in manifest.splits.items() if rows), 0))
    records = 0
    with _new_folder(out) as folder:
        parts = [file for file in manifest.files if file.split is not None]
        for number, file in enumerate(each(parts, "files of records")):
            name = f"{file.split}-{number:05}.{form}"
            written = _write(release, file, chats, folder, name, decryption)
            counts[str(file.split)] += written
            records += file.rows or 0
        (folder / "README.md").write_text(_card(manifest, counts, form), encoding="utf-8")
    return Written(dict(counts), records - counts.total())


def _write(
    release: str,
    file: FileEntry,
    chats: Chats,
    folder: Path,
    name: str,
    decryption: Decryption | None,
) -> int:
    """Write the chats of one file of records; how many there are."""
    key = decryption and decryption.properties()
    with open_parquet(join(release, file.path), key) as parquet:
        batches = map(chats.of, parquet.iter_batches(_BATCH_ROWS, columns=chats.columns))
        if name.endswith(".jsonl"):
            return _write_lines(folder / name, batches)
        part = ParquetPart(str(folder), name, chats.schema(parquet.schema_arrow))
        for batch in batches:
            part.write(batch)
        return part.close().rows or 0


def _write_lines(path: Path, batches: Iterator[pa.RecordBatch]) -> int:
    written = 0
    with full_disk_named(str(path.parent)), path.open("wb") as lines:
        for batch in batches:
            for chat in batch.to_pylist():
                lines.write(orjson.dumps(chat, option=orjson.OPT_APPEND_NEWLINE))
                written += 1
    return written


def _dialogue(manifest: Manifest, speaker: str | None, text: str | None) -> tuple[str, str, str]:
    if speaker is None and text is None:
        return dialogue_of(manifest)
    nested = {column.name: column for column in manifest.columns if column.nested_in is not None}
    for option, name in (("--speaker", speaker), ("--text", text)):
        if name not in nested:
            known = ", ".join(nested) or "none"
            raise UsageError(f"{option}: give a column that is nested in a list: {known}")
    of_speaker, of_text = nested[str(speaker)], nested[str(text)]
    if of_speaker.nested_in != of_text.nested_in:
        raise UsageError("--speaker and --text: give two columns of one list")
    prefix = f"{of_text.nested_in}."
    return (
        str(of_text.nested_in),
        of_speaker.name.removeprefix(prefix),
        of_text.name.removeprefix(prefix),
    )


def _roles(given: Sequence[str]) -> Mapping[str, ChatRole]:
    roles = dict(ROLES)
    for text in given:
        name, equals, role = text.rpartition("=")
        if not equals or role not in set(ChatRole):
            allowed = ", ".join(ChatRole)
            raise UsageError(f"--role {text}: give SPEAKER=ROLE, with one of: {allowed}")
        roles[name.strip().lower()] = ChatRole(role)
    return roles


def _column(manifest: Manifest, name: str, option: str, of_type: str | None = None) -> str:
    known = {column.nested_in or column.name: column for column in manifest.columns}
    if name not in known or name == "messages":
        raise UsageError(f"{option} {name}: the release has these columns: {', '.join(known)}")
    if of_type is not None and (known[name].nested_in or known[name].type != of_type):
        raise UsageError(f"{option} {name}: give a column of text that is no list")
    return name


@contextmanager
def _new_folder(final: Path) -> Iterator[Path]:
    """A folder beside ``final`` that takes its place at the end; nothing remains after an error."""
    if final.exists():
        raise UsageError(f"{final} is there already; give a new folder as --out.")
    partial = final.with_name(f".{final.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"--out {final}: cannot be made ({error.strerror})") from None
    try:
        with full_disk_named(str(final.parent)):
            yield partial
        partial.rename(final)
    except pa.ArrowException as error:
        raise VeilbeamError(
            f"A file of the release cannot be read ({type(error).__name__}); 'veilbeam inspect' "
            "tells which."
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _card(manifest: Manifest, chats: Mapping[str, int], form: Form) -> str:
    """README.md of the chats, by which ``datasets.load_dataset`` knows the splits."""
    told: dict[str, Any] = {
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": split.replace("-", "_"), "path": f"{split}-*.{form}"}
                    for split, number in chats.items()
                    if number
                ],
            }
        ]
    }
    matter = io.StringIO()
    YAML().dump(told, matter)
    published = manifest.revised or manifest.created
    return (
        f"---\n{matter.getvalue()}---\n\n# Chats of {manifest.title or 'a release'}\n\n"
        f"Made of release `{manifest.run_id}` as of {published:%Y-%m-%d}. What its data card says "
        "of limits and licence holds for the chats. If records are taken out of the release, since "
        "a subject withdrew, make the chats anew.\n"
    )
