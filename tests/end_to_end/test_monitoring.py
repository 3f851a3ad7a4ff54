"""A run with its JSON log, lineage and metrics on: what they say, and that they name nobody."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.settings import load

from .support import Done, holding, manifest_of, veilbeam, write_jsonl
from .test_leaks import PEOPLE, records, secrets


class Watched(NamedTuple):
    done: Done
    folder: Path

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.done.err.splitlines()]

    @property
    def manifest(self) -> dict[str, Any]:
        return manifest_of(self.folder / "release")

    @property
    def events(self) -> list[dict[str, Any]]:
        lines = (self.folder / "lineage.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    @property
    def metrics(self) -> dict[str, dict[tuple[str, ...], float]]:
        """Metric -> values of its labels, by their names' order, without the project."""
        found: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        for family in text_string_to_metric_families((self.folder / "veilbeam.prom").read_text()):
            for sample in family.samples:
                labels = sorted(sample.labels.items())
                key = tuple(value for name, value in labels if name != "project")
                found[sample.name.removeprefix("veilbeam_")][key] = sample.value
        return found


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Planted people; folder and file of the source are called after one of them."""
    folder = tmp_path_factory.mktemp("watched")
    person = PEOPLE[0]
    source = folder / f"{person.first} {person.last}"
    source.mkdir()
    path = write_jsonl(source / f"chat with {person.last}, {person.phone}.jsonl", list(records()))
    with path.open("ab") as file:
        file.write(b'{"patient": {"name": "Zephyrine Quackenbush", "phone": "07911 446208"\n')
    done = veilbeam(
        "run", "-c", "telehealth", "-i", path, "--release", folder / "release",
        "--restricted", folder / "restricted", "--log-format", "json",
        "--lineage", folder / "lineage.jsonl", "--metrics", folder / "veilbeam.prom",
        OPENLINEAGE_DISABLED="true", PROMETHEUS_MULTIPROC_DIR=str(folder / "nowhere"),
    )  # fmt: skip
    return Watched(done, folder)


def test_nothing_that_is_written_names_anybody(watched: Watched) -> None:
    told = {
        "stdout": watched.done.out.encode(),
        "stderr": watched.done.err.encode(),
        "lineage": (watched.folder / "lineage.jsonl").read_bytes(),
        "metrics": (watched.folder / "veilbeam.prom").read_bytes(),
    }
    assert all(told.values())
    for person in PEOPLE:
        assert {s: found for s in secrets(person) if (found := holding(s, told))} == {}


def test_the_log_goes_through_the_stages_with_the_runs_id(watched: Watched) -> None:
    assert watched.done.code == 3, watched.done
    log = watched.log
    assert {line["run_id"] for line in log} == {watched.manifest["run_id"]}
    assert {line["command"] for line in log} == {"run"}
    stages = [line["stage"] for line in log if line["event"] == "stage"]
    assert stages == ["records", "verify", "aggregate", "publish"]
    (published,) = [line for line in log if line["event"] == "published"]
    assert {k: published[k] for k in ("read", "published", "quarantined")} == {
        "read": 25, "published": 24, "quarantined": 1
    }  # fmt: skip
    assert (log[0]["event"], log[-1]["event"], log[-1]["exit_code"]) == ("started", "finished", 3)


def test_lineage_tells_what_was_made_of_what(watched: Watched) -> None:
    start, complete = watched.events
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == complete["run"]["runId"]
    facet = complete["run"]["facets"]["veilbeam"]
    assert facet["configDigest"] == load("telehealth").digest
    assert facet["runId"] == watched.manifest["run_id"]
    (source,) = complete["inputs"]
    assert (source["namespace"], source["name"]) == ("veilbeam", "telehealth/source")
    assert source["inputFacets"]["inputStatistics"]["rowCount"] == 25
    outputs = {one["name"].removeprefix(f"{watched.folder}/release/"): one
               for one in complete["outputs"]}  # fmt: skip
    tables = {table["file"]: table["rows"] for table in watched.manifest["aggregates"]}
    assert set(outputs) == {"records", *tables}
    rows = {name: one["outputFacets"]["outputStatistics"]["rowCount"]
            for name, one in outputs.items()}  # fmt: skip
    assert rows == {"records": 24, **tables}
    fields = outputs["records"]["facets"]["schema"]["fields"]
    columns = watched.manifest["columns"]
    assert {field["name"] for field in fields} == {c.get("nested_in") or c["name"] for c in columns}
    (name,) = [field for field in fields if field["name"] == "patient_name"]
    assert name["description"] == "identifier: surrogate"


def test_metrics_tell_counts_reasons_seconds_and_what_was_spent(watched: Watched) -> None:
    found = watched.metrics
    assert found["run_success"] == {(): 1}
    assert found["records"] == {
        ("read",): 25, ("published",): 24, ("quarantined",): 1, ("merged",): 0
    }  # fmt: skip
    assert found["quarantined_records"] == {("broken JSON", "ingest"): 1}
    stages = ("records", "verify", "aggregate", "publish")
    assert {stage for (stage,) in found["run_seconds"]} == set(stages)
    assert found["budget_epsilon"] == {("telehealth", "spent"): 4, ("telehealth", "total"): 4}
    assert sum(found["table_epsilon"].values()) == 4
    assert found["identifiers"]["PERSON",] == watched.manifest["detections"]["PERSON"]
