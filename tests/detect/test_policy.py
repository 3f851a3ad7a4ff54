"""Policies are named sets of thresholds, which a configuration's own numbers override."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from transforms.detect.engine import Detector
from transforms.detect.policy import THRESHOLDS, Policy
from transforms.detect.settings import DetectSettings

SAMPLES = Path(__file__).parents[2] / "samples" / "consultations.jsonl"


def settings(**given: object) -> DetectSettings:
    return DetectSettings.model_validate(given)


def test_the_default_is_balanced() -> None:
    assert settings().policy is Policy.BALANCED
    assert settings().threshold_of("PERSON") == THRESHOLDS[Policy.BALANCED].least


def test_recall_first_is_lower_throughout() -> None:
    recall, balanced = THRESHOLDS[Policy.RECALL_FIRST], THRESHOLDS[Policy.BALANCED]
    assert recall.marking < balanced.marking
    assert recall.least < balanced.least
    assert recall.repeated < balanced.repeated


@pytest.mark.parametrize("policy", Policy)
def test_nothing_that_is_marked_is_lost_by_the_general_threshold(policy: Policy) -> None:
    assert THRESHOLDS[policy].least <= THRESHOLDS[policy].marking


def test_what_the_file_says_comes_before_the_policy() -> None:
    policys_own = THRESHOLDS[Policy.BALANCED].least
    assert settings().threshold_of("NRP") == policys_own
    assert settings(threshold=0.5).threshold_of("NRP") == 0.5
    assert settings(threshold=0.5, thresholds={"NRP": 0.9}).threshold_of("NRP") == 0.9
    assert settings(thresholds={"PERSON": 0.9}).threshold_of("PERSON") == 0.9
    assert settings(thresholds={"PERSON": 0.9}).threshold_of("NRP") == policys_own


def test_the_models_marking_threshold_is_the_policys_or_its_own() -> None:
    builtin = {"kind": "builtin"}
    assert settings(model=builtin).marking == THRESHOLDS[Policy.BALANCED].marking
    recall = settings(model=builtin, policy="recall_first")
    assert recall.marking == THRESHOLDS[Policy.RECALL_FIRST].marking
    assert settings(model={**builtin, "threshold": 0.7}).marking == 0.7
    with pytest.raises(ValidationError, match="builtin and gliner"):
        settings(model={"kind": "spacy", "name": "x", "threshold": 0.7})


def test_recall_first_replaces_more_than_balanced() -> None:
    """Words of which the model is unsure."""
    records = map(json.loads, SAMPLES.read_text("utf-8").splitlines()[:120])
    notes = [record["note"] for record in records]

    def replaced(policy: str) -> int:
        detector = Detector(settings(policy=policy, model={"kind": "builtin"}))
        return sum(
            len({place for span in spans for place in range(span.start, span.end)})
            for spans in detector.detect(notes)
        )

    assert replaced("balanced") < replaced("recall_first")
