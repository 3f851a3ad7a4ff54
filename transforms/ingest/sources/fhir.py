"""FHIR Bulk Data: resources that ``fhir_join`` makes consultations of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from transforms.ingest.settings import Format
from transforms.ingest.source import LIKELY, SURE, Head
from transforms.ingest.sources._lines import Lines

_NAME = re.compile(r"(Patient|Encounter|DocumentReference)\b.*\.ndjson(\.gz|\.zstd?)?")
_TYPE = re.compile(r'\s*\{.*?"resourceType"\s*:\s*"[A-Za-z]+"')


class Fhir(Lines):
    """NDJSON with a resource a line. Resources are records only when they are joined."""

    format = Format.FHIR
    title = "FHIR Bulk Data"
    endings = frozenset({".ndjson", ".jsonl", ".json"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """A first line with a resource's type, or a file that is named after one."""
        first = head.text[:2000].partition("\n")[0]
        if _TYPE.match(first):
            return SURE
        return LIKELY + 0.1 if _NAME.fullmatch(head.name) else 0.0

    def consultation(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """What ``fhir.consultation`` joined: who, when and the notes."""
        encounter, patient = record["encounter"] or {}, record["patient"]
        period = encounter.get("period") or {}
        notes = (document.get("text") for document in record["documents"])
        people = [("patient", patient), *(("clinician", p) for p in record["practitioners"])]
        return {
            "id": record["id"],
            "started_at": period.get("start"),
            "ended_at": period.get("end"),
            "channel": {"VR": "video", "AMB": "in_person"}.get(
                (encounter.get("class") or {}).get("code", "")
            ),
            "patient": {
                "id": patient.get("id"),
                "record_numbers": [
                    i["value"] for i in patient.get("identifier") or [] if i.get("value")
                ],
                "birth_date": patient.get("birthDate"),
                "sex": patient.get("gender"),
            },
            "participants": [
                {"name": _name(person), "role": role, **_telecom(person)} for role, person in people
            ],
            "note": "\n\n".join(note for note in notes if note) or None,
        }


def _name(person: Mapping[str, Any]) -> str | None:
    for name in person.get("name") or []:
        parts = [*(name.get("prefix") or []), *(name.get("given") or []), name.get("family")]
        return name.get("text") or " ".join(part for part in parts if part)
    return None


def _telecom(person: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for contact in person.get("telecom") or []:
        if contact.get("system") in ("phone", "email") and contact.get("value"):
            found.setdefault(contact["system"], contact["value"])
    return found
