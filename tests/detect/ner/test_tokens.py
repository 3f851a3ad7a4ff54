"""How the built-in model reads a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.ner.builtin import FOLDER, VOCABULARY
from transforms.detect.ner.tokens import (
    MARGIN,
    MOST_PIECES,
    SHAPES,
    WINDOW_PIECES,
    Encoder,
    Words,
    plain,
    windows,
)

PIECES = (FOLDER / VOCABULARY).read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(PIECES)


def pieces_of(words: Words) -> list[list[str]]:
    return [[PIECES[code] for code in codes] for codes in words.pieces]


def test_words_stand_where_the_text_has_them(encoder: Encoder) -> None:
    text = "Dr O'Neill, 54yo\n12 Oak St"
    words = encoder.encode(text)
    found = [text[a:b] for a, b in zip(words.starts, words.ends, strict=True)]
    assert found == ["Dr", "O", "'", "Neill", ",", "54", "yo", "12", "Oak", "St"]


def test_words_fall_into_the_vocabularys_pieces(encoder: Encoder) -> None:
    assert pieces_of(encoder.encode("Telehealth")) == [["tel", "##eh", "##eal", "##th"]]
    assert pieces_of(encoder.encode("München")) == [["munchen"]]
    assert pieces_of(encoder.encode("☃")) == [["[UNK]"]]


def test_of_long_words_the_beginning_is_read(encoder: Encoder) -> None:
    (codes,) = encoder.encode("9" * 400).pieces
    assert len(codes) == MOST_PIECES


def test_case_and_gaps_are_told_apart(encoder: Encoder) -> None:
    same_word = encoder.encode("May may MAY mAy\nMay  May-may")
    shapes = [
        shape
        for shape, codes in zip(same_word.shapes, same_word.pieces, strict=True)
        if codes == same_word.pieces[0]
    ]
    assert len(shapes) == len(set(shapes)) + 1  # the first stands, as the fifth, on a new line


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_letter_lost(text: str) -> None:
    encoder = Encoder(PIECES)
    words = encoder.encode(text)
    covered = {i for a, b in zip(words.starts, words.ends, strict=True) for i in range(a, b)}
    assert all(i in covered or text[i].isspace() for i in range(len(text)))
    assert all(0 <= shape < SHAPES for shape in words.shapes)
    assert all(codes for codes in words.pieces)


@given(st.lists(st.integers(1, MOST_PIECES), max_size=900))
def test_each_word_is_labelled_in_one_window_that_sees_its_surroundings(sizes: list[int]) -> None:
    count = len(sizes)
    words = Words([0] * count, [1] * count, [(1,) * size for size in sizes], [0] * count)
    labelled = []
    for window in windows(words):
        assert window.first <= window.from_ < window.to <= window.last
        assert 2 + sum(sizes[window.first : window.last]) <= WINDOW_PIECES
        assert window.from_ == 0 or window.from_ - window.first == min(MARGIN, window.from_)
        assert window.to == count or window.last - window.to == MARGIN
        labelled.extend(range(window.from_, window.to))
    assert labelled == list(range(count))


def test_accents_and_case_do_not_change_the_word() -> None:
    assert plain("Ñandú") == plain("NANDU") == "nandu"
