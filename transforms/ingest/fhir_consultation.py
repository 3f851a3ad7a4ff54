"""What was joined of a FHIR export, as a canonical consultation.

The record that is joined has ``encounter``, ``patient``, ``practitioners`` and ``documents`` as in
``fhir.consultation``; where canonical consultations are asked for also ``pieces`` (the content of
``fhir_pieces.Piece``, each with its time) and ``shared`` (resources that others refer to).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transforms.ingest import fhir
from transforms.ingest.fhir import Resource
from transforms.ingest.fhir_pieces import (
    binary_text,
    codings,
    conditions_in,
    identifiers_of,
    medication_in,
    name_in,
    names_of,
    person_of,
    telecom_of,
    text_of,
)

_CHANNELS = {"VR": "video", "AMB": "in_person"}
"""By the Encounter's class (ActCode)."""
_BY_TELEPHONE = "185317003"
"""SNOMED CT: telephone encounter."""
_GENDERS = frozenset(("male", "female", "other", "unknown"))
_MAIDEN_NAME = "patient-mothersMaidenName"


def consultation(record: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical consultation of a joined record."""
    encounter, patient = record["encounter"] or {}, record["patient"]
    people = _People(patient, [*record["practitioners"], *record.get("shared", ())])
    parts = [{"note": d.get("text"), "id": d.get("id")} for d in record["documents"]]
    pieces = sorted(record.get("pieces", ()), key=lambda piece: piece["at"] or "")
    merged: dict[str, list[Any]] = {}
    notes: list[str] = [part["note"] for part in parts if part["note"]]
    for piece in (_encounter_piece(encounter), *(piece["content"] for piece in pieces)):
        _add(piece, merged, notes, people)
    result: dict[str, Any] = {"id": record["id"], **_when(encounter, pieces)}
    for content in (piece["content"] for piece in pieces):
        for key in ("language", "channel"):
            if key in content:
                result.setdefault(key, content[key])
    if channel := _channel(encounter):
        result["channel"] = channel
    elif not encounter and merged.get("turns"):
        result.setdefault("channel", "chat")
    result["patient"] = _patient(patient, identifiers_of(encounter))
    result["participants"] = people.found(encounter, record["practitioners"])
    result |= {key: value for key, value in merged.items() if value}
    note = "\n\n".join(dict.fromkeys(notes))
    result["note"] = note or None
    if places := list(_places(encounter)):
        result["places"] = places
    if meeting := _meeting(encounter):
        result["meeting"] = meeting
    return {key: value for key, value in result.items() if value not in (None, "", [], {})}


class _People:
    """The people of a consultation, by the keys under which resources mean them."""

    def __init__(self, patient: Resource, shared: Sequence[Resource]) -> None:
        self._patient = patient
        self.resources: dict[str, Resource] = {}
        for resource in (*shared, patient):
            for key in fhir.keys_of(resource):
                self.resources[key] = resource
        self._met: list[dict[str, Any]] = []

    def person(self, mentioned: Mapping[str, Any]) -> dict[str, Any]:
        """A participant from what a resource says of them, and the resource that it refers to."""
        resource = self.resource(mentioned)
        known = {} if resource is None else person_of(resource)
        own = {k: v for k, v in mentioned.items() if k != "keys"}
        return own | known

    def resource(self, mentioned: Mapping[str, Any]) -> Resource | None:
        """The resource that is referred to, if it is in the export."""
        keys = mentioned.get("keys", ())
        return next((self.resources[key] for key in keys if key in self.resources), None)

    def meet(self, mentioned: Mapping[str, Any]) -> dict[str, Any]:
        """Count somebody among the participants."""
        person = self.person(mentioned)
        if person.get("name") or person.get("account"):
            self._met.append(person)
        return person

    def found(self, encounter: Resource, practitioners: Sequence[Resource]) -> list[dict[str, Any]]:
        """All participants: the patient, those of the Encounter, those of its pieces."""
        patient = person_of(self._patient)
        subject = encounter.get("subject")
        subject = text_of(subject.get("display")) if isinstance(subject, Mapping) else ""
        if "name" not in patient and subject:
            patient["name"] = subject
        people = [patient, *map(person_of, practitioners)]
        people += [p for mentioned in _mentioned(encounter) if (p := self.person(mentioned))]
        people += self._met
        return _distinct(people)


def _distinct(people: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """People who are no part of another: a name alone is somebody of whom more is known."""
    kept: list[dict[str, Any]] = []
    for person in people:
        if not any(person.items() <= other.items() for other in kept):
            same = [p for p in kept if p.get("role") == person.get("role") == "patient"]
            if same and person.get("name") in (None, same[0].get("name")):
                continue
            kept.append(person)
    return kept


def _add(
    piece: Mapping[str, Any], merged: dict[str, list[Any]], notes: list[str], people: _People
) -> None:
    for key in ("conditions", "readings", "answers", "billing", "attachments"):
        merged.setdefault(key, []).extend(piece.get(key, ()))
    for medication in piece.get("medications", ()):
        resource = people.resource(medication)
        coded = {} if resource is None else medication_in(resource.get("code"))
        own = {key: value for key, value in medication.items() if key != "keys"}
        if coded and "code" not in coded:
            own["dosage"] = "\n".join(filter(None, (coded["dosage"], own.get("dosage"))))
            coded = {}
        if own or coded:
            merged.setdefault("medications", []).append(own | coded)
    for mentioned in piece.get("people", ()):
        people.meet(mentioned)
    for said in piece.get("turns", ()):
        turn = {key: value for key, value in said.items() if key != "person"}
        if "person" in said:
            speaker = people.meet(said["person"])
            if name := speaker.get("name"):
                turn["speaker"] = name
            if role := speaker.get("role"):
                turn["role"] = role
        merged.setdefault("turns", []).append(turn)
    for binary in piece.get("binaries", ()):
        resource = people.resource(binary)
        if resource is not None and (text := binary_text(resource)):
            notes.append(text)
    if note := piece.get("note"):
        notes.append(note)


def _encounter_piece(encounter: Resource) -> dict[str, Any]:
    """The reasons for which it took place."""
    concepts = list(_mappings(encounter.get("reasonCode")))
    for reason in _mappings(encounter.get("reason")):
        values = reason.get("value")
        concepts += [
            v["concept"] for v in _mappings(values) if isinstance(v.get("concept"), Mapping)
        ]
    found = [conditions_in(concept) for concept in concepts]
    conditions = [code for part in found for code in part.get("conditions", ())]
    words = [part["note"] for part in found if "note" in part]
    return {"conditions": conditions, "note": "\n".join(words)}


def _when(encounter: Resource, pieces: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    period = encounter.get("period") or encounter.get("actualPeriod")
    if isinstance(period, Mapping):
        return {"started_at": period.get("start"), "ended_at": period.get("end")}
    times = [piece["at"] for piece in pieces if piece["at"]]
    if encounter or not times:
        return {}
    return {"started_at": times[0], "ended_at": times[-1] if len(set(times)) > 1 else None}


def _channel(encounter: Resource) -> str | None:
    kinds = encounter.get("class")
    classes = [kinds] if isinstance(kinds, Mapping) else []  # R4
    classes += [c for concept in _mappings(kinds) for c in codings(concept)]  # R5
    types = [c for concept in _mappings(encounter.get("type")) for c in codings(concept)]
    if any(c.get("code") == _BY_TELEPHONE for c in types):
        return "phone"
    found = (_CHANNELS.get(str(c.get("code"))) for c in classes)
    return next((channel for channel in found if channel), None)


def _mentioned(encounter: Resource) -> Iterator[dict[str, Any]]:
    """Who took part, as the Encounter names them; their resources may be elsewhere."""
    for participant in _mappings(encounter.get("participant")):
        person = participant.get("individual") or participant.get("actor")
        if not isinstance(person, Mapping):
            continue
        kinds = {"Practitioner": "clinician", "PractitionerRole": "clinician", "Patient": "patient"}
        keys = {k: kind for kind in (*kinds, "RelatedPerson") if (k := _key(person, kind))}
        name = text_of(person.get("display"))
        if not keys and not name:
            continue
        found: dict[str, Any] = {"keys": list(keys)}
        if name:
            found["name"] = name
        if len(keys) == 1:
            (kind,) = keys.values()
            found["role"] = kinds.get(kind, "other")
        codes = {
            text_of(c.get("code")) for t in _mappings(participant.get("type")) for c in codings(t)
        }
        if "translator" in codes:
            found["role"] = "other"
        if name or found.get("keys"):
            yield found


def _key(reference: Mapping[str, Any], kind: str) -> str | None:
    return fhir.reference_key(reference, kind)


def _patient(patient: Resource, visits: Sequence[str]) -> dict[str, Any]:
    names = names_of(patient)
    gender = text_of(patient.get("gender"))
    numbers = [*identifiers_of(patient), *visits]
    phones, emails = telecom_of(patient)
    relatives: list[str] = []
    telecom = [*phones[1:], *emails[1:]]
    addresses = list(_mappings(patient.get("address")))
    home = addresses[0] if addresses else {}
    others = addresses[1:]
    for contact in _mappings(patient.get("contact")):
        if isinstance(contact.get("name"), Mapping):
            relatives.append(name_in(contact["name"]))
        for found in telecom_of(contact):
            telecom += found
        if isinstance(contact.get("address"), Mapping):
            others.append(contact["address"])
    for extension in _mappings(patient.get("extension")):
        if text_of(extension.get("url")).endswith(_MAIDEN_NAME):
            relatives.append(text_of(extension.get("valueString")))
    return {
        key: value
        for key, value in {
            "id": patient.get("id"),
            "record_numbers": list(dict.fromkeys(numbers)),
            "birth_date": patient.get("birthDate"),
            "sex": gender if gender in _GENDERS else None,
            "other_names": names[1:],
            "relatives": list(dict.fromkeys(filter(None, relatives))),
            "telecom": list(dict.fromkeys(telecom)),
            "address": _street(home),
            "other_addresses": list(dict.fromkeys(filter(None, map(_street, others)))),
            "city": text_of(home.get("city")),
            "postcode": text_of(home.get("postalCode")),
            "country": text_of(home.get("country")),
        }.items()
        if value
    }


def _street(address: Resource) -> str:
    lines = address.get("line")
    texts = [text_of(line) for line in lines] if isinstance(lines, list) else []
    return ", ".join(filter(None, texts)) or text_of(address.get("text"))


def _places(encounter: Resource) -> Iterator[str]:
    provider = encounter.get("serviceProvider")
    places = [provider, *(p.get("location") for p in _mappings(encounter.get("location")))]
    names = (text_of(p.get("display")) for p in places if isinstance(p, Mapping))
    yield from dict.fromkeys(name for name in names if name)


def _meeting(encounter: Resource) -> dict[str, str]:
    """Where it took place as a call (R5)."""
    for service in _mappings(encounter.get("virtualService")):
        link = text_of(service.get("addressUrl")) or text_of(service.get("addressString"))
        found = {"link": link, "passcode": text_of(service.get("sessionKey"))}
        return {key: value for key, value in found.items() if value}
    return {}


def _mappings(value: object) -> Iterator[Resource]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))
