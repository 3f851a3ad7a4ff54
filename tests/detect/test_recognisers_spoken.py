"""Numbers and e-mail addresses as they are said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.recognisers.spoken_emails import SpokenEmail
from transforms.detect.recognisers.spoken_numbers import SpokenNumber

NUMBERS = [
    ("my number is oh seven seven double one nine oh two three", "oh seven seven double one"),
    ("it's zero seven nine four six triple five oh one two", "triple five oh one two"),
    ("plus four four, seven seven double oh, nine double oh", "plus four four, seven seven"),
    ("zero one five two, um, three three four,\nfour five five", "four five five"),
    ("seven-seven-oh-nine-oh-oh-one", "seven-seven-oh-nine-oh-oh-one"),
    ("07700 nine hundred one two three four", "07700 nine hundred one two three four"),
    ("six one seven five five five twelve thirty four", "six one seven"),
    ("call 0 7 7 0 0 9 0 0 1 2 3", "0 7 7 0 0 9 0 0 1 2 3"),
    ("null eins sieben sechs, vier drei zwei eins fünf", "null eins sieben sechs"),
    ("seis cero cero, uno dos tres, cuatro cinco seis", "seis cero cero, uno dos tres"),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_spoken_numbers(text: str, expected: str) -> None:
    found = [text[r.start : r.end] for r in SpokenNumber().analyze(text, [])]
    assert any(expected in span for span in found), found


@pytest.mark.parametrize(
    "text",
    [
        "one two three",
        "two or three times a day, four or five if bad",
        "one, two, three, four, five, six, seven",
        "nine eight seven six five four three two one",
        "one hundred and twenty over eighty",
        "in 1987, 1990 and 2005",
        "aged 18, 16, 14 and 12",
        "1, 2, 3, 4, 5, 6, 7, 8",
        "he has one at home and one at work",
    ],
)
def test_counts_and_quantities_are_no_numbers(text: str) -> None:
    assert SpokenNumber().analyze(text, []) == []


WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@given(
    st.lists(st.integers(0, 9), min_size=7, max_size=15).filter(
        lambda d: len({b - a for a, b in pairwise(d)}) > 1
    ),
    st.sampled_from([" ", ", ", "-", "\n", "... ", " , um, ", " and "]),
)
def test_any_digits_said_one_by_one_are_found_whole(digits: list[int], between: str) -> None:
    said = between.join(WORDS[d] for d in digits)
    text = f"It is {said} thanks."
    assert [text[r.start : r.end] for r in SpokenNumber().analyze(text, [])] == [said]


EMAILS = [
    ("my email is jane dot smith at gmail dot com thanks", "jane dot smith at gmail dot com"),
    ("it's j smith 82 at hotmail dot co dot uk", "j smith 82 at hotmail dot co dot uk"),
    ("jane underscore doe at n h s dot net", "jane underscore doe at n h s dot net"),
    ("jane-doe at my-clinic dot org", "jane-doe at my-clinic dot org"),
    ("jane.smith at gmail.com", "jane.smith at gmail.com"),
    ("jane dot smith @ gmail.com", "jane dot smith @ gmail.com"),
    ("meine Mail: anna punkt meier at web punkt de", "anna punkt meier at web punkt de"),
    ("mi correo es ana guion bajo lopez arroba gmail punto com", "ana guion bajo lopez arroba"),
]


@pytest.mark.parametrize(("text", "expected"), EMAILS)
def test_spoken_emails(text: str, expected: str) -> None:
    (result,) = SpokenEmail().analyze(text, [])
    assert text[result.start : result.end].startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "I arrive at noon dot",
        "I was at the office dot com era",
        "I stay at home. It is fine at work. De nada",
        "the rash looks like a dot at the wrist",
        "jane.smith@example.com",
    ],
)
def test_no_spoken_emails(text: str) -> None:
    assert SpokenEmail().analyze(text, []) == []
