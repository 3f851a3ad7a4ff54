"""The named-entity models that a configuration can name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from transforms.detect import models
from transforms.detect.engine import Detector
from transforms.detect.settings import DetectSettings, ModelKind, ModelSettings
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
    assert "94" not in treated and "at least 90" in treated


@pytest.mark.parametrize("kind", ["spacy", "transformers", "gliner"])
def test_a_model_that_is_not_installed_says_what_to_install(kind: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"[Ii]nstall|folder"):
        detector(kind=kind, name=str(tmp_path / "none"))


def test_names_are_for_models_that_have_one() -> None:
    with pytest.raises(ValidationError, match="name"):
        ModelSettings.model_validate({"kind": "spacy"})
    with pytest.raises(ValidationError, match="name"):
        ModelSettings.model_validate({"kind": "builtin", "name": "x"})


def spacy_model(folder: Path, *patterns: tuple[str, str]) -> str:
    pipeline = spacy.blank("en")
    if patterns:
        ruler: Any = pipeline.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": label, "pattern": text} for label, text in patterns])
    pipeline.to_disk(folder)
    return str(folder)


def test_a_spacy_model_reads_texts_of_any_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = spacy_model(tmp_path / "model", ("PERSON", "Zoë van der Meer"))
    model = models.load(ModelSettings(kind=ModelKind.SPACY, name=name), marking=0.4)
    monkeypatch.setattr(models.SpacyModel, "_SIZE", 50)
    monkeypatch.setattr(models.SpacyModel, "_OVERLAP", 10)
    texts = ["", "so " * 33 + ("word " * 17 + "Zoë van der Meer rang ") * 40, " ", "x" * 5_000]
    found = model.find(texts)
    assert [len(spans) for spans in found] == [0, 40, 0, 0]
    assert {texts[1][s.start : s.end] for s in found[1]} == {"Zoë van der Meer"}


def test_a_spacy_model_takes_more_than_spacys_own_limit(tmp_path: Path) -> None:
    name = spacy_model(tmp_path / "model", ("PERSON", "Zoë"))
    model = models.load(ModelSettings(kind=ModelKind.SPACY, name=name), marking=0.4)
    (spans,) = model.find(["word " * 250_000 + "Zoë"])
    assert [s[:2] for s in spans] == [(1_250_000, 1_250_003)]


def test_a_spacy_model_that_can_find_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no entity recogniser"):
        detector(kind="spacy", name=spacy_model(tmp_path / "blank"))
    with pytest.raises(UsageError, match=r"none of the labels .* it has: WARD"):
        detector(kind="spacy", name=spacy_model(tmp_path / "other", ("WARD", "Oak")))


@given(
    st.integers(0, 60),
    st.integers(2, 12),
    st.integers(0, 11),
    st.integers(0, 59),
    st.integers(1, 6),
)
def test_what_is_no_longer_than_the_overlap_is_whole_in_some_window(
    units: int, size: int, overlap: int, first: int, length: int
) -> None:
    places = [(10 * n, 10 * n + 9) for n in range(units)]
    parts = list(models.windows(places, size, overlap))
    assert all((end - start + 1) // 10 <= size for start, end in parts)
    if first + length <= units and length <= min(overlap, size - 1):
        start, end = places[first][0], places[first + length - 1][1]
        assert any(a <= start and end <= b for a, b in parts)
    assert {p for a, b in parts for p in range(a // 10, b // 10 + 1)} == set(range(units))
