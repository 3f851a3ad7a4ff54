"""What a record tells about the names and dates in its text, and what it must not hold again."""

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
    """Folded name tokens (``lexicon.fold``) of the people in the record's fields and texts."""
    reference: date | None = None
    """A date of the record: the year of dates in text that name none."""
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """The surrogates of the record's name tokens, no two alike."""
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The name tokens that stand beside each of them in one name."""
    real: frozenset[str] = frozenset()
    """What a surrogate must not be: the folded words of the record, and the letters and digits of
    its identifiers."""


NO_HINTS = Hints()
