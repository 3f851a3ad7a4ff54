"""From probabilities to spans."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.detect.ner.builtin import FOLDER, VOCABULARY
from transforms.detect.ner.decoding import spans
from transforms.detect.ner.labels import ENTITIES, LABELS, NONE, beginning, inside
from transforms.detect.ner.tokens import Encoder

ENCODER = Encoder((FOLDER / VOCABULARY).read_text("utf-8").splitlines())


def found(
    text: str, *labels: str, threshold: float = 0.5, certainty: float = 0.9
) -> list[tuple[str, str]]:
    """The spans of ``text`` whose words have these labels: ``B-`` or ``I-`` entity, or ``O``."""
    words = ENCODER.encode(text)
    assert len(words.starts) == len(labels)
    probabilities = np.full((len(labels), LABELS), (1 - certainty) / (LABELS - 1), np.float32)
    for row, label in enumerate(labels):
        probabilities[row, _number(label)] = certainty
    return [
        (text[s.start : s.end], s.entity)
        for s in spans(text, words, probabilities, threshold, "test")
    ]


def _number(label: str) -> int:
    if label == "O":
        return NONE
    entity = ENTITIES.index(label[2:])
    return beginning(entity) if label[0] == "B" else inside(entity)


def test_words_of_one_entity_are_one_span() -> None:
    text = "seen by Ana Ruiz today"
    assert found(text, "O", "O", "B-PERSON", "I-PERSON", "O") == [("Ana Ruiz", "PERSON")]


def test_a_beginning_opens_a_span_of_its_own() -> None:
    assert found("Ana Ben", "B-PERSON", "B-PERSON") == [("Ana", "PERSON"), ("Ben", "PERSON")]


def test_another_entity_opens_a_span_even_without_a_beginning() -> None:
    text = "Ana Leeds"
    assert found(text, "B-PERSON", "I-LOCATION") == [("Ana", "PERSON"), ("Leeds", "LOCATION")]


def test_an_inside_without_a_beginning_is_a_span_all_the_same() -> None:
    assert found("by Ruiz", "O", "I-PERSON") == [("Ruiz", "PERSON")]


def test_signs_at_the_edges_belong_to_no_span() -> None:
    text = "( Ana , )"
    assert found(text, "O", "B-PERSON", "I-PERSON", "O") == [("Ana", "PERSON")]


def test_a_glued_sign_inside_of_a_name_is_no_gap() -> None:
    assert found("O'Neill", "B-PERSON", "O", "I-PERSON") == [("O'Neill", "PERSON")]


def test_a_code_is_taken_whole() -> None:
    assert found("id AB12X", "O", "O", "B-ID", "O") == [("AB12X", "ID")]


def test_a_lower_threshold_finds_more() -> None:
    sure = {"certainty": 0.35, "threshold": 0.9}
    assert found("Ana", "B-PERSON", **sure) == [("Ana", "PERSON")]
    words = ENCODER.encode("Ana")
    probabilities = np.zeros((1, LABELS), np.float32)
    probabilities[0, NONE], probabilities[0, beginning(0)] = 0.7, 0.3
    assert not list(spans("Ana", words, probabilities, 0.4, "test"))
    (span,) = spans("Ana", words, probabilities, 0.2, "test")
    assert span.score == pytest.approx(0.3)


def test_of_codes_the_model_is_less_sure_than_a_pattern_that_knows_them() -> None:
    def score(entity: str) -> float:
        words = ENCODER.encode("12345")
        probabilities = np.zeros((1, LABELS), np.float32)
        probabilities[0, beginning(ENTITIES.index(entity))] = 1.0
        (span,) = spans("12345", words, probabilities, 0.4, "test")
        return span.score

    assert score("ID") == score("PHONE_NUMBER") == pytest.approx(0.7)
    assert score("PERSON") == score("STREET_ADDRESS") == 1.0


def test_a_text_without_words_has_no_spans() -> None:
    assert found("  \n ") == []
