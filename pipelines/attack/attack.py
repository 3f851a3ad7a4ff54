"""All attacks on a release, one after the other."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from pipelines.attack import gather
from pipelines.custody.zone import existing_zone
from pipelines.settings import Settings
from transforms.errors import UsageError
from transforms.fields import FieldSpec, FieldType, Role, Treatment, source_schema
from transforms.ingest.check import check_source
from transforms.progress import begin
from transforms.pseudonymise.keys import KeySource
from transforms.publish.manifest import Manifest, read_manifest
from transforms.verify.attack import canaries, dates, dictionary, frequency, known, linkage
from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.linkage import Values
from transforms.verify.attack.result import Result
from transforms.verify.risk.hierarchy import OutsideError, Step, hierarchy_of
from transforms.verify.risk.settings import Attributes


class AttackReport(BaseModel):
    """How many people fall to which attack. Holds no value of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    run_id: str
    """The run that made the release."""
    people_in_source: Annotated[int, Field(ge=0)]
    people_in_release: Annotated[int, Field(ge=0)]
    results: tuple[Result, ...]

    @property
    def above_chance(self) -> list[Result]:
        """The attacks to which more fall than by chance."""
        return [result for result in self.results if result.above_chance]


class Second(BaseModel):
    """A second table: people with their quasi-identifiers, from somewhere else."""

    path: Path
    columns: dict[str, str] = {}
    """Column of the table -> field, where they are called differently."""


def attack(
    release: str,
    inputs: Sequence[str],
    settings: Settings,
    restricted: Path,
    key: Path | None = None,
    second: Second | None = None,
) -> AttackReport:
    """Attack a release.

    Raises UsageError: it was made with another key or configuration, the source cannot be read, or
    the second table does not fit.
    """
    manifest = read_manifest(release)
    zone = existing_zone(restricted, release)
    ring = KeySource.find(key, zone.key).ring()
    root = ring.named(manifest.key_fingerprint)
    if settings.digest != manifest.config_digest:
        raise UsageError(
            f"{release} was made with another configuration than --config (digest "
            f"{manifest.config_digest[:16]}, not {settings.digest[:16]}). Give the one of its run."
        )
    found = check_source(inputs, settings.source, settings.specs)
    source = gather.source(settings, inputs, found.size, zone)
    begin("reading the release")
    published = gather.release(release, manifest, settings, ring)
    whose = gather.whose(settings)
    as_published = gather.treated(root, settings, source)
    tokens = as_published.column(whose.name).to_pylist()
    evidence = Evidence(
        settings.specs, source, tokens, published, published.column(whose.name).to_pylist()
    )
    if not evidence.people:
        raise UsageError(
            "Nobody of the source is in the release: it was made from another one than --source."
        )
    begin("attacking")
    quasi = _matchable(settings)
    if second is not None:
        as_published = gather.treated(root, settings, _second(second, quasi, whose, settings))
    table = _quasi(as_published, whose.name, quasi, _steps(manifest, quasi, settings))
    return AttackReport(
        run_id=manifest.run_id,
        people_in_source=len({token for token in tokens if token is not None}),
        people_in_release=evidence.in_release,
        results=(
            known.attack(evidence),
            linkage.attack(evidence, [field.name for field in quasi], table),
            *dates.attacks(evidence),
            frequency.attack(evidence),
            dictionary.attack(evidence, manifest.project),
            canaries.attack(evidence, gather.content(release, manifest, settings, ring)),
        ),
    )


def _matchable(settings: Settings) -> list[FieldSpec]:
    """The quasi-identifiers that somebody without the key can know in the release's form."""
    about = Attributes(settings.verify.risk, settings.specs)
    known_ways = (Treatment.GENERALISE, Treatment.KEEP)
    return [field for field in about.quasi if field.treatment in known_ways]


def _quasi(
    people: pa.Table, whose: str, quasi: Sequence[FieldSpec], steps: Mapping[str, Step]
) -> dict[str, set[Values]]:
    """Token -> the person's quasi-identifiers, as coarse as the release has them; ``people`` have
    them as they are published before that."""
    columns = [
        _coarser([_text(value) for value in people.column(f.name).to_pylist()], steps.get(f.name))
        for f in quasi
    ]
    table: dict[str, set[Values]] = defaultdict(set)
    for token, values in zip(
        people.column(whose).to_pylist(), zip(*columns, strict=True), strict=False
    ):
        if token is not None:
            table[token].add(values)
    return dict(table)


def _steps(
    manifest: Manifest, quasi: Sequence[FieldSpec], settings: Settings
) -> Mapping[str, Step]:
    done = {g.field: g.step for g in manifest.risk.generalised} if manifest.risk else {}
    return {
        field.name: hierarchy_of(field, settings.verify.risk).steps[done[field.name]]
        for field in quasi
        if field.name in done
    }


def _coarser(values: Sequence[str | None], step: Step | None) -> list[str | None]:
    """What is outside of the hierarchy is in no class of the release, and matches none."""
    if step is None:
        return list(values)
    known: dict[str, str | None] = {}
    for value in {value for value in values if value is not None}:
        try:
            known[value] = step.coarser(value)
        except OutsideError:
            known[value] = value
    return [None if value is None else known[value] for value in values]


def _second(
    second: Second, quasi: Sequence[FieldSpec], whose: FieldSpec, settings: Settings
) -> pa.Table:
    """The second table as records of the source's schema: subject and quasi-identifiers.

    Raises UsageError where a column is missing, no number stands where one is expected, or the
    release does not publish the subject.
    """
    if whose.role is not Role.SUBJECT:
        raise UsageError(
            "--table: the release does not publish the subject, so nobody could say who is right."
        )
    path = second.path
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            head = list(reader.fieldnames or [])
    except (OSError, UnicodeError, csv.Error) as error:
        raise UsageError(f"--table {path}: cannot be read ({type(error).__name__})") from None
    column_of = {field: column for column, field in second.columns.items()}
    if unknown := sorted(set(second.columns) - set(head)):
        raise UsageError(f"--map: {path} has no column '{unknown[0]}'; it has: {', '.join(head)}")
    needed = [whose, *quasi]
    columns = {}
    for field in needed:
        column = column_of.get(field.name, field.name)
        if column not in head:
            raise UsageError(
                f"--table {path}: no column '{column}' for field '{field.name}'; name it by "
                f"--map COLUMN={field.name}. The table has: {', '.join(head)}"
            )
        columns[field.name] = [
            _value(row[column], field, f"{path}:{line}: column '{column}'")
            for line, row in enumerate(rows, 2)
        ]
    schema = source_schema(settings.specs)
    return pa.table(
        {
            name: pa.array(columns[name], schema.field(name).type)
            if name in columns
            else pa.nulls(len(rows), schema.field(name).type)
            for name in schema.names
        }
    )


def _value(text: str | None, field: FieldSpec, where: str) -> object:
    text = (text or "").strip()
    if not text:
        return None
    try:
        if field.type is FieldType.INTEGER:
            return int(text)
        if field.type is FieldType.NUMBER:
            return float(text)
    except ValueError:
        raise UsageError(f"{where} is no {field.type}") from None
    if field.type is FieldType.BOOLEAN:
        return text.casefold() in ("true", "1", "yes")
    return text


def _text(value: object) -> str | None:
    return None if value is None else str(value)
