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


class _Text(NamedTuple):
    """A part of the note."""

    code: str
    title: str
    lines: list[str]


Segment = list[str]
"""A segment's name and fields, as they stand."""
Parts = Sequence[str]
"""The components of one repetition, unescaped, without subcomponents."""


class Message:
    """One message, and what it says of a consultation."""

    def __init__(
        self, segments: list[Segment], marks: str, charset: str, settings: SourceSettings
    ) -> None:
        self._segments = segments
        self._named: dict[str, list[Segment]] = {}
        for segment in segments:
            self._named.setdefault(segment[0], []).append(segment)
        self._component, self._repetition = marks[0], marks[1]
        self._escape = marks[2] if len(marks) > 2 else "\\"
        self._subcomponent = marks[3] if len(marks) > 3 else "&"
        self._escaped = _escapes(self._escape)
        self._field = segments[0][1]
        self._charset = charset if charset != "iso2022_jp_2" else "iso2022_jp"
        self._zone = settings.time_zone
        self._offset = offset_in(self._first("MSH", 7))
        self.left_out: list[tuple[str, str]] = []
        self.visit: str | None = None
        """A digest of the patient's and the visit's number."""

    def consultation(self) -> Consultation:
        """The consultation of which it tells. Raises: UnreadableError."""
        kind, event = (*self._parts(self._segment("MSH"), 9), "", "")[:2]
        if event not in TYPES.get(kind, ()):
            name = f": {kind}" if re.fullmatch(r"[A-Z]{3}", kind) else ""
            raise UnreadableError(f"a type of message that is not read{name}")
        if self._segment("PID") is None:
            raise UnreadableError("no patient (PID) in the message")
        record: Consultation = {"patient": {}, "participants": []}
        self._patient(record)
        self._relatives(record)
        self._visit(record)
        self._clinical(record, is_note=kind == "MDM")
        seen = {(p.get("account"), p.get("name")): p for p in reversed(record["participants"])}
        record["participants"] = [p for key, p in reversed(seen.items()) if any(key)]
        return _without_blanks(record)

    # --- who ------------------------------------------------------------------------------------

    def _patient(self, record: Consultation) -> None:
        pid = self._segment("PID")
        ids = self._repetitions(pid, 3)
        numbers = [_at(r, 1) for r in ids]
        own = [_at(r, 1) for r in ids if _at(r, 5) == "MR" and _at(r, 1)]
        others = [*self._repetitions(pid, 2), *self._repetitions(pid, 4)]
        numbers += [_at(r, 1) for r in others]
        numbers += [_at(r, 1) for n in (18, 19, 20, 21) for r in self._repetitions(pid, n)]
        patient = record["patient"]
        if found := own or [n for n in numbers if n]:
            patient["id"] = found[0]
        patient["record_numbers"] = numbers
        patient["birth_date"] = self._time(self._first("PID", 7)) or ""
        patient["sex"] = sex_of(self._first("PID", 8)) or ""
        names = [_person_name(r, 0) for r in self._repetitions(pid, 5)]
        patient["other_names"] = names[1:]
        patient["other_names"] += [_person_name(r, 0) for r in self._repetitions(pid, 9)]
        patient["relatives"] = [_person_name(r, 0) for r in self._repetitions(pid, 6)]
        addresses = self._repetitions(pid, 11)
        if addresses:
            home = addresses[0]
            patient["address"] = _street(home)
            patient["city"] = _at(home, 3)
            patient["postcode"] = _at(home, 5)
            patient["country"] = _at(home, 6)
        patient["other_addresses"] = [_street(a) for a in addresses[1:]]
        phones, emails = self._telecom(pid, 13, 14, 40)
        patient["telecom"] = [*phones[1:], *emails[1:]]
        person: Participant = {"name": names[0] if names else "", "role": "patient"}
        person["phone"] = phones[0] if phones else ""
        person["email"] = emails[0] if emails else ""
        record["participants"].append(person)
        if language := language_tag(self._first("MSH", 19)):
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
                found = [_person_name(r, 0) for n in people for r in self._repetitions(segment, n)]
                patient["relatives"] += found
                patient["other_addresses"] += [
                    _street(r) for n in addresses for r in self._repetitions(segment, n)
                ]
                numbers, emails = self._telecom(segment, *phones)
                patient["telecom"] += [*numbers, *emails]
        for segment in self._all("IN1"):
            patient["record_numbers"] += [
                _at(r, 1) for n in (2, 36, 49) for r in self._repetitions(segment, n)
            ]

    def _visit(self, record: Consultation) -> None:
        pv1 = self._segment("PV1")
        patient = record["patient"]
        visit = [_at(r, 1) for n in (19, 50, 5) for r in self._repetitions(pv1, n)]
        patient["record_numbers"] += visit
        number = next((v for v in visit if v), "") or self._first("PID", 18)
        if number and patient.get("id"):
            key = f"{patient['id']}\x1f{number}".encode()
            self.visit = hashlib.blake2b(key, digest_size=16).hexdigest()
        for n in (7, 8, 9, 17):
            self._clinicians(record, pv1, n)
        if self._first("PV1", 2) in ("V", "VR"):
            record["channel"] = "video"
        record["started_at"] = self._time(self._first("PV1", 44)) or ""
        record["ended_at"] = self._time(self._first("PV1", 45)) or ""
        places = [_at(r, n) for r in self._repetitions(pv1, 3) for n in (4, 9)]
        places += [_at(r, 1) for r in self._repetitions(self._segment("MSH"), 4)]
        places += [_at(r, 1) for s in self._all("ORC") for r in self._repetitions(s, 21)]
        # A code ("ICU") would be looked for in the texts like a name.
        record["places"] = [p for p in places if " " in p or re.search("[a-z]", p)]

    def _clinicians(
        self, record: Consultation, segment: Segment | None, n: int, role: str = "clinician"
    ) -> None:
        for found in self._repetitions(segment, n):
            person: Participant = {"role": role}
            person["name"] = _person_name(found, 1) if len(found) > 1 else ""
            person["account"] = _at(found, 1)
            record["participants"].append(person)

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
                    when = self._time(self._field_text(segment, 7)) or ""
                    record["started_at"] = record["started_at"] or when
                    self._clinicians(record, segment, 16)
                    self._clinicians(record, segment, 32)
                    numbers = [_at(r, 1) for n in (2, 3) for r in self._repetitions(segment, n)]
                    record["patient"]["record_numbers"] += numbers
                case "TXA":
                    at = self._time(self._field_text(segment, 4)) or ""
                    record["started_at"] = record["started_at"] or at
                    for n in (5, 9, 10):
                        self._clinicians(record, segment, n)
                    self._clinicians(record, segment, 11, "other")
                    numbers = [_at(r, n) for r in self._repetitions(segment, 12) for n in (1, 3)]
                    record["patient"]["record_numbers"] += numbers
                    if name := self._field_text(segment, 16):
                        record["attachments"] = [name]
                case "OBX":
                    self._observation(segment, when, is_note, texts, readings)
                    self._clinicians(record, segment, 16)
                case "NTE":
                    texts.append(_Text("", "", [self._whole(segment, 3)]))
                case "DG1":
                    self._diagnosis(segment, conditions, texts)
                case "FT1":
                    billing.append(self._billed(segment))
        record["conditions"] = conditions
        record["readings"] = readings
        record["billing"] = billing
        record["note"] = _note(texts)

    def _observation(
        self,
        segment: Segment,
        when: str,
        is_note: bool,
        texts: list[_Text],
        readings: list[Reading],
    ) -> None:
        kind = self._field_text(segment, 2)
        if self._field_text(segment, 11) in ("D", "W", "X"):  # deleted, wrong, no result
            return
        if kind in _DROPPED:
            self.left_out.append(("attachment", self._media_type(segment, kind)))
            return
        code = self._code(self._parts(segment, 3))
        display = code.get("display", "")
        if kind in _TEXTS or (is_note and kind in ("ST", "")):
            line = self._whole(segment, 5)
            if texts and code and texts[-1].code == code.get("code", ""):
                texts[-1].lines.append(line)
            elif line:
                texts.append(_Text(code.get("code", ""), "" if is_note else display, [line]))
            return
        value, text = self._value(segment, kind)
        if value is None and not text:
            return
        reading: Reading = {"code": code.get("code", ""), "system": code.get("system", "")}
        reading["display"] = display
        if value is not None:
            reading["value"] = value
        else:
            reading["text"] = text
        reading["unit"] = _at(self._parts(segment, 6), 1)
        reading["at"] = self._time(self._field_text(segment, 14)) or when
        readings.append(reading)

    def _value(self, segment: Segment, kind: str) -> tuple[float | None, str]:
        """An observation's value, as a number or as text."""
        whole = self._whole(segment, 5)
        parts = self._parts(segment, 5)
        match kind:
            case "NM":
                return _number(whole), whole
            case "SN":  # comparator, number, separator, number
                is_one = _at(parts, 1) in ("", "=") and not _at(parts, 3)
                return (_number(_at(parts, 2)) if is_one else None), "".join(parts)
            case "CE" | "CWE" | "CNE" | "CF":
                named = [_at(r, 2) or _at(r, 9) or _at(r, 1) for r in self._repetitions(segment, 5)]
                return None, "\n".join(named)
            case "DT" | "TS" | "DTM":
                return None, self._time(whole) or whole
            case "ST" | "TX" | "FT" | "TM" | "":
                return None, whole
            case _:
                # Names, addresses, numbers: their parts, in the order of the standard.
                return None, " ".join(part for part in parts if part)

    def _media_type(self, segment: Segment, kind: str) -> str:
        parts = self._parts(segment, 5)
        names = [_at(parts, n).lower() for n in (2, 3)]
        if kind == "ED" and all(_MEDIA_TYPE.fullmatch(name) for name in names):
            return "/".join(names)
        return kind

    def _diagnosis(self, segment: Segment, conditions: list[Code], texts: list[_Text]) -> None:
        coded = self._repetitions(segment, 3)
        for parts in coded:
            code = self._code(parts, self._field_text(segment, 2))
            if code:
                conditions.append(code)
            elif _at(parts, 2):
                texts.append(_Text("", "", [_at(parts, 2)]))
        if (text := self._whole(segment, 4)) and text not in [_at(p, 2) for p in coded]:
            texts.append(_Text("", "", [text]))

    def _billed(self, segment: Segment) -> BillingItem:
        code = self._code(self._parts(segment, 25)) or self._code(self._parts(segment, 7))
        item: BillingItem = {"code": code.get("code", ""), "system": code.get("system", "")}
        item["display"] = code.get("display", "")
        if (quantity := _number(self._field_text(segment, 10))) is not None:
            item["quantity"] = quantity
        for n in (11, 12):
            price = self._first_of(segment, n).partition(self._component)[0]
            amount, _, currency = price.partition(self._subcomponent)
            if (number := _number(amount)) is not None:
                item["amount"], item["currency"] = number, currency
                break
        return item

    def _code(self, parts: Parts, system: str = "") -> Code:
        """A coded value, LOINC rather than a local code. Empty, where there is no code: a text
        without one is somebody's own words."""
        choices = [tuple(_at(parts, n) for n in (k, k + 1, k + 2)) for k in (1, 4)]
        first = next((c for c in choices if c[0] and c[2] == "LN"), None)
        first = first or next((c for c in choices if c[0]), None)
        if first is None:
            return {}
        found: Code = {"code": first[0]}
        if name := system_of(first[2] or system):
            found["system"] = name
        if first[1]:
            found["display"] = first[1]
        return found

    # --- fields ---------------------------------------------------------------------------------

    def _segment(self, name: str) -> Segment | None:
        return next(iter(self._all(name)), None)

    def _all(self, name: str) -> Sequence[Segment]:
        return self._named.get(name, ())

    def _first_of(self, segment: Segment | None, n: int) -> str:
        """A field's first repetition, as it stands."""
        if segment is None or n >= len(segment):
            return ""
        return segment[n].partition(self._repetition)[0]

    def _first(self, name: str, n: int) -> str:
        """The first component of a field of the first such segment."""
        return _at(self._parts(self._segment(name), n), 1)

    def _field_text(self, segment: Segment, n: int) -> str:
        return _at(self._parts(segment, n), 1)

    def _parts(self, segment: Segment | None, n: int) -> Parts:
        first = self._first_of(segment, n)
        return self._components(first) if first else ("",)

    def _repetitions(self, segment: Segment | None, n: int) -> list[Parts]:
        if segment is None or n >= len(segment) or not segment[n]:
            return []
        found = map(self._components, segment[n].split(self._repetition))
        return [parts for parts in found if any(parts)]

    def _components(self, repetition: str) -> Parts:
        """The first subcomponent of each: those of a name's or a street's others are its parts.
        ``""`` says that there is nothing any more."""
        parts = _split(repetition, self._component, self._subcomponent)
        return [self._unescaped(p) for p in parts] if self._escape in repetition else parts

    def _whole(self, segment: Segment, n: int) -> str:
        """A field of text, whole: what looks like a component's mark is text that its sender did
        not escape. Repetitions are lines."""
        if n >= len(segment) or segment[n] == '""':
            return ""
        return self._unescaped(segment[n].replace(self._repetition, "\n")).strip()

    def _time(self, text: str) -> str | None:
        return time_of(text, self._zone, self._offset)

    def _telecom(self, segment: Segment | None, *fields: int) -> tuple[list[str], list[str]]:
        """Phone numbers and e-mail addresses."""
        phones: list[str] = []
        emails: list[str] = []
        for n in fields:
            for parts in self._repetitions(segment, n):
                if email := next((p for p in (_at(parts, 4), _at(parts, 1)) if "@" in p), ""):
                    emails.append(email)
                    continue
                pieces = [_at(parts, k) for k in (5, 6, 7)]
                phone = _at(parts, 1) or _at(parts, 12) or " ".join(p for p in pieces if p)
                if phone:
                    phones.append(phone)
        return list(dict.fromkeys(phones)), list(dict.fromkeys(emails))

    def _unescaped(self, text: str) -> str:
        r"""The text with what its escape sequences stand for. One that is none (``C:\a\b``) is
        text; inline character sets (``\C..\``, ``\M..\``) are a replacement character."""
        return self._escaped.sub(self._meant, text) if self._escape in text else text

    def _meant(self, match: re.Match[str]) -> str:
        name = match[1]
        marks = {
            "F": self._field, "S": self._component, "T": self._subcomponent,
            "R": self._repetition, "E": self._escape,
        }  # fmt: skip
        if name in marks:
            return marks[name]
        if name in _NOTHING:
            return ""
        if name[:3] in _LINES and re.fullmatch(r"\s?[+-]?\d{0,2}", name[3:]):
            return _LINES[name[:3]] * max(1, int(name[3:].strip("+- ") or 1))
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", name):
            return bytes.fromhex(name[1:]).replace(b"\0", b"").decode(self._charset, "replace")
        if re.fullmatch(r"[CM][0-9A-Fa-f]{4,8}", name):
            return "\N{REPLACEMENT CHARACTER}"
        return "" if re.fullmatch(r"Z[0-9A-Fa-f]*", name) else match[0]


@lru_cache(8192)  # codes, units and clinicians come again and again
def _split(repetition: str, component: str, subcomponent: str) -> tuple[str, ...]:
    parts = [p.partition(subcomponent)[0].strip() for p in repetition.split(component)]
    return tuple("" if p == '""' else p for p in parts)


@lru_cache(64)
def _escapes(mark: str) -> re.Pattern[str]:
    mark = re.escape(mark)
    return re.compile(rf"{mark}([^{mark}\r\n]{{1,200}}){mark}")


def _at(parts: Parts, n: int) -> str:
    """The n-th component, from 1; empty, where there is none."""
    return parts[n - 1] if n <= len(parts) else ""


def _person_name(parts: Parts, skip: int) -> str:
    """``Dr Jane Patel``: prefix, given, middle and family name. ``skip`` components come first (the
    id of an XCN)."""
    family, given, middle, suffix, prefix = (_at(parts, skip + n) for n in range(1, 6))
    return " ".join(part for part in (prefix, given, middle, family, suffix) if part)


def _street(parts: Parts) -> str:
    return ", ".join(part for part in (_at(parts, 1), _at(parts, 2)) if part)


def _number(text: str) -> float | None:
    if re.fullmatch(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", text, re.ASCII):
        return float(text)
    return None


def _note(texts: Sequence[_Text]) -> str:
    """Parts one after the other, under their titles where there are several."""
    parts = []
    for text in texts:
        body = "\n".join(text.lines).strip("\n")
        if body.strip():
            has_title = text.title and len(texts) > 1
            parts.append(f"{text.title}\n{body}" if has_title else body)
    return "\n\n".join(parts)


def _without_blanks(value: Any) -> Any:
    """Without what is empty, and lists of texts without doubles."""
    if isinstance(value, dict):
        kept = ((key, _without_blanks(item)) for key, item in value.items() if item != "")
        return {key: item for key, item in kept if item not in ([], {})}
    if isinstance(value, list):
        if value and isinstance(value[0], str):
            return [text for text in dict.fromkeys(value) if text]
        return [item for item in map(_without_blanks, value) if item not in ("", [], {})]
    return value
