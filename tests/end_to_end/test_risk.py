"""The risk that is left: measured, acted upon, and attacked, by the command itself."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from .support import everything_in, holding, manifest_of, records_of, veilbeam, write_jsonl

CONFIG = """\
version: 1
source: {record_id: id}
fields:
  id: {role: identifier, entity: ID, treatment: token}
  patient: {role: subject}
  name: {role: identifier, entity: PERSON}
  age: {role: quasi, type: integer, generalise: {band: 5, top: 90}}
  area: {role: quasi, generalise: {prefix: 2}}
  sex: {role: attribute}
  illness: {role: attribute}
  seen_on: {role: date, type: date}
  note: {role: text}
detect: {countries: [GB]}
quarantine: {threshold: 1.0}
verify:
  risk: {quasi: [sex], sensitive: [illness], k: 3, RISK}
"""
SURNAMES = "Abbott Barker Cooper Dawson Elliott Fisher Gibson Harper Ingram Jarvis".split()


def config(folder: Path, risk: str, name: str = "config.yaml") -> Path:
    path = folder / name
    path.write_text(CONFIG.replace("RISK", risk))
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """120 visits of 40 people, in classes of some and of one."""
    return write_jsonl(
        tmp_path / "in.jsonl",
        [
            {
                "id": f"VISIT-{person:03}-{visit}",
                "patient": f"PT-{person:05}",
                "name": f"Mary {SURNAMES[person % 10]}",
                "age": 20 + 5 * (person % 4) if person else 71,
                "area": ("LS", "LN", "M1")[person % 3],
                "sex": "fm"[person % 2],
                "illness": ("flu", "cold", "burn")[(person + visit) % 3],
                "seen_on": f"2023-{visit * 3 + person % 3 + 1:02}-{person % 27 + 1:02}",
                "note": "Better today.",
            }
            for person in range(40)
            for visit in range(3)
        ],
    )


def run(config: Path, source: Path, folder: Path, *more: str) -> Any:
    return veilbeam(
        "run", "--config", config, "--input", source, "--release", folder / "release",
        "--restricted", folder / "restricted", *more,
    )  # fmt: skip


def attack(config: Path, source: Path, folder: Path, *more: str | Path) -> Any:
    return veilbeam(
        "attack", "--release", folder / "release", "--source", source, "--config", config,
        "--restricted", folder / "restricted", *more,
    )  # fmt: skip


def smallest(release: Path) -> int:
    """Different subjects in the smallest class of what is published, by counting."""
    classes: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in records_of(release).to_pylist():
        classes[row["age"], row["area"], row["sex"]].add(row["patient"])
    return min(map(len, classes.values()))


def test_a_warning_stands_in_the_summary_the_card_and_the_manifest(
    tmp_path: Path, source: Path
) -> None:
    done = run(config(tmp_path, "action: warn"), source, tmp_path)
    assert done.code == 0, done.text
    assert "Warning: the smallest class has 1 subject instead of 3" in done.out
    manifest = manifest_of(tmp_path / "release")
    risk = manifest["risk"]
    assert risk["smallest_class"] == smallest(tmp_path / "release") == 1
    assert (risk["fulfilled"], risk["records"], risk["subjects"]) == (False, 120, 40)
    card = (tmp_path / "release" / "README.md").read_text()
    assert "## Risk that is left" in card and "**Not all thresholds are met:**" in card
    assert veilbeam("inspect", tmp_path / "release").code == 0
    # Figures, and no values.
    assert not {"flu", "LS", "71", "70-74"} & set(json.dumps(risk).replace('"', " ").split())


def test_suppressed_records_are_quarantined_and_the_count_closes(
    tmp_path: Path, source: Path
) -> None:
    done = run(config(tmp_path, "action: suppress"), source, tmp_path)
    assert done.code == 0, done.text
    release = tmp_path / "release"
    manifest = manifest_of(release)
    assert smallest(release) >= 3 and manifest["risk"]["fulfilled"]
    held = manifest["quarantine"]["class of too few subjects"]
    assert held == manifest["risk"]["held_back"] == manifest["counts"]["quarantined"] > 0
    assert manifest["counts"]["published"] == 120 - held == records_of(release).num_rows
    (run_folder,) = (tmp_path / "restricted" / "runs").iterdir()
    records = pq.read_table(run_folder / "quarantine").to_pylist()
    assert {r["stage"] for r in records} == {"verify"}
    assert any(b"PT-00000" in r["record"] for r in records)
    assert not (run_folder / "waiting").exists()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_generalised_records_fulfil_k_and_say_how(
    tmp_path: Path, source: Path, processes: str
) -> None:
    done = run(
        config(tmp_path, "action: generalise, l: 2"), source, tmp_path,
        "--", f"--direct_num_workers={processes}", "--direct_running_mode=multi_processing",
    )  # fmt: skip
    assert done.code == 0, done.text
    release = tmp_path / "release"
    risk = manifest_of(release)["risk"]
    assert smallest(release) >= 3 and risk["fulfilled"]
    assert risk["generalised"] and 0 < risk["loss"] < 1
    assert risk["held_back"] == 0 and risk["records"] == 120
    assert f"made coarser: {risk['generalised'][0]['field']}" in done.out
    assert "Made coarser than the columns say" in (release / "README.md").read_text()
    assert veilbeam("inspect", release).code == 0


def test_a_refusal_publishes_nothing(tmp_path: Path, source: Path) -> None:
    done = run(config(tmp_path, "action: refuse"), source, tmp_path)
    assert done.code == 1
    assert "the smallest class has 1 subject instead of 3" in done.err
    assert "Nothing was published" in done.err and "Traceback" not in done.err
    assert not (tmp_path / "release").exists()


def test_where_no_generalisation_is_enough_nothing_is_published(
    tmp_path: Path, source: Path
) -> None:
    many = tmp_path / "many.yaml"
    many.write_text(CONFIG.replace("k: 3, RISK", "k: 41, action: generalise"))
    done = run(many, source, tmp_path)
    assert done.code == 1 and "k 41, with 40 subjects in all" in done.err
    assert not (tmp_path / "release").exists()


def test_a_value_outside_of_its_hierarchy_stops_the_run(tmp_path: Path, source: Path) -> None:
    (tmp_path / "sex.csv").write_text("f,any\n")
    risk = "action: generalise, hierarchies: {sex: {file: sex.csv}}"
    done = run(config(tmp_path, risk), source, tmp_path)
    assert done.code == 1 and "outside of their field's hierarchy: 'sex' (1)" in done.err
    (run_folder,) = (tmp_path / "restricted" / "runs").iterdir()
    assert json.loads((run_folder / "outcome.json").read_text())["plan"]["outside"] == {
        "sex": ["m"]
    }


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("f,any\nm\n", "a gap: row 2 has 1 cells, row 1 has 2"),
        ("f,any,x\nm,,x\n", "a gap: row 2, column 2 is empty"),
    ],
)
def test_a_hierarchy_with_a_gap_is_refused_before_anything_runs(
    tmp_path: Path, source: Path, file: str, what: str
) -> None:
    (tmp_path / "sex.csv").write_text(file)
    given = config(tmp_path, "hierarchies: {sex: {file: sex.csv}}")
    done = veilbeam("check", "--config", given, "--input", source)
    assert done.code == 2 and f"verify.risk.hierarchies.sex.file: {what}" in done.err
    assert f"{given}:" in done.err


def test_attacks_by_the_command(tmp_path: Path, source: Path) -> None:
    given = config(tmp_path, "action: warn")
    assert run(given, source, tmp_path).code == 0
    done = attack(given, source, tmp_path, "--json")
    assert done.code == 0, done.text
    found = {r["attack"]: r for r in json.loads(done.out)["results"]}
    assert found["calendar days"]["above_chance"] is False
    assert found["token dictionary without the key"]["fell"] == 0
    assert found["linkage by quasi-identifiers"]["targets"] == 40
    assert found["date intervals"]["targets"] == 40
    shown = attack(given, source, tmp_path)
    assert "known-identifier search" in shown.out and "PT-0" not in shown.text
    assert not list((tmp_path / "restricted" / "runs").glob("attack*"))
    # Whose class is of one falls to whoever knows the three values.
    assert attack(given, source, tmp_path, "--strict").code == 1


def test_linkage_with_a_second_table(tmp_path: Path, source: Path) -> None:
    given = config(tmp_path, "action: warn")
    assert run(given, source, tmp_path).code == 0
    table = tmp_path / "register.csv"
    table.write_text(
        "who,age,zone,sex\nPT-00000,73,LS9 9ZZ,f\nPT-00001,25,LN1 1AA,m\nPT-9,50,XX,f\n"
    )
    maps = ("--map", "who=patient", "--map", "zone=area")
    done = attack(given, source, tmp_path, "--json", "--table", table, *maps)
    assert done.code == 0, done.text
    linked = json.loads(done.out)["results"][1]
    assert (linked["targets"], linked["fell"]) == (2, 1)
    wrong = attack(given, source, tmp_path, "--table", table)
    assert wrong.code == 2 and "no column 'patient'" in wrong.err
    table.write_text("patient,age,area,sex\nPT-00000,old,LS,f\n")
    wrong = attack(given, source, tmp_path, "--table", table)
    assert wrong.code == 2 and "register.csv:2: column 'age' is no integer" in wrong.err


def test_an_attack_with_another_key_configuration_or_source_is_refused(
    tmp_path: Path, source: Path
) -> None:
    given = config(tmp_path, "action: warn")
    assert run(given, source, tmp_path).code == 0
    other = config(tmp_path, "action: refuse", "other.yaml")
    done = attack(other, source, tmp_path)
    assert done.code == 2 and "another configuration" in done.err
    key = tmp_path / "key"
    key.write_text("ab" * 32 + "\n")
    key.chmod(0o600)
    done = attack(given, source, tmp_path, "--key", key)
    assert done.code == 2 and "is another key" in done.err
    rows = [json.loads(line) | {"patient": "X-1"} for line in source.read_text().splitlines()]
    done = attack(given, write_jsonl(tmp_path / "b.jsonl", rows), tmp_path)
    assert done.code == 2 and "Nobody of the source" in done.err


def test_canaries_never_come_out(tmp_path: Path) -> None:
    sample = tmp_path / "sample.jsonl"
    assert veilbeam("sample", sample, "--count", "40", "--canaries", "20").code == 0
    planted = {word.casefold() for word in re.findall(r"(?i)canary[a-z]{10}", sample.read_text())}
    assert len(planted) == 8 * 20
    done = run(Path("configs/telehealth.yaml"), sample, tmp_path)
    assert done.code in (0, 3), done.text
    found = everything_in(tmp_path / "release")
    assert [canary for canary in planted if holding(canary, found)] == []
    done = attack(Path("configs/telehealth.yaml"), sample, tmp_path, "--json")
    canaries = json.loads(done.out)["results"][-1]
    assert (canaries["attack"], canaries["targets"], canaries["fell"]) == ("canaries", 20, 0)
