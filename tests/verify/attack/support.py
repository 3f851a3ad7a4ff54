"""People with some visits each, and what the pseudonymise stage itself publishes of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from faker.providers.person.en_GB import Provider

from transforms.fields import FieldSettings, FieldSpec, source_schema
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings
from transforms.verify.attack.evidence import Evidence

PEOPLE = 150
KEY = RootKey(b"a secret that nobody would guess")
PROJECT = "study"


def fields(**changed: Any) -> list[FieldSpec]:
    """A careful configuration, with some fields otherwise."""
    given: dict[str, Any] = {
        "visit": {"role": "identifier", "entity": "ID", "treatment": "token"},
        "patient": {"role": "subject"},
        "name": {"role": "identifier", "entity": "PERSON"},
        "phone": {"role": "identifier", "entity": "PHONE_NUMBER", "treatment": "drop"},
        "town": {"role": "identifier", "entity": "LOCATION"},
        "age": {"role": "quasi", "type": "integer", "generalise": {"band": 60}},
        "sex": {"role": "attribute"},
        "seen_on": {
            "role": "date", "type": "datetime", "treatment": "generalise",
            "generalise": {"period": "year"},
        },
        "note": {"role": "text"},
    }  # fmt: skip
    return [
        FieldSpec.of(name, FieldSettings.model_validate(how))
        for name, how in (given | changed).items()
    ]


def records(skewed: bool = False) -> list[dict[str, Any]]:
    """The visits; nobody in them exists."""
    chooser = random.Random(11)
    given, family = sorted(Provider.first_names)[:200], sorted(Provider.last_names)
    chooser.shuffle(family)
    rows = []
    for number in range(PEOPLE):
        # Rare names are as rare as each other; common ones give themselves away.
        rank = min(int(chooser.paretovariate(1.0)), 59) if skewed else number
        name = f"{chooser.choice(given)} {family[rank]}"
        age, sex = chooser.randrange(18, 90), chooser.choice("fm")
        phone = f"07{chooser.randrange(10**9):09}"
        town = chooser.choice(["Leeds", "Hull", "York", "Bath"])
        for visit in range(chooser.randrange(2, 6)):
            day = f"2023-{chooser.randrange(1, 13):02}-{chooser.randrange(1, 29):02}"
            rows.append(
                {
                    "visit": f"V-{number:04}-{visit}",
                    "patient": f"PT-{number:05}",
                    "name": name,
                    "phone": phone,
                    "town": town,
                    "age": age,
                    "sex": sex,
                    "seen_on": f"{day}T{chooser.randrange(8, 18):02}:{chooser.randrange(60):02}",
                    "note": "Seen today; better.",
                }
            )
    return rows


def source_of(rows: list[dict[str, Any]], specs: list[FieldSpec]) -> pa.Table:
    full = [{**row, "_file": "f", "_position": n} for n, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(full, schema=source_schema(specs))


def evidence(
    specs: list[FieldSpec] | None = None,
    break_it: Callable[[pa.Table, pa.Table], pa.Table] = lambda published, source: published,
    *,
    skewed: bool = False,
) -> Evidence:
    """A release beside its source; ``break_it`` makes of it one that should not be."""
    specs = specs or fields()
    source = source_of(records(skewed), specs)
    settings = PseudonymiseSettings(project=PROJECT)
    pseudonymiser = Pseudonymiser(KEY, settings, specs)
    (batch,) = source.combine_chunks().to_batches()
    published = pa.Table.from_batches(
        [pseudonymiser.record_batch(batch, {"note": batch.column("note")})]
    )
    # Whose is whose was known before anything was broken.
    tokens = published.column("patient").to_pylist()
    return Evidence(specs, source, tokens, break_it(published, source), tokens)


def replaced(published: pa.Table, name: str, values: list[Any]) -> pa.Table:
    index = published.schema.get_field_index(name)
    return published.set_column(index, name, pa.array(values, published.schema.field(index).type))
