"""Facts to make reports of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.publish.conftest import FIELDS, manifest_of, records, splits_of
from transforms.aggregate.settings import POPULATION
from transforms.publish.manifest import FileEntry
from transforms.publish.report.contents import Tally, merged, tally
from transforms.publish.report.facts import Gathered, Report, contents_of
from transforms.publish.schema import nest

SCHEMA = json.loads(
    Path("transforms/publish/report/report.schema.json").read_text(encoding="utf-8")
)

RISK = {
    "quasi": ["age", "sex"], "action": "warn", "k": 5, "fulfilled": False, "records": 300,
    "subjects": 30, "classes": 9, "smallest_class": 1, "smallest_class_records": 10,
    "below_k": 90, "sample_uniques": 0.1, "marketer": 0.3,
    "sizes": [
        {"subjects_from": 1, "subjects_to": 1, "classes": 3, "subjects": 3, "records": 30},
        {"subjects_from": 5, "subjects_to": 9, "classes": 6, "subjects": 27, "records": 270},
    ],
    "prosecutor": {"highest": 1.0, "average": 0.3, "at_risk": 0.1},
    "sensitive": [
        {"field": "condition", "distance": "equal", "distinct_l": 1, "entropy_l": 1.0, "t": 0.5}
    ],
    "linked": {"alone": 0.2, "below_k": 0.4},
}  # fmt: skip

TABLE = {
    "name": "visits", "file": "aggregates/visits.parquet", "rows": 2, "epsilon": 0.5, "delta": 0.0,
    "mechanism": "discrete Laplace", "max_groups": 1, "max_rows_per_group": 2,
    "measures": [
        {"column": "count", "kind": "count", "error_95": 12.0},
        {"column": "mean_minutes", "kind": "mean", "error_95_times_values": 300.0},
    ],
}  # fmt: skip

GATHERED: dict[str, Any] = {
    "fields": [
        {"name": "surname", "role": "identifier", "entity": "PERSON", "treatment": "surrogate",
         "how": "replaced by a realistic stand-in"},
        {"name": "said", "role": "text", "treatment": "surrogate", "how": "identifiers replaced"},
    ],
    "unassigned_fields": 2,
    "places": {"PERSON": 700, "UK_NHS": 30},
    "found": [
        {"entity": "PERSON", "recogniser": "known", "scores": [0] * 9 + [1000]},
        {"entity": "PERSON", "recogniser": "builtin", "scores": [0, 0, 0, 5, 0, 0, 0, 0, 20, 175]},
    ],
    "thresholds": {"PERSON": 0.3},
    "leak_check": {"entities": ["UK_NHS"], "score": 0.75, "held_back": 1},
    "changes": [
        {"column": "note", "values": 300, "lost": 0, "characters": 3600, "replaced": 20,
         "stand_ins": 180},
        {"column": "seen_on", "values": 300, "lost": 3},
    ],
    "medians": {"visits": {"count": 150.0}},
    "budget": {
        "data_set": "telehealth", "population": POPULATION, "renews": "year",
        "points": [
            {"day": f"2025-0{month}-04", "epsilon_spent": month / 2, "epsilon_total": 3.0,
             "delta_spent": 0.0, "delta_total": 1e-6}
            for month in range(1, 5)
        ],
    },
    "example": {
        "values": [{"field": "surname", "before": "Marlow", "after": "Kay"},
                   {"field": "phone", "before": "020 7946 0018"}],
        "texts": [
            {"field": "note",
             "before": [{"text": "Mrs "}, {"text": "Marlow", "marked": True}],
             "after": [{"text": "Mrs "}, {"text": "Kay", "marked": True}]}
        ],
    },
    "software": {"python": "3.11", "opendp": "0.16"},
}  # fmt: skip


def counted(count: int, start: int = 0) -> Tally:
    """What is in some of the records of ``conftest.records``."""
    batch = records(300).slice(start, count)
    splits, nested = splits_of(batch), nest(batch, FIELDS)
    return merged(
        tally(nested.filter([one == split for one in splits.to_pylist()]), split)
        for split in splits.unique().to_pylist()
    )


SOURCE = {"files": 2, "read": 302, "published": 300, "quarantined": 2}


def report(**changes: object) -> Report:
    """A report in which there is something of everything; other facts by name."""
    files = [
        FileEntry(
            path=f"records/split={split}/a.parquet", bytes=1, sha256="0" * 64, rows=n, split=split
        )
        for split, n in (("train", 240), ("test", 30), ("validation", 30))
    ]
    statement = {
        "aggregates": [TABLE], "risk": RISK, "language": "en", "licence": "Internal use",
        "files": [*files, FileEntry(path=TABLE["file"], bytes=1, sha256="0" * 64)],
        "sources": {"jsonl": SOURCE}, "ledger_head": "a" * 64,
        "quarantine": {"is not JSON": 1, "field 'note' still holds UK_NHS": 1},
    }  # fmt: skip
    gathered = GATHERED | {"contents": contents_of(counted(300))}
    mine = {key: value for key, value in changes.items() if key in Gathered.model_fields}
    of_manifest = {key: value for key, value in changes.items() if key not in mine}
    return Report.of(
        manifest_of(files, **(statement | of_manifest)), Gathered.model_validate(gathered | mine)
    )
