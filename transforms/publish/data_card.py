"""The data card: README.md of a release, for the person who considers using it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.fields import Role, Treatment
from transforms.publish.manifest import Aggregate, Column, Manifest, Measure
from transforms.publish.settings import PublishSettings

README = "README.md"

_TREATMENTS = {
    Treatment.SURROGATE: "replaced by a realistic stand-in",
    Treatment.TOKEN: "replaced by an opaque token",
    Treatment.SHIFT: "moved by the subject's own offset",
    Treatment.GENERALISE: "made coarser",
    Treatment.REDACT: "replaced by the name of its kind",
    Treatment.KEEP: "as it was",
}


def render(manifest: Manifest, settings: PublishSettings) -> str:
    """The data card of the release that the manifest describes, as Markdown."""
    sections = [
        _opening(manifest, settings),
        _counts(manifest),
        _columns(manifest.columns),
        _replaced(manifest),
        _aggregates(manifest.aggregates),
        _loading(manifest),
        _limits(manifest),
        f"## Licence\n\n{settings.licence}" if settings.licence else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _opening(manifest: Manifest, settings: PublishSettings) -> str:
    return "\n\n".join(
        part
        for part in (
            f"# {settings.title or 'De-identified telehealth consultations'}",
            settings.description,
            "Records of telehealth consultations in which what identifies a person was replaced "
            f"or removed. Made by Veilbeam {manifest.veilbeam} on "
            f"{manifest.created:%Y-%m-%d} (run `{manifest.run_id}`, configuration "
            f"`{manifest.config_digest[:16]}`, key `{manifest.key_fingerprint}`). `manifest.json` "
            "lists every file with its checksum; `veilbeam inspect` checks them.",
        )
        if part
    )


def _counts(manifest: Manifest) -> str:
    counts = manifest.counts
    text = (
        f"## Records\n\n{_records(counts.read)} read: {counts.published:,} published and "
        f"{counts.quarantined:,} held back."
    )
    if manifest.splits:
        rows = [(f"`{name}`", f"{rows:,}") for name, rows in manifest.splits.items()]
        text += "\n\nAll records of a subject are in one split.\n\n" + _table(
            ("split", "records"), rows
        )
    return text


def _columns(columns: Sequence[Column]) -> str:
    rows = [
        (
            f"`{column.name}`",
            f"`{column.type}`",
            str(column.role) + (f" ({column.entity})" if column.entity else ""),
            _treatment(column),
        )
        for column in columns
    ]
    return "## Columns\n\n" + _table(("column", "type", "role", "treatment"), rows)


def _treatment(column: Column) -> str:
    if column.role is Role.TEXT:
        return "identifiers found in it are replaced"
    how = f" ({column.generalise})" if column.generalise else ""
    return f"{column.treatment}: {_TREATMENTS[column.treatment]}{how}"


def _replaced(manifest: Manifest) -> str:
    text = "## What was found and replaced\n\n"
    if manifest.detections:
        most = sorted(manifest.detections.items(), key=lambda item: (-item[1], item[0]))
        text += "Identifiers in free text, by kind:\n\n" + _table(
            ("kind", "found"), [(entity, f"{found:,}") for entity, found in most]
        )
    else:
        text += "No identifier was found in free text."
    if manifest.dropped_fields:
        text += f"\n\nFields of the source that are not published: {manifest.dropped_fields}."
    return text


def _aggregates(aggregates: Sequence[Aggregate]) -> str:
    if not aggregates:
        return ""
    rows = [
        (
            f"`{table.file}`",
            f"{table.epsilon:g}",
            f"{table.delta:g}",
            table.mechanism,
            f"{table.max_groups:,} × {table.max_rows_per_group:,}",
            "; ".join(map(_measure, table.measures)),
        )
        for table in aggregates
    ]
    return (
        "## Differentially private tables\n\n"
        "Each protects every subject, with all of the subject's records, by (ε, δ); together they "
        "cost at most the sum. A subject counts in at most so many groups × records of each. The "
        "noise stays within ± 95 times in 100. Each file's metadata tells more.\n\n"
        + _table(("table", "ε", "δ", "noise", "bounds", "columns"), rows)
    )


def _measure(measure: Measure) -> str:
    if measure.error_95 is not None:
        return f"`{measure.column}` ±{measure.error_95:,.4g}"
    if measure.error_95_times_values is not None:
        error = f"{measure.error_95_times_values:,.4g}"
        return f"`{measure.column}` ±({error} / the group's number of values)"
    return f"`{measure.column}`"


def _loading(manifest: Manifest) -> str:
    splits = [name for name, rows in manifest.splits.items() if rows]
    if not splits:
        return ""
    largest = max(splits, key=manifest.splits.__getitem__)
    data_files = ", ".join(f'"{name}": "records/split={name}/*.parquet"' for name in splits)
    return f"""\
## How to load it

In the release's folder. The split is a column, read from the folders' names.

```python
# pyarrow
import pyarrow.dataset

table = pyarrow.dataset.dataset("records", partitioning="hive").to_table()
```

```python
# pandas
import pandas

frame = pandas.read_parquet("records")
```

```python
# Polars
import polars

frame = (
    polars.scan_parquet("records/**/*.parquet", hive_partitioning=True)
    .filter(polars.col("split") == "{largest}")
    .collect()
)
```

```python
# DuckDB
import duckdb

rows = duckdb.read_parquet("records/*/*.parquet", hive_partitioning=True)
```

```python
# Hugging Face datasets
import datasets

splits = datasets.load_dataset("parquet", data_files={{{data_files}}})
```"""


def _limits(manifest: Manifest) -> str:
    treatments = {column.treatment for column in manifest.columns}
    limits = [
        "The records are pseudonymised, not anonymous. Identifiers in free text are found by "
        "software, which misses some; what a person tells of a life can identify it without any "
        "name. Do not try to find out who somebody is.",
        "Stand-ins are made up: a name, number or address that belongs to someone does so by "
        "chance. Within one key, equal values have equal stand-ins.",
        "The counts on this page are exact.",
    ]
    if Treatment.SHIFT in treatments:
        limits.append(
            "Dates of a subject keep their distances to each other, but not their day of the "
            "week, season or order among subjects."
        )
    if manifest.counts.quarantined:
        limits.append(
            "Records that could not be read or treated safely were held back; they may differ "
            "from the others."
        )
    if manifest.aggregates:
        limits.append("Differential privacy covers the tables, not the records.")
    return "## Limits\n\n" + "\n".join(f"- {limit}" for limit in limits)


def _records(count: int) -> str:
    return "1 record was" if count == 1 else f"{count:,} records were"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )
