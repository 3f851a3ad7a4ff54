"""E-mail addresses, links, network addresses and handles: all in ranges reserved for examples.

RFC 2606 (example.com, .net, .org), RFC 5737 (192.0.2.0/24 and its siblings), RFC 3849 (2001:db8::).
"""

from __future__ import annotations

import re
import unicodedata

from . import identifiers, keyed, names, spoken
from .hints import Hints, NameRole
from .lexicon import Lexicon, fold

_DOMAINS = ("example.com", "example.org", "example.net")
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_SPOKEN_AT = re.compile(r"(?<!\s)\s++(?:at|ät|arroba)\s+", re.IGNORECASE)
_SPOKEN_MARK = re.compile(
    r"\b(?:dot|underscore|dash|hyphen|minus|plus|punkt|unterstrich|bindestrich|punto|guion|guión)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+|\d+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def email(key: bytes, text: str, words: Lexicon, hints: Hints) -> str:
    """The surrogate of an e-mail address, written or spoken; it agrees with the person's name."""
    at = _SPOKEN_AT.search(text)
    if "@" not in text and at:
        local, domain = text[: at.start()], text[at.end() :]
        dot = next((m.group() for m in _SPOKEN_MARK.finditer(domain)), "dot")
        new = _domain(key, re.sub(r"\s+", "", _SPOKEN_MARK.sub(".", domain)))
        return (
            f"{_spoken_local(key, local, words, hints)}{at.group()}{new.replace('.', f' {dot} ')}"
        )
    local, _, domain = text.rpartition("@")
    return f"{_local(key, local, words, hints)}@{_domain(key, domain)}"


def link(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a URL: a page of example.com, named by three words."""
    bare = _SCHEME.sub("", text).casefold().rstrip("/").removeprefix("www.")
    page = "-".join(keyed.pick(key, f"link {i}", bare, words.words) for i in range(3))
    return f"{'https://' if _SCHEME.match(text) else ''}example.com/{page}"


def handle(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a user's handle: a word and two digits."""
    bare = text.strip().lstrip("@").casefold()

    def make(value: str) -> str:
        word = keyed.pick(key, "handle", value, words.words)
        return word + keyed.digits(key, "handle digits", value, 2)

    new = keyed.first(make, bare, lambda made: made != bare)
    return ("@" if text.strip().startswith("@") else "") + new


def network_address(key: bytes, text: str) -> str:
    """The surrogate of an IP address of either version."""
    bare = text.strip().casefold()
    if bare.count(":") > 1:
        raw = keyed.stream(key, "ip", bare, 8).hex()
        return f"2001:db8::{raw[:4]}:{raw[4:8]}:{raw[8:12]}:{raw[12:]}"

    def make(value: str) -> str:
        network = keyed.pick(key, "ip network", value, _NETWORKS)
        return f"{network}.{1 + keyed.number(key, 'ip', value, 254)}"

    return keyed.first(make, bare, lambda made: made != bare)


def _domain(key: bytes, domain: str) -> str:
    bare = domain.strip().casefold()
    return keyed.pick(key, "domain", bare, _DOMAINS, lambda made: made != bare)


def _local(key: bytes, local: str, words: Lexicon, hints: Hints) -> str:
    parts = [m for m in _PART.finditer(local) if not m.group().isdigit()]
    out = []
    end = 0
    for match in _PART.finditer(local):
        out.append(local[end : match.start()])
        end = match.end()
        part = match.group()
        if part.isdigit():
            out.append(identifiers.identifier(key, part))
        else:
            out.append(_local_word(key, part, match is parts[-1], len(parts), words, hints))
    return "".join(out) + local[end:]


def _local_word(key: bytes, part: str, last: bool, count: int, words: Lexicon, hints: Hints) -> str:
    folded = fold(part)
    if folded not in hints.names and count == 1:
        new = _joined(key, folded, words, hints)
        if new is not None:
            return new
    place: NameRole | None = None if count == 1 else "family" if last else "given"
    return _ascii(names.word(key, part, place, words, hints))


def _joined(key: bytes, folded: str, words: Lexicon, hints: Hints) -> str | None:
    """janesmith, jsmith, smithj: of two names that the record knows."""
    for family, role in hints.names.items():
        if role != "family" or family not in folded:
            continue
        rest = folded.replace(family, "", 1)
        new = _ascii(names.word(key, family, "family", words, hints))
        for given, other in hints.names.items():
            if other == "given" and rest in (given, given[0]):
                first = _ascii(names.word(key, given, "given", words, hints))
                first = first if rest == given else first[0]
                return first + new if folded.startswith(rest) else new + first
    return None


def _spoken_local(key: bytes, local: str, words: Lexicon, hints: Hints) -> str:
    if (said := spoken.read(local)) is not None:
        return said.write(identifiers.identifier(key, said.digits))
    pieces = list(re.finditer(r"[^\s]+", local))
    spoken_words = [m for m in pieces if not _SPOKEN_MARK.fullmatch(m.group())]
    out = []
    end = 0
    for match in pieces:
        out.append(local[end : match.start()])
        end = match.end()
        if match not in spoken_words:
            out.append(match.group())
        elif any(c.isdigit() for c in match.group()):
            out.append(_local(key, match.group(), words, hints))
        else:
            last, count = match is spoken_words[-1], len(spoken_words)
            out.append(_local_word(key, match.group(), last, count, words, hints))
    return "".join(out) + local[end:]


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in bare if c.isascii() and c.isalnum()) or "x"
