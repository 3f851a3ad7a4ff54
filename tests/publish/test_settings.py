from __future__ import annotations

import pytest
from pydantic import ValidationError

from transforms.publish.settings import PublishSettings


def test_defaults_are_eight_one_one_and_files_of_128_mb() -> None:
    settings = PublishSettings()
    assert settings.splits == {"train": 0.8, "validation": 0.1, "test": 0.1}
    assert settings.file_bytes == 128_000_000


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({"train": 0.8, "test": 0.1}, "add up to 0.9"),
        ({"train": 0.8, "test": 0.2 + 1e-8}, "must add up to 1"),
        ({}, "add up to 0"),
        ({"train": 1.1, "test": -0.1}, "greater than 0"),
        ({"train": 1.0, "test": 0.0}, "greater than 0"),
        ({"train": float("nan")}, "finite"),
        ({"../train": 1.0}, "pattern"),
        ({"a/b": 1.0}, "pattern"),
        ({"": 1.0}, "pattern"),
        ({".hidden": 1.0}, "pattern"),
        ({"Train": 0.5, "train": 0.5}, "differ in case"),
    ],
)
def test_splits_that_cannot_be_are_refused(splits: dict[str, float], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        PublishSettings(splits=splits)


def test_shares_that_floating_point_cannot_add_up_are_accepted() -> None:
    assert PublishSettings(splits={f"fold{i}": 0.1 for i in range(10)}).splits["fold9"] == 0.1


def test_every_setting_is_described_for_the_editor() -> None:
    properties = PublishSettings.model_json_schema()["properties"]
    assert all(field["description"] for field in properties.values())
