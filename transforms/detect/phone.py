"""Presidio's phone recogniser, asked only where a phone number can be.

``phonenumbers`` parses every run of digits of a text for every region, which takes more time than
all patterns together. Nothing that it would find is lost (``tests/detect/test_engine.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from phonenumbers import PhoneMetadata
from presidio_analyzer import RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

# No number reaches across a line break or from one word into the next: of letters it holds at most
# one word, before an extension.
_SEAM = re.compile(r"\n|(?<=[A-Za-z]{2}) (?=[A-Za-z]{2})")


def digits_pattern(recogniser: PhoneRecognizer) -> str:
    """A pattern that occurs in every text with a phone number that is valid in one of the
    recogniser's regions: as many digits as the shortest number there has, with no more than four
    other signs between two of them (the most that ``phonenumbers`` looks across)."""
    shortest = min(_shortest_number(region) for region in recogniser.supported_regions)
    # Letters are no separators but for "x", which marks an extension.
    return rf"\d(?:[^\da-wyz]{{0,4}}\d){{{shortest - 1}}}"


def _shortest_number(region: str) -> int:
    metadata: Any = PhoneMetadata.metadata_for_region(region)
    return min(metadata.general_desc.possible_length)


class Segmented:
    """A phone recogniser that is given only the parts of a text that hold enough digits."""

    def __init__(self, inner: PhoneRecognizer) -> None:
        self._inner = inner
        self._enough = re.compile(digits_pattern(inner), re.IGNORECASE)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What the recogniser finds in the whole text."""
        results = []
        for start, end in _segments(text):
            if self._enough.search(text, start, end):
                for result in self._inner.analyze(text[start:end], entities):
                    result.start += start
                    result.end += start
                    results.append(result)
        return results


def _segments(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for seam in _SEAM.finditer(text):
        yield start, seam.start()
        start = seam.end()
    yield start, len(text)
