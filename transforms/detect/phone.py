"""Presidio's phone recogniser, asked only where a phone number can be.

``phonenumbers`` parses every run of digits of a text for every region, which takes more time than
all patterns together. Nothing that it would find is lost (``tests/detect/test_engine.py``).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from phonenumbers import PhoneMetadata
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

# No number reaches across a line break or from one word into the next: of letters it holds at most
# one word, before an extension.
_SEAM = re.compile(r"\n|(?<=[A-Za-z]{2}) (?=[A-Za-z]{2})")


def digits_pattern(regions: Iterable[str]) -> str:
    """A pattern that occurs in every text with a phone number that is valid in one of the regions:
    as many digits as the shortest number there has, with no more than four other signs between two
    of them (the most that ``phonenumbers`` looks across)."""
    shortest = min(min(_metadata(region).general_desc.possible_length) for region in regions)
    # Letters are no separators but for "x", which marks an extension.
    return rf"\d(?:[^\da-wyz]{{0,4}}\d){{{shortest - 1},}}"


def _metadata(region: str) -> Any:
    return PhoneMetadata.metadata_for_region(region)


class _Region:
    """Tells where a phone number that is valid in a region can be."""

    def __init__(self, region: str) -> None:
        metadata = _metadata(region)
        self._run = re.compile(digits_pattern([region]), re.IGNORECASE)
        # A national number is a part of a run's digits, but where a prefix rewrites them.
        rewritten = metadata.national_prefix_transform_rule is not None
        pattern = "" if rewritten else metadata.general_desc.national_number_pattern
        self._national = re.compile(pattern)
        # Or it is another country's, with its code.
        self._international = re.compile(rf"(?:{metadata.international_prefix})\d{{7}}")

    def may_be_in(self, segment: str) -> bool:
        runs = self._run.findall(segment)
        if not runs:
            return False
        if "+" in segment or not segment.isascii():
            return True
        return any(
            self._national.search(digits) or self._international.search(digits)
            for digits in (_OTHER.sub("", run) for run in runs)
        )


_OTHER = re.compile(r"\D+")


class Segmented:
    """A phone recogniser that is given only those parts of a text in which a number of a region can
    be, and is asked for that region alone."""

    def __init__(self, inner: PhoneRecognizer) -> None:
        self._enough = re.compile(digits_pattern(inner.supported_regions), re.IGNORECASE)
        self._regions = []
        for region in inner.supported_regions:
            of_region = copy.copy(inner)
            of_region.supported_regions = (region,)
            self._regions.append((_Region(region), of_region))

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What the recogniser finds in the whole text."""
        results = []
        for start, end in _segments(text, self._enough):
            segment = text[start:end]
            for region, inner in self._regions:
                if region.may_be_in(segment):
                    for result in inner.analyze(segment, entities):
                        result.start += start
                        result.end += start
                        results.append(result)
        return EntityRecognizer.remove_duplicates(results)


def _segments(text: str, enough: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The parts of a text that no phone number reaches across, as far as they hold a match."""
    end = 0
    while (match := enough.search(text, end)) is not None:
        start = end
        for seam in _SEAM.finditer(text, end, match.start()):
            start = seam.end()
        last = _SEAM.search(text, match.end())
        end = last.start() if last is not None else len(text)
        yield start, end
