"""The leak check: what is kept from being published, and what is not."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from transforms.pseudonymise.batch import Treated
from transforms.verify.leaks import leaks
from transforms.verify.settings import VerifySettings

from .support import FIELDS, detector, treated, untreated


def reasons(given: Treated, settings: VerifySettings | None = None) -> list[str | None]:
    return leaks(detector(), settings or VerifySettings(), FIELDS, given)


OWN = [
    ("the record's own PERSON", "Quackenbush was seen."),
    ("the record's own PERSON", "seen by her brother thaddeus"),
    ("the record's own PERSON", "MRS QUACKENBUSH"),
    ("the record's own PHONE_NUMBER", "ring +44 7911 446 208"),
    ("the record's own PHONE_NUMBER", "on 07911-446-208 after six"),
    ("the record's own EMAIL_ADDRESS", "ZQ.Wrothsley@Borogove.co.uk"),
    ("the record's own EMAIL_ADDRESS", "zq.wrothsley at work"),
    ("the record's own DATE_OF_BIRTH", "born 3rd of May 1961"),
    ("the record's own DATE_OF_BIRTH", "dob 03/05/61"),
    ("the record's own DATE_TIME", "reviewed on 9 February 2024"),
    ("the record's own POSTCODE", "lives at LS62AB"),
    ("the record's own ID", "file PT 5550123"),
]


@pytest.mark.parametrize(("what", "text"), OWN)
def test_a_records_own_identifier_is_found_in_a_text(what: str, text: str) -> None:
    assert reasons(untreated({"note": text})) == [f"field 'note' still holds {what}"]


@pytest.mark.parametrize(("what", "text"), OWN)
def test_and_in_an_attribute(what: str, text: str) -> None:
    assert reasons(untreated({"label": text})) == [f"field 'label' still holds {what}"]


@pytest.mark.parametrize(("what", "text"), OWN)
def test_and_in_any_item_of_a_list(what: str, text: str) -> None:
    given = untreated({"said": ["Hello.", text, None]}, {"said": None}, {"tags": [None, "a", text]})
    assert reasons(given) == [
        f"field 'said' still holds {what}", None, f"field 'tags' still holds {what}"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("EMAIL_ADDRESS", "write to someone.else@nhs.net please"),
        ("PHONE_NUMBER", "his phone number is 020 7946 0018"),
        ("UK_NHS", "NHS number 943 476 5919"),
        ("US_SSN", "my ssn is 536-22-8726"),
        ("CREDIT_CARD", "card 4111 1111 1111 1111"),
        ("IBAN_CODE", "GB82 WEST 1234 5698 7654 32"),
        ("MEDICAL_RECORD_NUMBER", "medical record number MRN 12345678"),
        ("DE_KVNR", "Versichertennummer A123456780"),
        ("ES_NIF", "NIF 12345678Z"),
    ],
)
def test_what_is_certainly_an_identifier_is_found_whosever_it_is(entity: str, text: str) -> None:
    for field, value in (("note", text), ("label", text), ("said", [text]), ("tags", [text])):
        assert reasons(untreated({field: value})) == [f"field '{field}' still holds {entity}"]


def test_the_records_of_a_batch_are_told_apart() -> None:
    given = untreated(
        {"note": "fine"},
        {"note": "Quackenbush"},
        {"note": None},
        {"name": "Other Person", "relatives": None, "note": "Quackenbush is not hers"},
        {"note": "fine", "said": ["a", "b"]},
        {"said": ["a", "Zephyrine"]},
    )
    own = "still holds the record's own PERSON"
    assert reasons(given) == [
        None, f"field 'note' {own}", None, None, None, f"field 'said' {own}"
    ]  # fmt: skip


def test_and_in_an_attribute_that_is_a_number() -> None:
    found = reasons(untreated({"minutes": 447911446208}))
    assert found == ["field 'minutes' still holds the record's own PHONE_NUMBER"]


def test_and_across_the_turns_of_a_talk() -> None:
    given = untreated({"said": ["my number is 07911", "446 208", "thanks"]})
    assert reasons(given) == ["field 'said' still holds the record's own PHONE_NUMBER"]
    assert reasons(treated({"said": ["my number is 07911", "446 208", "thanks"]})) == [None]


def test_what_is_not_published_is_not_searched() -> None:
    assert reasons(untreated({"draft": "Quackenbush, 07911 446208"})) == [None]


@pytest.mark.parametrize("text", [text for _, text in OWN])
def test_after_treatment_nothing_is_found(text: str) -> None:
    """The stand-ins look like identifiers, and are none."""
    assert reasons(treated({"note": text, "said": ["Yes.", text, text]})) == [None]


def test_a_stand_in_hides_itself_and_nothing_beside_it() -> None:
    given = treated({"note": "Zephyrine called. Write to some.one@nhs.net or so."})
    text: str = given.published.column("note")[0].as_py()
    places = given.places["note"][0]
    assert len(places) == 2
    assert reasons(given) == [None]

    def after(extra: str) -> list[str | None]:
        """What is found if the text had kept something else."""
        changed = pa.array([text + extra])
        index = given.published.schema.get_field_index("note")
        published = given.published.set_column(index, given.published.schema.field(index), changed)
        return reasons(given._replace(published=published))

    assert after(" Bye.") == [None]
    assert after(" Zephyrine") == ["field 'note' still holds the record's own PERSON"]
    assert after(" someone.else@nhs.net") == ["field 'note' still holds EMAIL_ADDRESS"]
    # The same stand-ins, were they not known to be such: the e-mail address counts.
    assert reasons(given._replace(places={"note": [[]], "said": [], "draft": [[]]})) != [None]


def test_the_score_and_the_entities_are_the_settings() -> None:
    given = untreated({"note": "write to someone.else@nhs.net"})
    assert reasons(given, VerifySettings(entities=("UK_NHS",))) == [None]
    assert reasons(given, VerifySettings(score=1.0)) != [None]
    weak = untreated({"note": "it was 943 476 5919 I think, or 020 7946 0018"})
    strict = reasons(weak, VerifySettings(score=0.3))
    assert strict != [None]
    # A record's own identifiers always count.
    own = untreated({"note": "Quackenbush"})
    assert reasons(own, VerifySettings(entities=(), score=1.0)) != [None]


def test_a_reason_never_holds_a_value() -> None:
    planted: list[dict[str, Any]] = [{"note": text} for _, text in OWN]
    planted += [{"label": text, "said": [text]} for _, text in OWN]
    found = reasons(untreated(*planted))
    assert None not in found
    text = " ".join(str(reason) for reason in found).lower()
    for value in ("zeph", "quack", "thadd", "7911", "446", "wroth", "1961", "may", "ls6", "5550"):
        assert value not in text


def test_an_empty_batch_and_empty_texts() -> None:
    assert reasons(treated()) == []
    assert reasons(treated({}, {"note": "", "said": [], "tags": [""]})) == [None, None]
