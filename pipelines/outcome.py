"""What a pipeline hands back to the process that launched it, on any runner: one small file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

import apache_beam as beam
import pyarrow as pa
from pydantic import BaseModel

from transforms.aggregate.transform import left_out as left_out_of
from transforms.batches import Batch
from transforms.detect.roles import PersonRole
from transforms.publish.manifest import FileEntry
from transforms.publish.report.contents import Changes, Tally, merged
from transforms.publish.report.facts import (
    Change,
    Contents,
    Found,
    changes_of,
    contents_of,
    found_of,
)
from transforms.publish.transform import QUARANTINE, QuarantineFile
from transforms.verify.risk.plan import Plan
from transforms.verify.risk.report import Generalised, RiskReport

_FILE = "outcome.json"
_EXACT = "exact"


class Decision(BaseModel):
    """A ``Plan``, without what it does to which value."""

    generalised: tuple[Generalised, ...]
    loss: float | None
    problem: str | None
    """Why nothing can be published."""
    outside: dict[str, list[str]]
    """Field -> values that its hierarchy does not know."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The record of the plan."""
        return cls.model_validate({name: getattr(plan, name) for name in cls.model_fields})


class Outcome(BaseModel):
    """The results of a pipeline's run. Restricted: counts are exact."""

    read: int
    merged: int = 0
    """Records that were merged into another, as copies of it; among those ``read``."""
    files: list[FileEntry]
    reasons: dict[str, int]
    """Quarantined records by reason."""
    refused: dict[str, dict[str, int]] = {}
    """The same by the stage that refused them, and reason."""
    found: dict[str, int]
    """Spans by entity."""
    people: dict[PersonRole, int] = {}
    """Names in the texts by whose they are."""
    places: dict[str, int] = {}
    """The places that they mark, each once, by entity."""
    recognisers: tuple[Found, ...]
    """Spans by entity, recogniser and score."""
    contents: Contents | None = None
    """What was counted in the records that were written."""
    changes: tuple[Change, ...] = ()
    """What treatment did to their columns."""
    inputs: list[str]
    """SHA-256 of each input file, sorted; empty where no aggregate asks for it."""
    exact: list[str]
    """Names of the exact tables, for each release of aggregates."""
    risk: RiskReport | None = None
    """The risk that is left in what was written; None where nothing is counted."""
    plan: Decision | None = None
    """What was done so that it fulfils its thresholds; None where nothing was to be decided."""
    bounded: dict[str, dict[str, int]] = {}
    """Of each release of aggregates: rows that its exact table was made from, and what bounding,
    keys and missing values left out (``aggregate.bounding.Stats``)."""
    left_out: dict[str, int]
    """What was seen and not read: ``field:name`` for a field without a role, and how often."""
    formats: dict[str, int] = {}
    """What became of records by their file's format: ``published:webvtt``, ``quarantined:csv``."""

    @property
    def published(self) -> int:
        """Records written to the release."""
        return sum(file.rows or 0 for file in self.files)

    @property
    def quarantined(self) -> int:
        """Records kept back."""
        return sum(self.reasons.values())

    @property
    def unassigned_fields(self) -> int:
        """Fields of the source that have no role."""
        return sum(name.startswith("field:") for name in self.left_out)

    @classmethod
    def read_from(cls, folder: Path) -> Outcome:
        """The outcome that ``collect`` gathered."""
        return cls.model_validate_json((folder / _FILE).read_bytes())


def exact_table(folder: Path, name: str) -> pa.Table:
    """The exact table of a release of aggregates, as ``collect`` gathered it."""
    with pa.ipc.open_file(str(folder / _EXACT / f"{name}.arrow")) as reader:
        return reader.read_all()


def collect(results: Mapping[str, Sequence[Any]], folder: Path) -> None:
    """Add the step that gathers collections of small results, by kind, in the file that
    ``Outcome.read_from`` reads."""
    keyed = [
        collection | f"Key {kind} {number}" >> beam.Map(_keyed, kind)
        for kind, collections in results.items()
        for number, collection in enumerate(collections)
    ]
    # So that the file is written even where nothing came out.
    start = keyed[0].pipeline | "Start" >> beam.Create([(None, ("start", None))])
    (
        (*keyed, start)
        | "Join results" >> beam.Flatten()
        | "Gather results" >> beam.GroupByKey()
        | "Write outcome" >> beam.Map(_write, str(folder))
    )


def _keyed(result: Any, kind: str) -> tuple[None, tuple[str, Any]]:
    return None, (kind, result)


def _write(gathered: tuple[None, Iterable[tuple[str, Any]]], folder: str) -> None:
    read, copies, inputs, exact, bounded = 0, 0, [], [], {}
    files: list[FileEntry] = []
    reasons: Counter[str] = Counter()
    refused: dict[str, dict[str, int]] = {}
    found: Counter[str] = Counter()
    places: Counter[str] = Counter()
    people: Counter[PersonRole] = Counter()
    left_out: Counter[str] = Counter()
    formats: Counter[str] = Counter()
    risk: RiskReport | None = None
    plan: Decision | None = None
    scores: Counter[tuple[str, str, int]] = Counter()
    tallies: list[Tally] = []
    changes: Changes = Counter()
    for kind, result in gathered[1]:
        match kind, result:
            case "read", int():
                read += result
            case "merged", int():
                copies += result
            case "files", FileEntry():
                files.append(result)
            case str(), QuarantineFile():
                reasons.update(result.reasons)
                stage = kind.removeprefix(f"{QUARANTINE} ")
                refused[stage] = Counter(refused.get(stage)) + Counter(result.reasons)
            case "found", Counter():
                scores.update(result)
            case "places", Counter():
                places.update(result)
            case "people", Counter():
                people.update(result)
            case "contents", Counter():
                tallies.append(result)
            case "changes", Counter():
                changes.update(result)
            case "left_out", ((str() as what, str() as name), int() as number):
                left_out[f"{what}:{name}"] += number
            case "risk", RiskReport():
                risk = result
            case "plan", Plan():
                plan = Decision.of(result)
            case "inputs", str():
                inputs.append(result)
            case "formats", ((str() as what, str() as name), int() as number):
                formats[f"{what}:{name}"] += number
            case "exact", (str() as name, Batch() as table):
                _write_exact(Path(folder, _EXACT), name, table)
                exact.append(name)
                bounded[name] = left_out_of(pa.Table.from_batches([table.data]))
    for (entity, _, _), number in scores.items():
        found[entity] += number
    outcome = Outcome(
        read=read,
        merged=copies,
        files=sorted(files, key=lambda file: file.path),
        reasons=reasons,
        refused=refused,
        found=found,
        places=places,
        people=people,
        recognisers=found_of(scores),
        contents=contents_of(merged(tallies)) if tallies else None,
        changes=changes_of(changes),
        inputs=sorted(inputs),
        exact=sorted(exact),
        bounded=bounded,
        left_out=left_out,
        formats=formats,
        risk=risk,
        plan=plan,
    )
    with _private(Path(folder, _FILE)) as file:
        file.write(outcome.model_dump_json(indent=2).encode())


def _write_exact(folder: Path, name: str, table: Batch) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    with (
        _private(folder / f"{name}.arrow") as file,
        pa.ipc.new_file(file, table.data.schema) as writer,
    ):
        writer.write_batch(table.data)


def _private(path: Path) -> BinaryIO:
    """A new file that its owner alone can read, from the start."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
