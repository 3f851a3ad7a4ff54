"""Numbers keep their form and fall where no one has them."""

import re
import unicodedata

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.pseudonymise import checksums, identifiers, lexicon, online, spoken
from transforms.pseudonymise.hints import NO_HINTS, Hints
from transforms.pseudonymise.identifiers import (
    identifier,
    nhs_number,
    phone,
    social_security_number,
)
from transforms.pseudonymise.names import person

KEY = b"k" * 32
GB, US, DE = (lexicon.load(locale) for locale in ("en_GB", "en_US", "de_DE"))


def shape(text: str) -> str:
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", text)))


@pytest.mark.parametrize(
    ("number", "fiction"),
    [
        ("07911 123456", r"07700 900\d{3}"),
        ("+44 7911 123456", r"\+44 7700 900\d{3}"),
        ("+44 (0)7911 123456", r"\+44 \(0\)7700 900\d{3}"),
        ("0044 7911 123 456", r"0044 7700 900 \d{3}"),
        ("020 7123 4567", r"0(20 7946 0\d{3}|28 9649 6\d{3}|29 2018 0\d{3})"),
        ("(0161) 234 5678", r"\(01\d{2}\d?\) ?.*"),
        ("0800 123 4567", r"0808 157 0\d{3}"),
        ("0300 123 4567", r"0306 999 0\d{3}"),
    ],
)
def test_british_numbers_are_ofcoms_for_drama(number: str, fiction: str) -> None:
    new = phone(KEY, number, GB)
    assert re.fullmatch(fiction, new)
    assert shape(new) == shape(number)


@pytest.mark.parametrize("number", ["(617) 234-1234", "617-234-1234", "1-617-234-1234", "234-1234"])
def test_american_numbers_are_555_01(number: str) -> None:
    new = phone(KEY, number, US)
    assert re.sub(r"\D", "", new)[-7:-2] == "55501"
    assert shape(new) == shape(number)


def test_each_country_has_its_reserved_or_unassigned_numbers() -> None:
    es, fr = lexicon.load("es_ES"), lexicon.load("fr_FR")
    assert re.fullmatch(r"7[5679]\d \d{3} \d{3}", phone(KEY, "667 904 050", es))
    assert re.fullmatch(r"\+34 (829|889|929|989)\d{6}", phone(KEY, "+34 912345678", GB))
    for text in ("667 904 050", "912 345 678"):
        assert not phonenumbers.is_valid_number(phonenumbers.parse(phone(KEY, text, es), "ES"))
    assert re.fullmatch(r"06 39 98 \d\d \d\d", phone(KEY, "06 12 34 56 78", fr))
    assert re.fullmatch(r"0909 8790 \d{3}", phone(KEY, "0909 1234 567", GB))


def test_german_mobiles_are_the_agencys_each_as_likely() -> None:
    new = {phone(KEY, f"0171 {n:07d}", DE) for n in range(2_000)}
    assert len(new) == 107
    long = {phone(KEY, f"0176 {n:08d}", DE) for n in range(2_000)}
    assert len(long) == 103
    assert all(n.startswith(("0176 04069", "0152 28", "0152 54")) for n in long)


def test_american_numbers_have_every_area_code() -> None:
    new = {phone(KEY, f"617-{n:03d}-1234", US)[:3] for n in range(999)}
    assert len(new) > 300


def test_german_numbers() -> None:
    assert re.fullmatch(
        r"\+49 (30 23125\d{3}|69 90009\d{3}|40 66969\d{3}|22 14710\d{3}|89 99998\d{3})",
        phone(KEY, "+49 30 12345678", DE),
    )


def test_one_number_in_all_forms_is_one_surrogate() -> None:
    forms = ["07911 123456", "07911123456", "+44 7911 123456", "+44 (0) 7911 123 456",
             "oh seven nine double one one two three four five six"]  # fmt: skip
    national = set()
    for form in forms:
        new = phone(KEY, form, GB)
        said = spoken.read(new)
        plain = said.digits if said else re.sub(r"\D", "", new)
        national.add(plain.removeprefix("44").lstrip("0"))
    assert len(national) == 1


def test_spoken_digits_stay_spoken_and_as_many() -> None:
    new = phone(KEY, "Oh seven nine double one, one two three four five six", GB)
    said = spoken.read(new)
    assert said is not None
    assert said.digits.startswith("07700900")
    assert len(said.digits) == 11
    german = spoken.read(phone(KEY, "null eins sieben zwo drei", DE))
    assert german is not None
    assert len(german.digits) == 5


@given(st.integers(0, 10**10 - 1))
def test_nhs_numbers_are_of_the_test_range_with_a_valid_check_digit(value: int) -> None:
    old = f"{value:010d}"
    new = nhs_number(KEY, old)
    weights = sum((10 - i) * int(digit) for i, digit in enumerate(new[:9]))
    assert new.startswith("999")
    assert (11 - weights % 11) % 11 == int(new[9])
    assert new != old


def test_nhs_numbers_keep_their_spacing() -> None:
    assert re.fullmatch(r"999 \d{3} \d{4}", nhs_number(KEY, "943 476 5919"))
    assert nhs_number(KEY, "943-476-5919").replace("-", "") == nhs_number(KEY, "9434765919")


def test_social_security_numbers_are_never_issued_ones() -> None:
    assert re.fullmatch(r"9\d\d-([0-3]\d|4\d)-\d{4}", social_security_number(KEY, "123-45-6789"))


@given(st.text(max_size=30))
def test_identifiers_keep_their_length_and_every_separator(text: str) -> None:
    new = identifier(KEY, text)
    text = "".join(c for c in text if not unicodedata.category(c).startswith("M"))
    if spoken.read(text) is None and any(map(str.isalnum, text)):
        assert len(new) == len(text)
        assert all(a == b for a, b in zip(text, new, strict=True) if not a.isalnum())
    if any(map(str.isalnum, text)):
        assert new.casefold() != text.casefold()


@pytest.mark.parametrize("text", ["राम-12", "e\u0301lodie", "קוֹד7"])
def test_vowel_signs_and_accents_go_with_their_letters(text: str) -> None:
    marks = {c for c in text if unicodedata.category(c).startswith("M")}
    assert marks
    assert marks.isdisjoint(identifier(KEY, text))


def test_identifiers_agree_whatever_their_separators_and_case() -> None:
    assert shape(identifier(KEY, "MRN-001234/a")) == "AAA-000000/a"
    assert (
        identifier(KEY, "mrn 001234a").replace(" ", "")
        == re.sub(r"\W", "", identifier(KEY, "MRN-001234/A")).lower()
    )


def test_email_agrees_with_the_name() -> None:
    hints = Hints({"jane": "given", "smith": "family"})
    given_, family = (name.lower() for name in person(KEY, "Jane Smith", GB, hints).split())

    def local(text: str) -> str:
        return online.email(KEY, text, GB, hints).partition("@")[0]

    assert local("jane.smith@nhs.net") == f"{given_}.{family}"
    assert local("jane_smith82@gmail.com").startswith(f"{given_}_{family}")
    assert local("jsmith@x.org") == given_[0] + family
    assert local("janesmith@x.org") == given_ + family
    spoken_form = online.email(KEY, "jane dot smith at gmail dot com", GB, hints)
    assert re.fullmatch(rf"{given_} dot {family} at example dot (com|org|net)", spoken_form)


def test_online_names_are_those_reserved_for_examples() -> None:
    assert online.email(KEY, "x@y.de", GB, NO_HINTS).split("@")[1].startswith("example.")
    assert online.link(KEY, "http://www.foo.com/a?b", GB).startswith("https://example.com/")
    assert re.match(
        r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$", online.network_address(KEY, "10.0.0.1")
    )
    assert online.network_address(KEY, "fe80::1").startswith("2001:db8::")
    assert online.handle(KEY, "@jsmith", GB).startswith("@")


NUMBERS = {
    "CREDIT_CARD": "4111 1111 1111 1111", "IBAN_CODE": "GB29 NWBK 6016 1331 9268 19",
    "ES_NIF": "12345678Z", "ES_NIE": "X1234567L", "DE_KVNR": "A123456780",
    "DE_TAX_ID": "86095742719", "US_NPI": "1234567893", "LICENCE_NUMBER": "1234567893",
    "DEVICE_ID": "490154203237518", "VEHICLE_ID": "1M8GDM9AXKP042788",
}  # fmt: skip


@pytest.mark.parametrize(("entity", "number"), NUMBERS.items())
def test_check_digits_are_kept_or_broken(entity: str, number: str) -> None:
    assert any(checksums.passed(entity, number))
    kept = identifiers.checked(KEY, number, entity)
    broken = identifiers.checked(KEY, number, entity, keep=False)
    assert checksums.passed(entity, kept) == checksums.passed(entity, number)
    assert not any(checksums.passed(entity, broken))
    for new in (kept, broken):
        assert shape(new) == shape(number)
        assert new != number
    mistyped = number[:-1] + ("1" if number[-1] != "1" else "2")
    if not any(checksums.passed(entity, mistyped)):
        assert not any(checksums.passed(entity, identifiers.checked(KEY, mistyped, entity)))


def test_an_nhs_number_may_be_given_a_wrong_check_digit() -> None:
    right, wrong = nhs_number(KEY, "943 476 5919"), nhs_number(KEY, "943 476 5919", keep=False)
    assert right[:-1] == wrong[:-1]
    assert right != wrong


@settings(deadline=None)
@given(st.text(max_size=25), st.sampled_from(sorted(NUMBERS)), st.booleans())
def test_any_text_has_a_surrogate_of_a_number(text: str, entity: str, keep: bool) -> None:
    new = identifiers.checked(KEY, text, entity, keep)
    if any(map(str.isalnum, text)):
        assert new.casefold() != text.casefold()
