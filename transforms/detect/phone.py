"""What a text must hold for Presidio's phone recogniser to find anything in it."""

from __future__ import annotations

from typing import Any

from phonenumbers import PhoneMetadata
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import PhoneRecognizer


def digits_pattern(recogniser: EntityRecognizer) -> list[str]:
    """A pattern that occurs in every text with a phone number that is valid in one of the
    recogniser's regions: as many digits as the shortest number there has, with no more than four
    other signs between two of them (the most that ``phonenumbers`` looks across).

    Empty for other recognisers than Presidio's, of which nothing can be said.
    """
    if not isinstance(recogniser, PhoneRecognizer) or recogniser.leniency < 1:
        return []
    shortest = min(_shortest_number(region) for region in recogniser.supported_regions)
    # Letters are no separators but for "x", which marks an extension.
    return [rf"\d(?:[^\da-wyz]{{0,4}}\d){{{shortest - 1}}}"]


def _shortest_number(region: str) -> int:
    metadata: Any = PhoneMetadata.metadata_for_region(region)
    return min(metadata.general_desc.possible_length)
