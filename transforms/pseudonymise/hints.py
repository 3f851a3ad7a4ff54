"""What a record's structured fields tell about the names and dates in its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

NameRole = Literal["given", "family"]


@dataclass(frozen=True, repr=False)
class Hints:
    """What one record knows; ``repr`` shows none of it."""

    names: Mapping[str, NameRole] = field(default_factory=dict)
    """Folded name tokens (``lexicon.fold``) of the people in the record's fields."""
    reference: date | None = None
    """A date of the record: the year of dates in text that name none."""


NO_HINTS = Hints()
