from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from transforms.publish.data_card import render
from transforms.publish.manifest import FileEntry, Manifest, read_manifest

from .conftest import FIELDS, manifest_of


def test_it_tells_what_is_in_the_release(release: Path) -> None:
    card = (release / "README.md").read_text()
    manifest = read_manifest(str(release))
    assert "\n---\n\n# De-identified telehealth consultations\n" in card
    assert "302 records were read: 300 published and 2 held back" in card
    for split, rows in manifest.splits.items():
        assert f"| `{split}` | {rows} |" in card
    assert "| `surname` | `string` | identifier (PERSON) | surrogate: replaced by a" in card
    assert "| `age` | `string` | quasi | generalise: made coarser (band 10, top 90) |" in card
    assert "| `turns.said` | `string` | text | identifiers found in it are replaced |" in card
    assert card.index("| PERSON | 1,200 |") < card.index("| PHONE_NUMBER | 3 |")
    (visits,) = manifest.aggregates
    count, mean = visits.measures
    assert (
        f"| `aggregates/visits.parquet` | 0.5 | 0 | discrete Laplace | 1 × 1 | `count` "
        f"±{count.error_95:g}; `mean_minutes` ±({mean.error_95_times_values:,.4g} / the group's"
    ) in card
    assert "not published: 1." in card
    assert "pseudonymised, not anonymous" in card
    assert manifest.run_id in card


def test_the_publishers_words_are_in_it() -> None:
    words = {"title": "Calls 2024", "description": "Video calls.", "licence": "CC BY 4.0"}
    card = render(manifest_of([], **words))
    assert "\n---\n\n# Calls 2024\n\nVideo calls.\n" in card
    assert "## Licence\n\nCC BY 4.0" in card
    words = {"publisher": "Example Trust", "url": "https://example.org", "collection": "By law."}
    card = render(manifest_of([], citation="Calls (2025)", **words))
    assert "## Publisher\n\nExample Trust · https://example.org" in card
    assert "## Collection\n\nBy law." in card
    assert "## Citation\n\nCalls (2025)" in card


def front_matter(manifest: Manifest) -> dict[str, Any]:
    opening, matter, _ = render(manifest).split("---\n", 2)
    assert opening == ""
    return dict(YAML(typ="safe").load(matter))


def test_the_front_matter_is_what_the_hub_reads(release: Path) -> None:
    matter = front_matter(read_manifest(str(release)))
    assert matter["size_categories"] == ["n<1K"]
    assert matter["task_categories"] == ["text-generation"]
    records, table = matter["configs"]
    assert records["default"] is True
    assert {(f["split"], f["path"]) for f in records["data_files"]} == {
        (split, f"records/split={split}/*.parquet") for split in ("train", "validation", "test")
    }
    assert table == {"config_name": "table_visits", "data_files": "aggregates/visits.parquet"}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC BY 4.0", {"license": "cc-by-4.0"}),
        ("MIT", {"license": "mit"}),
        ("Under contract", {"license": "other", "license_name": "Under contract"}),
        (None, {"license": "unknown"}),
    ],
)
def test_a_licence_has_its_name_on_the_hub(licence: str | None, expected: dict[str, str]) -> None:
    matter = front_matter(manifest_of([], licence=licence, language="en"))
    assert {key: matter[key] for key in matter if key.startswith("license")} == expected
    assert matter["language"] == ["en"]


@pytest.mark.parametrize(
    ("records", "category"),
    [(999, "n<1K"), (1_000, "1K<n<10K"), (99_999, "10K<n<100K"), (10**6, "1M<n<10M")],
)
def test_sizes_are_those_of_the_hub(records: int, category: str) -> None:
    file = {"path": "records/split=train/a.parquet", "bytes": 1, "sha256": "0" * 64}
    files = [FileEntry.model_validate(file | {"rows": records, "split": "train"})]
    assert front_matter(manifest_of(files))["size_categories"] == [category]


def test_text_that_yaml_would_take_for_something_else_is_quoted() -> None:
    title = 'Calls: "video" #1 --- [x]'
    assert front_matter(manifest_of([], title=title))["pretty_name"] == title


def test_a_split_with_a_hyphen_is_loaded_under_a_name_that_the_hub_knows() -> None:
    file = {"path": "records/split=dev-a/a.parquet", "bytes": 1, "sha256": "0" * 64}
    files = [FileEntry.model_validate(file | {"rows": 1, "split": "dev-a"})]
    (records,) = front_matter(manifest_of(files))["configs"]
    assert records["data_files"] == [{"split": "dev_a", "path": "records/split=dev-a/*.parquet"}]


def test_encrypted_records_are_loaded_with_the_key(release: Path) -> None:
    files = [file for file in read_manifest(str(release)).files if file.split]
    manifest = manifest_of(files, encrypted=True)
    assert "configs" not in front_matter(manifest)
    assert "Decryption.load" in render(manifest)
    assert "read_parquet" not in render(manifest)


def test_what_is_not_there_has_no_section() -> None:
    card = render(manifest_of([], detections={}))
    assert "How to load" not in card
    assert "Differentially private" not in card
    assert "No identifier was found" in card


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "Polars", "DuckDB"])
def test_its_code_loads_the_release(
    release: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    code = re.search(
        rf"```python\n# {library}\n(.*?)```", (release / "README.md").read_text(), re.S
    )
    assert code is not None
    monkeypatch.chdir(release)
    names: dict[str, Any] = {}
    exec(code[1], names)
    splits = read_manifest(str(release)).splits
    match library:
        case "pyarrow":
            assert names["table"].num_rows == 300
            assert "split" in names["table"].column_names
        case "pandas":
            assert names["frame"]["split"].value_counts().to_dict() == splits
        case "Polars":
            assert len(names["frame"]) == max(splits.values())
            assert names["frame"]["split"].n_unique() == 1
        case "DuckDB":
            assert dict(names["rows"].aggregate("split, count(*)").fetchall()) == splits


def test_hugging_face_datasets_loads_each_split(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("datasets")
    code = re.search(
        r"# Hugging Face datasets\n(.*?)```", (release / "README.md").read_text(), re.S
    )
    assert code is not None
    monkeypatch.chdir(release)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    names: dict[str, Any] = {}
    exec(code[1], names)
    splits = {name: split.num_rows for name, split in names["splits"].items()}
    assert splits == read_manifest(str(release)).splits
    assert set(names["splits"]["train"].column_names) >= {f.name for f in FIELDS[:2]}
