"""A made-up consultation, treated by the configuration as records are: for the report.

Nobody's data: every word of it stands below. It is treated under a key that is made for it, since
what one key makes of known values would help to undo that key's other stand-ins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa

from pipelines.settings import Settings
from transforms.batches import Batch, flat
from transforms.detect.batch import Detected, detect_batch
from transforms.detect.engine import Detector
from transforms.detect.settings import Language
from transforms.detect.transform import detector
from transforms.fields import FieldSpec, FieldType, Role, source_schema, subject_of
from transforms.pseudonymise.batch import Place, Treated, treat
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.names import role_of_field
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.publish.report.facts import Example, ExampleText, ExampleValue, Piece
from transforms.quarantine import each_record
from transforms.verify.leaks import leaks

_KEY = RootKey(b"Veilbeam's made-up consultation.")
"""Public, so that the same configuration gives the same example."""

_MOST_TEXTS = 2

_VALUES: Mapping[Language, Mapping[str, str]] = {
    Language.EN: {
        "PERSON": "Jane Marlow",
        "CLINICIAN": "Dr Adrian Whitcombe",
        "given": "Jane",
        "family": "Marlow",
        "DATE_OF_BIRTH": "1977-06-12",
        "AGE": "46",
        "PHONE_NUMBER": "020 7946 0018",
        "EMAIL_ADDRESS": "jane.marlow@example.org",
        "STREET_ADDRESS": "14 Harrow Lane",
        "LOCATION": "Leeds",
        "POSTCODE": "LS6 2AB",
        "UK_NHS": "999 000 0018",
        "MEDICAL_RECORD_NUMBER": "MRN 4481207",
        "ORGANIZATION": "Marlow and Finch Ltd",
    },
    Language.DE: {
        "PERSON": "Johanna Marlow",
        "CLINICIAN": "Dr. Adrian Witzleben",
        "given": "Johanna",
        "family": "Marlow",
        "DATE_OF_BIRTH": "1977-06-12",
        "AGE": "46",
        "PHONE_NUMBER": "030 23125018",
        "EMAIL_ADDRESS": "johanna.marlow@example.org",
        "STREET_ADDRESS": "Harrower Weg 14",
        "LOCATION": "Leipzig",
        "POSTCODE": "04109",
        "MEDICAL_RECORD_NUMBER": "4481207",
        "ORGANIZATION": "Marlow und Fink GmbH",
    },
    Language.ES: {
        "PERSON": "Juana Marlo Fuentes",
        "CLINICIAN": "Dr. Adrián Villalba",
        "given": "Juana",
        "family": "Marlo Fuentes",
        "DATE_OF_BIRTH": "1977-06-12",
        "AGE": "46",
        "PHONE_NUMBER": "910 500 018",
        "EMAIL_ADDRESS": "juana.marlo@example.org",
        "STREET_ADDRESS": "Calle del Harpa 14",
        "LOCATION": "Zaragoza",
        "POSTCODE": "50002",
        "MEDICAL_RECORD_NUMBER": "4481207",
        "ORGANIZATION": "Marlo y Finca S.L.",
    },
}

_ALIKE = {
    "CITY": "LOCATION",
    "TOWN": "LOCATION",
    "UK_POSTCODE": "POSTCODE",
    "DE_POSTCODE": "POSTCODE",
    "ES_POSTCODE": "POSTCODE",
    "US_ZIP_CODE": "POSTCODE",
    "ADDRESS": "STREET_ADDRESS",
}

_TALK: Mapping[Language, tuple[str, ...]] = {
    Language.EN: (
        "Good morning, this is Dr Whitcombe. Could I take your name and date of birth?",
        "It's Jane Marlow, born on 12 June 1977.",
        "Thank you, Jane. And a number in case we are cut off?",
        "020 7946 0018. Lucy, my daughter, drove me back from Leeds on 3 May, and the cough began "
        "there.",
        "Your Parkinson's disease is stable. Take amoxicillin 500 mg three times a day.",
    ),
    Language.DE: (
        "Guten Morgen, hier ist Dr. Witzleben. Wie heißen Sie, und wann sind Sie geboren?",
        "Johanna Marlow, geboren am 12. Juni 1977.",
        "Danke, Frau Marlow. Unter welcher Nummer erreiche ich Sie?",
        "030 23125018. Meine Tochter Luise hat mich am 3. Mai aus Leipzig abgeholt, seitdem "
        "huste ich.",
        "Ihr Morbus Parkinson ist stabil. Nehmen Sie Amoxicillin 500 mg dreimal täglich.",
    ),
    Language.ES: (
        "Buenos días, soy el Dr. Villalba. ¿Me dice su nombre y su fecha de nacimiento?",
        "Juana Marlo Fuentes, nacida el 12 de junio de 1977.",
        "Gracias, Juana. ¿A qué número la llamo si se corta?",
        "Al 910 500 018. Mi hija Lucía me trajo de Zaragoza el 3 de mayo, y allí empezó la tos.",
        "La enfermedad de Parkinson está estable. Tome amoxicilina 500 mg tres veces al día.",
    ),
}

_NOTE: Mapping[Language, str] = {
    Language.EN: (
        "Jane Marlow, aged 46, of 14 Harrow Lane, Leeds. Cough for three weeks. Next of kin: "
        "Lucy Marlow. Letter to jane.marlow@example.org. Review on 20 May."
    ),
    Language.DE: (
        "Johanna Marlow, 46 Jahre, Harrower Weg 14, Leipzig. Husten seit drei Wochen. Angehörige: "
        "Tochter Luise Marlow. Brief an johanna.marlow@example.org. Kontrolle am 20. Mai."
    ),
    Language.ES: (
        "Juana Marlo Fuentes, 46 años, Calle del Harpa 14, Zaragoza. Tos desde hace tres semanas. "
        "Familiar: su hija Lucía Marlo. Informe a juana.marlo@example.org. Revisión el 20 de mayo."
    ),
}

_SEEN_ON = "2024-05-13"


def example(settings: Settings) -> Example:
    """The made-up consultation in the shape of the configured fields, before and after."""
    fields = settings.specs
    batch = pa.RecordBatch.from_pylist(
        [record(fields, settings.detect.language)], schema=source_schema(fields)
    )
    searching: Detector = detector(settings.detect.model_dump_json())
    pseudonymiser = Pseudonymiser(_KEY, settings.pseudonymise, fields)
    # What fails on it would have sent a real record to quarantine, and fails no run either.
    (detected,) = each_record(
        Batch(batch), lambda one: detect_batch(searching, one.data, fields), "detect"
    )
    if isinstance(detected, Batch):
        return _refused(detected)
    (treated,) = each_record(
        detected, lambda one: treat(pseudonymiser, one, subject_of(fields).name), "pseudonymise"
    )
    if isinstance(treated, Batch):
        return _refused(treated)
    checking = detector(settings.detect.model_dump_json(), settings.verify.certain)
    (reason,) = leaks(checking, settings.verify, fields, treated)
    return Example(
        values=tuple(_values(fields, treated)),
        texts=tuple(_texts(fields, detected, treated))[:_MOST_TEXTS],
        held_back=reason,
    )


def _refused(quarantined: Batch) -> Example:
    (reason,) = quarantined.data.column("reason").to_pylist()
    return Example(values=(), texts=(), held_back=reason)


def record(fields: Sequence[FieldSpec], language: Language) -> dict[str, Any]:
    """The consultation: a made-up value for each field; texts in the first text field that is a
    list and the first that is none."""
    texts = [field for field in fields if field.role is Role.TEXT]
    talk = next((field.name for field in texts if field.is_list), None)
    note = next((field.name for field in texts if not field.is_list), None)
    made: dict[str, Any] = {}
    for field in fields:
        if field.role is Role.DROP:
            continue
        if field.name == talk:
            made[field.name] = list(_TALK[language])
        elif field.name == note:
            # Where there is no talk, the note has it all.
            made[field.name] = " ".join(
                (_NOTE[language],) if talk else (*_TALK[language], _NOTE[language])
            )
        else:
            value = None if field.role is Role.TEXT else _value(field, language)
            # Lists of one path must be of one length.
            made[field.name] = [value] * len(_TALK[language]) if field.is_list else value
    return made


def _value(field: FieldSpec, language: Language) -> Any:
    values = _VALUES[language]
    match field.type:
        case FieldType.INTEGER:
            return int(values["AGE"])
        case FieldType.NUMBER:
            return float(values["AGE"])
        case FieldType.BOOLEAN:
            return True
        case FieldType.DATETIME:
            return f"{_SEEN_ON}T10:30:00"
        case FieldType.DATE:
            return _SEEN_ON
    if field.role is Role.DATE:
        return _SEEN_ON
    if field.role is Role.ATTRIBUTE:
        return None
    if field.role is Role.QUASI:
        how = field.generalise
        return "J20.9" if how and how.icd10 else values["AGE" if how and how.band else "POSTCODE"]
    if field.entity == "PERSON":
        part = role_of_field(field.name, field.path)
        who = "PERSON" if "patient" in f"{field.name} {field.path}".lower() else "CLINICIAN"
        return values[part] if part else values[who]
    entity = field.entity or "ID"
    return values.get(_ALIKE.get(entity, entity), "MX-448120")


def _values(fields: Sequence[FieldSpec], treated: Treated) -> Iterator[ExampleValue]:
    for field in fields:
        if field.role in (Role.DROP, Role.TEXT, Role.ATTRIBUTE) or field.is_list:
            continue
        before = treated.source.column(field.name)[0].as_py()
        published = field.name in treated.published.schema.names
        after = treated.published.column(field.name)[0].as_py() if published else None
        yield ExampleValue(
            field=field.name, before=str(before), after=None if after is None else str(after)
        )


def _texts(
    fields: Sequence[FieldSpec], detected: Detected, treated: Treated
) -> Iterator[ExampleText]:
    for field in fields:
        if field.role is not Role.TEXT or field.name not in treated.places:
            continue
        before = flat(treated.source.column(field.name)).to_pylist()
        if field.name not in treated.published.schema.names or not any(before):
            continue
        after = flat(treated.published.column(field.name)).to_pylist()
        spans = [[(s.start, s.end) for s in found] for found in detected.spans[field.name]]
        yield ExampleText(
            field=field.name,
            before=tuple(_lines(before, spans, field.is_list)),
            after=tuple(_lines(after, treated.places[field.name], field.is_list)),
        )


def _lines(
    texts: Sequence[str | None], marked: Sequence[Sequence[Place]], is_list: bool
) -> Iterator[Piece]:
    for number, (text, places) in enumerate(zip(texts, marked, strict=True)):
        if is_list:
            yield Piece(text="\n– " if number else "– ")
        yield from pieces(text or "", places)


def pieces(text: str, places: Sequence[Place]) -> Iterator[Piece]:
    """A text cut where marked places, which may overlap, begin and end."""
    inside = [False] * len(text)
    for start, end in places:
        inside[start:end] = [True] * (end - start)
    cuts = [0, *(n for n in range(1, len(text)) if inside[n] != inside[n - 1]), len(text)]
    for start, end in pairwise(cuts):
        if start < end:
            yield Piece(text=text[start:end], marked=inside[start])
