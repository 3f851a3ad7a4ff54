"""What the attacks are given: a release, its source, and the key to score by."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa

from pipelines.console import logged_to
from pipelines.launch import WORTH_WORKERS_WITHOUT_TEXT, pipeline
from pipelines.settings import Settings
from pipelines.zones import PRIVATE, RestrictedZone, new_run_id
from transforms.batches import Batch, BatchCoder, like
from transforms.errors import UsageError, VeilbeamError
from transforms.fields import FieldSpec, Role, Treatment, source_schema, subject_of
from transforms.ingest.transform import Ingest
from transforms.progress import begin, counted_in
from transforms.pseudonymise.keys import KeyRing, RootKey
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.publish.encryption import Decryption
from transforms.publish.manifest import MANIFEST, FileEntry, Manifest
from transforms.publish.schema import group_columns
from transforms.publish.storage import join, open_file, open_parquet


def source(
    settings: Settings, inputs: Sequence[str], input_bytes: int, zone: RestrictedZone
) -> pa.Table:
    """All records of a source that can be read, as the main job reads them.

    Raises VeilbeamError where reading fails.
    """
    # What libraries write to standard error may hold raw values.
    with _folder(zone) as folder, logged_to(folder.parent / "run.log"):
        counts = folder.parent / "progress"
        counts.mkdir(mode=PRIVATE)
        begin("reading the source")
        counted_in(counts, input_bytes)
        try:
            with pipeline(input_bytes, (), WORTH_WORKERS_WITHOUT_TEXT) as root:
                ingested = root | Ingest(inputs, settings.source, settings.specs, str(counts))
                ingested.batches | "Keep" >> beam.Map(_keep, str(folder))
        except VeilbeamError:
            raise
        except Exception as error:
            raise VeilbeamError(f"The source could not be read ({type(error).__name__}).") from None
        parts = sorted(folder.iterdir())
        batches = [BatchCoder().decode(part.read_bytes()).data for part in parts]
    return pa.Table.from_batches(batches, schema=source_schema(settings.specs))


@contextmanager
def _folder(zone: RestrictedZone) -> Iterator[Path]:
    """A folder of the restricted zone, which is gone in the end."""
    run = zone.run(f"attack-{new_run_id()}")
    folder = run / "source"
    folder.mkdir(mode=PRIVATE)
    try:
        yield folder
    finally:
        shutil.rmtree(run, ignore_errors=True)


def _keep(batch: Batch, folder: str) -> None:
    path = Path(folder, f"{uuid.uuid4().hex}.arrow")
    path.touch(mode=0o600)
    path.write_bytes(BatchCoder().encode(batch))


def release(folder: str, manifest: Manifest, settings: Settings, ring: KeyRing) -> pa.Table:
    """All records of a release, a column for each field under its name.

    Raises UsageError where its columns are not those of the configuration.
    """
    groups = group_columns(settings.specs)
    tables = []
    for file in manifest.files:
        if file.split is None:
            continue
        table = _read(folder, file, settings, ring)
        columns: dict[str, Any] = {}
        for group in groups:
            if group.name not in table.column_names:
                raise UsageError(
                    f"{file.path} has no column '{group.name}': it was made with another "
                    "configuration than --config."
                )
            column = table.column(group.name).combine_chunks()
            if not group.is_nested:
                columns[group.name] = column
                continue
            structs = column.flatten()
            for field in group.fields:
                values = structs.field(group.child_name(field))
                columns[field.name] = like(column, values)
        tables.append(pa.table(columns))
    return pa.concat_tables(tables) if tables else pa.table({})


def _read(folder: str, file: FileEntry, settings: Settings, ring: KeyRing) -> pa.Table:
    decryption = Decryption(ring).properties() if settings.publish.encrypt else None
    try:
        with open_parquet(join(folder, file.path), decryption) as parquet:
            return parquet.read()
    except (OSError, pa.ArrowException) as error:
        raise UsageError(
            f"{file.path} cannot be read ({type(error).__name__}); `veilbeam inspect {folder}` "
            "says whether the release is whole."
        ) from None


def content(folder: str, manifest: Manifest, settings: Settings, ring: KeyRing) -> Iterator[str]:
    """All that can be read in a release, as text."""
    for file in manifest.files:
        yield file.path
        if file.rows is None:
            with open_file(join(folder, file.path)) as stored:
                yield stored.read().decode("utf-8", "replace")
            continue
        if file.split is not None:
            table = _read(folder, file, settings, ring)
        else:
            with open_parquet(join(folder, file.path)) as parquet:
                table = parquet.read()
        yield str(table.schema.to_string(show_field_metadata=True, show_schema_metadata=True))
        for column in table.columns:
            for chunk in column.chunks:
                yield from _texts(chunk)
    with open_file(join(folder, MANIFEST)) as stored:
        yield stored.read().decode("utf-8", "replace")


def _texts(array: pa.Array) -> Iterator[str]:
    if pa.types.is_list(array.type):
        yield from _texts(array.flatten())
    elif pa.types.is_struct(array.type):
        for part in array.flatten():
            yield from _texts(part)
    elif pa.types.is_string(array.type):
        yield from (value for value in array.to_pylist() if value is not None)


def treated(root: RootKey, settings: Settings, table: pa.Table) -> pa.Table:
    """The fields of the source but texts, as a release has them."""
    # All together: how coarse one is may depend on another (years of birth of the oldest).
    fields = [field for field in settings.specs if field.role is not Role.TEXT]
    pseudonymiser = Pseudonymiser(root, settings.pseudonymise, fields)
    batches = [pseudonymiser.record_batch(batch, {}) for batch in table.to_batches()]
    return pa.Table.from_batches(batches, schema=pseudonymiser.schema)


def whose(settings: Settings) -> FieldSpec:
    """The field by which a release tells whose a record is: the subject, else the record's id.

    Raises UsageError where it has neither: then attacks cannot be scored.
    """
    subject = subject_of(settings.specs)
    if subject.treatment is not Treatment.DROP:
        return subject
    for field in settings.specs:
        if (
            field.name == settings.source.record_id
            and field.treatment in (Treatment.TOKEN, Treatment.ENCRYPT)
            and field.deterministic
        ):
            return field
    raise UsageError(
        "The release tells neither subjects nor records apart (the subject is dropped, and "
        "source.record_id is not published as a token), so nobody could say whether an attack is "
        "right."
    )
