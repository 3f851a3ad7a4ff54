"""Lists of terms are read with care, and found as whole words in any script."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.terms import (
    TermFileError,
    Terms,
    carried,
    objection_to_denied,
    read_terms,
)


def found(terms: list[str], text: str) -> list[str]:
    return [text[start:end] for start, end, _ in Terms(terms).find(text)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Parkinson's disease", "PARKINSON’S\n  disease", ["PARKINSON’S\n  disease"]),
        ("Guillain-Barré", "guillain‑barré", ["guillain‑barré"]),
        ("Ann", "Ann, ann; Anna, Joann, Ann's", ["Ann", "ann", "Ann"]),
        ("Ann", "Ann1 1Ann _Ann_", ["Ann"]),
        ("José", "Jose, JOSÉ, Jose\u0301", ["JOSÉ", "Jose\u0301"]),
        ("Jose\u0301", "José", ["José"]),
        ("Jose", "Jose\u0301 José", []),
        ("Jane Smith", "jane\u00a0smith, Jane   Smith", ["jane\u00a0smith", "Jane   Smith"]),
        ("Straße", "straße STRASSE", ["straße"]),
        ("ΟΔΟΣ", "οδος οδοσ", ["οδος", "οδοσ"]),
        ("Иван", "иван Иванов", ["иван"]),
        ("राम", "राम रामा", ["राम"]),  # Its vowel sign is no letter, but part of the word.
        ("محمد", "محمد محمدي", ["محمد"]),
        ("王小明", "患者王小明来诊", ["王小明"]),  # Chinese writes no spaces.
        ("김철수", "김철수는 왔다", ["김철수"]),  # Korean glues particles to names.
        ("สมชาย", "คุณสมชายมา", ["สมชาย"]),
        ("한글", unicodedata.normalize("NFD", "가 한글"), [unicodedata.normalize("NFD", "한글")]),
        ("C3", "complement C3, C30", ["C3"]),
        ("A&E", "in A&E.", ["A&E"]),
    ],
)
def test_a_term_is_found_as_a_whole_word(term: str, text: str, expected: list[str]) -> None:
    assert found([term], text) == expected


def test_terms_that_overlap_are_all_found() -> None:
    terms = ["Parkinson", "Parkinson's disease", "disease score"]
    assert sorted(found(terms, "Parkinson's disease score")) == sorted(terms)


@given(
    st.text(alphabet="aé\u0301 \n\t.x", max_size=12),
    st.sampled_from(["Zoë  Müller", "zoe\u0308 MU\u0308LLER", "ZOË\nMÜLLER"]),
    st.text(alphabet="aé\u0301 \n\t.x", max_size=12),
)
def test_places_are_those_of_the_text_as_it_was_given(before: str, name: str, after: str) -> None:
    text = f"{before} {name}. {after}"
    assert name in found(["Zoë Müller"], text)


def test_thousands_of_terms_take_one_pass() -> None:
    text = "no such thing in here. " * 400
    few, many = Terms(["Zoë Müller"]), Terms([f"Name{n} Surname{n}" for n in range(50_000)])

    def seconds(terms: Terms) -> float:
        best = 9.0
        for _ in range(5):
            started = time.perf_counter()
            assert not list(terms.find(text))
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(many) < 20 * seconds(few) + 0.005


def test_no_terms_find_nothing() -> None:
    assert found([], "anything") == []


def test_a_file_holds_a_term_a_line_and_comments(tmp_path: Path) -> None:
    file = tmp_path / "staff.txt"
    file.write_bytes("\ufeff# Staff\n\n  Zoë Müller # ward 3\r\nC#4\nZoe\u0308 Müller\n".encode())
    assert read_terms(file) == ("C#4", "Zoë Müller")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Ann Smith\nZo\xeb\n", r"staff\.txt:2: not UTF-8"),
        (b"Ann Smith\n\n---\n", r"staff\.txt:3: a term needs a letter or digit"),
        (b"# x\nAnn Smith\nJo\n", r"staff\.txt:3: a term of fewer than 3"),
        (None, r"staff\.txt: no such file; a path is relative to the configuration"),
    ],
)
def test_a_fault_is_told_with_file_and_line_but_without_the_term(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "staff.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(TermFileError, match=message) as raised:
        read_terms(file, objection_to_denied)
    assert "Jo" not in str(raised.value) and "Ann" not in str(raised.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TermFileError, match="cannot be read"):
        read_terms(tmp_path)


def test_a_name_of_two_signs_can_be_denied_where_two_signs_are_a_name() -> None:
    assert objection_to_denied("王明") is None
    assert objection_to_denied("Li") is not None


def test_the_medical_vocabulary_holds_no_bare_surname() -> None:
    terms = {term.casefold() for term in carried("medical")}
    assert len(terms) > 3_000
    surnames = """Parkinson Parkinson's Graves Crohn Bell Wilson Wilson's Hodgkin Addison Cushing
        Smith Jones Thomas Murphy Barrett Foley Gleason Weber Allen Turner Down Baker""".split()
    assert terms.isdisjoint(name.casefold() for name in surnames)
    assert {"parkinson's disease", "crohn's", "bell's palsy", "metformin", "morbus crohn"} <= terms


def test_no_word_of_the_medical_vocabulary_is_a_given_name() -> None:
    from faker.providers.person.de_DE import Provider as German
    from faker.providers.person.en_GB import Provider as British
    from faker.providers.person.en_US import Provider as American
    from faker.providers.person.es_ES import Provider as Spanish

    names = {
        name.casefold()
        for provider in (German, British, American, Spanish)
        for name in (*provider.first_names, *provider.last_names)
    }
    assert names.isdisjoint(term.casefold() for term in carried("medical"))
