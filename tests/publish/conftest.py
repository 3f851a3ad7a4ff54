"""A small release's fields and records, and releases made of them by the stage itself."""

from __future__ import annotations

import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from transforms.aggregate.ledger import Ledger
from transforms.aggregate.releaser import Provenance, release_all
from transforms.aggregate.settings import AggregateSettings
from transforms.aggregate.sums import aggregate_locally
from transforms.fields import FieldSettings, FieldSpec
from transforms.pseudonymise.keys import KeySource, load_or_create
from transforms.publish.aggregates import write_aggregate
from transforms.publish.documents import documents
from transforms.publish.encryption import Encryption
from transforms.publish.manifest import Counts, FileEntry, Manifest, columns_of
from transforms.publish.release import ReleaseFolder
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import Spill
from transforms.publish.transform import ReleaseKeys
from transforms.publish.writer import write_spilled

FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "surname": {"role": "identifier", "entity": "PERSON"},
        "phone": {"role": "identifier", "entity": "PHONE_NUMBER", "treatment": "drop"},
        "age": {"role": "quasi", "type": "integer", "generalise": {"band": 10, "top": 90}},
        "seen_on": {"role": "date", "type": "date"},
        "speaker": {"role": "attribute", "path": "turns[].speaker"},
        "said": {"role": "text", "path": "turns[].text"},
        "codes": {"role": "attribute", "path": "codes[]"},
        "note": {"role": "text"},
        "minutes": {"role": "attribute", "type": "integer"},
        "inside": {"role": "drop"},
    }.items()
]
KEY = b"k" * 32
FILE_METADATA = {"run_id": "r1", "config_digest": "c" * 64, "version": "0.1.0"}


def records(count: int, start: int = 0) -> pa.RecordBatch:
    """Treated records, one column per field; 10 to a subject. Columns that are not published are
    there too, with values that would be noticed."""
    numbers = range(start, start + count)
    return pa.RecordBatch.from_pydict(
        {
            "_file": ["/raw/SECRET.jsonl"] * count,
            "patient": [f"SUBJECT{i // 10:06}" for i in numbers],
            "surname": [f"NAME{i % 97:04}" for i in numbers],
            "phone": [f"PHONE{i:06}" for i in numbers],
            "age": [f"{i % 9}0-{i % 9}9" for i in numbers],
            "seen_on": [f"2024-01-{i % 28 + 1:02}" for i in numbers],
            "speaker": [["DOCTOR", "PATIENT"][: i % 3] for i in numbers],
            "said": [["How are you?", f"SAID{i:06}"][: i % 3] for i in numbers],
            "codes": [["J06"] * (i % 2) for i in numbers],
            "note": [f"NOTE{i:06} cough" for i in numbers],
            "minutes": [i % 60 for i in numbers],
            "inside": [f"INSIDE{i:06}" for i in numbers],
        }
    )


def splits_of(batch: pa.RecordBatch) -> pa.Array:
    """A split for each record, by subject; about 0.8, 0.1 and 0.1 of the subjects."""
    parts = [zlib.crc32(subject.encode()) % 10 for subject in batch.column("patient").to_pylist()]
    return pa.array([{8: "validation", 9: "test"}.get(part, "train") for part in parts])


def write_records(
    folder: str, count: int, settings: PublishSettings, encryption: Encryption | None = None
) -> list[FileEntry]:
    """Write records below ``folder``, without Beam."""
    batch = records(count)
    splits = splits_of(batch)
    nested = nest(batch, FIELDS)
    schema = release_schema(FIELDS, FILE_METADATA)
    with Spill(folder, schema, settings.splits, KEY) as spill:
        for split in splits.unique().to_pylist():
            spill.write(split, nested.filter(pa.compute.equal(splits, split)))
        spilled = spill.close()
    return write_spilled(folder, schema, spilled, settings, encryption)


def manifest_of(files: list[FileEntry], /, **changes: object) -> Manifest:
    """The manifest of a release with these files."""
    splits: dict[str, int] = {}
    for file in files:
        if file.split:
            splits[file.split] = splits.get(file.split, 0) + (file.rows or 0)
    published = sum(splits.values())
    return Manifest.model_validate(
        {
            "veilbeam": "0.1.0",
            "run_id": "r1",
            "created": datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC),
            "config_digest": "c" * 64,
            "key_fingerprint": "ab12cd34ef56ab78",
            "counts": Counts(read=published + 2, published=published, quarantined=2),
            "splits": splits,
            "quarantine": {"is not JSON": 1, "has no subject": 1},
            "detections": {"PERSON": 1200, "PHONE_NUMBER": 3},
            "columns": columns_of(release_schema(FIELDS, {})),
            "dropped_fields": 1,
            "files": files,
            **changes,
        }
    )


def make_release(
    final: Path, count: int = 300, settings: PublishSettings | None = None, run_id: str = "r1"
) -> Manifest:
    """A whole release, records, one table and data card, by the stage's own functions."""
    settings = settings or PublishSettings()
    with ReleaseFolder(str(final), run_id) as folder:
        files = write_records(folder.work, count, settings)
        table, visits = write_aggregate(folder.work, "visits", released_table())
        files.append(table)
        manifest = manifest_of(files, aggregates=(visits,), run_id=run_id)
        return folder.commit(manifest, documents(manifest))


VISITS = AggregateSettings.model_validate(
    {
        "budget": {"epsilon": 1.0},
        "releases": [
            {
                "name": "visits",
                "group_by": ["channel"],
                "keys": ["phone", "video"],
                "measures": [
                    {"kind": "count"},
                    {"kind": "mean", "field": "minutes", "lower": 0, "upper": 60},
                ],
                "epsilon": 0.5,
            }
        ],
    }
)


def released_table() -> pa.Table:
    """A table as the aggregate stage releases it: bounded, with noise, from the ledger."""
    rows = pa.table(
        {
            "_subject": [f"S{i}" for i in range(300)],
            "_file": ["f"] * 300,
            "_position": range(300),
            "channel": ["phone", "video", "video"] * 100,
            "minutes": [i % 60 for i in range(300)],
        }
    )
    exact, _ = aggregate_locally(rows.to_batches(), VISITS.releases[0], b"k" * 32)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder, "ledger.sqlite"))
        provenance = Provenance(config_digest="c", input_digest="i", version="0.1.0")
        return release_all({"visits": exact}, VISITS, ledger, provenance)["visits"].table


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> ReleaseKeys:
    """A new root secret in a file."""
    file = tmp_path_factory.mktemp("restricted") / "key"
    load_or_create(file)
    return ReleaseKeys(KeySource(str(file)), "telehealth")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release of 300 records in three splits."""
    make_release(tmp_path / "release")
    return tmp_path / "release"
