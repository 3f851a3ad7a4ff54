"""Real consultations and notes: their own identifiers labelled, others planted, gold where it is.

PriMock57 and MTS-Dialog hold almost none of their own, so what is planted decides; the places are
those where people name people: greetings, kinship, "seen by", sentence subjects, parentheses.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

from scripts.detector.pieces import Gold, Piece, join, split
from scripts.detector.slots import Scene

Plant = Callable[[re.Match[str], Scene, Random], Sequence[Piece]]

MEDDOCAN_LABELS = {
    "NOMBRE_SUJETO_ASISTENCIA": "PERSON",
    "NOMBRE_PERSONAL_SANITARIO": "PERSON",
    "TERRITORIO": "LOCATION",
    "PAIS": "LOCATION",
    "CALLE": "STREET_ADDRESS",
    "HOSPITAL": "FACILITY",
    "CENTRO_SALUD": "FACILITY",
    "INSTITUCION": "ORGANIZATION",
    "FECHAS": "DATE_TIME",
    "EDAD_SUJETO_ASISTENCIA": "AGE",
    "CORREO_ELECTRONICO": "EMAIL_ADDRESS",
    "NUMERO_TELEFONO": "PHONE_NUMBER",
    "NUMERO_FAX": "PHONE_NUMBER",
    "ID_SUJETO_ASISTENCIA": "ID",
    "ID_TITULACION_PERSONAL_SANITARIO": "ID",
    "ID_ASEGURAMIENTO": "ID",
    "ID_CONTACTO_ASISTENCIAL": "ID",
    "ID_EMPLEO_PERSONAL_SANITARIO": "ID",
    "IDENTIF_VEHICULOS_NRSERIE_PLACAS": "ID",
    "PROFESION": "OCCUPATION",
}
"""Gold labels that are learnt; sex, relatives and the like are not identifiers here."""

_MARKS = re.compile(r"<[A-Z_/]+>|</[A-Z]+>")

OWN = Path(__file__).parent / "own.txt"
"""Identifiers of the real texts, read by hand."""


def held_out(key: str) -> bool:
    """Whether a document is for evaluation alone: one in five, by a hash of its name."""
    return hashlib.sha256(key.encode()).digest()[0] % 5 == 0


def primock_dialogues(data: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of each consultation's transcript, the two speakers' turns by time."""
    for doctor in sorted((data / "primock57" / "transcripts").glob("*_doctor.TextGrid")):
        turns = []
        for speaker in ("doctor", "patient"):
            grid = doctor.with_name(doctor.name.replace("doctor", speaker)).read_text("utf-8")
            found = re.findall(r'xmin = ([\d.]+)\s+xmax = [\d.]+\s+text = "((?:[^"]|"")*)"', grid)
            turns += [
                (float(at), speaker, text.replace('""', '"')) for at, text in found if text.strip()
            ]
        lines = [
            f"{who.capitalize()}: {_MARKS.sub('', said).strip()}" for _, who, said in sorted(turns)
        ]
        yield doctor.name.split("_doctor")[0], "\n".join(lines)


def primock_notes(data: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of each consultation's note."""
    for path in sorted((data / "primock57" / "notes").glob("*.json")):
        yield path.stem, json.loads(path.read_text("utf-8"))["note"]


def mts(data: Path, file: str, column: str) -> Iterator[tuple[str, str]]:
    """(name, text) of a column of an MTS-Dialog file: ``dialogue`` or ``section_text``."""
    with (data / "mts-dialog" / f"MTS-Dialog-{file}.csv").open(
        encoding="utf-8", newline=""
    ) as rows:
        for row in csv.DictReader(rows):
            yield f"mts-{file}-{row['ID']}", row[column].replace("\r\n", "\n").strip()


def meddocan(data: Path, part: str) -> Iterator[tuple[str, Gold]]:
    """(name, gold) of the clinical cases of a part, ``train`` or ``dev``."""
    for path in sorted((data / "meddocan" / part).glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        spans = []
        for line in path.with_suffix(".ann").read_text("utf-8").splitlines():
            if line.startswith("T"):
                label, start, end = line.split("\t")[1].split()
                value = text[int(start) : int(end)]
                # An id without a figure is a remark ("lactante").
                remark = label.startswith("ID_") and not any(c.isdigit() for c in value)
                if label in MEDDOCAN_LABELS and not remark:
                    code = label == "TERRITORIO" and value.strip().isdigit()
                    spans.append(
                        (int(start), int(end), "POSTCODE" if code else MEDDOCAN_LABELS[label])
                    )
        kept: list[tuple[int, int, str]] = []
        for span in sorted(spans):
            if not kept or span[0] >= kept[-1][1]:
                kept.append(span)
        yield path.stem, Gold(text, tuple(kept))


# What the real texts hold of their own.
_PLACEHOLDER = r"(?:X ?Y ?Z|A ?B ?C|[A-Z])\b"
"""What stands in MTS-Dialog where somebody's name stood."""
_TITLED = (
    r"\b(?:[Dd]r\.?|[Dd]octor|Mr\.?|Mrs\.?|Ms\.?|Miss|[Mm]ister|Nurse)[ \t]+"
    rf"(?!Of\b|I\b)([A-Z][a-z]+(?:\s[A-Z][a-z]+)?|{_PLACEHOLDER}(?!\w))"
)
_GREETED = (
    r"\b(?:Hi|Hello|Hey|Thanks|Thank you|Okay|Bye|Morning),? "
    r"(?!Doctor|Doc|There|Sir|Miss|Mister|Mrs|I|Dr)([A-Z][a-z]+)\b"
)
_NAMED = (
    r"\b(?:[Nn]ame(?:'s| is| was)|[Tt]his is|[Ii]t's um)[, ]+"
    r"(?!Doctor|Dr)([A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|[a-z]+teenth|twentieth|thirtieth|(?:twenty|thirty)[- ][a-z]+(?:st|nd|rd|th))"
)
_SAID_YEAR = (
    rf"(?:two thousand(?: and)?(?: (?:{_ONES}|ten|eleven|twelve|[a-z]+teen))?"
    rf"|(?:nineteen|twenty) (?:{_TENS}(?:[- ]{_ONES})?|[a-z]+teen|ten|eleven|twelve))"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = rf"(?:[Tt]he )?(?i:{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))"
_AGED = rf"(?i:{_TENS}(?:[- ]{_ONES})?|[a-z]+teen|ten|eleven|twelve)"
_NOT_AGES = (
    r"(?![-/.]\w| (?:weeks?|months?|days?|hours?|minutes?|times|percent|pounds|feet|ft|lbs|kg|of"
    r"|hundred|o'clock)\b)"
)
_OWN = (
    (re.compile(_TITLED), "PERSON"),
    (re.compile(_GREETED), "PERSON"),
    (re.compile(_NAMED), "PERSON"),
    (re.compile(r"\b(Babylon)\b"), "ORGANIZATION"),
    (re.compile(r"\bage(?: of|d)? (\d{1,3})\b"), "AGE"),
    (
        re.compile(
            r"\b(?:I'm|I am|[Hh]e(?:'s| is| was)|[Ss]he(?:'s| is| was)|[Yy]ou(?:'re| are)"
            r"|turned|turning|age|aged) (?:(?:only|just|currently|now|going to be) )*"
            rf"({_AGED}|\d\d)\b{_NOT_AGES}"
        ),
        "AGE",
    ),
    (re.compile(rf"\b((?:{_AGED}|{_ONES}|\d\d?)[ -](?:day|week|month)s?)[ -]old\b"), "AGE"),
    (
        re.compile(
            r"\b(?:[Mm]other|[Ff]ather|[Ss]ister|[Bb]rother|[Ss]on|[Dd]aughter|[Dd]ad|[Mm]om)"
            rf"(?: is| was|,)? (\d\d)\b{_NOT_AGES}"
        ),
        "AGE",
    ),
    (re.compile(rf"\b({_DAY},? (?:of )?{_MONTH}(?:,? (?:of )?{_SAID_YEAR})?)\b"), "DATE_TIME"),
    (re.compile(rf"\b({_MONTH} (?:of )?{_SAID_YEAR})\b"), "DATE_TIME"),
    (re.compile(r"(?<![/\d])((?:0?[1-9]|1[0-2])/(?:19|20)\d\d)\b"), "DATE_TIME"),
    (re.compile(rf"\b({_MONTH} (?:the )?{_ORDINAL}(?:,? (?:of )?{_SAID_YEAR})?)\b"), "DATE_TIME"),
    (re.compile(r"\b(\d{1,3})(?:[- ]years?[- ]old|[- ]?y/?o\b|[- ]month[- ]old)"), "AGE"),
    (
        re.compile(rf"\b({_AGED}|{_ONES})[- ]years?[- ](?:old|young)"),
        "AGE",
    ),
    (
        re.compile(
            r"\b[Ww]ork(?:s|ed|ing)? as (?:an? |the )?(?!well|usual)([a-z-]+(?: [a-z-]+){0,2}?)"
            r"(?=[.,;\n]| (?:at|for|in|and|who|but)\b)"
        ),
        "OCCUPATION",
    ),
    (re.compile(r"\b(\d{1,2}[/-]\d{1,2}[/-]\d{2,4})\b"), "DATE_TIME"),
    (
        re.compile(rf"\b({_MONTH},? (?:of )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:of )?\d{{4}})\b"),
        "DATE_TIME",
    ),
    (re.compile(rf"\b({_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)\b(?!,? \d{{4}})"), "DATE_TIME"),
)
_NOT_NAMES = frozenset(
    "Yes Yeah No Okay Well Let Um Uh Oh So And But Good Do Does Is Are Can May What How Any Great "
    "Right Thank Then You Your The This That We It He She They My For If Alright Sure Nice Please "
    "Hello Hi Bye Not Just On Of Doctor Doc Sir Madam Miss Mister Mrs To Nurse Sample".split()
)
_BORN = re.compile(r"\b(?:birth|born|birthday)\b[^.?!\n]{0,30}$")


@cache
def _listed() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Label and pattern of each line of ``own.txt``, longest values first."""
    found = []
    for line in OWN.read_text("utf-8").splitlines():
        if line[:1] != "#":
            label, words = line.split(" ", 1)
            before, value, after = re.split(r"[\[\]]", words)
            edges = (r"(?<!\w)", r"(?!\w)")
            parts = (f"{edges[0]}{re.escape(before)}", re.escape(value), re.escape(after))
            found.append((label, re.compile("{}({}){}{}".format(*parts, edges[1]))))
    return tuple(sorted(found, key=lambda row: -len(row[1].pattern)))


def own(text: str) -> Gold:
    """A real text with the identifiers that it has of its own."""
    spans: list[tuple[int, int, str]] = []
    named: set[str] = set()

    def add(start: int, end: int, label: str) -> None:
        if all(end <= s or start >= e for s, e, _ in spans):
            spans.append((start, end, label))

    for label, pattern in _listed():
        for match in pattern.finditer(text):
            add(*match.span(1), label)
    for pattern, label in _OWN:
        for match in pattern.finditer(text):
            if label == "PERSON":
                if match[1].split()[0] in _NOT_NAMES:
                    continue
                named.update(part for part in match[1].split() if len(part) > 3)
            born = label == "DATE_TIME" and _BORN.search(text[: match.start()])
            add(*match.span(1), "DATE_OF_BIRTH" if born else label)
    # Who is named once is named again.
    for name in sorted(named):
        for match in re.finditer(rf"\b{name}\b", text):
            add(*match.span(), "PERSON")
    return Gold(text, tuple(sorted(spans)))


def _p(text: str) -> list[Piece]:
    return [Piece(text)]


def _after(form: str, before: str = " ", then: str = "") -> Plant:
    return lambda m, scene, random: [*_p(m[0] + before), *scene(form), *_p(then)]


def _kin(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    name = scene(random.choice(("B.first", "B.first", "B.first", "B.full")))
    before, then = random.choice(((" ", ""), (" ", ""), (", ", ","), (" (", ")"), (", ", "")))
    return [*_p(match[0] + before), *name, *_p(then)]


def _doctor(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return [*_p(match[0] + " "), *scene(random.choice(("C.last", "C.last", "C.full", "C.first")))]


def _subject(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    title = random.choice(("", "", "", "Mr. ", "Mrs. ", "Ms. ", "Mr "))
    form = "A.last" if title else random.choice(("A", "A", "A.last", "A.first"))
    return [*_p(title), *scene(form)]


def _greeting(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    form = random.choice(("A.first", "A.first", "A.first", "A.full", "A.last"))
    title = random.choice(("Mr ", "Mrs ", "Miss ", "Mr. ", "Ms ")) if form == "A.last" else ""
    return [*_p(match[0] + random.choice((" ", ", ", " ")) + title), *scene(form)]


def _address_start(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    first = match[2]
    lower = first if first == "I" or random.random() < 0.3 else first.lower()
    return [*_p(match[1]), *scene("A.first"), *_p(", " + lower)]


def _address_end(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return [*_p(", "), *scene("A.first"), *_p(match[0])]


def _where(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    slot = random.choice(("facility", "facility", "city", "school", "org"))
    return [
        *_p(
            match[0]
            + random.choice((" at ", " in ", " near ") if slot == "city" else (" at ", ", "))
        ),
        *scene(slot),
    ]


def _live(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    slot = random.choice(("city", "city", "region", "country", "street", "streetname", "address"))
    at = {"street": " at ", "address": " at ", "streetname": " on "}.get(slot, " in ")
    return [*_p(match[0] + at), *scene(slot), *_p(random.choice((" and", "", ",")))]


def _work(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    kind = random.random()
    if kind < 0.4:
        return [*_p(match[0] + " as a "), *scene("job")]
    if kind < 0.7:
        return [*_p(match[0] + random.choice((" at ", " for "))), *scene("org")]
    return [*_p(match[0] + " as a "), *scene("job"), *_p(" at "), *scene("org")]


def _speaker(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    if match[1].lower().startswith("d"):
        return [*_p(random.choice(("Dr ", "Dr. ", "Doctor "))), *scene("C.last"), *_p(":")]
    return [*scene(random.choice(("A.first", "A", "A.full"))), *_p(":")]


def _seen_by(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    title = random.choice(("", "", "Dr ", "Dr. ", "nurse "))
    tail = [*_p(" on "), *scene("dmy")] if random.random() < 0.4 else []
    return [*_p(match[0] + " by " + title), *scene("C.full" if not title else "C.last"), *tail]


def _date_after(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return [
        *_p(match[0] + random.choice((" on ", " on ", " in ", " "))),
        *scene(random.choice(("dmy", "monthyear"))),
    ]


def _when(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    slot = random.choice(("dmy", "monthyear", "weekdate", "dmy"))
    return [*_p(f"{match[1]}on " if slot != "monthyear" else f"{match[1]}in "), *scene(slot)]


def _there(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    """In place of "here" and the like, or behind it."""
    slot = random.choice(("city", "city", "city", "region", "country", "place", "streetname"))
    near = ("in", "in", "over in", "near", "up in", "down in", "just outside", "from")
    word = "on" if slot == "streetname" else random.choice(near)
    kept = random.choice(("", f"{match[0]} ", f"{match[0]}, "))
    return [*_p(f"{kept}{word} "), *scene(slot)]


def _called(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    """A place by its name in place of what it is."""
    slot = random.choice(("facility", "org", "hotel", "venue", "anyorg", "school", "business"))
    return [*_p(match[1]), *scene(slot)]


def _whoever(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return scene(random.choice(("B.first", "B.first", "B", "B.full")))


def _folk(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return [*_p(match[0]), *scene(random.choice(("nat", "nat", "religion", "ethnic"))), *_p(" ")]


def _trade(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    return [*_p(match[0] + random.choice((", a ", ", a retired ", ", "))), *scene("job"), *_p(",")]


def _reached(match: re.Match[str], scene: Scene, random: Random) -> Sequence[Piece]:
    slot, word = random.choice((("phone", " on "), ("phone", " at "), ("email", " at ")))
    return [*_p(match[0] + word), *scene(slot)]


_PLANTS: tuple[tuple[re.Pattern[str], Plant, float], ...] = tuple(
    (re.compile(pattern), plant, chance)
    for pattern, plant, chance in (
        (r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he|[Yy]our) (?:wife|husband|mother|father|mum|mom|dad"
         r"|son|daughter|sister|brother"
         r"|friend|aunt|uncle|partner|boyfriend|girlfriend|neighbour|neighbor|grandmother"
         r"|grandfather|cousin|nurse"
         r"|surgeon|midwife|boss|carer|roommate|fiance)\b(?! and)", _kin, 0.5),
        (r"\b(?:the|my|your"
         r"|another) doctor\b", lambda m, s, r: [*_p("doctor "), *s("C.last")], 0.25),
        (r"(?m)(?:(?<=[.!?] )|^)(?:The patient|Patient|Pt|She|He|This patient)(?= (?:is|was|has"
         r"|had|denies|reports|states"
         r"|presents|complains|underwent|lives|will|did|does|continues|started"
         r"|works)\b)", _subject, 0.3),
        (r"\b(?:Hi|Hello|Hiya|Hey|Good morning|Good afternoon|Good evening|Morning|Thank you"
         r"|Thanks|Bye|Goodbye|Take care"
         r"|Nice to meet you|Welcome)(?=[.,!?])", _greeting, 0.35),
        (r"(?m)(^|[:.?!] )(So|And|Do|Does|Have|Are|Is|Can|Could|What|How|When|Any|Okay|Well|I"
         r"|It|You|That|We|Let|Please|Tell)"
         r"(?= [a-z])", _address_start, 0.06),
        (r"(?<=[a-z])[.?!](?=\s|$)", _address_end, 0.015),
        (r"\b(?:the|a) (?:hospital|clinic|surgery|school|emergency room|nursing home|practice"
         r"|hospice)\b", _where, 0.25),
        (r"\b(?:[Ii]|[Hh]e|[Ss]he|[Pp]atient|[Ww]e) (?:lives?|moved|grew up|lived)\b(?! in"
         r"| at)", _live, 0.5),
        (r"\b(?:works|work|working|worked|job)\b(?! as| at| for| in| out| up| well| on"
         r"| with)", _work, 0.3),
        (r"(?m)^(Doctor|Patient|Guest_family|Guest_clinician):", _speaker, 0.12),
        (r"\b(?:seen|evaluated|referred|examined|followed|reviewed|treated|admitted)\b(?! by"
         r"| for| to| in| at| up)", _seen_by, 0.3),
        (r"\b(?:surgery|admitted|discharged|operation|biopsy|x-ray|MRI|scan|visit|appointment"
         r"|performed|diagnosed)\b(?! on)",
         _date_after, 0.12),
        (r"(\b(?:about |around |since )?)(?:yesterday|last (?:week|month|year|night|summer)"
         r"|(?:a (?:few|couple of)|two|three|four|five|six) (?:days|weeks|months|years) ago)\b",
         _when, 0.12),
        (r"\b(?:here|over there|abroad|at home|on holiday|on vacation|out of town|back home"
         r"|around here|far away|nearby)\b(?!['-])", _there, 0.3),
        (r"\b((?:at|in|to|from|by|outside|near) )(?:the|my|a|our|his|her) (?:gym|park|pool|shop"
         r"|store|supermarket|pharmacy|office|church|restaurant|pub|college|university|hospital"
         r"|library|beach|clinic|nursery|factory|warehouse|bank|garage|farm|salon)\b",
         _called, 0.35),
        (r"\b(?:someone|somebody|a friend|a colleague|a neighbou?r|my (?:ex|flatmate|manager"
         r"|girlfriend|boyfriend|roommate|coach|teacher|family))\b(?!['-])", _whoever, 0.3),
        (r"\b(?:I'm|I am|[Ss]he is|[Hh]e is|[Ss]he's|[Hh]e's) (?=(?:married|single|retired|a"
         r"|divorced|widowed|diabetic)\b)|(?<=[- ]year[- ]old )(?=(?:male|female|man|woman|boy|girl"
         r"|gentleman|lady)\b)", _folk, 0.12),
        (r"\b(?:year[- ]old|y/?o) (?:male|female|man|woman|gentleman|lady)\b(?= (?:who|with))",
         _trade, 0.12),
        (r"\b(?:call|ring|phone|text|reach|contact|email) (?:me|us|you|him|her|back)\b(?! (?:on|at"
         r"|if|when|back)\b)", _reached, 0.25),
        (r"\bMedications?:?$"
         r"|\bAllergies:?$", lambda m, s, r: [*_p(m[0] + "\nSeen by "), *s("C.full")], 0.1),
    )
)  # fmt: skip


def plant(gold: Gold, scene: Scene, random: Random, share: float) -> list[Piece]:
    """The pieces of a real text with identifiers planted; ``share`` scales how many."""
    pieces: list[Piece] = []
    for piece in split(gold):
        if piece.label:
            stands_for = piece.label == "PERSON" and re.fullmatch(_PLACEHOLDER, piece.text)
            named = stands_for and random.random() < min(1.0, share)
            pieces.extend(scene("C.last") if named else [piece])
            continue
        text, at = piece.text, 0
        found = sorted(
            (
                (match.start(), match.end(), number, match)
                for number, (pattern, _, chance) in enumerate(_PLANTS)
                for match in pattern.finditer(text)
                if random.random() < chance * share
            ),
            key=lambda row: row[:3],
        )
        for start, end, number, match in found:
            if start < at:
                continue
            pieces.append(Piece(text[at:start]))
            pieces.extend(_PLANTS[number][1](match, scene, random))
            at = end
        pieces.append(Piece(text[at:]))
    return pieces


def renamed(gold: Gold, scene: Scene, random: Random) -> list[Piece]:
    """A labelled text with other people in it: half of its names are replaced."""
    return [
        Piece(
            scene.someone().last
            if " " not in piece.text.strip()
            else " ".join(scene.someone()[:2]),
            "PERSON",
        )
        if piece.label == "PERSON" and random.random() < 0.5
        else piece
        for piece in split(gold)
    ]


_ENDS = re.compile(r"(?<=[a-z][.?!])(?= [A-Z])|(?<=[a-z][.?!])(?=\n|$)")


def with_asides(gold: Gold, asides: Sequence[Sequence[Piece]], random: Random) -> Gold:
    """A labelled text with each of ``asides`` behind one of its sentences."""
    ends = [
        m.start()
        for m in _ENDS.finditer(gold.text)
        if not any(start < m.start() < end for start, end, _ in gold.spans)
    ]
    places = sorted(random.sample(ends, min(len(ends), len(asides))))
    pieces: list[Piece] = []
    at = 0
    for place, aside in zip(places, asides, strict=False):
        pieces += [*split(_part(gold, at, place)), Piece(" "), *aside]
        at = place
    return join([*pieces, *split(_part(gold, at, len(gold.text)))])


def _part(gold: Gold, start: int, end: int) -> Gold:
    spans = tuple((s - start, e - start, k) for s, e, k in gold.spans if start <= s and e <= end)
    return Gold(gold.text[start:end], spans)
