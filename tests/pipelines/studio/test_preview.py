"""The preview: real detection and pseudonyms, of records that are nobody's or that were named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from configs import PRESETS
from pipelines import settings as configuration
from pipelines.sample import consultations, planted, write
from pipelines.studio import made_up
from pipelines.studio.edits import Edit, apply
from pipelines.studio.preview import Preview
from transforms.errors import UsageError
from transforms.fields import Role
from transforms.ingest.records import to_batches

TELEHEALTH = configuration.load("telehealth")
RULES_ALONE = configuration.parse(
    apply(PRESETS["telehealth"].read_text("utf-8"), [Edit(("detect", "model"), None)]), "my.yaml"
)


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return Preview().look(TELEHEALTH, originals=True)


def joined(pieces: list[dict[str, str]]) -> str:
    return "".join(piece["text"] for piece in pieces)


def test_made_up_records_show_what_stands_there_and_what_is_published(
    shown: dict[str, Any],
) -> None:
    assert shown["made_up"]
    assert len(shown["records"]) == made_up.COUNT
    for record, source in zip(
        shown["records"], consultations(made_up.COUNT, made_up.SEED, made_up.PATIENTS), strict=True
    ):
        note = next(text for text in record["texts"] if text["field"] == "note")
        assert joined(note["before"][0]) == source["note"]
        name = record["fields"]["patient_name"]
        assert name["before"] == source["patient"]["name"] != name["after"]
        assert record["fields"]["phone"]["after"] is None
        assert record["refused"] is None


def test_what_was_found_is_marked_with_its_kind_and_its_stand_in_too(
    shown: dict[str, Any],
) -> None:
    texts = [text for record in shown["records"] for text in record["texts"]]
    kinds = {p["mark"] for text in texts for line in text["before"] for p in line if "mark" in p}
    assert {"PERSON", "PHONE_NUMBER"} <= kinds
    assert any("mark" in p for text in texts for line in text["after"] for p in line)


def test_nothing_of_the_records_own_identifiers_is_in_what_is_published(
    shown: dict[str, Any],
) -> None:
    for record, source in zip(
        shown["records"], consultations(made_up.COUNT, made_up.SEED, made_up.PATIENTS), strict=True
    ):
        after = [joined(line) for text in record["texts"] for line in text["after"]]
        after += [str(one["after"]) for one in record["fields"].values()]
        for entity, value in planted(source):
            if entity in ("ID", "UK_NHS", "PHONE_NUMBER", "EMAIL_ADDRESS", "STREET_ADDRESS"):
                assert not any(value in text for text in after), entity


def test_an_edit_shows_in_the_next_look() -> None:
    text = apply(
        PRESETS["telehealth"].read_text("utf-8"),
        [
            Edit(("fields", "patient_name", "treatment"), "drop"),
            Edit(("fields", "note", "treatment"), "drop"),
            Edit(("detect", "model"), None),
        ],
    )
    record = Preview().look(configuration.parse(text, "my.yaml"), True)["records"][0]
    assert record["fields"]["patient_name"]["after"] is None
    assert next(t for t in record["texts"] if t["field"] == "note")["after"] is None


def test_a_key_is_thrown_away_with_its_preview() -> None:
    tokens = {
        Preview().look(RULES_ALONE, False)["records"][0]["fields"]["patient_id"]["after"]
        for _ in range(2)
    }
    assert len(tokens) == 2


def test_what_would_go_to_quarantine_is_told_with_its_reason() -> None:
    text = apply(
        PRESETS["telehealth"].read_text("utf-8"),
        [
            Edit(("fields", "email", "role"), "attribute"),
            Edit(("fields", "email", "entity"), None),
            Edit(("fields", "email", "treatment"), None),
            Edit(("detect", "model"), None),
        ],
    )
    looked = Preview().look(configuration.parse(text, "my.yaml"), True)
    assert any("'email'" in (record["refused"] or "") for record in looked["records"])


@pytest.mark.parametrize("preset", PRESETS)
def test_made_up_records_fit_every_preset(preset: str) -> None:
    specs = configuration.load(preset).specs
    [batch] = to_batches(made_up.rows(specs), specs)
    assert batch.num_rows == made_up.COUNT
    empty = [
        spec.name
        for spec in specs
        if spec.role is not Role.DROP and batch.column(spec.name).null_count == batch.num_rows
    ]
    assert empty == []


def test_records_of_a_file_are_read_when_it_is_named_and_hidden_until_asked_for(
    tmp_path: Path,
) -> None:
    sample = tmp_path / "mine.jsonl"
    write(sample, 30, seed=3)
    preview = Preview((str(sample),))
    hidden = preview.look(RULES_ALONE, originals=False)
    assert len(hidden["records"]) == 20
    assert '"before":' not in json.dumps(hidden)
    raw = [value for record in consultations(30, 3) for _, value in planted(record)[:1]]
    assert not any(value in json.dumps(hidden) for value in raw)
    open_ = preview.look(RULES_ALONE, originals=True)
    assert '"before":' in json.dumps(open_)
    assert any(value in json.dumps(open_) for value in raw)


def test_a_file_that_cannot_be_read_gets_a_clear_answer(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file matches"):
        Preview((str(tmp_path / "absent.jsonl"),)).check(TELEHEALTH)
