"""The small words before a stand-in: a or an, y or e, o or u; the names that take an article; and
how a band of ages is said.

They are mended only where they were right before: who wrote "a hour" goes on writing so.
"""

from __future__ import annotations

import re

_ENGLISH = re.compile(r"(?<![\w'’.-])(?P<word>an?|A|An)\s+$")
_SPANISH = re.compile(r"(?<![\w'’.-])(?P<word>[yeou]|[YEOU])\s+$")
_LIKE_A_CONSONANT = re.compile(
    r"eu|ew|one\b|once|u(?:k|s|sa|n|r)?\b|uni(?!n)|ut[aio]|ur[aou]|us[aeiou]|ug[aeiou]|ukr"
)
_SILENT_H = re.compile(r"hour|honest|honor|honour|heir|herb\b")
_SPELLED_OUT = frozenset("AEFHILMNORSX")
_NUMBER = re.compile(r"\d[\d,]*")
_BAND = re.compile(r"(?P<low>\d+)(?:-(?P<high>\d+)|\+)(?![\w-])")
# After a verb an age is speech ("I'm 44"); "44F", "aged 44" and "a 44-year-old" are read as bands.
_SAID = {
    "en": re.compile(
        r"(?:\b(?:am|is|are|was|were|be|been)|['’](?:m|s|re))\s+(?:(?:only|just)\s+)?$", re.I
    ),
    "de": re.compile(r"\b(?:bin|bist|ist|sind|war|waren)\s+(?:(?:erst|schon|jetzt)\s+)?$", re.I),
    "es": re.compile(r"\b(?:tengo|tienes?|tenía|tienen|de|con)\s+(?:solo\s+)?$", re.I),
}
_NOT_SAID = re.compile(r"\s*(?:y\.?\s?/?o\b|yrs?\b|y\b|[mf]\b|year old\b|/|-)", re.I)
_BETWEEN = {
    "en": ("between {} and {}", "at least {}"),
    "de": ("zwischen {} und {}", "mindestens {}"),
    "es": ("entre {} y {}", "al menos {}"),
}


def agreeing(before: str, old: str, new: str, language: str) -> str:
    """The text ``before`` a value with the small word at its end as ``new`` in the value's place
    wants it."""
    pattern, choose = {"en": (_ENGLISH, _article), "es": (_SPANISH, _conjunction)}.get(
        language, (None, None)
    )
    match = pattern.search(before[-8:]) if pattern else None
    if match is None or choose is None:
        return before
    word = match["word"]
    start = len(before) - len(before[-8:]) + match.start("word")
    # "A" with a capital may be an initial: only at the beginning of a sentence is it an article.
    if word.isupper() and len(word) == 1 and not _ends_sentence(before[:start]):
        return before
    fitting, wanted = choose(word.lower(), old), choose(word.lower(), new)
    if fitting != word.lower() or wanted == fitting:
        return before
    wanted = wanted.title() if word[0].isupper() else wanted
    return before[:start] + wanted + before[start + len(word) :]


def _ends_sentence(text: str) -> bool:
    """Whether what follows the text begins a sentence, a line or another text."""
    bare = text.rstrip()
    return bare[-1:] in ("", *".!?:;") or not {"\n", "\x1e"}.isdisjoint(text[len(bare) :])


def said(before: str, band: str, after: str) -> str:
    """A band of ages as one says it, where the text around it is speech: "I'm 40-49" becomes "I'm
    between 40 and 49", "tengo 40-49 años" "tengo entre 40 y 49 años". The language is that of the
    verb before it."""
    match = _BAND.search(band)
    if match is None or _NOT_SAID.match(band[match.end() :] + after):
        return band
    lead = before[-24:] + band[: match.start()]
    language = next((one for one, verb in _SAID.items() if verb.search(lead)), None)
    if language is None:
        return band
    closed, open_ = _BETWEEN[language]
    words = (closed if match["high"] else open_).format(match["low"], match["high"])
    return band[: match.start()] + words + band[match.end() :]


def takes_article(country: str, language: str) -> str:
    """The article that goes with a country's name, so that it becomes one that takes the same:
    "the" Netherlands, "la" India, "die" Schweiz; empty for most."""
    name = country.casefold()
    if language == "de" and " " in name:
        return "an adjective"  # It has endings: in der Dominikanischen Republik.
    for article, pattern in _WITH_ARTICLE.get(language, ()):
        if pattern.search(name):
            return article
    return ""


_WITH_ARTICLE = {
    "en": (
        ("the", re.compile(
            r"^united |^uk$|^usa?$|^uae$|^eu$|republic|kingdom|netherlands|philippines|bahamas|"
            r"gambia|maldives|islands|states|emirates|federation|jamahiriya|seychelles|comoros"
        )),
    ),
    "de": (
        ("die (plural)", re.compile(
            r"^vereinigte|^usa$|niederlande|philippinen|malediven|bahamas|seychellen|komoren|inseln"
        )),
        ("die", re.compile(
            r"schweiz|türkei|slowakei|ukraine|mongolei|republik|moldau|eu$|elfenbeinküste"
        )),
        ("der", re.compile(r"^(?:iran|irak|jemen|libanon|sudan|niger|tschad|kongo|oman|vatikan)")),
        ("das", re.compile(r"königreich|^vereinigtes")),
    ),
    "es": (
        ("el", re.compile(r"^reino|^perú$|^japón$|^líbano$|^congo|^ecuador$|^uruguay$|^paraguay$")),
        ("los", re.compile(r"^estados|^países|^emiratos|^ee")),
        ("la", re.compile(r"^república|^india$|^federación")),
        ("las", re.compile(r"^islas|^bahamas|^filipinas|^maldivas")),
    ),
}  # fmt: skip


def _article(_: str, following: str) -> str:
    first = re.match(r"\W*([^\W_]+)", following)
    if first is None:
        return "a"
    word = first[1]
    if number := _NUMBER.match(word):
        # Eight, eighty, eight hundred; eleven, eighteen.
        digits = number.group().replace(",", "")
        return "an" if digits[0] == "8" or digits in ("11", "18") else "a"
    if word.isupper() and 1 < len(word) < 5 and not re.search("[AEIOU]", word[1:]):
        return "an" if word[0] in _SPELLED_OUT else "a"
    lower = word.casefold()
    if _LIKE_A_CONSONANT.match(lower):
        return "a"
    return "an" if lower[0] in "aeiouáéíóúäöü" or _SILENT_H.match(lower) else "a"


def _conjunction(word: str, following: str) -> str:
    first = re.match(r"\W*([^\W\d_]+)", following)
    lower = first[1].casefold() if first else ""
    if word in "ye":
        # Hielo and hierba keep "y".
        sounds_i = re.match(r"h?[ií](?![aeo])", lower) is not None
        return "e" if sounds_i else "y"
    return "u" if re.match(r"h?[oó]", lower) else "o"
