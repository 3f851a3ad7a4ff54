"""The embedded NLP engine: tokens and lower-case lemmas for context words, made only when asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.lexeme import Lexeme
from spacy.tokens import Doc

from transforms.detect.spans import Span

_PIECE = re.compile(r"\S+|\s+")
_WORDS_WITH_COLON = re.compile(r"[^\W\d]:\w|\w:[^\W\d]")
_WORD_BEGINS = re.compile(r"(?<=\S) (?=\S)")
_WINDOW = 120
"""Characters before a place within which its context words are looked for first."""
_PIECES = 20_000
"""Pieces of text that are kept cut, and new ones after which spaCy is begun anew."""


class Token(NamedTuple):
    """A token of a piece of text: where it stands in it, and what it is."""

    start: int
    end: int
    lower: str
    context: tuple[str, ...]
    """What of it counts as a context word: nothing, for stop words and punctuation."""


class Tokeniser:
    """spaCy's tokens, of which each word is worked out once.

    spaCy cuts a text at white space and then each piece for itself; pieces recur. It keeps every
    word that it meets for good: from time to time it is begun anew, or names without end would
    fill the memory.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._begin()
        self._cut = lru_cache(_PIECES)(self._cut_anew)

    def _begin(self) -> None:
        self.pipeline = spacy.blank(self.language)
        self._met = 0

    def tokens(self, text: str) -> tuple[list[int], list[Token]]:
        """The tokens of a text, as spaCy's pipeline gives them: where the piece of each starts, and
        the token, counted from there."""
        offsets: list[int] = []
        tokens: list[Token] = []
        for match in _PIECE.finditer(text):
            piece, start = match.group(), match.start()
            # The first space after a word belongs to it; other white space is a token.
            if piece[0] == " " and start > 0:
                if len(piece) == 1:
                    continue
                piece, start = piece[1:], start + 1
            cut = self._cut(piece)
            tokens += cut
            offsets += [start] * len(cut)
        return offsets, tokens

    def _cut_anew(self, piece: str) -> tuple[Token, ...]:
        self._met += 1
        if self._met > _PIECES:
            self._begin()
        if piece.isspace():
            return (self._token(self.pipeline.vocab[piece], 0, len(piece)),)
        return tuple(
            self._token(token.lex, token.idx, token.idx + len(token))
            for token in self.pipeline.make_doc(piece)
        )

    @staticmethod
    def _token(word: Lexeme, start: int, end: int) -> Token:
        lower = word.lower_
        counts = not word.is_stop and not word.is_punct and lower != "be"
        return Token(start, end, lower, tuple(lower.split(":")) if counts else ())


class LazyArtifacts(NlpArtifacts):
    """Presidio's artifacts of one text, computed at first use: few texts need their tokens.

    ``possible`` holds the numbers of the patterns that may match (see ``prefilter``),
    ``found`` the spans that were found before Presidio was asked.
    """

    def __init__(
        self,
        text: str,
        engine: BlankNlpEngine,
        possible: frozenset[int],
        found: Sequence[Span] = (),
    ) -> None:
        self.text = text
        self.possible = possible
        self.found = found
        self.nlp_engine = engine
        self.language = engine.tokeniser.language
        self.scores: list[float] = []
        self.entities: list[Any] = []
        self._tokeniser = engine.tokeniser

    @cached_property
    def tokens(self) -> Doc:
        return self._tokeniser.pipeline.make_doc(self.text)

    @cached_property
    def tokens_indices(self) -> list[int]:
        return [offset + token.start for offset, token in zip(*self._all, strict=True)]

    @cached_property
    def lemmas(self) -> list[str]:
        # Presidio's context words are matched against lemmas; a blank pipeline has none.
        return [token.lower for token in self._all[1]]

    @cached_property
    def keywords(self) -> frozenset[str]:
        # Presidio makes a list; all it asks is whether a word is in it.
        return _keywords(self._all[1])

    @cached_property
    def _all(self) -> tuple[list[int], list[Token]]:
        return self._tokeniser.tokens(self.text)

    def windows(self, start: int) -> Iterator[tuple[list[Token], frozenset[str], int, bool, bool]]:
        """Tokens around a place of the text: first those of a window, then all of them; with their
        context words, the index of the one at the place, and whether they reach the text's start
        and end."""
        text = self.text
        # A word's parts count as context words all over the text ("e-mail:jane").
        if not _WORDS_WITH_COLON.search(text):
            first = _boundary(text, start - _WINDOW, start)
            last = _boundary(text, start + _WINDOW // 4, len(text))
            if first < start < last:
                offsets, tokens = self._tokeniser.tokens(text[first:last])
                index = _index_at(offsets, tokens, start - first)
                yield tokens, _keywords(tokens), index, first == 0, last == len(text)
        offsets, tokens = self._all
        if tokens:
            yield tokens, self.keywords, _index_at(offsets, tokens, start), True, True


def _keywords(tokens: Iterable[Token]) -> frozenset[str]:
    """Which words of some tokens count as context words."""
    return frozenset().union(*{token.context for token in tokens})


def _boundary(text: str, at: int, most: int) -> int:
    """The next place, from ``at`` on, where a word begins after a single space, so that spaCy's
    tokens are the same on either side; ``most``, or the text's start, if there is none before."""
    if at <= 0:
        return 0
    match = _WORD_BEGINS.search(text, at, most)
    return match.end() if match else most


def _index_at(offsets: Sequence[int], tokens: Sequence[Token], place: int) -> int:
    """The token at a place, or else the next one, as Presidio takes it."""
    index = bisect_right(range(len(tokens)), place, key=lambda i: offsets[i] + tokens[i].start) - 1
    if index < 0 or place >= offsets[index] + tokens[index].end:
        return min(index + 1, len(tokens) - 1)
    return index


class BlankNlpEngine(NlpEngine):
    """A blank spaCy pipeline: tokenises, finds no entity, needs no model file."""

    engine_name = "blank"
    is_available = True

    def __init__(self, tokeniser: Tokeniser) -> None:
        self.tokeniser = tokeniser

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return LazyArtifacts(text, self, frozenset())

    def process_batch(
        self, texts: Iterable[str], language: str, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return self.tokeniser.pipeline.vocab[word].is_stop

    def is_punct(self, word: str, language: str) -> bool:
        return self.tokeniser.pipeline.vocab[word].is_punct

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [self.tokeniser.language]
