"""The manifest of a release: what it holds, written last, so that it stands for the whole."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Annotated, Literal, Self

import pyarrow as pa
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from transforms.aggregate.settings import ReleaseName
from transforms.detect.roles import PersonRole
from transforms.errors import UsageError
from transforms.fields import EntityType, Role, Treatment
from transforms.publish.settings import SplitName
from transforms.publish.storage import join, open_file
from transforms.verify.risk.report import RiskReport

MANIFEST = "manifest.json"

RUN_ID = r"[A-Za-z0-9][A-Za-z0-9_-]*"
"""Pattern of a run's id: safe in the name of a file."""

REASON = r"^[A-Za-z][A-Za-z0-9 '_.-]{0,99}$"
"""Pattern of a kind of reason: fixed words and names of fields or entities."""


def _inside(path: str) -> str:
    if path.startswith("/") or "\\" in path or ":" in path:
        raise ValueError("not a relative path with forward slashes")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError("a path of a release stays inside its folder")
    return path


RunId = Annotated[str, StringConstraints(pattern=rf"^{RUN_ID}$", max_length=80)]
Count = Annotated[int, Field(ge=0)]
RelativePath = Annotated[str, AfterValidator(_inside)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Reason = Annotated[str, StringConstraints(pattern=REASON)]


class Part(BaseModel):
    """Base of what a release says of itself: immutable, and nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class FileEntry(Part):
    """A file of a release."""

    path: RelativePath
    """Where it is, from the release's folder on."""
    bytes: Count
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    rows: Count | None = None
    """Rows of a Parquet file."""
    split: SplitName | None = None
    """The split to which a file of records belongs."""


class Counts(Part):
    """What became of the records that were read."""

    read: Count
    published: Count
    quarantined: Count
    erased: Count = 0
    """Published once, and taken out again: a subject withdrew."""
    merged: Count = 0
    """Copies of a session that was exported twice: published with the other, as one record."""

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if self.read != self.published + self.quarantined + self.erased + self.merged:
            raise ValueError(
                f"the count is not closed: {self.read} read, but {self.published} published, "
                f"{self.quarantined} quarantined, {self.erased} erased and {self.merged} merged"
            )
        return self


class Taken(Part):
    """What was taken of one format of the input, and what became of it."""

    files: Count
    read: Count = 0
    """Records in its files."""
    published: Count = 0
    quarantined: Count = 0
    joined: Count = 0
    """Parts of a session that came in several files: published with another of them."""
    merged: Count = 0
    """Copies of a session that was exported twice: published with the other."""

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if self.read != self.published + self.quarantined + self.joined + self.merged:
            raise ValueError("the count of a format of the input is not closed")
        return self


class Column(Part):
    """A column of the records; a nested one is named like ``turns.text``."""

    name: str
    type: str
    """Arrow type of its values; of a nested column, of one value in the list."""
    role: Role
    treatment: Treatment
    entity: EntityType | None = None
    generalise: str | None = None
    """How the values were made coarser."""
    nested_in: str | None = None
    """The column of lists in which it is nested."""


class Measure(Part):
    """A column of a differentially private table."""

    column: str
    kind: str
    """What it measures: count, count_subjects, sum, mean, quantile ..."""
    error_95: NonNegative | None = None
    """The noise stays within plus or minus this, 95 times in 100."""
    error_95_times_values: NonNegative | None = None
    """Of a mean or variance: the same, but divided by the number of values in the group."""
    error_95_squared_times_values: NonNegative | None = None
    """Of a standard deviation: the root of this divided by the number of values in the group."""
    error_95_rank: NonNegative | None = None
    """Of a quantile: its place in the order of the values is off by so many records at most, 95
    times in 100."""


class Aggregate(Part):
    """A differentially private table of the release."""

    name: ReleaseName
    kind: Literal["table", "synthetic"] = "table"
    """A table of numbers, or rows that were made from noisy numbers."""
    file: RelativePath
    rows: Count
    epsilon: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    delta: Annotated[float, Field(ge=0, lt=1)]
    mechanism: str
    max_groups: Count
    """Most groups to which one subject contributes."""
    max_rows_per_group: Count
    """Most records that one subject contributes to a group."""
    measures: tuple[Measure, ...]
    """Its columns of numbers; of synthetic rows, the noisy marginals that they were made from."""
    explanation: tuple[str, ...] = ()
    """What was protected, against whom, how strongly, and how far off the numbers are."""


class Statement(Part):
    """What a release says of itself, files aside. Its counts are checked against each other."""

    format: Literal[1] = 1
    veilbeam: str
    """Version of Veilbeam that made the release."""
    run_id: RunId
    created: AwareDatetime
    config_digest: str
    key_fingerprint: str
    """Of the root secret; derived from it, and tells nothing of it."""
    project: str = "default"
    """The project for which keys were derived from the root secret."""
    revised: AwareDatetime | None = None
    """When records were last taken out; None if none were."""
    title: str | None = None
    description: str | None = None
    licence: str | None = None
    publisher: str | None = None
    url: str | None = None
    citation: str | None = None
    collection: str | None = None
    """The publisher's words on the data card."""
    language: str | None = None
    """Of the texts (ISO 639-1)."""
    encrypted: bool = False
    """Whether the files of records are encrypted."""
    counts: Counts
    sources: dict[SourceName, Taken] = {}
    """The input by what its files were taken for: a format, ``unknown``, ``media``. As it was when
    the release was made, whatever was taken out since."""
    splits: dict[SplitName, Count]
    """Records in each split."""
    quarantine: dict[Reason, Count] = {}
    """Quarantined records by kind of reason; holds no value of a record and no path."""
    detections: dict[EntityType, Count] = {}
    """Identifiers that were found in text and replaced, by entity type."""
    people: dict[PersonRole, Count] = {}
    """Names in the texts by whose they are, where the text shows it."""
    risk: RiskReport | None = None
    """The risk that is left by what the records tell of people; None where no field counts as a
    quasi-identifier. As it was when the release was made: where records were taken out since
    (``counts.erased``), classes may be smaller by their subjects."""
    columns: tuple[Column, ...]
    aggregates: tuple[Aggregate, ...] = ()
    ledger_head: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Hash of the privacy ledger's last entry when the release was made: kept outside of the
    restricted zone, it shows whether the ledger was cut or rewritten since."""
    dropped_fields: Count = 0
    """Fields of the source that are not published."""

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if sum(self.splits.values()) != self.counts.published:
            raise ValueError("the records of the splits are not as many as were published")
        if sum(self.quarantine.values()) != self.counts.quarantined:
            raise ValueError("the reasons of the quarantine do not add up to its records")
        read = sum(taken.read - taken.joined for taken in self.sources.values())
        if self.sources and read != self.counts.read:
            raise ValueError("the formats of the input do not add up to the records read")
        return self


class Manifest(Statement):
    """What a release holds. Its counts are checked against each other when it is made or read."""

    files: tuple[FileEntry, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        paths = [file.path for file in self.files]
        if len(set(paths)) != len(paths):
            raise ValueError("a file is listed twice")
        if MANIFEST in paths:
            raise ValueError("the manifest cannot list itself")
        in_files: Counter[str] = Counter()
        for file in self.files:
            if file.split is not None:
                in_files[file.split] += file.rows or 0
        if +in_files != +Counter(self.splits):
            raise ValueError("the rows of the files are not those of the splits")
        if missing := {a.file for a in self.aggregates} - set(paths):
            raise ValueError(f"no file is listed for aggregate table {min(missing)}")
        return self

    def to_json(self) -> str:
        """The manifest as it is stored: sorted, so that equal manifests are equal texts."""
        content = self.model_dump(mode="json", exclude_none=True)
        content["files"].sort(key=lambda file: file["path"])
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def entry_of(path: str, content: bytes) -> FileEntry:
    """The entry of a file that has this content."""
    return FileEntry(path=path, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def columns_of(schema: pa.Schema) -> tuple[Column, ...]:
    """The columns of a release's schema (``release_schema``), nested ones one by one."""
    return tuple(
        Column.model_validate(
            {"name": name, "type": _type_name(field.type), "nested_in": nested_in}
            | {
                key: field.metadata[key.encode()].decode()
                for key in ("role", "treatment", "entity", "generalise")
                if key.encode() in field.metadata
            }
        )
        for column in schema
        for name, field, nested_in in _leaves(column)
    )


def _type_name(value: pa.DataType) -> str:
    # Arrow and Parquet call the values of a list by different names; leave the name out.
    return f"list<{value.value_type}>" if pa.types.is_list(value) else str(value)


def _leaves(column: pa.Field) -> list[tuple[str, pa.Field, str | None]]:
    """Name, field, and the name of the column in which it is nested."""
    if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
        return [
            (f"{column.name}.{child.name}", child, column.name) for child in column.type.value_type
        ]
    return [(column.name, column, None)]


def read_manifest(folder: str) -> Manifest:
    """Read the manifest of the release in ``folder``.

    Raises:
        UsageError: there is none, or it is not a manifest that this version understands.
    """
    try:
        with open_file(join(folder, MANIFEST)) as file:
            content = file.read()
    except OSError as error:
        raise UsageError(
            f"There is no release in {folder!r}: it has no {MANIFEST} that can be read. Give the "
            "folder that was given to 'veilbeam run' as --release."
        ) from error
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UsageError(
            f"{join(folder, MANIFEST)!r} is damaged or was made by another version of Veilbeam: "
            f"{where}: {first['msg']}. Fetch the release again from where it was published."
        ) from None
