"""Settings that contradict the stage are refused with the mend."""

import pytest
from pydantic import ValidationError

from transforms.pseudonymise.settings import PseudonymiseSettings


def test_defaults() -> None:
    settings = PseudonymiseSettings()
    assert (settings.locale, settings.max_shift_days, settings.age_band) == ("en_GB", 365, 5)


@pytest.mark.parametrize("treatment", ["shift", "generalise", "drop"])
def test_treatments_of_fields_are_refused_for_entities(treatment: str) -> None:
    with pytest.raises(ValidationError, match="surrogate, token, redact, keep"):
        PseudonymiseSettings.model_validate({"entities": {"PERSON": treatment}})


@pytest.mark.parametrize("locale", ["en_XX", "", "English", "../x"])
def test_a_locale_that_faker_lacks_is_refused(locale: str) -> None:
    with pytest.raises(ValidationError, match="give one of"):
        PseudonymiseSettings(locale=locale)


@pytest.mark.parametrize("given", [{"max_shift_days": 0}, {"age_band": 0}, {"key": "x"}])
def test_other_nonsense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PseudonymiseSettings.model_validate(given)
