"""The named-entity models that a configuration can name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from transforms.detect.engine import Detector
from transforms.detect.settings import DetectSettings, ModelSettings
from transforms.errors import UsageError


def detector(**model: object) -> Detector:
    return Detector(DetectSettings.model_validate({"model": model}))


def test_the_built_in_model_finds_what_no_pattern_can() -> None:
    text = "She moved to Thrapston to live with Priya Raman, who works for Halden Freight."
    named = detector(kind="builtin").detect([text])[0]
    found = {text[s.start : s.end] for s in named}
    assert {"Thrapston", "Priya Raman"} <= found
    assert not Detector(DetectSettings()).detect([text])[0]


def test_an_age_over_89_is_not_hidden_by_the_models_age() -> None:
    from transforms.fields import FieldSettings, FieldSpec
    from transforms.pseudonymise.keys import RootKey
    from transforms.pseudonymise.pseudonymiser import Pseudonymiser
    from transforms.pseudonymise.settings import PseudonymiseSettings

    text = "He is 94 years old and lives alone."
    spans = detector(kind="builtin").detect([text])[0]
    fields = [FieldSpec.of("patient", FieldSettings.model_validate({"role": "subject"}))]
    treated, _ = Pseudonymiser(RootKey(bytes(32)), PseudonymiseSettings(), fields).text(
        text, spans, "p"
    )
    assert "94" not in treated and "90+" in treated


@pytest.mark.parametrize("kind", ["spacy", "transformers"])
def test_a_model_that_is_not_installed_says_what_to_install(kind: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"[Ii]nstall|folder"):
        detector(kind=kind, name=str(tmp_path / "none"))


def test_names_are_for_models_that_have_one() -> None:
    with pytest.raises(ValidationError, match="name"):
        ModelSettings.model_validate({"kind": "spacy"})
    with pytest.raises(ValidationError, match="name"):
        ModelSettings.model_validate({"kind": "builtin", "name": "x"})
