"""Which patterns can match a text at all: a few linear scans instead of one search per pattern.

Most texts hold nothing that most patterns look for. Each pattern is relaxed into an RE2 expression
that matches wherever the pattern does (assertions dropped, classes widened), all of them are put
into RE2 sets, and only the patterns whose relaxed form occurs are run. No match is lost:
``tests/detect/test_prefilter.py`` holds that against the patterns themselves.
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
# Supersets of what the `regex` module calls a word character, a digit and white space.
_WIDE = {
    sre.CATEGORY_WORD: r"\p{L}\p{N}\p{M}\p{Pc}",
    sre.CATEGORY_DIGIT: r"\p{Nd}",
    sre.CATEGORY_SPACE: r"\s\x{0b}\x{1c}-\x{1f}\x{85}\p{Z}",
}
_CATEGORIES = {"w": sre.CATEGORY_WORD, "d": sre.CATEGORY_DIGIT, "s": sre.CATEGORY_SPACE}
_SET_MEMORY = 32 << 20
_LONGEST_COUNT = 16


class _NoEquivalentError(Exception):
    """The pattern uses what cannot be relaxed; it is then always run."""


def relax(pattern: str) -> str | None:
    """An RE2 expression that is found in every text in which ``pattern`` (syntax of the ``regex``
    module, Presidio's flags) is found; None where none can be derived."""
    # `\p{..}` is unknown to the standard parser: private-use characters stand in for it.
    properties: list[str] = []

    def hide(match: re.Match[str]) -> str:
        properties.append(match.group())
        return chr(0xE000 + len(properties) - 1)

    try:
        # Where a pattern is wrapped, its own "(?i)" is no longer at the start; it is ours anyway.
        tree = sre_parser.parse(_PROPERTY.sub(hide, pattern.replace("(?i)", "")), _FLAGS)
        return "(?is)" + _sequence(tree, properties)
    except (re.error, _NoEquivalentError, OverflowError):
        return None


def _character(code: int, properties: Sequence[str]) -> str:
    if 0 <= code - 0xE000 < len(properties):
        return properties[code - 0xE000]
    return rf"\x{{{code:x}}}"


def _sequence(tree: Any, properties: Sequence[str]) -> str:
    return "".join(_node(op, argument, properties) for op, argument in tree)


def _node(op: Any, argument: Any, properties: Sequence[str]) -> str:
    if op is sre.LITERAL:
        return _character(argument, properties)
    if op in (sre.NOT_LITERAL, sre.ANY):
        return _ANY
    if op is sre.IN:
        return _class(argument, properties)
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return ""
    if op is sre.BRANCH:
        return "(?:" + "|".join(_sequence(branch, properties) for branch in argument[1]) + ")"
    if op is sre.SUBPATTERN:
        _, _, removed, inner = argument
        case = "-i" if removed & re.IGNORECASE else ""
        return f"(?{case}:{_sequence(inner, properties)})"
    if op is sre.ATOMIC_GROUP:
        return f"(?:{_sequence(argument, properties)})"
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = argument
        if most == 1:
            return f"(?:{_sequence(inner, properties)}){'?' if least == 0 else ''}"
        # Upper bounds are dropped: they would multiply the automaton's states.
        return f"(?:{_sequence(inner, properties)}){{{min(least, _LONGEST_COUNT)},}}"
    if op is sre.GROUPREF:
        return f"{_ANY}*"
    raise _NoEquivalentError(str(op))


def _class(items: Any, properties: Sequence[str]) -> str:
    parts: list[str] = []
    for op, argument in items:
        if op is sre.NEGATE:
            return _ANY
        if op is sre.LITERAL:
            parts.append(_character(argument, properties))
        elif op is sre.RANGE:
            low, high = argument
            parts.append(rf"\x{{{low:x}}}-\x{{{high:x}}}")
        elif op is sre.CATEGORY and argument in _WIDE:
            parts.append(_WIDE[argument])
        else:
            return _ANY
    return "[" + "".join(parts) + "]"


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _SET_MEMORY
    options.log_errors = False
    return options


class _Strangers:
    """Characters that the ``regex`` module puts into a class and RE2, whose Unicode tables are
    older, does not: nothing can be said of a text that holds one."""

    def __init__(self, patterns: Iterable[str]) -> None:
        properties = {found for p in patterns for found in _PROPERTY.findall(p)}
        classes = {rf"\{c}": f"[{_WIDE[category]}]" for c, category in _CATEGORIES.items()}
        classes |= {found: found for found in properties}
        self._classes = [(regex.compile(c), re2.compile(wide)) for c, wide in classes.items()]
        self._known: dict[str, bool] = {}

    def any_in(self, text: str) -> bool:
        """Whether the text holds such a character."""
        return not text.isascii() and any(map(self._is_one, set(text)))

    def _is_one(self, character: str) -> bool:
        known = self._known.get(character)
        if known is None:
            known = any(
                c.match(character) and not wide.match(character) for c, wide in self._classes
            )
            self._known[character] = known
        return known


class _Set:
    """Some patterns, by number, in one RE2 set."""

    def __init__(self, patterns: Mapping[int, str]) -> None:
        self._set = re2.Set.SearchSet(_options())
        # Found in every text. Its absence tells that RE2 gave up (out of memory).
        self._set.Add("")
        self._number_of = [-1]
        self._all = frozenset(patterns)
        always = set()
        for number, pattern in patterns.items():
            expression = relax(pattern)
            try:
                if expression is None:
                    raise re2.error
                self._set.Add(expression)
                self._number_of.append(number)
            except re2.error:
                always.add(number)
        self._always = frozenset(always)
        self._set.Compile()

    def possible(self, encoded: bytes) -> frozenset[int]:
        hits = self._set.Match(encoded)
        if not hits or 0 not in hits:
            return self._all
        if len(hits) == 1:
            return self._always
        return self._always.union(self._number_of[hit] for hit in hits if hit)


class Prefilter:
    """Answers which of many patterns may match a text."""

    # One automaton for all patterns has too many states: it is never done with making new ones.
    _SETS = 8

    def __init__(self, patterns: Sequence[str]) -> None:
        numbered = list(enumerate(patterns))
        dealt = [dict(numbered[first :: self._SETS]) for first in range(self._SETS)]
        self._sets = [_Set(some) for some in dealt if some]
        self._all = frozenset(range(len(patterns)))
        self._strangers = _Strangers(patterns)
        self._text = ""
        self._possible = self._search("")

    def possible(self, text: str) -> frozenset[int]:
        """Numbers of the patterns that may match in ``text``; the last answer is remembered."""
        if text is not self._text:
            self._text, self._possible = text, self._search(text)
        return self._possible

    def _search(self, text: str) -> frozenset[int]:
        if self._strangers.any_in(text):
            return self._all
        encoded = text.encode("utf-8", "surrogatepass")
        return frozenset().union(*(some.possible(encoded) for some in self._sets))


class SparseRegex:
    """A compiled pattern whose ``finditer`` tries it only where its relaxed form begins to match.

    Stands in for ``regex.Pattern`` in a Presidio ``Pattern``; finds what that finds. Where the
    relaxed form begins too often to be of use, the rest of the text is searched by the pattern.
    """

    _FUTILE = 32

    def __init__(self, compiled: Any, relaxed: str, prefilter: Prefilter, number: int) -> None:
        """``number`` is the pattern's in ``prefilter``."""
        self._compiled = compiled
        self._relaxed = re2.compile(relaxed.encode(), _options())
        self._prefilter = prefilter
        self._number = number
        self.groupindex = compiled.groupindex

    def finditer(self, text: str, timeout: float | None = None) -> Iterator[Any]:
        """The pattern's matches in ``text``, from left to right."""
        if self._number not in self._prefilter.possible(text):
            return
        encoded = text.encode("utf-8", "surrogatepass")
        single = len(encoded) == len(text)
        position = futile = 0
        while (candidate := self._relaxed.search(encoded, position)) is not None:
            byte = candidate.start()
            start = byte if single else len(encoded[:byte].decode("utf-8", "surrogatepass"))
            match = self._compiled.match(text, start, timeout=timeout)
            if match is None or match.end() == start:
                futile += 1
                if futile > self._FUTILE:
                    yield from self._compiled.finditer(text, start, timeout=timeout)
                    return
                # Behind the whole character, however many bytes it has.
                end = start + 1
            else:
                yield match
                end = match.end()
            position = (
                end if single else byte + len(text[start:end].encode("utf-8", "surrogatepass"))
            )
