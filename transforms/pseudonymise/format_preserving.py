"""Format-preserving encryption: digits for digits and letters for letters, and the way back.

FF1 of NIST SP 800-38G over the values of one format: a number in mixed radix with one digit for
each letter and digit. Domains of fewer than a million values are refused, as the draft of
Revision 1 requires (https://csrc.nist.gov/pubs/sp/800/38/g/r1/2pd), which also withdraws FF3.
Nothing authenticates the result: a wrong key opens it to another value of the format.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ffx import FF1, DomainError

_ALPHABETS = (
    "09", "az", "AZ",
    "٠٩", "۰۹", "०९", "০৯", "๐๙",  # Digits: Arabic, Persian, Devanagari, Bengali, Thai.
    "αω", "ΑΡΣΩ", "ая", "АЯ", "את", "ءغفي",  # Greek, Cyrillic, Hebrew, Arabic.
    "ぁゖ", "ァヺ", "一鿿", "가힣",  # Hiragana, Katakana, Han, Hangul.
    "０９", "ａｚ", "ＡＺ",  # The wide forms of East Asian text.
)  # fmt: skip
"""First and last character of each alphabet's ranges. A character is replaced by one of its own."""


class _Alphabet(NamedTuple):
    ranges: tuple[range, ...]

    @classmethod
    def of(cls, ends: str) -> _Alphabet:
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return cls(tuple(range(ord(first), ord(last) + 1) for first, last in pairs))

    @property
    def size(self) -> int:
        return sum(map(len, self.ranges))

    def place(self, character: str) -> int | None:
        before = 0
        for part in self.ranges:
            if ord(character) in part:
                return before + part.index(ord(character))
            before += len(part)
        return None

    def character(self, index: int) -> str:
        for part in self.ranges:
            if index < len(part):
                return chr(part[index])
            index -= len(part)
        raise IndexError(index)


_KNOWN = tuple(map(_Alphabet.of, _ALPHABETS))


class FormatCipher:
    """Encrypts and opens codes and numbers with one key of 32 bytes (AES-256)."""

    def __init__(self, key: bytes) -> None:
        self._ff1 = FF1(key)

    def encrypt(self, entity: str, value: str) -> str | None:
        """The value with other letters and digits; spaces and punctuation stay.

        None where it has no such format: it holds a character of an alphabet that is not known (a
        combining one, an emoji), it is so short that fewer than a million values share its format,
        or it is encrypted to itself, as one value in each format is by chance.
        """
        read = _read(value)
        if read is None:
            return None
        try:
            new = self._ff1.encrypt_int(read.number, domain=read.domain, tweak=entity.encode())
        except DomainError:
            return None
        return None if new == read.number else read.write(new)

    def decrypt(self, entity: str, value: str) -> str | None:
        """The way back; None where the value has no such format."""
        read = _read(value)
        if read is None:
            return None
        try:
            old = self._ff1.decrypt_int(read.number, domain=read.domain, tweak=entity.encode())
        except DomainError:
            return None
        return read.write(old)


class _Read(NamedTuple):
    """A value as a number in mixed radix."""

    value: str
    alphabets: list[_Alphabet | None]
    """Of each character; None for one that stays."""
    number: int
    domain: int
    """How many values have this format."""

    def write(self, number: int) -> str:
        """The value of the same format that is ``number``."""
        return "".join(reversed(list(self._written(number))))

    def _written(self, number: int) -> Iterator[str]:
        for old, alphabet in zip(reversed(self.value), reversed(self.alphabets), strict=True):
            if alphabet is None:
                yield old
            else:
                number, index = divmod(number, alphabet.size)
                yield alphabet.character(index)


def _read(value: str) -> _Read | None:
    alphabets: list[_Alphabet | None] = []
    number = 0
    for character in value:
        alphabet, index = _found(character)
        if alphabet is not None:
            number = number * alphabet.size + index
        elif not _stays(character):
            return None
        alphabets.append(alphabet)
    return _Read(value, alphabets, number, math.prod(a.size for a in alphabets if a is not None))


@lru_cache(maxsize=4_096)
def _found(character: str) -> tuple[_Alphabet | None, int]:
    """The alphabet of a character, and its place there."""
    for alphabet in _KNOWN:
        place = alphabet.place(character)
        if place is not None:
            return alphabet, place
    return None, 0


def _stays(character: str) -> bool:
    return character.isascii() or character.isspace()
