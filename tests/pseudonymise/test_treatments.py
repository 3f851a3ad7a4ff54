"""Every treatment, in fields and in text, over values of every script and shape."""

import json
import re
import unicodedata
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.spans import Span
from transforms.fields import FieldSettings, FieldSpec, Generalise, source_schema
from transforms.pseudonymise import columns, dates, lexicon
from transforms.pseudonymise.encryption import Encrypted, ValueCipher
from transforms.pseudonymise.format_preserving import FormatCipher
from transforms.pseudonymise.keys import Purpose, RootKey, derive
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings

ROOT = RootKey(b"k" * 32)
CIPHER = ValueCipher(derive(ROOT, Purpose.ENCRYPTION, "default"), ROOT.fingerprint)
FORMATS = FormatCipher(derive(ROOT, Purpose.FORMAT, "default"))
FIELDS = {
    "patient": {"role": "subject", "treatment": "encrypt"},
    "name": {"role": "identifier", "entity": "PERSON", "treatment": "encrypt"},
    "mother": {
        "role": "identifier", "entity": "PERSON", "treatment": "encrypt", "deterministic": False,
    },
    "nhs": {"role": "identifier", "entity": "UK_NHS", "treatment": "fpe"},
    "phone": {
        "role": "identifier", "entity": "PHONE_NUMBER", "treatment": "mask",
        "mask": {"keep_last": 3},
    },
    "codes": {"role": "quasi", "path": "codes[]", "generalise": {"icd10": "chapter"}},
    "seen": {"role": "date", "treatment": "generalise", "generalise": {"period": "week"}},
}  # fmt: skip


def stage(fields: dict[str, Any] = FIELDS, **settings: Any) -> Pseudonymiser:
    specs = [FieldSpec.of(n, FieldSettings.model_validate(f)) for n, f in fields.items()]
    return Pseudonymiser(ROOT, PseudonymiseSettings.model_validate(settings), specs)


def treat(*records: dict[str, Any]) -> list[dict[str, Any]]:
    specs = [FieldSpec.of(n, FieldSettings.model_validate(f)) for n, f in FIELDS.items()]
    schema = source_schema(specs)
    rows = [{name: record.get(name) for name in schema.names} for record in records]
    return stage().record_batch(pa.RecordBatch.from_pylist(rows, schema), {}).to_pylist()


def in_text(value: str, entity: str, **settings: Any) -> str:
    return stage(**settings).text(value, [Span(0, len(value), entity, 1.0, "r")], "p1")[0]


JANE = {
    "patient": "p1", "name": "Jane Smith", "mother": "Ann Fox", "nhs": "943 476 5919",
    "phone": "07911 123456", "codes": ["I21.9", "C50", "nonsense"], "seen": "2022-05-05",
}  # fmt: skip


def test_each_treatment_in_a_field() -> None:
    one, again = treat(JANE, JANE | {"phone": "12", "nhs": "123", "seen": "31/02/2022"})
    for name in ("patient", "name", "mother"):
        stand_in = Encrypted.parse(one[name])
        assert stand_in is not None
        assert CIPHER.decrypt(stand_in) == JANE[name]
    assert (one["patient"], one["name"]) == (again["patient"], again["name"])
    assert one["mother"] != again["mother"]
    assert re.fullmatch(r"\d{3} \d{3} \d{4}", one["nhs"])
    assert FORMATS.decrypt("UK_NHS", one["nhs"]) == JANE["nhs"]
    assert one["phone"] == "***** ***456"
    assert one["codes"] == ["I00-I99", "C00-D48", None]
    assert one["seen"] == "2022-W18"
    # Too short for a format, too short to keep anything, a date that does not exist.
    assert (again["nhs"], again["phone"], again["seen"]) == (None, "**", None)
    published = json.dumps([one, again])
    for value in ("p1", "Jane", "Smith", "Ann", "943", "07911", "I21", "2022-05"):
        assert value not in published


def test_null_stays_null() -> None:
    (one,) = treat({"patient": "p1"})
    assert {name for name, value in one.items() if value is not None} == {"patient"}


def test_each_treatment_in_text() -> None:
    stand_in = Encrypted.parse(in_text("Jane", "PERSON", entities={"PERSON": "encrypt"}))
    assert stand_in is not None
    assert CIPHER.decrypt(stand_in) == "Jane"
    number = in_text("943-476-5919", "UK_NHS", entities={"UK_NHS": "fpe"})
    assert number.replace("-", " ") == treat(JANE)[0]["nhs"]
    assert in_text("123", "UK_NHS", entities={"UK_NHS": "fpe"}) == "<UK_NHS>"
    assert in_text("07911 1", "PHONE_NUMBER", entities={"PHONE_NUMBER": "mask"}) == "***** *"
    assert in_text("AB123", "ID", entities={"ID": "mask"}, mask={"ID": {"keep_last": 2}}) == "***23"
    assert in_text("5 May 2022", "DATE_TIME", entities={"DATE_TIME": "shift"}) == in_text(
        "5 May 2022", "DATE_TIME"
    )
    assert in_text("54", "AGE", entities={"AGE": "generalise"}) == "50-54"
    assert in_text("nonagenarian", "AGE_OVER_89", entities={"AGE_OVER_89": "generalise"}) == "90+"
    month = {
        "entities": {"DATE_TIME": "generalise"},
        "generalise": {"DATE_TIME": {"period": "month"}},
    }
    assert in_text("5 May 2022", "DATE_TIME", **month) == "2022-05"
    for unreadable in ("31/02/2022", "Christmas", "the fifth"):
        assert in_text(unreadable, "DATE_TIME", **month) == "<DATE_TIME>"
    district = {
        "entities": {"UK_POSTCODE": "generalise"},
        "generalise": {"UK_POSTCODE": {"prefix": 3}},
    }
    assert in_text("LS6 2AB", "UK_POSTCODE", **district) == "LS6"


@pytest.mark.parametrize(
    ("code", "chapter", "category"),
    [
        ("A00", "A00-B99", "A00"), ("B99.9", "A00-B99", "B99"), ("C4A.0", "C00-D48", "C4A"),
        ("D48.9", "C00-D48", "D48"), ("d50", "D50-D89", "D50"), ("D89.9", "D50-D89", "D89"),
        ("E11.65", "E00-E90", "E11"), ("H59", "H00-H59", "H59"), ("H60.0", "H60-H95", "H60"),
        ("S72.001A", "S00-T98", "S72"), ("T98", "S00-T98", "T98"), ("V00", "V01-Y98", "V00"),
        ("X59", "V01-Y98", "X59"), ("Z3A.01", "Z00-Z99", "Z3A"), ("U07.1", "U00-U99", "U07"),
        ("I219", "I00-I99", "I21"), (" J06.9 ", "J00-J99", "J06"), ("A18.0†", "A00-B99", "A18"),
    ],
)  # fmt: skip
def test_diagnoses_are_cut_to_chapter_or_category(code: str, chapter: str, category: str) -> None:
    reading = dates.Reading()
    cut = columns.generaliser(Generalise.model_validate({"icd10": "chapter"}), reading)
    assert cut(code) == chapter
    assert columns.generaliser(Generalise.model_validate({"icd10": "category"}), reading)(
        code
    ) == category  # fmt: skip


@pytest.mark.parametrize("code", ["", "I", "I2", "21.9", "I21.99999", "195967001", "Angina", "É21"])
def test_what_is_no_code_of_icd10_is_not_published(code: str) -> None:
    cut = columns.generaliser(Generalise.model_validate({"icd10": "chapter"}), dates.Reading())
    assert cut(code) is None


@pytest.mark.parametrize(
    ("day", "week"),
    [("2022-05-05", "2022-W18"), ("2021-01-03", "2020-W53"), ("31 December 2024", "2025-W01"),
     ("2022-05", None), ("2022", None), ("30/02/2022", None)],
)  # fmt: skip
def test_dates_are_cut_to_their_iso_week(day: str, week: str | None) -> None:
    how = Generalise.model_validate({"period": "week"})
    assert columns.generaliser(how, dates.Reading.of(lexicon.load("en_GB")))(day) == week


HARD = [
    "محمد علي", "דוד לוי", "Дмитрий Иванов", "王小明", "김철수", "สมชาย", "राम कुमार", "Μαρία",
    "Jose\u0301 Garci\u0301a", "Zoë 🎉 O'Brien",
    "👩‍⚕️ Ann", "\u202eenaJ\u202c Smith", "J\u00ad\u200bane",
    "ﬁona ﬂynn", "ＪＡＮＥ", "İbrahim", "ẞtraße",
]  # fmt: skip
"""Right to left, other scripts, combining characters, emoji, direction marks, ligatures."""
TREATMENTS: dict[str, dict[str, Any]] = {
    "surrogate": {},
    "token": {"entities": {"PERSON": "token"}},
    "encrypt": {"entities": {"PERSON": "encrypt"}},
    "mask": {"entities": {"PERSON": "mask"}},
    "redact": {"entities": {"PERSON": "redact"}},
    "generalise": {
        "entities": {"PERSON": "generalise"}, "generalise": {"PERSON": {"period": "year"}},
    },
}  # fmt: skip


def words(text: str) -> set[str]:
    return {*re.findall(r"[^\W\d_]{2,}", unicodedata.normalize("NFKD", text).casefold())}


@pytest.mark.parametrize("value", HARD)
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_text_that_is_one_identifier_of_any_script_is_replaced_whole(
    treatment: str, value: str
) -> None:
    new, places = stage(**TREATMENTS[treatment]).text(
        value, [Span(0, len(value), "PERSON", 1.0, "r")], "p1"
    )
    assert places == [(0, len(new))]
    assert new.casefold() != value.casefold()
    assert words(new).isdisjoint(words(value))
    if treatment == "mask":
        assert not any(map(str.isalnum, new))


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("value", HARD)
def test_what_stands_around_an_identifier_stays(treatment: str, value: str) -> None:
    before, after = "مرحبا 🎉 e\u0301 ", " — دكتور 王."
    text = before + value + after
    new, ((start, end),) = stage(**TREATMENTS[treatment]).text(
        text, [Span(len(before), len(before + value), "PERSON", 1.0, "r")], "p1"
    )
    assert (new[:start], new[end:]) == (before, after)


@given(
    st.text(min_size=1, max_size=30),
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(1, 12),
            st.sampled_from(["PERSON", "UK_NHS", "DATE_TIME", "ID"]), st.sampled_from([0.4, 0.8]),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_whatever_overlaps_no_detected_character_is_left_at_its_place(
    text: str, found: list[tuple[int, int, str, float]]
) -> None:
    spans = [Span(start, start + n, entity, score, "r") for start, n, entity, score in found]
    detected = {i for s in spans for i in range(s.start, min(s.end, len(text)))}
    new, places = EACH.text(text, spans, "p1")
    outside = "".join(c for i, c in enumerate(text) if i not in detected)
    left = "".join(c for i, c in enumerate(new) if not any(a <= i < b for a, b in places))
    assert left == outside


EACH = stage(
    entities={"PERSON": "encrypt", "UK_NHS": "fpe", "DATE_TIME": "generalise", "ID": "token"},
    generalise={"DATE_TIME": {"period": "month"}},
)
