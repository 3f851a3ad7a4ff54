"""Consolidated CDA: a clinical document in XML, with a header, sections to read, and coded entries.

::

    <ClinicalDocument xmlns="urn:hl7-org:v3">
      <recordTarget><patientRole><id root="..." extension="483920"/>...</patientRole></recordTarget>
      <author>...</author>
      <component><structuredBody><component><section>
        <title>Plan of Treatment</title><text><paragraph>Rest.</paragraph></text>
        <entry><observation>...</observation></entry>
      </section></component></structuredBody></component>
    </ClinicalDocument>

The narrative of every section is the note, under the section's title: it is what was signed. Coded
entries are told by the template to which they say they conform.

Sources: HL7, Clinical Document Architecture, Release 2.0; HL7, C-CDA Templates for Clinical Notes,
Release 2.1 (US Realm Header, Problem Observation, Medication Activity, Result Observation, Vital
Sign Observation).
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from lxml import etree

from transforms.ingest.consultation import (
    Code,
    Consultation,
    Medication,
    Participant,
    Patient,
    Reading,
    language_tag,
)
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._hl7 import sex_of, system_of, time_of
from transforms.ingest.text import UnreadableError, wide_encoding

_MARK = re.compile(r"<(?:[A-Za-z_][\w.-]{0,20}:)?ClinicalDocument[\s>]")
_V3 = "{urn:hl7-org:v3}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SSN = "2.16.840.1.113883.4.1"

_TEMPLATES = "2.16.840.1.113883.10.20.22.4."
PROBLEM, MEDICATION = _TEMPLATES + "4", _TEMPLATES + "16"
RESULTS = frozenset({_TEMPLATES + "2", _TEMPLATES + "27"})
SIG = _TEMPLATES + "147"

_SKIPPED = frozenset(("renderMultiMedia", "footnoteRef"))
_BLOCKS = frozenset(("paragraph", "list", "item", "table", "tr", "caption", "br"))
_CELLS = frozenset(("td", "th"))
_PLACES = tuple(
    _V3 + kind
    for kind in (
        "providerOrganization",
        "representedOrganization",
        "representedCustodianOrganization",
        "receivedOrganization",
        "serviceProviderOrganization",
        "location",
    )
)
_SPACES = str.maketrans("\t\n\r", "   ")
_DEEPEST = 200
_DTD = "a document type declaration, which CDA does not allow"

Node = Any
T = TypeVar("T")


class Ccda(DocumentSource):
    """A document: one file is one consultation."""

    format = Format.CCDA
    title = "C-CDA document"
    endings = frozenset({".xml", ".ccda", ".cda", ".ccd"})

    def sniff(self, head: Head) -> float:
        """The root element, and CDA's namespace."""
        text = head.text[:8000]
        return SURE if _MARK.search(text) and "urn:hl7-org:v3" in text else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """Header, narrative and entries."""
        for document in documents:
            root = _root(document)
            reader = _Reader(root, settings)
            record = reader.consultation()
            if not record.get("patient"):
                raise UnreadableError("no patient (recordTarget) in the document", document.path)
            yield record


def _root(document: Document) -> Node:
    """The document's element. Nothing is fetched, no entity is put in, and the parser's limits on
    depth and size stay on.

    Raises: UnreadableError.
    """
    encoding = wide_encoding(document.data) or "latin-1"
    prolog = document.data.decode(encoding, "replace").partition("ClinicalDocument")[0]
    # CDA has no DTD, and entities are all that one could bring. Asked before the parser sees it,
    # and again after, since XML knows more encodings than these.
    if "<!DOCTYPE" in prolog:
        raise UnreadableError(_DTD, document.path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(document.data.lstrip(b"\r\n\t "), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError("broken XML", document.path) from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableError(_DTD, document.path)
    if root.tag != _V3 + "ClinicalDocument":
        raise UnreadableError("no ClinicalDocument", document.path)
    return root


class _Reader:
    def __init__(self, root: Node, settings: SourceSettings) -> None:
        self._root = root
        self._zone = settings.time_zone

    def consultation(self) -> Consultation:
        """What the document says of a consultation. Raises: UnreadableError."""
        root = self._root
        record: Consultation = {}
        number = root.find(_V3 + "id")
        if number is not None and number.get("root"):
            record["id"] = "^".join(filter(None, (number.get("root"), number.get("extension"))))
        people: list[Participant] = []
        for role in self._all(root, "recordTarget/patientRole"):
            record["patient"] = self._patient(role, people)
        visit = self._one(root, "componentOf/encompassingEncounter")
        self._when(record, visit)
        if visit is not None and record.get("patient"):
            record["patient"].setdefault("record_numbers", []).extend(_extensions(visit))
        if language := language_tag(_get(root, "languageCode", "code")):
            record["language"] = language
        self._people(people)
        named = {(p.get("name"), p.get("account")): p for p in reversed(people)}
        record["participants"] = [p for key, p in reversed(named.items()) if any(key)]
        if places := _unique(self._places()):
            record["places"] = places
        if note := self._note():
            record["note"] = note
        if conditions := _once(self._conditions()):
            record["conditions"] = conditions
        if medications := _once(self._medications()):
            record["medications"] = medications
        if readings := _once(self._readings()):
            record["readings"] = readings
        return record

    # --- header ---------------------------------------------------------------------------------

    def _patient(self, role: Node, people: list[Participant]) -> Patient:
        patient: Patient = {}
        ids = [i for i in role.iterfind(_V3 + "id") if i.get("extension")]
        own = [i for i in ids if i.get("root") != _SSN] or ids
        if own:
            patient["id"] = own[0].get("extension").strip()
        numbers = _unique(i.get("extension").strip() for i in ids)
        if numbers:
            patient["record_numbers"] = numbers
        person = role.find(_V3 + "patient")
        names = [] if person is None else _names(person)
        phones, emails = _telecom(role)
        patient_person: Participant = {"role": "patient"}
        if names:
            patient_person["name"] = names[0]
        if phones:
            patient_person["phone"] = phones[0]
        if emails:
            patient_person["email"] = emails[0]
        people.append(patient_person)
        others = [*phones[1:], *emails[1:]]
        relatives: list[str] = []
        addresses = list(role.iterfind(_V3 + "addr"))
        for relative in self._relatives(person):
            relatives += _names(relative, deep=True)
            for found in _telecom(relative, deep=True):
                others += found
            addresses += relative.iterfind(f".//{_V3}addr")
        if person is not None:
            if birth := time_of(_get(person, "birthTime", "value"), self._zone):
                patient["birth_date"] = birth[:10]
            if sex := sex_of(_get(person, "administrativeGenderCode", "code")):
                patient["sex"] = sex
        if addresses and addresses[0].getparent() is role:
            home = addresses.pop(0)
            if street := _street(home):
                patient["address"] = street
            if city := _text(home.find(_V3 + "city")):
                patient["city"] = city
            if postcode := _text(home.find(_V3 + "postalCode")):
                patient["postcode"] = postcode
            if country := _text(home.find(_V3 + "country")):
                patient["country"] = country
        if streets := _unique(map(_street, addresses)):
            patient["other_addresses"] = streets
        if former := _unique(names[1:]):
            patient["other_names"] = former
        if kin := _unique(relatives):
            patient["relatives"] = kin
        if telecom := _unique(others):
            patient["telecom"] = telecom
        return patient

    def _relatives(self, person: Node) -> Iterator[Node]:
        """Guardians, next of kin, and who else told something or stands behind the patient."""
        if person is not None:
            yield from person.iterfind(_V3 + "guardian")
        yield from self._all(self._root, "participant/associatedEntity")
        yield from self._all(self._root, "informant/relatedEntity")

    def _when(self, record: Consultation, visit: Node) -> None:
        if visit is not None:
            start, end = self._period(visit.find(_V3 + "effectiveTime"))
            if start:
                record["started_at"] = start
            if end:
                record["ended_at"] = end
            if _get(visit, "code", "code") == "VR":
                record["channel"] = "video"
        if "started_at" not in record and (at := self._period(self._find("effectiveTime"))[0]):
            record["started_at"] = at

    def _people(self, people: list[Participant]) -> None:
        visit = "componentOf/encompassingEncounter/"
        for path, role in (
            (visit + "responsibleParty/assignedEntity", "clinician"),
            (visit + "encounterParticipant/assignedEntity", "clinician"),
            ("documentationOf/serviceEvent/performer/assignedEntity", "clinician"),
            ("author/assignedAuthor", "clinician"),
            ("legalAuthenticator/assignedEntity", "clinician"),
            ("authenticator/assignedEntity", "clinician"),
            ("informant/assignedEntity", "clinician"),
            ("dataEnterer/assignedEntity", "other"),
            ("informationRecipient/intendedRecipient", "other"),
        ):
            patients = [p.get("name") for p in people if p.get("role") == "patient"]
            for entity in self._all(self._root, path):
                for tag in ("assignedPerson", "informationRecipient"):
                    found = entity.find(_V3 + tag)
                    names = [] if found is None else _names(found)
                    # Documents that patients write themselves have them as their authors.
                    if not names or names[0] in patients:
                        continue
                    person: Participant = {"name": names[0], "role": role}
                    phones, emails = _telecom(entity)
                    if phones:
                        person["phone"] = phones[0]
                    if emails:
                        person["email"] = emails[0]
                    if numbers := _extensions(entity):
                        person["account"] = numbers[0]
                    people.append(person)

    def _places(self) -> Iterator[str]:
        """The organisations and places that the header names."""
        for element in self._root.iterchildren():
            if element.tag == _V3 + "component":
                continue
            for place in sorted(element.iter(*_PLACES), key=lambda found: _PLACES.index(found.tag)):
                yield from (_text(name) for name in place.iterfind(_V3 + "name"))

    # --- body -----------------------------------------------------------------------------------

    def _note(self) -> str:
        """The sections' narrative, each under its title. Raises: UnreadableError."""
        body = self._one(self._root, "component/nonXMLBody/text")
        if body is not None:
            return _plain(body)
        parts = []
        for section in self._root.iter(_V3 + "section"):
            title = _text(section.find(_V3 + "title"))
            narrative = section.find(_V3 + "text")
            text = "" if narrative is None else _narrative(narrative)
            if text:
                parts.append(f"{title}\n{text}" if title else text)
        return "\n\n".join(parts)

    def _conditions(self) -> Iterator[Code]:
        for observation in self._entries("observation", {PROBLEM}):
            for value in observation.iterfind(_V3 + "value"):
                if code := _code(value):
                    yield code

    def _medications(self) -> Iterator[Medication]:
        path = "consumable/manufacturedProduct/manufacturedMaterial/code"
        for activity in self._entries("substanceAdministration", {MEDICATION}):
            medication: Medication = {}
            for element in self._all(activity, path):
                medication.update(_code(element))  # type: ignore[typeddict-item]
            if dosage := self._dosage(activity):
                medication["dosage"] = dosage
            if medication:
                yield medication

    def _dosage(self, activity: Node) -> str:
        """How to take it: the text of the prescription, else the dose."""
        for sig in activity.iter(_V3 + "substanceAdministration"):
            if _templates(sig) & {SIG} and (text := self._told(sig.find(_V3 + "text"))):
                return text
        if text := self._told(activity.find(_V3 + "text")):
            return text
        dose = activity.find(_V3 + "doseQuantity")
        parts = () if dose is None else (dose.get("value"), dose.get("unit"))
        return " ".join(part for part in parts if part and part != "1")

    def _readings(self) -> Iterator[Reading]:
        for observation in self._entries("observation", RESULTS):
            reading: Reading = {}
            element = observation.find(_V3 + "code")
            code = {} if element is None else _code(element)
            if "code" in code:
                reading["code"] = code["code"]
            if "system" in code:
                reading["system"] = code["system"]
            if "display" in code:
                reading["display"] = code["display"]
            at, _ = self._period(observation.find(_V3 + "effectiveTime"))
            if at:
                reading["at"] = at
            for value in observation.iterfind(_V3 + "value"):
                if measured := self._measured(value):
                    yield {**reading, **measured}

    def _measured(self, value: Node) -> Reading:
        kind = (value.get(_TYPE) or "").rpartition(":")[2]
        found: Reading = {}
        if kind in ("PQ", "INT", "REAL"):
            if (number := _number(value.get("value"))) is not None:
                found["value"] = number
                if (unit := value.get("unit")) and unit != "1":
                    found["unit"] = unit
        elif kind in ("IVL_PQ", "RTO", "RTO_PQ_PQ"):
            ends = [value.find(_V3 + t) for t in ("low", "high", "numerator", "denominator")]
            text = " - ".join(e.get("value") for e in ends if e is not None and e.get("value"))
            if text:
                found["text"] = text
        elif kind in ("CD", "CE", "CV", "CO"):
            text = _code(value).get("display") or self._told(value.find(_V3 + "originalText"))
            if text:
                found["text"] = text
        elif kind in ("TS", "IVL_TS"):
            if at := self._period(value)[0]:
                found["text"] = at
        elif kind in ("ST", "ED", "") and (text := self._told(value)):
            found["text"] = text
        return found

    def _told(self, element: Node) -> str:
        """The text in an element, or the part of the narrative to which it refers."""
        if element is None:
            return ""
        reference = element.find(_V3 + "reference")
        target = "" if reference is None else (reference.get("value") or "")
        if target.startswith("#") and len(target) > 1:
            found = self._labelled.get(target[1:])
            return "" if found is None else _narrative(found)
        return _narrative(element)

    @property
    def _labelled(self) -> dict[str, Node]:
        """Parts of the narrative by their ``ID``."""
        if not hasattr(self, "_by_id"):
            self._by_id: dict[str, Node] = {}
            for text in self._root.iter(_V3 + "text"):
                for element in text.iter():
                    if label := element.get("ID"):
                        self._by_id.setdefault(label, element)
        return self._by_id

    def _entries(self, tag: str, templates: set[str] | frozenset[str]) -> Iterator[Node]:
        """Entries of a template that say that something is so."""
        for element in self._root.iter(_V3 + tag):
            if _templates(element) & templates and element.get("negationInd") != "true":
                yield element

    # --- elements -------------------------------------------------------------------------------

    def _find(self, tag: str) -> Node:
        return self._root.find(_V3 + tag)

    def _all(self, element: Node, path: str) -> Iterator[Node]:
        return element.iterfind("/".join(_V3 + step for step in path.split("/")))

    def _one(self, element: Node, path: str) -> Node:
        return next(iter(self._all(element, path)), None)

    def _period(self, element: Node) -> tuple[str, str]:
        """Beginning and end of a time; of a point both are there only as a beginning."""
        if element is None:
            return "", ""
        low = element.get("value") or _get(element, "low", "value")
        low = low or _get(element, "center", "value")
        high = _get(element, "high", "value")
        return time_of(low, self._zone) or "", time_of(high, self._zone) or ""


def _templates(element: Node) -> set[str]:
    return {t.get("root", "") for t in element.iterfind(_V3 + "templateId")}


def _code(element: Node) -> Code:
    """A coded value; its first translation, where it has no code itself. Words without a code are
    somebody's own, and stand in the narrative."""
    for choice in (element, *element.iterfind(_V3 + "translation")):
        if code := (choice.get("code") or "").strip():
            found: Code = {"code": code}
            if system := _system(choice):
                found["system"] = system
            if display := (choice.get("displayName") or "").strip():
                found["display"] = display
            return found
    return {}


def _system(element: Node) -> str:
    oid, name = element.get("codeSystem") or "", element.get("codeSystemName") or ""
    known = system_of(oid)
    return known if known and known != oid else system_of(name) or oid


def _get(element: Node, tag: str, attribute: str) -> str:
    found = element.find(_V3 + tag)
    return "" if found is None else (found.get(attribute) or "").strip()


def _text(element: Node) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _extensions(element: Node) -> list[str]:
    return _unique((i.get("extension") or "").strip() for i in element.iterfind(_V3 + "id"))


def _names(element: Node, deep: bool = False) -> list[str]:
    """Names of people: ``Dr Jane Patel``, whatever the order of the parts."""
    found = []
    for name in element.iterfind(f".//{_V3}name" if deep else _V3 + "name"):
        parts: list[str] = []
        for tag in ("prefix", "given", "family", "suffix"):
            parts += (_text(part) for part in name.iterfind(_V3 + tag))
        found.append(" ".join(part for part in parts if part) or _text(name))
    return _unique(found)


def _street(address: Node) -> str:
    lines = [_text(line) for line in address.iterfind(_V3 + "streetAddressLine")]
    return ", ".join(line for line in lines if line)


def _telecom(element: Node, deep: bool = False) -> tuple[list[str], list[str]]:
    """Phone numbers and e-mail addresses, of ``tel:`` and ``mailto:`` links."""
    phones: list[str] = []
    emails: list[str] = []
    for contact in element.iterfind(f".//{_V3}telecom" if deep else _V3 + "telecom"):
        value = (contact.get("value") or "").strip()
        scheme, _, rest = value.partition(":")
        if scheme.lower() == "mailto":
            emails.append(rest)
        elif scheme.lower() in ("tel", "fax", "sms"):
            phones.append(rest)
        elif "@" in value:
            emails.append(value)
        elif value:
            phones.append(value)
    return _unique(phones), _unique(emails)


def _narrative(element: Node) -> str:
    """The text of a narrative block: a line for each paragraph, item and row, tabs in rows."""
    parts: list[str] = []
    _gather(element, parts, 0)
    lines = (_spaced(line) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _spaced(line: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip()


def _gather(element: Node, parts: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise UnreadableError("a narrative nested too deeply")
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if tag in _BLOCKS:
        parts.append("\n")
    if tag not in _SKIPPED:
        if element.text:
            parts.append(element.text.translate(_SPACES))
        for child in element:
            _gather(child, parts, depth + 1)
            if child.tail:
                parts.append(child.tail.translate(_SPACES))
    if tag in _CELLS:
        parts.append("\t")
    elif tag in _BLOCKS:
        parts.append("\n")


def _plain(body: Node) -> str:
    """The text of a body without sections. Raises: UnreadableError, where it is no text."""
    kind = (body.get("mediaType") or "text/plain").partition(";")[0].strip().lower()
    if kind != "text/plain" or body.find(_V3 + "reference") is not None:
        raise UnreadableError("its body is a file that is no plain text (nonXMLBody)")
    if body.get("representation") != "B64":
        return "".join(body.itertext()).strip()
    try:
        data = base64.b64decode("".join("".join(body.itertext()).split()), validate=True)
        return data.decode("utf-8").strip()
    except (binascii.Error, ValueError):
        raise UnreadableError("its body is no text in UTF-8 (nonXMLBody)") from None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _unique(texts: Sequence[str] | Iterator[str] | Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _once(items: Iterator[T], key: Callable[[T], str] = repr) -> list[T]:
    """Each item once: a document may repeat an entry in several sections."""
    return list({key(item): item for item in items}.values())
