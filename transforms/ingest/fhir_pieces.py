"""FHIR resources that say something of an Encounter, each as the piece of a consultation it is.

Resources are slimmed to what the canonical consultation has before they are joined. What they refer
to is kept as keys (``fhir.keys_of``), and looked up when all of an Encounter is together
(``fhir_consultation``). Only what is read is checked: an element of another type than the
standard's is as good as none.
Sources: HL7 FHIR R4 and R5, the resources named in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from transforms.ingest import fhir
from transforms.ingest.consultation import Answer, BillingItem, Code, Reading, language_tag
from transforms.ingest.fhir import Resource

LOINC = "http://loinc.org"
PEOPLE = ("Practitioner", "PractitionerRole", "RelatedPerson", "Patient")
SHARED = frozenset(("PractitionerRole", "RelatedPerson", "Medication", "Binary"))
"""Resources that others refer to: few, they travel to each Encounter that needs them."""
_DEEPEST = 20


class Piece(NamedTuple):
    """What one resource says of one consultation."""

    encounter: Any
    """The Reference to its Encounter; ``None`` where it has none."""
    subject: Any
    """The Reference to its patient."""
    at: str | None
    """When it was said or measured."""
    content: dict[str, Any]
    """Fields of a consultation. Beside them ``people``, and under ``keys`` what is referred to."""
    keys: list[str]
    """The keys of all that is referred to."""
    is_session: bool = False
    """Whether it is something that happened between the two: enough for a consultation."""


def pieces_of(resource: Resource) -> Iterator[Piece]:
    """The pieces that a resource is; none, where its status says that it is not so."""
    if _says_nothing(resource):
        return
    for piece in KINDS[resource["resourceType"]](resource):
        found = [key for item in _keyed(piece.content) for key in item["keys"]]
        yield piece._replace(keys=list(dict.fromkeys(found)))


_DAY = "#"
"""Stands between a patient's key and a day, in the key of what belongs to no Encounter."""


def key_of(piece: Piece) -> str | None:
    """The key of the Encounter to which a piece belongs; of the patient's day, where it has none;
    ``None`` for what would be no consultation by itself."""
    key = fhir.reference_key(piece.encounter, "Encounter")
    if key is not None:
        return key
    patient = fhir.reference_key(piece.subject, "Patient")
    if not piece.is_session or patient is None or piece.at is None:
        return None
    return _DAY.join((patient.replace("?", _DAY), piece.at[:10]))


def _says_nothing(resource: Resource) -> bool:
    verification = resource.get("verificationStatus")
    codes = {text_of(c.get("code")) for c in codings(verification)}
    return bool(
        text_of(resource.get("status"))
        in ("entered-in-error", "cancelled", "not-done", "draft", "preparation")
        or codes & {"entered-in-error", "refuted"}
        or resource.get("doNotPerform") is True
    )


# --- resources ------------------------------------------------------------------------------------


def _condition(resource: Resource) -> Iterator[Piece]:
    yield _piece(resource, resource.get("subject"), conditions_in(resource.get("code")))


def conditions_in(concept: object) -> dict[str, Any]:
    """A CodeableConcept as a condition; as a line of the note, where it has no code: then it is
    somebody's own words."""
    if code := code_in(concept):
        return {"conditions": [code]}
    return {"note": text} if (text := words_in(concept)) else {}


def _medication_request(resource: Resource) -> Iterator[Piece]:
    given = _mapping(resource.get("medication"))
    concept = resource.get("medicationCodeableConcept") or given.get("concept")
    reference = resource.get("medicationReference") or given.get("reference")
    medication = medication_in(concept)
    if not medication and isinstance(reference, Mapping):
        contained = _contained(resource, reference)
        if contained is not None:
            medication = medication_in(contained.get("code"))
        else:
            medication = {"keys": _keys(reference, ("Medication",))}
            if name := text_of(reference.get("display")):
                medication["dosage"] = name
    orders = list(_mappings(resource.get("dosageInstruction")))
    told = [text_of(o.get("text")) or text_of(o.get("patientInstruction")) for o in orders]
    told = told if any(told) else [text_of(resource.get("renderedDosageInstruction"))]
    lines = [medication.get("dosage", ""), *told]
    if dosage := "\n".join(line for line in lines if line):
        medication["dosage"] = dosage
    yield _piece(
        resource, resource.get("subject"), {"medications": [medication] if medication else []}
    )


def medication_in(concept: object) -> dict[str, Any]:
    """A CodeableConcept as a medication; its words, where it has no code, as free text."""
    code: dict[str, Any] = dict(code_in(concept))
    return code or ({"dosage": text} if (text := words_in(concept)) else {})


def _observation(resource: Resource) -> Iterator[Piece]:
    period = _mapping(resource.get("effectivePeriod"))
    at = (
        text_of(resource.get("effectiveDateTime"))
        or text_of(resource.get("effectiveInstant"))
        or text_of(period.get("start"))
        or text_of(resource.get("issued"))
    )
    parts = (resource, *_mappings(resource.get("component")))
    readings = [found for part in parts if (found := _reading(part, at))]
    piece = _piece(resource, resource.get("subject"), {"readings": readings}, at)
    yield piece._replace(is_session=bool(readings))


def _reading(part: Resource, at: str) -> Reading:
    """What was measured; empty, where nothing was."""
    found: Reading = {}
    quantity = part.get("valueQuantity")
    value = number_of(_mapping(quantity).get("value"))
    whole = number_of(part.get("valueInteger"))
    if value is not None:
        found["value"] = value
        unit = text_of(_mapping(quantity).get("code")) or text_of(_mapping(quantity).get("unit"))
        if unit:
            found["unit"] = unit
    elif whole is not None:
        found["value"] = whole
    elif text := _value_text(part):
        found["text"] = text
    if not found:
        return {}
    concept = part.get("code")
    if code := code_in(concept, LOINC):
        found.update(code)  # type: ignore[typeddict-item]
    elif words := words_in(concept):
        # Words without a code are somebody's own, like the value's.
        shown = found.pop("text", None) or f"{found.pop('value', 0.0):g} {found.pop('unit', '')}"
        found["text"] = f"{words}: {shown}".strip()
    if at:
        found["at"] = at
    return found


def _value_text(part: Resource) -> str:
    """A value that is no number, in words."""
    concept = part.get("valueCodeableConcept")
    coded = words_in(concept) or code_in(concept).get("display", "")
    span = _mapping(part.get("valueRange"))
    ends = [number_of(_mapping(span.get(k)).get("value")) for k in ("low", "high")]
    flag = part.get("valueBoolean")
    return (
        text_of(part.get("valueString"))
        or coded
        or " - ".join(f"{end:g}" for end in ends if end is not None)
        or (("yes" if flag else "no") if isinstance(flag, bool) else "")
        or text_of(part.get("valueDateTime"))
        or text_of(part.get("valueTime"))
    )


def _communication(resource: Resource) -> Iterator[Piece]:
    at = text_of(resource.get("sent")) or text_of(resource.get("received"))
    sender, recipients = resource.get("sender"), list(_mappings(resource.get("recipient")))
    people = [p for r in (sender, *recipients) if (p := _person(resource, r))]
    turns, attachments = [], []
    for payload in _mappings(resource.get("payload")):
        attached = _mapping(payload.get("contentAttachment"))
        concept = payload.get("contentCodeableConcept")
        text = text_of(payload.get("contentString")) or words_in(concept)
        text = text or fhir.attached_text(attached)[0] or ""
        if text:
            turn: dict[str, Any] = {"text": text, **({"at": at} if at else {})}
            if speaker := _person(resource, sender):
                turn |= {"person": speaker}
            turns.append(turn)
        elif attached:
            attachments += [name for k in ("title", "url") if (name := text_of(attached.get(k)))][
                :1
            ]
    content = {"people": people, "turns": turns, "attachments": attachments}
    media = {text_of(c.get("code")) for m in _mappings(resource.get("medium")) for c in codings(m)}
    for code, channel in (("PHONE", "phone"), ("VIDEOCONF", "video")):
        if code in media:
            content["channel"] = channel
    subject = resource.get("subject")
    named = (r for r in (subject, sender, *recipients) if fhir.reference_key(r, "Patient"))
    piece = _piece(resource, next(named, subject), content, at)
    yield piece._replace(is_session=bool(turns))


def _questionnaire_response(resource: Resource) -> Iterator[Piece]:
    answers = list(_answers(resource.get("item"), 0))
    people = [p for k in ("author", "source") if (p := _person(resource, resource.get(k)))]
    at = text_of(resource.get("authored"))
    content = {"answers": answers, "people": people}
    piece = _piece(resource, resource.get("subject") or resource.get("source"), content, at)
    yield piece._replace(is_session=bool(answers))


def _answers(items: object, depth: int) -> Iterator[Answer]:
    """Each answer with its question; those within answers and groups too."""
    if depth > _DEEPEST:
        return
    for item in _mappings(items):
        for answer in _mappings(item.get("answer")):
            if text := _answer_text(answer):
                found: Answer = {"answer": text}
                if code := text_of(item.get("linkId")):
                    found["code"] = code
                if question := text_of(item.get("text")):
                    found["question"] = question
                yield found
            yield from _answers(answer.get("item"), depth + 1)
        yield from _answers(item.get("item"), depth + 1)


def _answer_text(answer: Resource) -> str:
    coding = _mapping(answer.get("valueCoding"))
    quantity = _mapping(answer.get("valueQuantity"))
    numbers = [answer.get("valueDecimal"), answer.get("valueInteger"), quantity.get("value")]
    number = next((n for n in map(number_of, numbers) if n is not None), None)
    if number is not None:
        return f"{number:g} {text_of(quantity.get('unit'))}".strip()
    texts = ("valueString", "valueDate", "valueUri")
    said = next((t for k in texts if (t := text_of(answer.get(k)))), "")
    return (
        said or text_of(coding.get("display")) or text_of(coding.get("code")) or _value_text(answer)
    )


def _claim(resource: Resource) -> Iterator[Piece]:
    """The items of each Encounter that a claim names."""
    whole = list(_mappings(resource.get("encounter")))
    by_encounter: dict[str, tuple[Any, list[BillingItem]]] = {}
    for item in _mappings(resource.get("item")):
        billed = _billed(item)
        references = list(_mappings(item.get("encounter"))) or whole
        reference = references[0] if references else None
        key = fhir.reference_key(reference, "Encounter") or ""
        if billed:
            by_encounter.setdefault(key, (reference, []))[1].append(billed)
    for reference, billing in by_encounter.values():
        piece = _piece(resource, resource.get("patient"), {"billing": billing})
        yield piece._replace(encounter=reference)


def _billed(item: Resource) -> BillingItem:
    found: BillingItem = {}
    if code := code_in(item.get("productOrService")):
        found.update(code)  # type: ignore[typeddict-item]
    quantity = number_of(_mapping(item.get("quantity")).get("value"))
    if quantity is not None:
        found["quantity"] = quantity
    price = _mapping(item.get("net"))
    if not price and quantity in (None, 1):
        price = _mapping(item.get("unitPrice"))
    if (amount := number_of(price.get("value"))) is not None:
        found["amount"] = amount
        if currency := text_of(price.get("currency")):
            found["currency"] = currency
    return found


def _composition(resource: Resource) -> Iterator[Piece]:
    """The narrative of a document's sections, each under its title."""
    subjects = resource.get("subject")
    subject = next(_mappings(subjects), None) if isinstance(subjects, list) else subjects
    people = [p for r in _mappings(resource.get("author")) if (p := _person(resource, r))]
    note = "\n\n".join(_sections(resource.get("section"), 0))
    content: dict[str, Any] = {"note": note, "people": people}
    if language := language_tag(text_of(resource.get("language"))):
        content["language"] = language
    piece = _piece(resource, subject, content, text_of(resource.get("date")))
    yield piece._replace(is_session=bool(note))


def _sections(sections: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for section in _mappings(sections):
        title = text_of(section.get("title"))
        text = fhir.html_text(text_of(_mapping(section.get("text")).get("div")))
        if text:
            yield f"{title}\n{text}" if title else text
        yield from _sections(section.get("section"), depth + 1)


def document_piece(resource: Resource) -> Piece:
    """What a DocumentReference says beside its note: who wrote it, the files that are kept, and
    where its text lies, if that is in a resource of its own."""
    people = [p for r in _mappings(resource.get("author")) if (p := _person(resource, r))]
    attachments: list[str] = []
    binaries: list[dict[str, Any]] = []
    content: dict[str, Any] = {"people": people}
    text = fhir.note_of(resource)[0]["text"]
    for part in _mappings(resource.get("content")):
        attached = _mapping(part.get("attachment"))
        if language := language_tag(text_of(attached.get("language"))):
            content["language"] = language
        if url := text_of(attached.get("url")):
            kept = _contained(resource, {"reference": url})
            if text is None and kept is not None:
                content["note"] = binary_text(kept) or ""
            elif text is None and (keys := _keys({"reference": url}, ("Binary",))):
                binaries.append({"keys": keys})
        if title := text_of(attached.get("title")):
            attachments.append(title)
    content |= {"attachments": attachments, "binaries": binaries}
    content = {key: value for key, value in content.items() if value}
    found = [key for item in _keyed(content) for key in item["keys"]]
    return Piece(None, resource.get("subject"), None, content, list(dict.fromkeys(found)))


def binary_text(resource: Resource) -> str | None:
    """The text of a Binary, if it is one."""
    attached = {"contentType": resource.get("contentType"), "data": resource.get("data")}
    return fhir.attached_text(attached)[0]


KINDS: dict[str, Callable[[Resource], Iterator[Piece]]] = {
    "Condition": _condition,
    "MedicationRequest": _medication_request,
    "Observation": _observation,
    "Communication": _communication,
    "QuestionnaireResponse": _questionnaire_response,
    "Claim": _claim,
    "Composition": _composition,
}


# --- elements -------------------------------------------------------------------------------------


def code_in(concept: object, preferred: str = "") -> Code:
    """The first code of a CodeableConcept, of the preferred system if it has one; else empty."""
    found = [c for c in codings(concept) if text_of(c.get("code"))]
    coding = next((c for c in found if c.get("system") == preferred), found[0] if found else None)
    if coding is None:
        return {}
    code: Code = {"code": text_of(coding["code"])}
    if system := text_of(coding.get("system")):
        code["system"] = system
    if display := text_of(coding.get("display")):
        code["display"] = display
    return code


def words_in(concept: object) -> str:
    """A CodeableConcept in words: its own text, else that of a coding without a code."""
    displays = (text_of(c.get("display")) for c in codings(concept))
    return text_of(_mapping(concept).get("text")) or next(filter(None, displays), "")


def codings(concept: object) -> Iterator[Resource]:
    """The codings of a CodeableConcept; none, where it is none."""
    return _mappings(_mapping(concept).get("coding"))


def person_of(resource: Resource) -> dict[str, Any]:
    """A participant from the resource of a person; empty, where it is no person's."""
    role = {
        "Patient": "patient",
        "Practitioner": "clinician",
        "PractitionerRole": "clinician",
        "RelatedPerson": "other",
    }.get(str(resource.get("resourceType")))
    if role is None:
        return {}
    person: dict[str, Any] = {"role": role}
    names = names_of(resource)
    name = names[0] if names else text_of(_mapping(resource.get("practitioner")).get("display"))
    if name:
        person["name"] = name
    phones, emails = telecom_of(resource)
    if phones:
        person["phone"] = phones[0]
    if emails:
        person["email"] = emails[0]
    if role == "clinician" and (numbers := identifiers_of(resource)):
        person["account"] = numbers[0]
    return person


def names_of(person: Resource) -> list[str]:
    """The names of a person: the usual or official one first, former ones last."""
    order = {"official": 0, "usual": 0, "old": 2, "maiden": 2}
    found = list(_mappings(person.get("name")))
    found.sort(key=lambda name: order.get(text_of(name.get("use")), 1))
    names = (name_in(name) for name in found)
    return list(dict.fromkeys(name for name in names if name))


def name_in(name: Resource) -> str:
    """A HumanName in the order of speech."""
    parts = [*_texts(name.get("prefix")), *_texts(name.get("given"))]
    parts += [text_of(name.get("family")), *_texts(name.get("suffix"))]
    return " ".join(part for part in parts if part) or text_of(name.get("text"))


def telecom_of(person: Resource) -> tuple[list[str], list[str]]:
    """Phone numbers and e-mail addresses."""
    found: dict[str, list[str]] = {"phone": [], "email": []}
    for contact in _mappings(person.get("telecom")):
        kind = {"sms": "phone", "fax": "phone", "pager": "phone"}.get(
            text_of(contact.get("system")), text_of(contact.get("system"))
        )
        if kind in found and (value := text_of(contact.get("value"))):
            found[kind].append(value)
    return list(dict.fromkeys(found["phone"])), list(dict.fromkeys(found["email"]))


def identifiers_of(resource: Resource) -> list[str]:
    """The values of its identifiers."""
    values = (text_of(i.get("value")) for i in _mappings(resource.get("identifier")))
    return list(dict.fromkeys(value for value in values if value))


def _person(resource: Resource, reference: object) -> dict[str, Any]:
    """Whom a reference means: from the resource itself, if it is contained; else as keys, with the
    name and role that the reference gives. Empty for what is no person."""
    if not isinstance(reference, Mapping):
        return {}
    contained = _contained(resource, reference)
    if contained is not None:
        return person_of(contained)
    kinds = {key: kind for kind in PEOPLE for key in _keys(reference, (kind,))}
    if not kinds:
        return {}
    person: dict[str, Any] = {"keys": list(kinds)}
    if len(kinds) == 1:
        (kind,) = kinds.values()
        person["role"] = person_of({"resourceType": kind})["role"]
    if name := text_of(reference.get("display")):
        person["name"] = name
    return person


def _keys(reference: object, kinds: tuple[str, ...]) -> list[str]:
    return [key for kind in kinds if (key := fhir.reference_key(reference, kind))]


def _contained(resource: Resource, reference: Mapping[str, Any]) -> Resource | None:
    """The contained resource that a reference means."""
    name = text_of(reference.get("reference"))
    if not name.startswith("#"):
        return None
    held = _mappings(resource.get("contained"))
    return next((r for r in held if r.get("id") in (name[1:], name)), None)


def _keyed(value: Any) -> Iterator[dict[str, Any]]:
    """Every part of a piece's content that refers to something."""
    if isinstance(value, dict):
        if "keys" in value:
            yield value
        for item in value.values():
            yield from _keyed(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keyed(item)


def _piece(
    resource: Resource, subject: object, content: dict[str, Any], at: str | None = None
) -> Piece:
    kept = {key: value for key, value in content.items() if value}
    return Piece(resource.get("encounter"), subject, at or None, kept, [])


def text_of(value: object) -> str:
    """A text without spaces around it; empty, where it is none."""
    return value.strip() if isinstance(value, str) else ""


def number_of(value: object) -> float | None:
    """A number; ``None`` for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e300 else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> Iterator[Resource]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (text_of(item) for item in value)
