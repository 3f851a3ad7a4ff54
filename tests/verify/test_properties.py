"""Whatever a record's fields hold is in nothing that is published of it, however it was written.

What is looked for here is told by other means than the stages': letters and digits alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from transforms.batches import flat
from transforms.detect.known import _NOT_A_NAME, ORDINARY
from transforms.pseudonymise.people import culture_of, home_of, people
from transforms.verify.leaks import leaks
from transforms.verify.settings import VerifySettings

from .support import FIELDS, detector, treated

LETTERS = "abcdefghijklmnopqrstuvwxyzéèñüöäçšž"
OPENINGS = ("", "Hello, it is ", "I spoke with ", "Then (", "ref:", "… ", "12 ", "Thanks,\n")
ENDINGS = ("", ".", "?", ")", " called today", ", as before", "'s results", "\n", " 40 mg")

part = st.text(LETTERS, min_size=3, max_size=9).map(str.capitalize)
name_part = st.one_of(
    part, st.tuples(part, part).map("-".join), part.map(lambda p: f"O'{p}"),
    part.map(lambda p: f"van der {p}"),
)  # fmt: skip
names = st.tuples(name_part, name_part)
NAME_FORMS: dict[str, Callable[[str, str], str]] = {
    "full": lambda first, last: f"{first} {last}",
    "capitals": lambda first, last: f"{first} {last}".upper(),
    "lower": lambda first, last: f"{first} {last}".lower(),
    "turned": lambda first, last: f"{last}, {first}",
    "title": lambda first, last: f"Dr {last}",
    "first": lambda first, last: first,
    "initial": lambda first, last: f"{first[0]}. {last}",
    "wide": lambda first, last: f"{first}\u00a0 {last}",
    "broken": lambda first, last: f"{first}\n{last}",
    "possessive": lambda first, last: f"{last}'s",
    "bare": lambda first, last: bare(f"{first} {last}"),
    "curly": lambda first, last: f"{first} {last}".replace("'", "’"),
    "markup": lambda first, last: f"**{first}** <b>{last}</b>",
}

digits = st.text("0123456789", min_size=9, max_size=9).filter(lambda d: len(set(d)) > 2)
PHONE_FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda d: f"07{d}",
    "spaced": lambda d: f"07{d[:3]} {d[3:6]} {d[6:]}",
    "abroad": lambda d: f"+44 7{d[:3]} {d[3:]}",
    "abroad, plain": lambda d: f"00447{d}",
    "optional zero": lambda d: f"+44 (0)7{d[:3]} {d[3:]}",
    "dashes": lambda d: f"07{d[:3]}-{d[3:6]}-{d[6:]}",
    "dots": lambda d: f"07{d[:3]}.{d[3:6]}.{d[6:]}",
    "pairs": lambda d: " ".join(f"07{d}x"[i : i + 2] for i in range(0, 11, 2)).rstrip("x"),
    "brackets": lambda d: f"(07{d[:3]}) {d[3:]}",
}

ids = st.tuples(st.text("ABCDEFGHKLMNPQRSTWXZ", min_size=2, max_size=3), digits)
ID_FORMS: dict[str, Callable[[str, str], str]] = {
    "dash": lambda a, b: f"{a}-{b}",
    "plain": lambda a, b: f"{a}{b}",
    "lower": lambda a, b: f"{a}{b}".lower(),
    "spaced": lambda a, b: f"{a} {b[:3]} {b[3:6]} {b[6:]}",
    "slashes": lambda a, b: f"{a}/{b[:5]}/{b[5:]}",
}


def bare(text: str) -> str:
    """Without accents."""
    return "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    )  # fmt: skip


def words(text: str) -> set[str]:
    plain = bare(text).casefold()
    return set("".join(c if c.isalpha() else " " for c in plain).split())


def compact(text: str) -> str:
    return "".join(c for c in bare(text).casefold() if c.isalnum())


def published(fields: dict[str, str], text: str) -> str | None:
    """All that is published of a record with these fields and this text, twice in its texts and
    once in an attribute of a record of its own; None if it is held back."""
    given = treated({**fields, "note": text, "said": ["Hello.", text]})
    if leaks(detector(), VerifySettings(), FIELDS, given)[0] is not None:
        return None
    columns = [flat(column).to_pylist() for column in given.published.columns]
    return "\n".join(str(value) for column in columns for value in column if value is not None)


quick = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", NAME_FORMS)
@quick
@given(
    name=names,
    opening=st.sampled_from(OPENINGS),
    ending=st.sampled_from(ENDINGS),
)
def test_a_name(form: str, name: tuple[str, str], opening: str, ending: str) -> None:
    parts = {p for p in words(" ".join(name)) if len(p) > 2} - _NOT_A_NAME
    assume(not parts & ORDINARY)
    # A surrogate may be a listed name.
    home = home_of("en_GB")
    assume(not any(people(culture_of(part, home)).listed(part) for part in parts))
    assume(not parts & words(" ".join(OPENINGS + ENDINGS) + " hello"))
    out = published({"name": " ".join(name)}, opening + NAME_FORMS[form](*name) + ending)
    assert out is None or not parts & words(out)


@pytest.mark.parametrize("form", PHONE_FORMS)
@quick
@given(
    number=digits,
    opening=st.sampled_from(OPENINGS[:-2]),
    ending=st.sampled_from(ENDINGS[:-1]),
)
def test_a_phone_number(form: str, number: str, opening: str, ending: str) -> None:
    text = opening + PHONE_FORMS[form](number) + ending
    out = published({"phone": f"07{number}"}, text)
    assert out is None or number not in "".join(c for c in out if c.isdigit())


@pytest.mark.parametrize("form", ID_FORMS)
@quick
@given(
    ident=ids,
    opening=st.sampled_from(OPENINGS),
    ending=st.sampled_from(ENDINGS),
)
def test_an_id(form: str, ident: tuple[str, str], opening: str, ending: str) -> None:
    text = opening + ID_FORMS[form](*ident) + ending
    out = published({"patient": "-".join(ident)}, text)
    assert out is None or compact("".join(ident)) not in compact(out)


@quick
@given(
    field=st.sampled_from(["label", "tags"]),
    what=st.sampled_from(["name", "phone", "patient", "email"]),
    opening=st.sampled_from(OPENINGS),
    ending=st.sampled_from(ENDINGS),
)
def test_nothing_of_it_stands_in_an_attribute(
    field: str, what: str, opening: str, ending: str
) -> None:
    from .support import PERSON

    value = opening + PERSON[what] + ending
    given = treated({field: [None, value] if field == "tags" else value})
    (reason,) = leaks(detector(), VerifySettings(), FIELDS, given)
    assert reason is not None and reason.startswith(f"field '{field}' still holds")


# Names beyond ASCII, each in forms that people write.

BEYOND = [
    ("text in NFD", "José Núñez", "Jose\u0301 Nu\u0301n\u0303ez", ["núñez", "nu\u0301n"]),
    ("field in NFD", "Jose\u0301 Nu\u0301n\u0303ez", "José Núñez", ["josé", "núñez"]),
    ("Polish", "Łukasz Wałęsa", "Lukasz Walesa", ["lukasz", "walesa"]),
    ("Danish", "Søren Bødker", "Soren Bodker", ["soren", "bodker"]),
    ("German ae", "Jürgen Großschädl", "Juergen Grossschaedl", ["juergen", "grossschaedl"]),
    ("German ss", "Jürgen Großschädl", "JÜRGEN GROSSSCHÄDL", ["jürgen", "schädl"]),
    ("unseen in field", "Zeph\u200byrine Quack", "Zephyrine Quack", ["zephyrine", "quack"]),
    ("soft hyphen", "Zephyrine Quack", "Zeph\u00adyrine Qu\u00adack", ["yrine", "quack"]),
    ("full width", "Zephyrine Quack", "Ｚｅｐｈｙｒｉｎｅ", ["zephyrine"]),
    ("Greek", "Οδυσσεύς Παππάς", "ΟΔΥΣΣΕΥΣ ΠΑΠΠΑΣ", ["οδυσσευσ", "παππασ"]),
    ("Cyrillic", "Владимир Чайковский", "ВЛАДИМИР ЧАЙКОВСКИЙ", ["владимир", "чайковский"]),
    ("Chinese", "王小明", "我是王小明。", ["王小明"]),
]


@pytest.mark.parametrize(
    ("field", "text", "parts"),
    [pytest.param(*case[1:], id=case[0]) for case in BEYOND],
)
def test_a_name_beyond_ascii(field: str, text: str, parts: list[str]) -> None:
    out = published({"name": field}, f"It was {text} who rang")
    if out is not None:
        told = unicodedata.normalize("NFKC", out).casefold().replace("\u00ad", "")
        assert [part for part in parts if part in told] == []


# What is said and typed, each with the letters and digits of which none may be left in one piece.

SAID = [
    ("oh seven nine double one four four six two oh eight", "sevenninedoubleonefour"),
    ("O seven nine one one, four four six, two zero eight", "onefourfoursixtwozero"),
    ("zq dot wrothsley at borogove dot co dot uk", "wrothsley"),
    ("https://x.y/zephyrine/quackenbush?id=PT5550123", "quackenbush"),
    ("file_PT-5550123.pdf", "5550123"),
    ("@zephyrine_quackenbush", "quackenbush"),
    ("zephyrine.quackenbush@gmail.com", "quackenbush"),
    ("third of May nineteen sixty-one", "thirdofmay"),
    ("3 May '61", "3may61"),
    ("19610503", "19610503"),
    ("Q-U-A-C-K-E-N-B-U-S-H", "quackenbush"),
    ("Q U A C K E N B U S H", "quackenbush"),
    ("ZephyrineQuackenbush", "quackenbush"),
]


@pytest.mark.parametrize(("text", "trace"), SAID)
def test_what_people_say_and_type(text: str, trace: str) -> None:
    out = published({}, f"Well, {text}, as I said")
    assert out is None or trace not in compact(out)
