from __future__ import annotations

from pathlib import Path

from transforms.publish.difference import difference
from transforms.publish.manifest import read_manifest

from .conftest import make_release, manifest_of


def changes(before: dict[str, object], after: dict[str, object]) -> dict[tuple[str, str], object]:
    found = difference(manifest_of([], **before), manifest_of([], **after))
    return {(c.section, c.what): (c.before, c.after) for c in found.changes}


def test_equal_releases_have_no_difference(release: Path) -> None:
    manifest = read_manifest(str(release))
    assert difference(manifest, manifest).changes == ()


def test_settings_versions_and_counts_are_told() -> None:
    assert changes(
        {"detections": {"PERSON": 7, "EMAIL_ADDRESS": 1}},
        {"detections": {"PERSON": 9}, "config_digest": "d" * 64, "veilbeam": "0.2.0"},
    ) == {
        ("veilbeam", ""): ("0.1.0", "0.2.0"),
        ("config_digest", ""): ("c" * 64, "d" * 64),
        ("detections", "PERSON"): (7, 9),
        ("detections", "EMAIL_ADDRESS"): (1, None),
    }


def test_a_column_is_compared_by_its_name() -> None:
    columns = manifest_of([]).model_dump(mode="json")["columns"]
    others = [c for c in columns if c["name"] != "surname"]
    age = next(c for c in others if c["name"] == "age")
    assert changes({}, {"columns": others[::-1]}).keys() == {
        ("columns", "surname.type"),
        ("columns", "surname.role"),
        ("columns", "surname.treatment"),
        ("columns", "surname.entity"),
    }
    coarser = [c if c is not age else age | {"generalise": "band 20, top 80"} for c in others]
    assert changes({"columns": others}, {"columns": coarser}) == {
        ("columns", "age.generalise"): ("band 10, top 90", "band 20, top 80")
    }


def test_two_runs_differ_in_records_tables_and_files_by_split(tmp_path: Path) -> None:
    one = make_release(tmp_path / "a", 300)
    other = make_release(tmp_path / "b", 400, run_id="r2")
    found = difference(one, other)
    told = {(c.section, c.what): (c.before, c.after) for c in found.changes}
    assert (found.before, found.after) == ("r1", "r2")
    assert told["counts", "published"] == (300, 400)
    assert told["splits", "train"] == (one.splits["train"], other.splits["train"])
    assert ("files", "train.bytes") in told
    assert ("files", "train.number") not in told  # as many as before
    assert not any("part-" in what for _, what in told)
    sections = [change.section for change in found.changes]
    assert sections == sorted(sections, key=list(type(one).model_fields).index)


def test_what_a_table_spends_is_told_by_table_and_measure(tmp_path: Path) -> None:
    manifest = make_release(tmp_path / "a")
    content = manifest.model_dump(mode="json")
    (table,) = content["aggregates"]
    table["epsilon"], table["measures"][0]["error_95"] = 0.25, 99.0
    found = difference(manifest, type(manifest).model_validate(content))
    assert {(c.section, c.what) for c in found.changes} == {
        ("aggregates", "visits.epsilon"), ("aggregates", "visits.measures.count.error_95"),
    }  # fmt: skip
