"""Settings that contradict the stage are refused with the mend."""

import pytest
from pydantic import ValidationError

from transforms.fields import FieldSettings
from transforms.pseudonymise.settings import PseudonymiseSettings


def test_defaults() -> None:
    settings = PseudonymiseSettings()
    assert (settings.locale, settings.max_shift_days, settings.age_band) == ("en_GB", 365, 5)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"entities": {"PERSON": "drop"}}, "surrogate, token, encrypt, fpe, shift, generalise"),
        ({"entities": {"PERSON": "shift"}}, "dates"),
        ({"entities": {"PERSON": "generalise"}}, "say how PERSON is generalised"),
        ({"entities": {"PERSON": "fpe"}}, "of PERSON it would make nonsense: use encrypt"),
        ({"entities": {"DATE_TIME": "fpe"}}, "use shift"),
        ({"entities": {"AGE": "fpe"}}, "use generalise"),
        ({"generalise": {"UK_POSTCODE": {"prefix": 2}}}, "add it to 'entities'"),
        ({"entities": {"ID": "token"}, "mask": {"ID": {}}}, "add it to 'entities'"),
        ({"entities": {"ID": "mask"}, "mask": {"ID": {"keep_last": -1}}}, "greater than or equal"),
    ],
)
def test_a_treatment_that_does_not_fit_the_entity_is_refused(
    given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        PseudonymiseSettings.model_validate(given)


def test_ages_are_generalised_without_more_being_said() -> None:
    PseudonymiseSettings.model_validate({"entities": {"AGE": "generalise", "DATE_TIME": "shift"}})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role": "identifier", "entity": "PERSON", "treatment": "fpe"}, "use encrypt"),
        ({"role": "subject", "treatment": "fpe"}, "allows: drop, encrypt, token"),
        ({"role": "subject", "treatment": "encrypt", "deterministic": False}, "links its records"),
        ({"role": "identifier", "entity": "ID", "deterministic": False}, "contradicts"),
        ({"role": "identifier", "entity": "ID", "mask": {}}, "'mask' contradicts"),
        ({"role": "quasi", "treatment": "encrypt"}, "contradicts role 'quasi'"),
        ({"role": "text", "treatment": "encrypt"}, "contradicts role 'text'"),
        ({"role": "attribute", "treatment": "mask"}, "contradicts role 'attribute'"),
        ({"role": "date", "treatment": "encrypt"}, "contradicts role 'date'"),
        ({"role": "date", "treatment": "generalise", "generalise": {"icd10": "chapter"}}, "period"),
        ({"role": "quasi", "generalise": {"icd10": "block"}}, "chapter"),
        ({"role": "quasi", "generalise": {"icd10": "chapter", "prefix": 3}}, "exactly one"),
    ],
)
def test_a_treatment_that_does_not_fit_the_field_is_refused(
    given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        FieldSettings.model_validate(given)


@pytest.mark.parametrize("locale", ["en_XX", "", "English", "../x"])
def test_a_locale_that_faker_lacks_is_refused(locale: str) -> None:
    with pytest.raises(ValidationError, match="give one of"):
        PseudonymiseSettings(locale=locale)


def test_whole_weeks_need_room() -> None:
    assert PseudonymiseSettings(keep_weekday=True, max_shift_days=7).keep_weekday
    with pytest.raises(ValidationError, match="give 'max_shift_days' 7 or more"):
        PseudonymiseSettings(keep_weekday=True, max_shift_days=6)


@pytest.mark.parametrize(
    "given", [{"max_shift_days": 0}, {"age_band": 0}, {"key": "x"}, {"checksums": "bend"}]
)
def test_other_nonsense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PseudonymiseSettings.model_validate(given)
