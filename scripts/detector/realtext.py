"""Real consultations and notes: their own identifiers labelled, others planted, gold where it is.

PriMock57 and MTS-Dialog hold almost none of their own, so what is planted decides; the places are
those where people name people: greetings, kinship, "seen by", sentence subjects, parentheses.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from scripts.detector.pieces import Gold, Piece, split
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


def fhir_notes(data: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of every tenth note of the FHIR export, cut to its beginning."""
    with (data / "fhir-bulk" / "DocumentReference.000.ndjson").open(encoding="utf-8") as rows:
        for number, row in enumerate(rows):
            if number % 10 == 0:
                attachment = json.loads(row)["content"][0]["attachment"]
                yield f"fhir-{number}", base64.b64decode(attachment["data"]).decode()[:1500].strip()


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
_TITLED = (
    r"(?:Dr\.?|Doctor|Mr\.?|Mrs\.?|Ms\.?|Miss|Mister|Nurse)\s+"
    r"(?!X\b|Of\b|I\b)([A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
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
_OWN = (
    (re.compile(_TITLED), "PERSON"),
    (re.compile(_GREETED), "PERSON"),
    (re.compile(_NAMED), "PERSON"),
    (re.compile(r"\b(Babylon)\b"), "ORGANIZATION"),
    (re.compile(r"\bage(?: of|d)? (\d{1,3})\b"), "AGE"),
    (re.compile(rf"\b(?:I'm|I am|[Hh]e's|[Ss]he's|age|aged) ({_TENS}(?:[- ]{_ONES})?)\b"), "AGE"),
    (re.compile(rf"\b({_MONTH} (?:the )?{_ORDINAL}(?:,? {_SAID_YEAR})?)\b"), "DATE_TIME"),
    (re.compile(r"\b(\d{1,3})(?:[- ]years?[- ]old|[- ]?y/?o\b|[- ]month[- ]old)"), "AGE"),
    (
        re.compile(
            r"\b([a-z]+ty(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|[a-z]+teen)"
            r" years? old"
        ),
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


def own(text: str) -> Gold:
    """A real text with the identifiers that it has of its own."""
    spans: list[tuple[int, int, str]] = []
    named: set[str] = set()

    def add(start: int, end: int, label: str) -> None:
        if all(end <= s or start >= e for s, e, _ in spans):
            spans.append((start, end, label))

    for pattern, label in _OWN:
        for match in pattern.finditer(text):
            if label == "PERSON":
                if match[1].split()[0] in _NOT_NAMES:
                    continue
                named.update(part for part in match[1].split() if len(part) > 3)
            add(*match.span(1), label)
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
    return [
        *_p(match[0] + " in "),
        *scene(random.choice(("city", "city", "region", "country"))),
        *_p(" and"),
    ]


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


_PLANTS: tuple[tuple[re.Pattern[str], Plant, float], ...] = tuple(
    (re.compile(pattern), plant, chance)
    for pattern, plant, chance in (
        (r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he|[Yy]our) (?:wife|husband|mother|father|mum|mom|dad"
         r"|son|daughter|sister|brother"
         r"|friend|aunt|uncle|partner|boyfriend|girlfriend|neighbour|neighbor|grandmother"
         r"|grandfather|cousin|nurse"
         r"|surgeon|midwife|boss|carer|roommate|fiance)\b(?! and)", _kin, 0.5),
        (r"\b(?:Dr\.|Doctor|Dr)(?= X\b)", _doctor, 0.9),
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
        (r"\bMedications?:?$"
         r"|\bAllergies:?$", lambda m, s, r: [*_p(m[0] + "\nSeen by "), *s("C.full")], 0.1),
    )
)  # fmt: skip


def plant(gold: Gold, scene: Scene, random: Random, share: float) -> list[Piece]:
    """The pieces of a real text with identifiers planted; ``share`` scales how many."""
    pieces: list[Piece] = []
    for piece in split(gold):
        if piece.label:
            pieces.append(piece)
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
