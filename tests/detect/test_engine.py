"""Spans and scores are Presidio's own; only their cost is not."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from pipelines.sample import consultations
from scripts.plain_presidio import PlainPresidio
from transforms.detect.engine import DetectionError, Detector
from transforms.detect.repeats import RECOGNISER as REPEATED
from transforms.detect.settings import Country, DetectSettings
from transforms.detect.spans import Span

DATA = Path(__file__).parents[3] / "shared" / "data"
EVERYTHING = DetectSettings(countries=tuple(Country), threshold=0.0)


def presidio_spans(plain: PlainPresidio, text: str) -> set[tuple[int, int, str, float]]:
    return {(r.start, r.end, r.entity_type, round(r.score, 6)) for r in plain.analyze(text)}


def our_spans(detector: Detector, text: str) -> set[tuple[int, int, str, float]]:
    """Of the first pass: Presidio has no second one."""
    return {
        (s.start, s.end, s.entity, round(s.score, 6))
        for s in detector.detect([text])[0]
        if s.recogniser != REPEATED
    }


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(EVERYTHING)


@pytest.fixture(scope="module")
def plain() -> PlainPresidio:
    return PlainPresidio(EVERYTHING)


def test_same_spans_and_scores_as_presidio_on_planted_texts(
    detector: Detector, plain: PlainPresidio
) -> None:
    found = 0
    for record in consultations(60, seed=11, patients=25):
        text = "\n".join(turn["text"] for turn in record["turns"]) + "\n" + record["note"]
        expected = presidio_spans(plain, text)
        assert our_spans(detector, text) == expected
        found += len(expected)
    assert found > 300


def test_same_spans_and_scores_as_presidio_on_real_texts(
    detector: Detector, plain: PlainPresidio
) -> None:
    file = DATA / "mts-dialog" / "MTS-Dialog-ValidationSet.csv"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            text = row["section_text"] + "\n" + row["dialogue"]
            assert our_spans(detector, text) == presidio_spans(plain, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n  my phone number is 07700 900123",
        "Señor Núñez, teléfono 612 345 678, calle Mayor 12, 28013 Madrid \U0001f600",
        "SSN: 219-09-9999  passport 912803456 NHS number 943 476 5919",
        "email:jane@example.com,call:+44 20 7946 0958;mrn:12345678",
    ],
)
def test_same_on_awkward_texts(detector: Detector, plain: PlainPresidio, text: str) -> None:
    assert our_spans(detector, text) == presidio_spans(plain, text)


@pytest.mark.parametrize("run", ["1 ", "1-", " ", "a", "A. ", "-", "@", "(", "ab@"])
def test_a_long_run_takes_no_longer_than_it_is(detector: Detector, run: str) -> None:
    # By the square of its length "1 " took 20 seconds.
    known = "Dr Jane Patel saw Sam on 12/03/2024, phone 07700 900123, mail jane@example.com. "
    start = time.process_time()
    [found] = detector.detect([known + run * (30_000 // len(run)) + known])
    assert time.process_time() - start < 5
    assert {"PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS"} <= {span.entity for span in found}


def test_thresholds_ignored_entities_and_allowed_words() -> None:
    text = "Mail jane@example.com, ask for Dr Parkinson, born 12/05/1980."

    def entities(**settings: object) -> set[str]:
        detector = Detector(DetectSettings.model_validate(settings))
        return {span.entity for span in detector.detect([text])[0]}

    assert {"EMAIL_ADDRESS", "PERSON", "DATE_OF_BIRTH"} <= entities()
    assert "EMAIL_ADDRESS" not in entities(ignore=["EMAIL_ADDRESS"])
    assert "PERSON" not in entities(allow=["dr parkinson"])
    assert "PERSON" not in entities(thresholds={"PERSON": 1.0})


def test_a_pattern_that_times_out_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio goes on without it: what it would have found would be published."""
    import presidio_analyzer.pattern_recognizer as module

    detector = Detector(DetectSettings())
    monkeypatch.setattr(module, "REGEX_TIMEOUT_SECONDS", 1e-9)
    with pytest.raises(DetectionError) as raised:
        detector.detect(["my e-mail is jane@example.com and the address " * 2000])
    assert "jane" not in str(raised.value)


def test_a_spacy_model_that_the_user_has_is_used(tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "GPE", "pattern": "Narnia"}, {"label": "ORG", "pattern": "Acme"}]
    )
    pipeline.to_disk(tmp_path / "model")
    detector = Detector(
        DetectSettings.model_validate(
            {
                "model": {
                    "kind": "spacy",
                    "name": str(tmp_path / "model"),
                    "labels": {"GPE": "LOCATION"},
                }
            }
        )
    )
    assert detector.detect(["She moved to Narnia to work for Acme."]) == [
        [Span(13, 19, "LOCATION", 0.85, str(tmp_path / "model"))]
    ]
