"""Our tokens are spaCy's."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect import nlp
from transforms.detect.nlp import Tokeniser

PIECES = st.sampled_from(
    """Dr. (02118) a.m. don't jane@x.org, e.g. http://x.org/a?b 10:30 50mg/day café z.B. 1.000,5
    «No» 😀 - end.Next US$5 we'll ’s ... x-ray Nº 18º can cannot""".split()
) | st.sampled_from([" ", "  ", "\n", " \n", "\t", "\u00a0"])


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_tokens_are_those_of_spacy(language: str) -> None:
    tokeniser, pipeline = Tokeniser(language), spacy.blank(language)

    @given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40))
    def check(text: str) -> None:
        tokens = zip(*tokeniser.tokens(text), strict=True)
        assert [(at + t.start, at + t.end, t.lower) for at, t in tokens] == [
            (t.idx, t.idx + len(t), t.lower_) for t in pipeline.make_doc(text)
        ]

    check()


def test_context_words_are_no_stop_words_and_no_punctuation() -> None:
    _, tokens = Tokeniser("en").tokens("The phone: it may be, for Ann, 0123.")
    assert [word for token in tokens for word in token.context] == ["phone", "ann", "0123"]


def test_memory_is_bounded_however_many_words_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlp, "_PIECES", 100)
    tokeniser = Tokeniser("en")
    before = len(tokeniser.pipeline.vocab.strings)
    for number in range(1000):
        assert len(tokeniser.tokens(f"name{number}x is 50mg/day")[1]) > 2
    assert len(tokeniser.pipeline.vocab.strings) < before + 1000
