from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from transforms.publish.data_card import render
from transforms.publish.manifest import read_manifest
from transforms.publish.settings import PublishSettings

from .conftest import FIELDS, manifest_of


def test_it_tells_what_is_in_the_release(release: Path) -> None:
    card = (release / "README.md").read_text()
    manifest = read_manifest(str(release))
    assert card.startswith("# De-identified telehealth consultations\n")
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
    settings = PublishSettings(title="Calls 2024", description="Video calls.", licence="CC BY 4.0")
    card = render(manifest_of([]), settings)
    assert card.startswith("# Calls 2024\n\nVideo calls.\n")
    assert "## Licence\n\nCC BY 4.0" in card


def test_what_is_not_there_has_no_section() -> None:
    card = render(manifest_of([], detections={}), PublishSettings())
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
