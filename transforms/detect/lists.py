"""What a configuration's lists say: terms that stay, and terms that are always replaced."""

from __future__ import annotations

import regex

from transforms.detect.recognisers._base import FLAGS
from transforms.detect.recognisers._names import TITLE
from transforms.detect.settings import DetectSettings
from transforms.detect.spans import Span
from transforms.detect.terms import Occurrence, Terms

RECOGNISER = "deny"
"""Of the spans of terms that are always replaced."""

_SCORE = 1.0
_TITLE_BEFORE = regex.compile(rf"\b{TITLE}$", FLAGS & ~regex.MULTILINE)
_LONGEST_TITLE = 16


class Lists:
    """The lists ``allow`` and ``deny``, ready to be found in texts."""

    def __init__(self, settings: DetectSettings) -> None:
        self._allow = Terms(dict.fromkeys(settings.allow.terms))
        denied = {term: given.entity for given in settings.deny for term in given.terms}
        self._deny, self._entities = Terms(denied), list(denied.values())

    def denied(self, text: str) -> list[Span]:
        """The places of the terms that are always replaced; they may overlap."""
        return [
            Span(start, end, self._entities[number], _SCORE, RECOGNISER)
            for start, end, number in self._deny.find(text)
        ]

    def allowed(self, text: str) -> list[Occurrence]:
        """The places of the terms that stay.

        Right after a title no term counts: "Graves' disease" stays, the name in "Dr Graves'
        disease clinic" does not.
        """
        return [term for term in self._allow.find(text) if not _is_titled(text, term)]


def _is_titled(text: str, term: Occurrence) -> bool:
    before = max(0, term.start - _LONGEST_TITLE)
    return _TITLE_BEFORE.search(text, before, term.start) is not None
