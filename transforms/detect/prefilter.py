"""Which patterns can match a text at all: a few linear scans instead of one search per pattern.

Most texts hold nothing that most patterns look for. Each pattern is relaxed into an RE2 expression
that matches wherever the pattern does (assertions dropped, classes widened). The relaxed patterns
are put into RE2 sets, and only those that occur in a text are run, from where they occur. No match
is lost: ``tests/detect/test_prefilter.py`` holds that against the patterns themselves.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import re2
import regex

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as sre_parser  # type: ignore[attr-defined]

_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL
"""Presidio's flags for every pattern."""

_PROPERTY = re.compile(r"\\[pP]\{\^?[A-Za-z_=& ]+\}|\\[pP][A-Z]")
_ANY = "(?s:.)"
_SET_MEMORY = 8 << 20
_PATTERN_MEMORY = 1 << 20
"""What automata may grow to, in bytes, before they are begun anew."""
_LONGEST_COUNT = 16

_CATEGORIES = {
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_SPACE: r"\s",
}
_ASCII = {r"\w": r"0-9A-Za-z_", r"\d": "0-9", r"\s": r"\t-\r\x1c-\x20"}


class Alphabet:
    """A code of one byte for each character, so that automata stay small and places in the code
    are places in the text.

    ASCII stands for itself. Of other characters, those that some pattern names have a byte of their
    own, in upper and lower case the same; all others share one with their kind.
    """

    _SAME_AS_ASCII = {0x130: "I", 0x131: "i", 0x17F: "s", 0x212A: "K"}  # ignoring case
    _KINDS = [
        (r"\p{Lu}", "\xc0"), (r"\p{Ll}", "\xe0"), (r"\p{L}", "\xaa"), (r"\p{M}", "\x81"),
        (r"\p{Nd}", "\x82"), (r"\p{N}", "\x83"), (r"\s", "\xa0"), (r"\p{Pc}", "\x84"),
        (r"\p{P}", "\x85"), (r"[\s\S]", "\x86"),
    ]  # fmt: skip
    _OWN = [chr(code) for code in range(0x87, 0x100) if code not in (0xA0, 0xAA, 0xC0, 0xE0)]
    # One of each kind, by which it is told what a class holds.
    _SAMPLES = "Ωωª\u0301٣½\u2003‿–€"

    def __init__(self, patterns: Iterable[str]) -> None:
        """``patterns``, in the syntax of the ``regex`` module, are those that will be relaxed."""
        self._kinds = [(regex.compile(kind), byte) for kind, byte in self._KINDS]
        self._own: dict[str, str] = {}
        self._classes: dict[str, Any] = {}
        self._bytes: dict[str, str] = {}
        for pattern in patterns:
            relax(pattern, self)  # What they name and what classes they use is noted.
        self._bytes = {
            expression: "".join(
                self._byte(char) for char in (*self._SAMPLES, *self._own) if member.match(char)
            )
            for expression, member in self._classes.items()
        }
        self._table = _Table(self)

    def literal(self, code: int) -> str:
        """RE2's expression for a character."""
        if code < 0x80:
            return rf"\x{code:02x}"
        if code in self._SAME_AS_ASCII:
            return self._SAME_AS_ASCII[code]
        key = _fold(chr(code))
        if key not in self._own:
            if len(self._own) == len(self._OWN):
                raise _NoEquivalentError("too many characters")
            self._own[key] = self._OWN[len(self._own)]
        return rf"\x{ord(self._own[key]):02x}"

    def members(self, expression: str) -> str:
        """RE2's expression, for use in brackets, for a class such as ``\\w`` or ``\\p{Lu}``."""
        if expression not in self._classes:
            self._classes[expression] = regex.compile(expression)
        ascii_part = _ASCII.get(expression, expression)
        return ascii_part + "".join(rf"\x{ord(b):02x}" for b in self._bytes.get(expression, ""))

    def encode(self, text: str) -> bytes | None:
        """The code of a text; None where it holds a character that fits no kind."""
        if text.isascii():
            return text.encode("ascii")
        coded = text.translate(self._table)
        if not self._table.strange.isdisjoint(text):
            return None
        return coded.encode("latin-1")

    def _byte(self, char: str) -> str:
        if ord(char) in self._SAME_AS_ASCII:
            return self._SAME_AS_ASCII[ord(char)]
        own = self._own.get(_fold(char))
        return own or next(byte for kind, byte in self._kinds if kind.match(char))

    def _fits(self, char: str, byte: str) -> bool:
        """Whether no class holds the character that does not hold its byte."""
        return all(
            byte in self._bytes[expression] or (byte.isascii() and member.match(byte))
            for expression, member in self._classes.items()
            if member.match(char)
        )


class _Table(dict[int, str]):
    """``str.translate`` table of an alphabet, filled with the characters that are met."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__({code: chr(code) for code in range(0x80)})
        self._alphabet = alphabet
        self.strange: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = byte = self._alphabet._byte(char)
        if not self._alphabet._fits(char, byte):
            self.strange.add(char)
        return byte


def _fold(char: str) -> str:
    """One character for all that are the same but for case."""
    for folded in (char.casefold(), char.lower()):
        if len(folded) == 1:
            return folded
    return char


class _NoEquivalentError(Exception):
    """The pattern uses what cannot be relaxed; it is then always run."""


def relax(pattern: str, alphabet: Alphabet) -> str | None:
    """An RE2 expression that is found in the code of every text in which ``pattern`` (syntax of the
    ``regex`` module, Presidio's flags) is found; None where none can be derived."""
    # `\p{..}` is unknown to the standard parser: private-use characters stand in for it.
    properties: list[str] = []

    def hide(match: re.Match[str]) -> str:
        properties.append(match.group())
        return chr(0xE000 + len(properties) - 1)

    try:
        # Where a pattern is wrapped, its own "(?i)" is no longer at the start; it is ours anyway.
        tree = sre_parser.parse(_PROPERTY.sub(hide, pattern.replace("(?i)", "")), _FLAGS)
        return "(?is)" + _Relaxer(alphabet, properties).sequence(tree)
    except (re.error, _NoEquivalentError, OverflowError):
        return None


class _Relaxer:
    """Writes a parsed pattern as RE2's expression."""

    def __init__(self, alphabet: Alphabet, properties: Sequence[str]) -> None:
        self._alphabet = alphabet
        self._properties = properties

    def sequence(self, tree: Any) -> str:
        return "".join(self._node(op, argument) for op, argument in tree)

    def _node(self, op: Any, argument: Any) -> str:
        if op is sre.LITERAL:
            return f"[{self._character(argument)}]"
        if op in (sre.NOT_LITERAL, sre.ANY):
            return _ANY
        if op is sre.IN:
            return self._class(argument)
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return ""
        if op is sre.BRANCH:
            return "(?:" + "|".join(self.sequence(branch) for branch in argument[1]) + ")"
        if op is sre.SUBPATTERN:
            _, _, removed, inner = argument
            case = "-i" if removed & re.IGNORECASE else ""
            return f"(?{case}:{self.sequence(inner)})"
        if op is sre.ATOMIC_GROUP:
            return f"(?:{self.sequence(argument)})"
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = argument
            if most == 1:
                return f"(?:{self.sequence(inner)}){'?' if least == 0 else ''}"
            # Upper bounds are dropped: they would multiply the automaton's states.
            return f"(?:{self.sequence(inner)}){{{min(least, _LONGEST_COUNT)},}}"
        if op is sre.GROUPREF:
            return f"{_ANY}*"
        raise _NoEquivalentError(str(op))

    def _character(self, code: int) -> str:
        if 0 <= code - 0xE000 < len(self._properties):
            return self._alphabet.members(self._properties[code - 0xE000])
        return self._alphabet.literal(code)

    def _class(self, items: Any) -> str:
        parts: list[str] = []
        for op, argument in items:
            if op is sre.LITERAL:
                parts.append(self._character(argument))
            elif op is sre.RANGE:
                low, high = argument
                if low < 0x80:
                    parts.append(rf"\x{low:02x}-\x{min(high, 0x7F):02x}")
                if high >= 0x80:
                    parts.append(r"\x80-\xff")
            elif op is sre.CATEGORY and argument in _CATEGORIES:
                parts.append(self._alphabet.members(_CATEGORIES[argument]))
            else:
                return _ANY
        return "[" + "".join(parts) + "]"


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    return options


class _Set:
    """Some relaxed patterns, by number, in one RE2 set."""

    def __init__(self, relaxed: Mapping[int, str]) -> None:
        self._set = re2.Set.SearchSet(_options(_SET_MEMORY))
        # Found in every text. Its absence tells that RE2 gave up (out of memory).
        self._set.Add(b"")
        for expression in relaxed.values():
            self._set.Add(expression.encode("latin-1"))
        self._numbers = list(relaxed)
        self._all = frozenset(relaxed)
        self._set.Compile()

    def possible(self, code: bytes) -> frozenset[int]:
        hits = self._set.Match(code)
        if not hits or 0 not in hits:
            return self._all
        return frozenset(self._numbers[hit - 1] for hit in hits if hit)


class Prefilter:
    """Answers which of many patterns may match a text."""

    # One automaton for all patterns has too many states: it is never done with making new ones.
    _SETS = 16

    def __init__(self, patterns: Sequence[str]) -> None:
        self._alphabet = Alphabet(patterns)
        self.relaxed = [relax(pattern, self._alphabet) for pattern in patterns]
        self._all = frozenset(range(len(patterns)))
        given = {n: relaxed for n, relaxed in enumerate(self.relaxed) if relaxed is not None}
        self._always = self._all.difference(given)
        dealt = [dict(list(given.items())[first :: self._SETS]) for first in range(self._SETS)]
        self._sets = [_Set(some) for some in dealt if some]
        self._text, self._code, self._possible = "", b"", self._always

    def possible(self, text: str) -> frozenset[int]:
        """Numbers of the patterns that may match in ``text``; the last answer is remembered."""
        self._scan(text)
        return self._possible

    def code(self, text: str) -> bytes:
        """The code of ``text``, of which places are the text's; empty where there is none."""
        self._scan(text)
        return self._code

    def _scan(self, text: str) -> None:
        if text is self._text:
            return
        code = self._alphabet.encode(text)
        if code is None:
            self._possible = self._all
        else:
            self._possible = self._always.union(*(some.possible(code) for some in self._sets))
        self._text, self._code = text, code or b""


class SparseRegex:
    """A compiled pattern whose ``finditer`` tries it only where its relaxed form begins to match.

    Stands in for ``regex.Pattern`` in a Presidio ``Pattern``; finds what that finds. Where the
    relaxed form begins too often to be of use, the rest of the text is searched by the pattern.
    """

    _FUTILE = 32

    def __init__(self, compiled: Any, prefilter: Prefilter, number: int) -> None:
        """``number`` is the pattern's in ``prefilter``, which must have a relaxed form of it."""
        relaxed = prefilter.relaxed[number]
        assert relaxed is not None
        self._compiled = compiled
        self._relaxed = re2.compile(relaxed.encode("latin-1"), _options(_PATTERN_MEMORY))
        self._prefilter = prefilter
        self._number = number
        self.groupindex = compiled.groupindex

    def finditer(self, text: str, timeout: float | None = None) -> Iterator[Any]:
        """The pattern's matches in ``text``, from left to right."""
        if self._number not in self._prefilter.possible(text):
            return
        code = self._prefilter.code(text)
        if not code:
            yield from self._compiled.finditer(text, timeout=timeout)
            return
        position = futile = 0
        while (candidate := self._relaxed.search(code, position)) is not None:
            start = candidate.start()
            match = self._compiled.match(text, start, timeout=timeout)
            if match is None or match.end() == start:
                futile += 1
                if futile > self._FUTILE:
                    yield from self._compiled.finditer(text, start, timeout=timeout)
                    return
                position = start + 1
            else:
                yield match
                position = match.end()
