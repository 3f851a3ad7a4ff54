"""The shipped model on texts that were written for these tests alone."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.detect.ner.builtin import FOLDER, NAME, BuiltinModel, Tier


@pytest.fixture(scope="module", params=Tier)
def model(request: pytest.FixtureRequest) -> BuiltinModel:
    return BuiltinModel(request.param)


def found(model: BuiltinModel, text: str) -> set[tuple[str, str]]:
    (spans,) = model.find([text])
    return {(text[s.start : s.end], s.entity) for s in spans}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please open the chart of Oluwaseun Brackenhill?", ("Oluwaseun Brackenhill", "PERSON")),
        ("hi its marguerite again about my knee", ("marguerite", "PERSON")),
        ("MRS TCHOUAMENI WAS SEEN IN CLINIC.", ("TCHOUAMENI", "PERSON")),
        ("We moved from Ulverston to be near her sister.", ("Ulverston", "LOCATION")),
        ("Parcels go to 27 Quillfeather Lane, please.", ("27 Quillfeather Lane", "STREET_ADDRESS")),
        ("She came from Stanbrook General Hospital.", ("Stanbrook General Hospital", "FACILITY")),
        ("He drives for Pembury Coal Ltd in the north.", ("Pembury Coal Ltd", "ORGANIZATION")),
        ("Bloods were taken on 14 March 2021 and repeated.", ("14 March 2021", "DATE_TIME")),
        ("La paciente Ximena Arrizabalaga acude por cefalea.", ("Ximena Arrizabalaga", "PERSON")),
        ("Herr Wiesengrund klagt über Atemnot.", ("Wiesengrund", "PERSON")),
    ],
)  # fmt: skip
def test_identifiers_are_found_by_their_context(
    model: BuiltinModel, text: str, expected: tuple[str, str]
) -> None:
    assert expected in found(model, text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the first-line treatment of Graves' disease?",
        "Started ramipril 5 mg once daily. Denies chest pain.",
        "Murphy's sign positive, McBurney's point tender.",
        "BP 132/84, HR 71, SpO2 98% on air, GCS 15/15.",
        "Telehealth visit. No history of Parkinson's disease or Bell's palsy.",
        "Can I take Tylenol with Zoloft?",
    ],
)
def test_medicine_alone_is_left_as_it_is(model: BuiltinModel, text: str) -> None:
    assert found(model, text) == set()


def test_a_name_is_found_wherever_it_stands_in_a_text_of_any_length(model: BuiltinModel) -> None:
    filler = "the cough was worse at night and better in the morning after some warm tea . "
    text, names = "", []
    for number in range(60):
        # Gaps of ever other length: every place of a window, seams too, has its name.
        text += filler * 4 + "well " * number + "and then my wife "
        names.append(len(text))
        text += "Rosalinda said I should call. "
    (spans,) = model.find([text])
    people = {s.start for s in spans if s.entity == "PERSON"}
    assert people >= set(names)


def test_a_text_has_the_same_spans_whatever_stands_beside_it(model: BuiltinModel) -> None:
    texts = [
        "Dr Haldane rang from Truro.",
        "",
        "no names here",
        "I'm Priscilla, born 3 May 1961, and I live in Penzance. " * 30,
    ]
    assert model.find(texts) == [model.find([text])[0] for text in texts]


def test_spans_are_in_order_and_apart(model: BuiltinModel) -> None:
    text = "Ana Ruiz, 4 High St, Leeds LS1 4AB, 0113 496 0000, ana@ruiz.example, MRN 0048291. " * 20
    (spans,) = model.find([text])
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(0 < s.score <= 1 and s.recogniser == NAME for s in spans)


def test_nothing_is_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> None:
        raise AssertionError("a call left the machine")

    monkeypatch.setattr(socket, "socket", closed)
    monkeypatch.setattr(socket, "create_connection", closed)
    assert BuiltinModel().find(["My name is Tamsin."])[0]


def test_the_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 30_000_000


def test_nothing_is_told_to_the_runtimes_maker(tmp_path: Path) -> None:
    """ONNX Runtime's telemetry would leave its session file in the folder of temporary files."""
    code = (
        "from transforms.detect.ner.builtin import BuiltinModel; BuiltinModel().find(['Ana Ruiz'])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment | {"TMPDIR": str(tmp_path)}
    )
    assert list(tmp_path.iterdir()) == []
