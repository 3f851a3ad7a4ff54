"""Whose name it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from transforms.detect.roles import PersonRole, person_roles
from transforms.detect.spans import Span

MEDDOCAN = Path(__file__).parents[2].parent / "shared" / "data" / "meddocan" / "dev"


def roles_of(marked: str) -> list[str]:
    """The roles of the names between ``<`` and ``>``."""
    text, spans = "", []
    for number, part in enumerate(marked.replace(">", "<").split("<")):
        if number % 2:
            spans.append(Span(len(text), len(text) + len(part), "PERSON", 1.0, "test"))
        text += part
    return [str(role) for role in person_roles(text, spans)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Dr <Oyelaran> saw <Lena Marsh>, 54 years old.", ["clinician", "patient"]),
        ("Patient: <Ravi Nair>. Next of kin: <Asha Nair>.", ["patient", "other"]),
        ("Lives with her daughter <Paula>.", ["other"]),
        ("<Paula> (daughter) rang.", ["other"]),
        ("Reviewed by <J. Hale>, MD.", ["clinician"]),
        ("Referred by: Dr. <Hale>\nName: <Kofi Mensah>", ["clinician", "patient"]),
        ("Name: <Kofi Mensah>\n<Mensah> feels better.", ["patient", "patient"]),
        ("Mrs <Lund> is better.", ["patient"]),
        ("my husband Mr <Lund>", ["other"]),
        ("Frau <Yıldız>, geb. 1.2.1950, von Hausarzt Dr. med. <Kern>", ["patient", "clinician"]),
        ("Su hermana <Inés> vive con <Teo>.", ["other", "unknown"]),
        ("<Sam> met <Alex>.", ["unknown", "unknown"]),
        ("The patient improved. <Sam> called.", ["unknown"]),
        ("the doctor told us. <Sam> agreed", ["unknown"]),
    ],
)
def test_a_role_is_what_the_text_beside_a_name_shows(marked: str, expected: list[str]) -> None:
    assert roles_of(marked) == expected


@pytest.mark.skipif(not MEDDOCAN.is_dir(), reason="needs ../shared/data")
def test_patients_and_clinicians_of_clinical_cases_are_told_apart() -> None:
    gold = {
        "NOMBRE_SUJETO_ASISTENCIA": PersonRole.PATIENT,
        "NOMBRE_PERSONAL_SANITARIO": PersonRole.CLINICIAN,
    }
    right: Counter[bool] = Counter()
    for path in sorted(MEDDOCAN.rglob("*.ann")):
        people = []
        for line in path.read_text("utf-8").splitlines():
            label, start, end = line.split("\t")[1].split()[:3] if line[0] == "T" else ("", "", "")
            if label in gold:
                people.append((Span(int(start), int(end), "PERSON", 1.0, "gold"), gold[label]))
        text = path.with_suffix(".txt").read_text("utf-8")
        found = person_roles(text, [span for span, _ in people])
        right.update(role is truth for role, (_, truth) in zip(found, people, strict=True))
    assert right.total() > 900
    assert right[True] / right.total() > 0.95
