"""Canaries: unique words planted in sample consultations, of which none may come out of a release.

They stand where identifiers stand: in fields (the name, e-mail address and street of a person who
exists for it alone, and a field that is dropped), in the texts as these are mentioned, and in the
texts alone, in forms that rules must find. ``veilbeam attack`` looks for them.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.sample_people import random_of
from transforms.verify.attack.canaries import LETTERS, MARK

_ALPHABET = "bcdfghjklmnpqrstvwxz"
_SAID = (
    "Please write to {mail} instead, or ask Dr {name}.",
    "My file is at https://records.example.org/{link}, if you need it.",
)


def plant(record: dict[str, Any], number: int, seed: int) -> dict[str, Any]:
    """The record with canaries; ``number`` (of the record) and ``seed`` decide which."""

    def canary(place: str) -> str:
        random = random_of(seed, f"canary {place}", number)
        return MARK + "".join(random.choices(_ALPHABET, k=LETTERS))

    patient = dict(record["patient"])
    first, _, last = patient["name"].partition(" ")
    surname = canary("surname").capitalize()
    mail = f"{canary('mail')}@mail.example.org"
    street = f"{1 + number % 90} {canary('street').capitalize()} Road"
    replaced = [(patient["email"], mail), (patient["address"], street), (last, surname)]
    patient |= {
        "id": f"PT-{canary('id').upper()}",
        "name": f"{first} {surname}",
        "email": mail,
        "address": street,
    }
    turns = [turn | {"text": _with(turn["text"], replaced)} for turn in record["turns"]]
    said = [
        text.format(
            mail=f"{canary('other mail')}@post.example.org",
            name=canary("doctor").capitalize(),
            link=canary("link"),
        )
        for text in _SAID
    ]
    turns += [{"speaker": "patient", "text": text} for text in said]
    note = f"{_with(record['note'], replaced)}\nSeen: {first} {surname}, {mail}, {street}."
    return record | {
        "patient": patient,
        "turns": turns,
        "note": note,
        "internal_reference": canary("reference").upper(),
    }


def _with(text: str, replaced: list[tuple[str, str]]) -> str:
    for old, new in replaced:
        if old:
            # A whole name: "Take care" is no form of Tak.
            text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
    return text
