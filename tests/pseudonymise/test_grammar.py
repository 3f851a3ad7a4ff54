"""The small words before a stand-in agree with it, where they agreed before."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.pseudonymise.grammar import agreeing, said


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("She is an ", "18-year-old", "15-19-year-old", "She is a "),
        ("She is a ", "79", "80-84", "She is an "),
        ("an ", "11-year-old", "10-14-year-old", "a "),
        ("works at a ", "Boots pharmacy", "Ashton pharmacy", "works at an "),
        ("An ", "Oxford man", "Leeds man", "A "),
        ("an ", "hour", "week", "a "),
        ("a ", "university", "NHS trust", "an "),
        ("a ", "UK number", "US number", "a "),
        # Wrong before, wrong after: it was the writer's.
        ("a ", "18-year-old", "15-19-year-old", "a "),
        # An initial, and no word of its own.
        ("Vitamin A ", "Smith", "Evans", "Vitamin A "),
        ("Sandra ", "Smith", "Evans", "Sandra "),
        ("", "Smith", "Evans", ""),
    ],
)
def test_english_articles(before: str, old: str, new: str, after: str) -> None:
    assert agreeing(before, old, new, "en") == after


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("Juan y ", "Pedro", "Isabel", "Juan e "),
        ("Juan e ", "Inés", "María", "Juan y "),
        ("Juan y ", "Pedro", "Hierro", "Juan y "),
        ("Pedro o ", "María", "Olga", "Pedro u "),
        ("Pedro u ", "Olga", "María", "Pedro o "),
    ],
)
def test_spanish_conjunctions(before: str, old: str, new: str, after: str) -> None:
    assert agreeing(before, old, new, "es") == after


@pytest.mark.parametrize(
    ("before", "band", "after", "spoken"),
    [
        ("I'm ", "40-49", ".", "between 40 and 49"),
        ("she was only ", "40-49", " years old", "between 40 and 49"),
        ("He’s ", "90+", " now", "at least 90"),
        ("My father ", "is 90+", "", "is at least 90"),
        ("Ich bin ", "40-49", " Jahre alt", "zwischen 40 und 49"),
        ("Er ist schon ", "90+", "", "mindestens 90"),
        ("Tengo ", "40-49", " años", "entre 40 y 49"),
        ("una mujer de ", "90+", " años", "al menos 90"),
        # Read, not said.
        ("Seen: ", "40-49", "", "40-49"),
        ("a man aged ", "40-49", "", "40-49"),
        ("is a ", "40-49", "-year-old", "40-49"),
        ("is ", "40-49", "-year-old", "40-49"),
        ("He is ", "40-49-year-old", "", "40-49-year-old"),
        ("Pt is ", "40-49", "F", "40-49"),
        ("Pt is ", "40-49", " y/o male", "40-49"),
        ("Er ist ", "40-49", "-jährig", "40-49"),
        ("I'm ", "44", "", "44"),
        ("I'm ", "<AGE>", "", "<AGE>"),
    ],
)
def test_a_band_of_ages_after_a_verb_is_said(
    before: str, band: str, after: str, spoken: str
) -> None:
    assert said(before, band, after) == spoken


@given(st.text(max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_only_the_last_word_before_may_change(before: str, old: str, new: str) -> None:
    for language in ("en", "es", "de", "fr"):
        after = agreeing(before, old, new, language)
        assert after.split()[:-1] == before.split()[:-1]
    assert agreeing(before, old, new, "de") == before


def test_a_sentence_after_many_lines_is_found_in_time_by_their_number() -> None:
    lines = "x" + "\n" * 30_000
    start = time.process_time()
    assert agreeing(lines + "A ", "Jones", "Evans", "en") == lines + "An "
    assert agreeing(lines + "vitamin A ", "Jones", "Evans", "en") == lines + "vitamin A "
    assert time.process_time() - start < 1
