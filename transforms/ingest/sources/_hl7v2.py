"""One message of HL7 version 2, taken apart: what it says of a consultation.

Only fields that are read are split. Sources: see ``hl7v2``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from transforms.ingest.consultation import (
    BillingItem,
    Code,
    Consultation,
    Participant,
    Reading,
    language_tag,
)
from transforms.ingest.settings import SourceSettings
from transforms.ingest.sources._hl7 import offset_in, sex_of, system_of, time_of
from transforms.ingest.text import UnreadableError

TYPES = {
    "ADT": frozenset({"A01", "A03", "A04", "A08"}),
    "ORU": frozenset({"R01"}),
    "MDM": frozenset({"T02", "T04", "T06", "T08", "T10"}),
    "DFT": frozenset({"P03"}),
}
"""Messages that are read: those of a visit that takes place. Cancellations, merges of patients,
orders and acknowledgements are none."""
_TEXTS = frozenset(("TX", "FT"))
_DROPPED = frozenset(("ED", "RP", "NA", "MA"))
"""Files, pointers to files, waveforms."""
_MEDIA_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9.+-]{0,40}")
_LINES = {".br": "\n", ".sp": "\n", ".ce": "\n", ".in": " ", ".ti": " ", ".sk": " "}
_NOTHING = ("H", "N", ".fi", ".nf")
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII)
_SMALL = re.compile("[a-z]")
_LISTS = ("record_numbers", "other_names", "relatives", "other_addresses", "telecom")
"""Of a patient."""


class _Text(NamedTuple):
    """A part of the note."""

    code: str
    title: str
    lines: list[str]


Segment = list[str]
"""A segment's name and fields, as they stand."""
Parts = tuple[str, ...]
"""The components of one repetition, unescaped, without subcomponents."""
_BLANK = [""] * 51
"""Fields that a segment does not have: as many as are read of any."""
_NONE = ("",) * 6
"""Components that a repetition does not have."""


class Encoding:
    """How a message is written: what separates its parts, what stands for characters."""

    def __init__(self, field: str, marks: str, charset: str) -> None:
        self.component, self._repetition = marks[0], marks[1]
        self._escape = marks[2] if len(marks) > 2 else "\\"
        self.subcomponent = marks[3] if len(marks) > 3 else "&"
        mark = re.escape(self._escape)
        self._escaped = re.compile(rf"{mark}([^{mark}\r\n]{{1,200}}){mark}")
        self._meanings = dict.fromkeys(_NOTHING, "") | {
            "F": field, "S": self.component, "T": self.subcomponent, "R": self._repetition,
            "E": self._escape,
        }  # fmt: skip
        self._charset = charset if charset != "iso2022_jp_2" else "iso2022_jp"
        # Codes, units and clinicians come again and again.
        self.parts = lru_cache(4096)(self._parts)
        self.repetitions = lru_cache(4096)(self._repetitions)

    def first_of(self, field: str) -> str:
        """A field's first repetition, as it stands."""
        return field.partition(self._repetition)[0]

    def _parts(self, field: str) -> Parts:
        """The components of a field's first repetition."""
        return self.components(self.first_of(field))

    def _repetitions(self, field: str) -> Sequence[Parts]:
        """The components of each repetition that has any."""
        return tuple(filter(any, map(self.components, field.split(self._repetition))))

    def components(self, repetition: str) -> Parts:
        """The first subcomponent of each: those of a name's or a street's others are its parts.
        ``""`` says that there is nothing any more."""
        parts = repetition.split(self.component)
        if self.subcomponent in repetition:
            parts = [part.partition(self.subcomponent)[0] for part in parts]
        parts = ["" if part == '""' else part for part in map(str.strip, parts)]
        return tuple(map(self._unescaped, parts) if self._escape in repetition else parts)

    def whole(self, field: str) -> str:
        """A field of text, whole: what looks like a component's mark is text that its sender did
        not escape. Repetitions are lines."""
        if field == '""':
            return ""
        return self._unescaped(field.replace(self._repetition, "\n")).strip()

    def _unescaped(self, text: str) -> str:
        r"""The text with what its escape sequences stand for. One that is none (``C:\a\b``) is
        text; inline character sets (``\C..\``, ``\M..\``) are a replacement character."""
        return self._escaped.sub(self._meant, text) if self._escape in text else text

    def _meant(self, match: re.Match[str]) -> str:
        name = match[1]
        if (meaning := self._meanings.get(name)) is not None:
            return meaning
        if name[:3] in _LINES and re.fullmatch(r"\s?[+-]?\d{0,2}", name[3:]):
            return _LINES[name[:3]] * max(1, int(name[3:].strip("+- ") or 1))
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", name):
            return bytes.fromhex(name[1:]).replace(b"\0", b"").decode(self._charset, "replace")
        if re.fullmatch(r"[CM][0-9A-Fa-f]{4,8}", name):
            return "\N{REPLACEMENT CHARACTER}"
        return "" if re.fullmatch(r"Z[0-9A-Fa-f]*", name) else match[0]


encoding_of = lru_cache(16)(Encoding)
"""Messages of one sender share one."""


class Message:
    """One message, and what it says of a consultation."""

    def __init__(
        self, segments: Sequence[Segment], encoding: Encoding, settings: SourceSettings
    ) -> None:
        self._segments = [segment + _BLANK for segment in segments]
        self._named: dict[str, list[Segment]] = {}
        for segment in self._segments:
            self._named.setdefault(segment[0], []).append(segment)
        self._encoding = encoding
        self._parts, self._repetitions = encoding.parts, encoding.repetitions
        self._zone = settings.time_zone
        self._offset = offset_in(self._text(self._first("MSH"), 7))
        self._people: dict[tuple[str | None, str], Participant] = {}
        """By account and name."""
        self.left_out: list[tuple[str, str]] = []
        self.visit: str | None = None
        """A digest of the patient's and the visit's number."""

    def consultation(self) -> Consultation:
        """The consultation of which it tells. Raises: UnreadableError."""
        kind, event = (*self._parts(self._first("MSH")[9]), "")[:2]
        if event not in TYPES.get(kind, ()):
            name = f": {kind}" if re.fullmatch(r"[A-Z]{3}", kind) else ""
            raise UnreadableError(f"a type of message that is not read{name}")
        if "PID" not in self._named:
            raise UnreadableError("no patient (PID) in the message")
        record: Consultation = {"patient": {}, "participants": []}
        self._patient(record)
        self._relatives(record)
        self._visit(record)
        self._clinical(record, is_note=kind == "MDM")
        record["patient"] = _without_doubles(record["patient"], *_LISTS)
        record["participants"] = [_filled(p) for key, p in self._people.items() if any(key)]
        return _without_doubles(record, "places")

    # --- who ------------------------------------------------------------------------------------

    def _patient(self, record: Consultation) -> None:
        pid = self._first("PID")
        own = [r[0] for r in self._repetitions(pid[3]) if _at(r, 5) == "MR" and r[0]]
        numbers = self._numbers(pid, 3, 2, 4, 18, 19, 20, 21)
        patient = record["patient"]
        if found := own or [n for n in numbers if n]:
            patient["id"] = found[0]
        patient["record_numbers"] = numbers
        patient["birth_date"] = self._time(pid, 7)
        patient["sex"] = sex_of(self._text(pid, 8)) or ""
        names = self._names(pid, 5)
        patient["other_names"] = [*names[1:], *self._names(pid, 9)]
        patient["relatives"] = self._names(pid, 6)
        homes = self._repetitions(pid[11])
        if homes:
            patient["address"] = _street(homes[0])
            patient["city"] = _at(homes[0], 3)
            patient["postcode"] = _at(homes[0], 5)
            patient["country"] = _at(homes[0], 6)
        patient["other_addresses"] = [_street(home) for home in homes[1:]]
        phones, emails = self._telecom(pid, 13, 14, 40)
        patient["telecom"] = [*phones[1:], *emails[1:]]
        name = names[0] if names else ""
        self._people[None, name] = {
            "name": name,
            "role": "patient",
            "phone": phones[0] if phones else "",
            "email": emails[0] if emails else "",
        }
        if language := language_tag(self._text(self._first("MSH"), 19)):
            record["language"] = language

    def _relatives(self, record: Consultation) -> None:
        """Next of kin, guarantors and the insured: who they are and how to reach them."""
        patient = record["patient"]
        for name, people, addresses, phones in (
            ("NK1", (2, 30), (4, 32), (5, 6, 31)),
            ("GT1", (3, 4), (5,), (6, 7)),
            ("IN1", (16,), (19,), ()),
        ):
            for segment in self._all(name):
                patient["relatives"] += self._names(segment, *people)
                patient["other_addresses"] += [
                    _street(r) for n in addresses for r in self._repetitions(segment[n])
                ]
                numbers, emails = self._telecom(segment, *phones)
                patient["telecom"] += [*numbers, *emails]
        for segment in self._all("IN1"):
            patient["record_numbers"] += self._numbers(segment, 2, 36, 49)

    def _visit(self, record: Consultation) -> None:
        pv1 = self._first("PV1")
        patient = record["patient"]
        visit = self._numbers(pv1, 19, 50, 5)
        patient["record_numbers"] += visit
        number = next(filter(None, visit), "") or self._text(self._first("PID"), 18)
        if number and patient.get("id"):
            key = f"{patient['id']}\x1f{number}".encode()
            self.visit = hashlib.blake2b(key, digest_size=16).hexdigest()
        self._clinicians(pv1, 7, 8, 9, 17)
        if self._text(pv1, 2) in ("V", "VR"):
            record["channel"] = "video"
        record["started_at"], record["ended_at"] = self._time(pv1, 44), self._time(pv1, 45)
        places = [_at(r, n) for r in self._repetitions(pv1[3]) for n in (4, 9)]
        places += self._numbers(self._first("MSH"), 4)
        for segment in self._all("ORC"):
            places += self._numbers(segment, 21)
        # A code ("ICU") would be looked for in the texts like a name.
        record["places"] = [place for place in places if " " in place or _SMALL.search(place)]

    def _clinicians(self, segment: Segment, *fields: int, role: str = "clinician") -> None:
        for field in filter(None, map(segment.__getitem__, fields)):
            for parts in self._repetitions(field):
                name = _person_name(parts, 1) if len(parts) > 1 else ""
                person: Participant = {"role": role, "name": name, "account": parts[0]}
                # Who is named twice stands where they are named last, as they are named first.
                key = parts[0], name
                self._people[key] = self._people.pop(key, person)

    # --- what -----------------------------------------------------------------------------------

    def _clinical(self, record: Consultation, is_note: bool) -> None:
        texts: list[_Text] = []
        conditions: list[Code] = []
        readings: list[Reading] = []
        billing: list[BillingItem] = []
        when = ""
        for segment in self._segments:
            match segment[0]:
                case "OBR":
                    when = self._time(segment, 7)
                    record["started_at"] = record["started_at"] or when
                    self._clinicians(segment, 16, 32)
                    record["patient"]["record_numbers"] += self._numbers(segment, 2, 3)
                case "TXA":
                    record["started_at"] = record["started_at"] or self._time(segment, 4)
                    self._clinicians(segment, 5, 9, 10)
                    self._clinicians(segment, 11, role="other")
                    record["patient"]["record_numbers"] += [
                        _at(r, n) for r in self._repetitions(segment[12]) for n in (1, 3)
                    ]
                    if name := self._text(segment, 16):
                        record["attachments"] = [name]
                case "OBX":
                    self._observation(segment, when, is_note, texts, readings)
                    self._clinicians(segment, 16)
                case "NTE":
                    texts.append(_Text("", "", [self._encoding.whole(segment[3])]))
                case "DG1":
                    self._diagnosis(segment, conditions, texts)
                case "FT1":
                    billing.append(self._billed(segment))
        record["conditions"] = conditions
        record["readings"] = readings
        record["billing"] = [item for item in billing if item]
        record["note"] = _note(texts)

    def _observation(
        self,
        segment: Segment,
        when: str,
        is_note: bool,
        texts: list[_Text],
        readings: list[Reading],
    ) -> None:
        kind = self._text(segment, 2)
        if self._text(segment, 11) in ("D", "W", "X"):  # deleted, wrong, no result
            return
        if kind in _DROPPED:
            self.left_out.append(("attachment", self._media_type(segment, kind)))
            return
        code, system, display = _coded(self._parts(segment[3]))
        if kind in _TEXTS or (is_note and kind in ("ST", "")):
            line = self._encoding.whole(segment[5])
            if texts and code and texts[-1].code == code:
                texts[-1].lines.append(line)
            elif line:
                texts.append(_Text(code, "" if is_note else display, [line]))
            return
        value, text = self._value(segment[5], kind)
        if value is None and not text:
            return
        reading: Reading = {"code": code, "system": system, "display": display}
        if value is not None:
            reading["value"] = value
        else:
            reading["text"] = text
        reading["unit"] = self._text(segment, 6)
        reading["at"] = self._time(segment, 14) or when
        readings.append(_filled(reading))

    def _value(self, field: str, kind: str) -> tuple[float | None, str]:
        """An observation's value, as a number or as text."""
        match kind:
            case "NM":
                whole = self._encoding.whole(field)
                return _number(whole), whole
            case "SN":  # comparator, number, separator, number
                parts = self._parts(field)
                is_one = _at(parts, 1) in ("", "=") and not _at(parts, 3)
                return (_number(_at(parts, 2)) if is_one else None), "".join(parts)
            case "CE" | "CWE" | "CNE" | "CF":
                named = [_at(r, 2) or _at(r, 9) or _at(r, 1) for r in self._repetitions(field)]
                return None, "\n".join(named)
            case "DT" | "TS" | "DTM":
                whole = self._encoding.whole(field)
                return None, time_of(whole, self._zone, self._offset) or whole
            case "ST" | "TX" | "FT" | "TM" | "":
                return None, self._encoding.whole(field)
            case _:
                # Names, addresses, numbers: their parts, in the order of the standard.
                return None, " ".join(filter(None, self._parts(field)))

    def _media_type(self, segment: Segment, kind: str) -> str:
        # Not ``parts``, which would keep the file in memory.
        parts = self._encoding.components(self._encoding.first_of(segment[5]))
        names = [_at(parts, n).lower() for n in (2, 3)]
        if kind == "ED" and all(_MEDIA_TYPE.fullmatch(name) for name in names):
            return "/".join(names)
        return kind

    def _diagnosis(self, segment: Segment, conditions: list[Code], texts: list[_Text]) -> None:
        names = []
        for parts in self._repetitions(segment[3]):
            code, system, display = _coded(parts, self._text(segment, 2))
            names.append(name := _at(parts, 2))
            if code:
                conditions.append(_filled({"code": code, "system": system, "display": display}))
            elif name:
                texts.append(_Text("", "", [name]))
        if (text := self._encoding.whole(segment[4])) and text not in names:
            texts.append(_Text("", "", [text]))

    def _billed(self, segment: Segment) -> BillingItem:
        code, system, display = _coded(self._parts(segment[25]))
        if not code:
            code, system, display = _coded(self._parts(segment[7]))
        item: BillingItem = {"code": code, "system": system, "display": display}
        if (quantity := _number(self._text(segment, 10))) is not None:
            item["quantity"] = quantity
        for n in (11, 12):
            price = self._encoding.first_of(segment[n]).partition(self._encoding.component)[0]
            amount, _, currency = price.partition(self._encoding.subcomponent)
            if (number := _number(amount)) is not None:
                item["amount"], item["currency"] = number, currency
                break
        return _filled(item)

    # --- fields ---------------------------------------------------------------------------------

    def _first(self, name: str) -> Segment:
        """The first segment of a name; empty, where there is none."""
        return self._named.get(name, (_BLANK,))[0]

    def _all(self, name: str) -> Sequence[Segment]:
        return self._named.get(name, ())

    def _text(self, segment: Segment, n: int) -> str:
        """A field's first component."""
        return self._parts(segment[n])[0]

    def _time(self, segment: Segment, n: int) -> str:
        text = self._text(segment, n)
        return (text and time_of(text, self._zone, self._offset)) or ""

    def _numbers(self, segment: Segment, *fields: int) -> list[str]:
        """The first components of all repetitions."""
        return [parts[0] for n in fields if segment[n] for parts in self._repetitions(segment[n])]

    def _names(self, segment: Segment, *fields: int) -> list[str]:
        return [
            _person_name(parts, 0)
            for n in fields
            if segment[n]
            for parts in self._repetitions(segment[n])
        ]

    def _telecom(self, segment: Segment, *fields: int) -> tuple[list[str], list[str]]:
        """Phone numbers and e-mail addresses."""
        phones: list[str] = []
        emails: list[str] = []
        for n in fields:
            for parts in self._repetitions(segment[n]):
                if "@" in (email := _at(parts, 4)) or "@" in (email := parts[0]):
                    emails.append(email)
                elif phone := parts[0] or _at(parts, 12) or " ".join(filter(None, parts[4:7])):
                    phones.append(phone)
        return list(dict.fromkeys(phones)), list(dict.fromkeys(emails))


@lru_cache(8192)
def _coded(parts: Parts, system: str = "") -> tuple[str, str, str]:
    """Code, system and display of a coded value, LOINC rather than a local code. Empty, where there
    is no code: a text without one is somebody's own words."""
    parts = (*parts, *_NONE)
    choices = [choice for choice in (parts[:3], parts[3:6]) if choice[0]] or [_NONE[:3]]
    code, display, name = next((c for c in choices if c[2] == "LN"), choices[0])
    return (code, system_of(name or system) or "", display) if code else ("", "", "")


def _at(parts: Parts, n: int) -> str:
    """The n-th component, from 1; empty, where there is none."""
    return parts[n - 1] if n <= len(parts) else ""


def _person_name(parts: Parts, skip: int) -> str:
    """``Dr Jane Patel``: prefix, given, middle and family name. ``skip`` components come first (the
    id of an XCN)."""
    family, given, middle, suffix, prefix = (*parts, *_NONE)[skip : skip + 5]
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)


def _street(parts: Parts) -> str:
    return ", ".join(part for part in (_at(parts, 1), _at(parts, 2)) if part)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _note(texts: Sequence[_Text]) -> str:
    """Parts one after the other, under their titles where there are several."""
    parts = []
    for text in texts:
        body = "\n".join(text.lines).strip("\n")
        if body.strip():
            has_title = text.title and len(texts) > 1
            parts.append(f"{text.title}\n{body}" if has_title else body)
    return "\n\n".join(parts)


def _filled(record: Any) -> Any:
    """Without what is empty."""
    return {key: value for key, value in record.items() if value or value == 0}


def _without_doubles(record: Any, *keys: str) -> Any:
    """``_filled``; nothing is twice, and nothing empty, in the lists of texts of these keys."""
    for key in keys:
        if values := record.get(key):
            record[key] = list(filter(None, dict.fromkeys(values)))
    return _filled(record)
