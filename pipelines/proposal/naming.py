"""What a field's name tells: its words, its meaning, and a name for the release."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from pipelines.proposal.words import FILLING, PATIENT, PHRASES, Meaning

_WORD = re.compile(r"[A-ZÄÖÜÁÉÍÓÚÑ]+(?![a-zß-ÿ])|[A-ZÄÖÜÁÉÍÓÚÑ]?[a-zß-ÿ]+|\d+", re.UNICODE)


class Named(NamedTuple):
    """What a name tells."""

    meaning: Meaning | None
    language: str | None
    """Of the words that tell it."""
    is_patients: bool
    """Whether a word says that it is the patient's."""


def words(name: str) -> list[str]:
    """``Patient_ID``, ``patientId`` and ``Patient-Id`` as patient, id; no accents, ss for ß."""
    return [_plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", name))]


@lru_cache(4096)
def meaning(path: str) -> Named:
    """What the field at a path is: told from the last part of the path, then with the part
    before."""
    parts = [words(part) for part in path.replace("[]", "").split(".")]
    parts = [part for part in parts if part] or [[]]
    every = [word for part in parts for word in part]
    is_patients = bool({*every[-6:]} & PATIENT)
    # A dot is a step into an object, or a character of a column's name ("Pat.-Nr.").
    for some in (every, every[-len(parts[-1]) - len(parts[-2:][0]) :], parts[-1]):
        spoken = [word for word in some if not word.isdigit()] or some
        for found in ({*spoken}, {"".join(spoken)}):
            fits: dict[Meaning, list[tuple[frozenset[str], str]]] = {}
            for phrase, said, language in PHRASES:
                if phrase <= found:
                    fits.setdefault(said, []).append((phrase, language))
            best = max(
                (
                    (max(len(phrase) for phrase, _ in phrases), -order, said, phrases[0][1])
                    for order, (said, phrases) in enumerate(fits.items())
                    if found.difference(*(phrase for phrase, _ in phrases)) <= FILLING
                ),
                default=None,
            )
            if best is not None:
                return Named(best[2], best[3], is_patients)
    return Named(None, None, is_patients)


def published_name(path: str, taken: Container[str]) -> str:
    """A name for the release: letters, digits and underscores, free of those taken; columns of one
    list keep its name before a dot, as ``turns.text``."""
    parts = [
        re.sub(r"[\W_]+", "_", _plain(part), flags=re.ASCII).strip("_") for part in path.split("[]")
    ]
    name = ".".join(part for part in parts if part)[:80].rstrip("._")
    if not name[:1].isalpha():
        name = f"field_{name}".rstrip("_")
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _plain(text: str) -> str:
    text = text.casefold().replace("ß", "ss")
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if not unicodedata.combining(c))
