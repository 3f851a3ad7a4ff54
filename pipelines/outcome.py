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
from transforms.publish.transform import QuarantineFile
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
    files: list[FileEntry]
    reasons: dict[str, int]
    """Quarantined records by reason."""
    found: dict[str, int]
    """Spans by entity."""
    people: dict[PersonRole, int] = {}
    """Names in the texts by whose they are."""
    recognisers: dict[str, int]
    """Spans by recogniser."""
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
    read, inputs, exact, bounded = 0, [], [], {}
    files: list[FileEntry] = []
    reasons: Counter[str] = Counter()
    found: Counter[str] = Counter()
    people: Counter[PersonRole] = Counter()
    left_out: Counter[str] = Counter()
    risk: RiskReport | None = None
    plan: Decision | None = None
    recognisers: Counter[str] = Counter()
    for kind, result in gathered[1]:
        match kind, result:
            case "read", int():
                read += result
            case "files", FileEntry():
                files.append(result)
            case "quarantine", QuarantineFile():
                reasons.update(result.reasons)
            case "found", Counter():
                for (entity, recogniser), number in result.items():
                    found[entity] += number
                    recognisers[recogniser] += number
            case "people", Counter():
                people.update(result)
            case "left_out", ((str() as what, str() as name), int() as number):
                left_out[f"{what}:{name}"] += number
            case "risk", RiskReport():
                risk = result
            case "plan", Plan():
                plan = Decision.of(result)
            case "inputs", str():
                inputs.append(result)
            case "exact", (str() as name, Batch() as table):
                _write_exact(Path(folder, _EXACT), name, table)
                exact.append(name)
                bounded[name] = left_out_of(pa.Table.from_batches([table.data]))
    outcome = Outcome(
        read=read,
        files=sorted(files, key=lambda file: file.path),
        reasons=reasons,
        found=found,
        people=people,
        recognisers=recognisers,
        inputs=sorted(inputs),
        exact=sorted(exact),
        bounded=bounded,
        left_out=left_out,
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
