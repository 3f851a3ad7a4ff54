"""How texts are written badly: without case, without punctuation, with slips and odd blanks."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Sequence
from random import Random

from scripts.detector.pieces import Piece

_LETTERS = string.ascii_lowercase
_CONTACT = frozenset({"EMAIL_ADDRESS", "URL", "IP_ADDRESS", "USER_HANDLE"})


def augment(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """The pieces, sometimes changed in one or two of these ways; labels stay where they belong."""
    result = list(pieces)
    kind = random.random()
    if kind < 0.14:
        result = [Piece(p.text.lower(), p.label) for p in result]
        if random.random() < 0.7:
            result = [_unpunctuated(p) for p in result]
    elif kind < 0.18:
        result = [Piece(p.text.upper(), p.label) for p in result]
    elif kind < 0.22:
        # Names alone lose their capitals, as in hasty chats; or the rest alone keeps none.
        named = random.random() < 0.6
        result = [
            Piece(p.text.lower() if bool(p.label) == named else p.text, p.label) for p in result
        ]
    elif kind < 0.24:
        result = [Piece(p.text if p.label else p.text.title(), p.label) for p in result]
    elif kind < 0.26:
        result = [
            Piece(p.text.upper() if p.label in ("PERSON", "LOCATION") else p.text, p.label)
            for p in result
        ]
    if random.random() < 0.08:
        result = [
            Piece(_typos(p.text, random), p.label) if p.label not in _CONTACT else p for p in result
        ]
    if random.random() < 0.06:
        result = [Piece(_bare(p.text), p.label) for p in result]
    if random.random() < 0.04:
        result = [Piece(p.text.replace(". ", "."), p.label) if not p.label else p for p in result]
    if random.random() < 0.04:
        result = [Piece(p.text.replace(" ", "  "), p.label) if not p.label else p for p in result]
    if random.random() < 0.04:
        result = [Piece(p.text.replace(", ", ","), p.label) if not p.label else p for p in result]
    return result


def _unpunctuated(piece: Piece) -> Piece:
    if piece.label in _CONTACT or piece.label in (
        "ID",
        "PHONE_NUMBER",
        "DATE_TIME",
        "DATE_OF_BIRTH",
    ):
        return piece
    drop = ".," if piece.label else '.,?!;:"()'
    return Piece(piece.text.translate(str.maketrans("", "", drop)), piece.label)


def _typos(text: str, random: Random) -> str:
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) > 4 and word.isalpha() and random.random() < 0.15:
            at = random.randrange(1, len(word) - 1)
            words[index] = random.choice(
                (
                    word[:at] + word[at + 1 :],
                    word[:at] + word[at] + word[at:],
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    word[:at] + random.choice(_LETTERS) + word[at + 1 :],
                )
            )
    return " ".join(words)


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
