"""The second pass: what was found once in a text is found in its other places there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.engine import Detector
from transforms.detect.known import fold
from transforms.detect.repeats import RECOGNISER, repeats
from transforms.detect.settings import DetectSettings
from transforms.detect.spans import Span

SAMPLES = Path(__file__).parents[2] / "samples" / "consultations.jsonl"


def repeated(text: str, value: str, entity: str = "PERSON") -> list[str]:
    """What is found in a text of which the first ``value`` has been found."""
    start = text.index(value)
    first = Span(start, start + len(value), entity, 0.9, "r")
    spans = sorted(repeats(text, [first], [first], 0.6))
    assert all(s.recogniser == RECOGNISER and s.entity == entity for s in spans)
    return [text[s.start : s.end] for s in spans]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("Asha Patel. PATEL rang; asha too", "Asha Patel", ["PATEL", "asha"]),
        ("Asha Patel. ASHA PATEL's son", "Asha Patel", ["ASHA PATEL"]),
        ("Patel's wife. Patel, patels, Patelson", "Patel's", ["Patel"]),
        ("José Núñez. jose nunez", "José Núñez", ["jose nunez"]),
        ("Ms Niamh O’Brien. obrien", "Niamh O’Brien", ["obrien"]),
        ("Dr Asha Patel. The doctor: Dr Smith", "Dr Asha Patel", []),
        # Ordinary words count with a capital for their own sake.
        ("Will Turner. Will you ask Will? He will.", "Will Turner", ["Will"]),
        ("Will Turner. WILL TURNER, will turner", "Will Turner", ["WILL TURNER", "will turner"]),
        ("Ann May. In may, may she? Thanks, May.", "Ann May", ["May"]),
        ("Hope Stein. HOPE, a hope. dear Hope", "Hope Stein", ["Hope"]),
        ("Ms Li. li Li, a Li li LI", "Li", ["Li", "Li"]),
        ("J Patel. J fell. j patel", "J Patel", ["patel"]),
        ("Ann Rash. a rash, the Rash", "Ann Rash", ["Rash"]),
        ("Will May. Will May, will may", "Will May", ["Will May"]),
        ("Ann\nAllergies. Allergies to nuts, ann", "Ann\nAllergies", []),
    ],
)
def test_the_parts_of_a_name_are_found_in_any_case_where_they_are_no_ordinary_words(
    text: str, value: str, expected: list[str]
) -> None:
    assert repeated(text, value) == expected


@pytest.mark.parametrize(
    ("entity", "text", "value", "expected"),
    [
        ("ID", "MRN AB-12345; ab12345, AB 12345, AB-123456", "AB-12345", ["ab12345", "AB 12345"]),
        ("PHONE_NUMBER", "07700 900123 or +447700900123", "07700 900123", ["447700900123"]),
        ("EMAIL_ADDRESS", "a.bee@x.org A.BEE@X.ORG a.bee", "a.bee@x.org", ["A.BEE@X.ORG", "a.bee"]),
        ("EMAIL_ADDRESS", "reception@x.org ask reception", "reception@x.org", []),
        ("STREET_ADDRESS", "12 Oak St. at 12 oak st", "12 Oak St", ["12 oak st"]),
        ("LOCATION", "Leeds. to Leeds; leeds", "Leeds", ["Leeds"]),
        ("LOCATION", "leeds and leeds", "leeds", ["leeds"]),
        ("LOCATION", "New York, new york", "New York", ["new york"]),
        ("LOCATION", "de la Torre, de la", "de la", []),
        ("LOCATION", "Reading. He likes reading.", "Reading", []),
        ("ORGANIZATION", "Acme Freight. acme freight", "Acme Freight", ["acme freight"]),
        ("ID", "bed 12, 12 mg", "12", []),
        ("DATE_TIME", "12/05/2020 and 12/05/2020", "12/05/2020", []),
        ("AGE", "54 years, 54 years", "54 years", []),
        ("OCCUPATION", "teacher, teacher", "teacher", []),
    ],
)
def test_of_other_kinds_the_whole_value_is_found_where_it_says_the_same(
    entity: str, text: str, value: str, expected: list[str]
) -> None:
    assert repeated(text, value, entity) == expected


def test_a_name_that_a_title_gave_away_is_found_without_it() -> None:
    text = "Seen by Dr Karimova today.\nkarimova will ring. Ask Karimova."
    (spans,) = Detector(DetectSettings()).detect([text])
    assert [text[s.start : s.end] for s in spans] == ["Karimova", "karimova", "Karimova"]


def test_a_text_tells_nothing_of_the_next() -> None:
    detector = Detector(DetectSettings())
    first, second = detector.detect(["Seen by Dr Karimova.", "Karimova rang."])
    assert first and not second


def test_what_is_not_certain_enough_is_not_looked_for() -> None:
    text = "mr karimov rang. karimov fell."  # The title in lower case: 0.6.
    assert len(Detector(DetectSettings()).detect([text])[0]) == 2
    strict = DetectSettings.model_validate({"thresholds": {"PERSON": 0.61}})
    assert not Detector(strict).detect([text])[0]


def test_medicine_stays_in_the_second_pass_too() -> None:
    text = "Dr Parkinson on Parkinson's disease. Parkinson agrees."
    given = DetectSettings.model_validate({"allow": {"lists": ["medical"]}})
    (spans,) = Detector(given).detect([text])
    assert [s.start for s in spans] == [3, 37]


WORDS = st.sampled_from(
    "Asha Patel patel PATEL will Will May may in the . , rang MRN AB12345".split()
)


@given(st.lists(WORDS, max_size=30).map(" ".join), st.integers(0, 20), st.integers(1, 20))
def test_the_second_pass_adds_only_what_is_not_covered(text: str, start: int, length: int) -> None:
    first = Span(start, min(start + length, len(text)), "PERSON", 0.9, "r")
    if first.start >= first.end:
        return
    found = repeats(text, [first], [first], 0.6)
    for number, span in enumerate(found):
        assert 0 <= span.start < span.end <= len(text)
        others = [first, *found[:number], *found[number + 1 :]]
        assert not any(o.start <= span.start and span.end <= o.end for o in others)


def test_it_finds_names_in_the_sample_that_patterns_alone_miss() -> None:
    """And hardly anything that is no name of the record."""
    detector = Detector(DetectSettings.model_validate({"countries": ["GB", "US", "DE", "ES"]}))
    records = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]
    texts = ["\n".join(turn["text"] for turn in r["turns"]) + "\n" + r["note"] for r in records]
    added = [
        (fold(text[s.start : s.end]), fold(f"{r['patient']['name']} {r['clinician']['name']}"))
        for r, text, spans in zip(records, texts, detector.detect(texts), strict=True)
        for s in spans
        if s.recogniser == RECOGNISER
    ]
    own = [name for name, names in added if set(name.split()) <= set(re.split(r"\W+", names))]
    assert len(added) > 100
    assert len(own) > 0.6 * len(added)  # The others are kin and carers.
