"""What was taken from where: what became of the records of each format of the input.

Formats are told, and never files: their names hold names of people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import apache_beam as beam
import pyarrow as pa

from pipelines.outcome import Outcome
from transforms.batches import Batch
from transforms.fields import FILE
from transforms.ingest.transform import COPY, PART
from transforms.pseudonymise.batch import Treated
from transforms.publish.manifest import Taken

Counted = tuple[tuple[str, str], int]


def published(treated: Any, formats: Mapping[str, str]) -> Any:
    """``Treated`` -> (("published", format), number)."""
    return treated | "Formats of records" >> beam.FlatMap(_published, formats)


def quarantined(stage: str, batches: Any, formats: Mapping[str, str]) -> Any:
    """Batches that a stage refused -> (("quarantined", format), number)."""
    return batches | f"Formats of what {stage} refused" >> beam.FlatMap(_quarantined, formats)


def _published(treated: Treated, formats: Mapping[str, str]) -> Iterator[Counted]:
    return _counted("published", treated.source.column(FILE), formats)


def _quarantined(batch: Batch, formats: Mapping[str, str]) -> Iterator[Counted]:
    return _counted("quarantined", batch.data.column("file"), formats)


def _counted(what: str, files: pa.Array, formats: Mapping[str, str]) -> Iterator[Counted]:
    found = Counter(formats.get(file, "unknown") for file in files.to_pylist())
    return (((what, format), number) for format, number in found.items())


def table(files: Mapping[str, int], outcome: Outcome) -> dict[str, Taken]:
    """Format -> what became of its records; ``files`` are numbers of files."""
    told: dict[str, Taken] = {}
    for name, number in sorted(files.items()):
        published, quarantined = (
            outcome.formats.get(f"{what}:{name}", 0) for what in ("published", "quarantined")
        )
        joined, merged = (outcome.left_out.get(f"{what}:{name}", 0) for what in (PART, COPY))
        told[name] = Taken(
            files=number,
            read=published + quarantined + joined + merged,
            published=published,
            quarantined=quarantined,
            joined=joined,
            merged=merged,
        )
    return told


def lines(sources: Mapping[str, Taken]) -> Iterator[tuple[str, ...]]:
    """The table's head and rows, as text."""
    yield "format", "files", "read", "published", "quarantined", "joined", "merged"
    for name, taken in sorted(sources.items()):
        yield name, *(f"{number:,}" for number in taken.model_dump().values())
