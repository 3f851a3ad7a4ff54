"""The table of labels: what is counted as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.evaluation.labels import Labels
from transforms.detect.engine import all_recognisers
from transforms.detect.ner.labels import ENTITIES
from transforms.detect.settings import Country, DetectSettings, Language
from transforms.errors import UsageError

KINDS = {
    "PERSON", "LOCATION", "ORGANIZATION", "DATE_TIME", "AGE", "OCCUPATION", "NRP", "CONTACT", "ID",
}  # fmt: skip


def test_labels_are_counted_as_few_kinds() -> None:
    assert set(Labels.load().kinds) == KINDS


@pytest.mark.parametrize("language", Language)
def test_every_entity_of_the_detector_has_a_kind(language: Language) -> None:
    settings = DetectSettings(language=language, countries=tuple(Country))
    entities = {e for r in all_recognisers(settings) for e in r.supported_entities}
    labels = Labels.load()
    assert {labels.of_entity(entity) for entity in entities | set(ENTITIES)} <= KINDS


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("street-address", "LOCATION"),
        ("First Name", "PERSON"),
        ("dob", "DATE_TIME"),
        ("MEDICALRECORD", "ID"),
        ("ES_NIF", "ID"),
        ("TITLE", None),
        ("SEXO_SUJETO_ASISTENCIA", None),
        ("TERRITORIO", "LOCATION"),
        ("DOMAIN_NAME", "CONTACT"),
    ],
)
def test_a_label_is_known_in_any_writing(label: str, kind: str | None) -> None:
    assert Labels.load().of_gold(label) == kind


def test_the_users_table_is_laid_over_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("Ort: LOCATION\nAGE: null\nDATE_OF_BIRTH: DATE_OF_BIRTH\n")
    labels = Labels.load(own)
    assert [labels.of_gold(x) for x in ("ORT", "AGE", "DOB")] == ["LOCATION", None, "DATE_TIME"]
    assert labels.of_entity("DATE_OF_BIRTH") == "DATE_OF_BIRTH"


def test_an_entity_that_no_table_has_is_its_own_kind() -> None:
    assert Labels.load().of_entity("SHOE_SIZE") == "SHOE_SIZE"


def test_unknown_labels_are_listed_with_where_they_are_and_what_to_do() -> None:
    with pytest.raises(UsageError) as caught:
        Labels.load().check({"PERSON": "a:1", "ORT": "a:2", "HAUSTIER": "a:3"})
    said = str(caught.value)
    assert "HAUSTIER (first at a:3)" in said
    assert "ORT (first at a:2)" in said
    assert "PERSON (" not in said
    assert "--labels" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- LOCATION\n", ":1: lines of the form 'LABEL: KIND'"),
        ("A: PERSON\nORT: a place\n", ":2: ORT: a kind such as PERSON"),
        ("ORT: [LOCATION\n", "not valid YAML"),
        ("ORT: LOCATION\nORT: PERSON\n", ":2: not valid YAML"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text)
    with pytest.raises(UsageError) as caught:
        Labels.load(own)
    assert said in str(caught.value)
    assert str(own) in str(caught.value)
