"""What the lists of a configuration say: what stays, what is always replaced, and who wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.batch import Detected
from transforms.detect.engine import Certain, Detector
from transforms.detect.known import known_of
from transforms.detect.lists import RECOGNISER, Lists
from transforms.detect.settings import DetectSettings
from transforms.detect.spans import Span, outside
from transforms.fields import FieldSettings, FieldSpec
from transforms.verify.settings import VerifySettings

NAME = FieldSpec.of("f", FieldSettings.model_validate({"role": "identifier", "entity": "PERSON"}))


def settings(**given: object) -> DetectSettings:
    return DetectSettings.model_validate(given)


def left(text: str, part: str, *, entity: str = "PERSON", **given: object) -> bool:
    """Whether a span over ``part`` of a text stays as it is."""
    start = text.index(part)
    span = Span(start, start + len(part), entity, 0.9, "r")
    return not outside([span], Lists(settings(**given)).allowed(text))


@pytest.mark.parametrize(
    ("allowed", "text", "part", "stays"),
    [
        ("Parkinson", "code for Parkinson", "Parkinson", True),
        ("parkinson", "code for PARKINSON", "PARKINSON", True),
        ("Parkinson", "seen John Parkinson", "John Parkinson", False),
        ("Parkinson", "seen Parkinsonian", "Parkinsonian", False),
        # What lies inside of a longer term stays; beside of it, not.
        ("Parkinson's disease", "has Parkinson's disease", "Parkinson", True),
        ("Parkinson's disease", "has Parkinson's disease", "Parkinson's", True),
        ("Parkinson's disease", "Parkinson's wife rang", "Parkinson", False),
        ("Parkinson's disease", "Ann Parkinson's disease", "Ann Parkinson", False),
        # A title makes a name of it, unless the title is part of the term.
        ("Parkinson", "Mr Parkinson rang", "Parkinson", False),
        ("Graves' disease", "Dr. Graves' disease clinic", "Graves", False),
        ("Parkinson", "Frau  Parkinson", "Parkinson", False),
        ("Dr Scholl's", "in Dr Scholl's sandals", "Scholl", True),
        ("Crohn's", "MS and Crohn's", "Crohn", True),
    ],
)
def test_a_span_stays_that_lies_wholly_inside_of_a_term(
    allowed: str, text: str, part: str, stays: bool
) -> None:
    assert left(text, part, allow=[allowed]) is stays


def test_two_terms_side_by_side_do_not_let_a_name_through() -> None:
    """Each may be no identifier alone; both together may be a person."""
    assert not left("ask Will May", "Will May", allow=["Will", "May"])


@pytest.mark.parametrize(
    ("text", "part", "stays"),
    [
        ("She has Parkinson's disease.", "Parkinson", True),
        ("Crohn’s and Bell's palsy", "Bell", True),
        ("GCS 15 (Glasgow Coma Scale)", "Glasgow", True),
        ("on Naprosyn", "Naprosyn", True),
        ("Morbus Crohn seit 2010", "Crohn", True),
        ("enfermedad de Parkinson", "Parkinson", True),
        ("history of Parkinson's", "Parkinson", True),
        ("Mr Parkinson", "Parkinson", False),
        ("Dr Graves", "Graves", False),
        ("Parkinson rang", "Parkinson", False),
        ("Thomas test", "Thomas", False),
        ("Patrick's test was negative", "Patrick", False),
        ("lives in Glasgow", "Glasgow", False),
    ],
)
def test_the_medical_vocabulary_lets_medicine_stay_and_no_name(
    text: str, part: str, stays: bool
) -> None:
    assert left(text, part, allow={"lists": ["medical"]}) is stays


def found(text: str, given: DetectSettings, name: str = "") -> set[tuple[str, str, str]]:
    known = [known_of({NAME: [name]})] if name else None
    return {
        (text[s.start : s.end], s.entity, s.recogniser)
        for s in Detector(given).detect([text], known)[0]
    }


def test_a_denied_term_is_found_whatever_thresholds_and_lists_say() -> None:
    given = settings(
        deny=[
            {"entity": "PERSON", "words": ["Zoë Müller"]},
            {"entity": "WARD", "words": ["Oak 3"]},
        ],
        allow=["zoë müller", "oak 3"],
        ignore=["PERSON"],
        threshold=1.0,
    )
    assert found("ask ZOË MÜLLER on oak 3", given) == {
        ("ZOË MÜLLER", "PERSON", RECOGNISER),
        ("oak 3", "WARD", RECOGNISER),
    }


def test_a_records_own_identifiers_beat_the_lists_of_what_stays() -> None:
    given = settings(allow={"words": ["Parkinson"], "lists": ["medical"]})
    assert found("Parkinson's disease", given, name="Ann Parkinson") == {
        ("Parkinson", "PERSON", "known")
    }


def test_a_denied_term_that_is_left_is_a_leak() -> None:
    verify = VerifySettings()
    given = settings(deny=[{"entity": "PERSON", "words": ["Oak House"]}])
    certain = Detector(given, Certain(frozenset(verify.entities), verify.score))
    (spans,) = certain.detect(["moved to Oak House"])
    assert [verify.counts(span) for span in spans] == [True]


def test_files_are_read_with_the_settings_and_not_again(tmp_path: Path) -> None:
    (tmp_path / "staff.txt").write_text("Zoë Müller\n", "utf-8")
    (tmp_path / "ours.txt").write_text("Telehealth\n", "utf-8")
    given = DetectSettings.model_validate(
        {
            "deny": [{"entity": "PERSON", "files": ["staff.txt"]}],
            "allow": {"files": ["ours.txt"], "words": ["Denies"]},
        },
        context={"folder": tmp_path},
    )
    sent = given.model_dump_json()
    for file in tmp_path.iterdir():
        file.unlink()
    got = DetectSettings.model_validate_json(sent)
    assert got == given
    assert list(got.allow.terms) == ["Denies", "Telehealth"]
    assert found("zoë müller", got) == {("zoë müller", "PERSON", RECOGNISER)}


@given(st.text(max_size=30), st.integers(0, 30), st.integers(1, 10))
def test_nothing_is_let_through_where_no_list_is(text: str, start: int, length: int) -> None:
    span = Span(start, start + length, "PERSON", 0.5, "r")
    assert outside([span], Lists(settings()).allowed(text)) == [span]


def test_detected_batches_hold_denied_terms_of_every_text() -> None:
    import pyarrow as pa

    from transforms.detect.batch import detect_batch

    fields = [
        FieldSpec.of("note", FieldSettings.model_validate({"role": "text"})),
        FieldSpec.of("turns", FieldSettings.model_validate({"role": "text", "path": "turns[]"})),
    ]
    batch = pa.RecordBatch.from_pydict(
        {"note": ["Oak House", None], "turns": [["hello", "to oak house"], []]}
    )
    detector = Detector(settings(deny=[{"entity": "FACILITY", "words": ["Oak House"]}]))
    found: Detected = detect_batch(detector, batch, fields)
    assert [[(s.start, s.end) for s in value] for value in found.spans["note"]] == [[(0, 9)], []]
    assert [[(s.start, s.end) for s in value] for value in found.spans["turns"]] == [[], [(3, 12)]]
