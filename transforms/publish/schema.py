"""The columns of a release: which fields are published, in which order, type and nesting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from transforms.batches import flat, like
from transforms.errors import UsageError
from transforms.fields import FieldSpec, Role, Treatment


class Group(NamedTuple):
    """A column of a release: one field, or the fields nested in one list of structs."""

    name: str
    fields: tuple[FieldSpec, ...]

    @property
    def is_nested(self) -> bool:
        return len(self.fields) > 1

    def child_name(self, field: FieldSpec) -> str:
        """Name of a nested field inside its struct: ``turns.text`` is ``text`` in ``turns``."""
        return field.name.removeprefix(f"{self.name}.")


def is_published(field: FieldSpec) -> bool:
    """Whether the field has a column in a release."""
    return field.role is not Role.DROP and field.treatment is not Treatment.DROP


def group_columns(fields: Sequence[FieldSpec]) -> list[Group]:
    """The release's columns, in the order of the fields.

    Two or more list fields whose paths begin with the same list (``turns[].speaker`` and
    ``turns[].text``) are one column named after the list; it stands where its first field does.

    Raises:
        UsageError: two columns would have the same name.
    """
    members: dict[str, list[FieldSpec]] = {}
    for field in filter(is_published, fields):
        prefix = field.path.partition("[]")[0]
        members.setdefault(f"{prefix}[]" if field.is_list else field.name, []).append(field)
    groups = [
        # The list's own key: "turns" of "visit.turns[]".
        Group(
            key.removesuffix("[]").rpartition(".")[2] if len(group) > 1 else group[0].name,
            tuple(group),
        )
        for key, group in members.items()
    ]
    twice = [name for name, uses in Counter(group.name for group in groups).items() if uses > 1]
    if twice:
        raise UsageError(
            f"fields: two columns of the release would be called {twice[0]!r}. List fields of one "
            "path (such as turns[].speaker and turns[].text) are published as one column named "
            "after the list; rename the other field."
        )
    return groups


def release_schema(fields: Sequence[FieldSpec], file_metadata: Mapping[str, str]) -> pa.Schema:
    """Arrow schema of a release's record files.

    Each field says in its metadata how it was treated (``role``, ``treatment`` and, where there
    is one, ``entity`` and ``generalise``). ``file_metadata`` (run id, config digest ...) goes
    into every file, under keys that begin with ``veilbeam.``.

    Raises:
        UsageError: no field is published, or two columns would have the same name.
    """
    groups = group_columns(fields)
    if not groups:
        raise UsageError("fields: every field is dropped, so there is nothing to publish.")
    metadata = {f"veilbeam.{key}": value for key, value in file_metadata.items()}
    return pa.schema([_arrow_field(group) for group in groups], metadata=metadata)


def nest(batch: pa.RecordBatch, fields: Sequence[FieldSpec]) -> pa.RecordBatch:
    """The release's columns, and no others, out of a batch that has one column per field.

    Raises:
        ValueError: a column is missing or not of its published type, or columns of one list
            differ in length.
    """
    groups = group_columns(fields)
    return pa.RecordBatch.from_arrays(
        [_column(batch, group) for group in groups],
        schema=pa.schema([_arrow_field(group) for group in groups]),
    )


def _arrow_field(group: Group) -> pa.Field:
    if not group.is_nested:
        (only,) = group.fields
        return pa.field(group.name, only.published_type, metadata=_metadata(only))
    children = [
        pa.field(group.child_name(f), f.published_type.value_type, metadata=_metadata(f))
        for f in group.fields
    ]
    return pa.field(group.name, pa.list_(pa.struct(children)))


def _metadata(field: FieldSpec) -> dict[str, str]:
    metadata = {"role": str(field.role), "treatment": str(field.treatment)}
    if field.entity is not None:
        metadata["entity"] = field.entity
    if field.generalise is not None:
        how = field.generalise.model_dump(mode="json", exclude_defaults=True)
        metadata["generalise"] = ", ".join(f"{key} {value}" for key, value in how.items())
    return metadata


def _column(batch: pa.RecordBatch, group: Group) -> pa.Array:
    columns = [_field_column(batch, field) for field in group.fields]
    if not group.is_nested:
        return columns[0]
    first = columns[0]
    for field, column in zip(group.fields[1:], columns[1:], strict=True):
        if not _lengths(column).equals(_lengths(first)):
            raise ValueError(
                f"fields {group.fields[0].name!r} and {field.name!r} come from one list "
                f"({group.name!r}), but their lengths differ"
            )
    struct_type = _arrow_field(group).type.value_type
    structs = pa.StructArray.from_arrays([flat(c) for c in columns], fields=list(struct_type))
    return like(first, structs).cast(pa.list_(struct_type))


def _field_column(batch: pa.RecordBatch, field: FieldSpec) -> pa.Array:
    if field.name not in batch.schema.names:
        raise ValueError(f"the batch has no column for field {field.name!r}")
    column = batch.column(field.name)
    if column.type != field.published_type:
        # Never cast: a column of another type may not have been through its treatment.
        raise ValueError(
            f"field {field.name!r} is published as {field.published_type}, not as {column.type}"
        )
    return column


def _lengths(column: pa.ListArray) -> pa.Array:
    return pc.fill_null(pc.list_value_length(column), 0)
