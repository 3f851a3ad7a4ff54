"""What a field's name tells, and what it must not be taken for."""

import pytest

from pipelines.proposal.naming import meaning, published_name, words
from pipelines.proposal.words import PHRASES, Meaning
from transforms.fields import is_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Patient_ID", Meaning.PATIENT_ID),
        ("patientId", Meaning.PATIENT_ID),
        ("Pat.-Nr.", Meaning.PATIENT_ID),
        ("patient", Meaning.PATIENT_ID),
        ("ID_PACIENTE", Meaning.PATIENT_ID),
        ("Patientennummer", Meaning.PATIENT_ID),
        ("nhs_no", Meaning.NHS_NUMBER),
        ("MRN", Meaning.RECORD_NUMBER),
        ("Geburtsdatum", Meaning.BIRTH_DATE),
        ("Geb.-Datum", Meaning.BIRTH_DATE),
        ("fecha_nac", Meaning.BIRTH_DATE),
        ("DoB", Meaning.BIRTH_DATE),
        ("gender", Meaning.SEX),
        ("sexo", Meaning.SEX),
        ("Patient Name", Meaning.NAME),
        ("nombre del paciente", Meaning.NAME),
        ("patient.name", Meaning.NAME),
        ("clinician.name", Meaning.OTHER_NAME),
        ("Behandelnder Arzt", Meaning.OTHER_NAME),
        ("Straße / Hausnr.", Meaning.ADDRESS),
        ("Tel.", Meaning.PHONE),
        ("Telefon 2", Meaning.PHONE),
        ("PLZ", Meaning.POSTCODE),
        ("Diagnose (ICD)", Meaning.CLINICAL),
        ("turns[].text", Meaning.TEXT),
        ("encounter.id", Meaning.RECORD_ID),
    ],
)
def test_names_of_three_languages_are_known(name, expected):
    assert meaning(name).meaning is expected


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("patient_satisfaction", Meaning.PATIENT_ID),
        ("patient_mood", Meaning.PATIENT_ID),
        ("patient_notes", Meaning.PATIENT_ID),
        ("drug_name", Meaning.NAME),
        ("file_name", Meaning.NAME),
        ("age_group", Meaning.AGE),
        ("doctor_id", Meaning.OTHER_NAME),
        ("email_opt_in", Meaning.EMAIL),
        ("phone_type", Meaning.PHONE),
        ("note_date", Meaning.TEXT),
        ("nonetheless", Meaning.RECORD_ID),
    ],
)
def test_a_word_among_others_does_not_make_a_meaning(name, wrong):
    assert meaning(name).meaning is not wrong


def test_every_phrase_of_the_table_is_found_as_it_is_written():
    for phrase, said, _ in PHRASES:
        name = " ".join(sorted(phrase))
        assert meaning(name).meaning is not None, (name, said)
        assert all(words(word) == [word] and word.isalpha() for word in phrase), phrase


def test_names_for_the_release_are_letters_digits_and_free():
    assert published_name("Größe (cm)", ()) == "grosse_cm"
    assert published_name("Tel.", {"tel"}) == "tel_2"
    assert published_name("2nd name", ()) == "field_2nd_name"
    assert published_name("turns[].text", ()) == "turns.text"
    assert published_name("日付", ()) == "field"


def test_columns_own_names_can_be_paths_and_slips_in_paths_are_none():
    assert all(map(is_path, ["Tel.", "Weight [kg]", "Geb.-Datum", "a.b[0].c", "a[].b", "x"]))
    assert not any(map(is_path, ["", ".", "a..b", "a[x].b", "a[].b[].c", "[]", "a.[0]"]))
