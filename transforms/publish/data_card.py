"""The data card: README.md of a release, for the person who considers using it."""

from __future__ import annotations

import bisect
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ruamel.yaml import YAML

from transforms.fields import Role, Treatment
from transforms.publish.manifest import Aggregate, Column, Manifest, Measure, Statement
from transforms.verify.risk.report import Attacker, RiskReport

README = "README.md"

TITLE = "De-identified telehealth consultations"
"""What a data set is called whose publisher gave no name."""

_LICENCES = {
    "apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-nc-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "cc-by-nc-nd-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "cc-by-nc-sa-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "cc-by-nd-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cdla-permissive-2.0": "https://cdla.dev/permissive-2-0/",
    "mit": "https://opensource.org/license/mit",
    "odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
    "pddl": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Licences that have a short name on the Hugging Face hub, and where they can be read."""

_TREATMENTS = {
    Treatment.SURROGATE: "replaced by a realistic stand-in",
    Treatment.TOKEN: "replaced by an opaque token",
    Treatment.ENCRYPT: "encrypted; the key's holder can open it",
    Treatment.FPE: "encrypted in its own format; the key's holder can open it",
    Treatment.MASK: "masked, but for a few characters",
    Treatment.SHIFT: "moved by the subject's own offset",
    Treatment.GENERALISE: "made coarser",
    Treatment.REDACT: "replaced by the name of its kind",
    Treatment.KEEP: "as it was",
}


def render(manifest: Manifest) -> str:
    """The data card of the release that the manifest describes, as Markdown."""
    sections = [
        _front_matter(manifest),
        _opening(manifest),
        _counts(manifest),
        _columns(manifest.columns),
        _replaced(manifest),
        _risk(manifest),
        _aggregates(manifest.aggregates),
        _loading(manifest),
        _limits(manifest),
        _publisher(manifest),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def licence_name(licence: str | None) -> str | None:
    """The hub's short name of a licence, if it has one: "CC BY 4.0" is ``cc-by-4.0``."""
    name = re.sub(r"[\s_]+", "-", (licence or "").strip().lower())
    return name if name in _LICENCES else None


def licence_url(licence: str | None) -> str | None:
    """Where a licence can be read; its own words where that is not known."""
    name = licence_name(licence)
    return licence if name is None else _LICENCES[name]


def _front_matter(manifest: Manifest) -> str:
    """What the Hugging Face hub and ``datasets.load_dataset`` read (YAML)."""
    name = licence_name(manifest.licence)
    texts = any(column.role is Role.TEXT for column in manifest.columns)
    told: dict[str, Any] = {
        "pretty_name": manifest.title or TITLE,
        "license": name or ("other" if manifest.licence else "unknown"),
        "license_name": manifest.licence if name is None else None,
        "language": manifest.language and [manifest.language],
        "size_categories": [_size_category(manifest.counts.published)],
        "task_categories": ["text-generation"] if texts else None,
        "tags": ["medical", "pseudonymised", "croissant"],
        "configs": _configs(manifest),
    }
    text = io.StringIO()
    yaml = YAML()
    yaml.width = 1 << 20
    yaml.dump({key: value for key, value in told.items() if value}, text)
    return f"---\n{text.getvalue()}---"


def _size_category(records: int) -> str:
    bounds = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]
    index = bisect.bisect_right([10 ** (3 + n) for n in range(len(bounds))], records)
    if index == 0:
        return "n<1K"
    return f"{bounds[index - 1]}<n<{bounds[index]}" if index < len(bounds) else "n>1T"


def _configs(manifest: Manifest) -> list[dict[str, Any]]:
    splits = [name for name, rows in manifest.splits.items() if rows]
    configs: list[dict[str, Any]] = []
    if splits and not manifest.encrypted:
        data_files = [
            # The hub knows no hyphen in the name of a split.
            {"split": name.replace("-", "_"), "path": f"records/split={name}/*.parquet"}
            for name in splits
        ]
        configs.append({"config_name": "records", "default": True, "data_files": data_files})
    return configs + [
        {"config_name": f"table_{table.name}", "data_files": table.file}
        for table in manifest.aggregates
    ]


def _opening(manifest: Manifest) -> str:
    return "\n\n".join(
        part
        for part in (
            f"# {manifest.title or TITLE}",
            manifest.description,
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
    if counts.merged:
        text += (
            f" {counts.merged:,} {'was' if counts.merged == 1 else 'were'} the same session as "
            "another, exported twice, and merged with it."
        )
    if counts.erased:
        text += (
            f" {counts.erased:,} more {'was' if counts.erased == 1 else 'were'} published and "
            f"taken out again, last on {manifest.revised:%Y-%m-%d}, since the subjects withdrew: "
            "do not use earlier copies of this release. What was found and replaced, and the "
            "risk, are as they were counted before."
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
            treatment(column),
        )
        for column in columns
    ]
    return "## Columns\n\n" + _table(("column", "type", "role", "treatment"), rows)


def treatment(column: Column) -> str:
    """What was done with a column's values, in words."""
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
        if manifest.people:
            text += "\n\nNames by whose they are, as far as the text beside them shows it: " + (
                ", ".join(f"{role} {number:,}" for role, number in sorted(manifest.people.items()))
                + "."
            )
    else:
        text += "No identifier was found in free text."
    if manifest.dropped_fields:
        text += f"\n\nFields of the source that are not published: {manifest.dropped_fields}."
    return text


def _risk(manifest: Manifest) -> str:
    risk = manifest.risk
    if risk is None:
        return ""
    fields = ", ".join(f"`{name}`" for name in risk.quasi)
    text = (
        "## Risk that is left\n\n"
        f"Who knows of a person what stands in {fields} finds a class of records with the same "
        f"values. Each class should have records of at least k = {risk.k} subjects; the smallest "
        f"has {risk.smallest_class}. "
    )
    if risk.fulfilled:
        text += "All thresholds are met."
    else:
        text += f"**Not all thresholds are met:** {'; '.join(risk.problems())}."
    if manifest.counts.erased:
        text += " The figures are those from before records were taken out."
    if risk.generalised:
        coarser = "; ".join(f"`{g.field}`: {g.how}" for g in risk.generalised)
        text += f"\n\nMade coarser than the columns say, so that it is so: {coarser}."
    if risk.held_back:
        text += f"\n\nHeld back for it: {risk.held_back:,} records."
    if risk.uncounted:
        lists = ", ".join(f"`{name}`" for name in risk.uncounted)
        text += f"\n\nNot counted, since they hold lists: {lists}."
    return text + "\n\n" + _table(("figure", "value"), _risk_figures(risk))


def _risk_figures(risk: RiskReport) -> list[tuple[str, str]]:
    def attacker(name: str, of: Attacker) -> tuple[str, str]:
        return (
            f"{name}: highest · average · at risk",
            f"{of.highest:.4g} · {of.average:.4g} · {of.at_risk:.4g}",
        )

    rows = [
        (
            "records · subjects · classes",
            f"{risk.records:,} · {risk.subjects:,} · {risk.classes:,}",
        ),
        ("records in classes of fewer than k subjects", f"{risk.below_k:,}"),
        ("unique in their class", f"{risk.sample_uniques:.4g}"),
        attacker("prosecutor (knows that someone is in the data)", risk.prosecutor),
        ("marketer (goes for as many as possible): average", f"{risk.marketer:.4g}"),
    ]
    if risk.journalist is not None:
        rows.append(attacker("journalist (does not know it)", risk.journalist))
    if risk.population is not None:
        of = risk.population
        rows.append(
            (f"unique among {of.size:,} people, estimated ({of.model})", f"{of.uniques:,.0f}")
        )
    rows += [
        (
            f"`{s.field}` in the worst class: distinct l · entropy l · t ({s.distance} distance)",
            f"{s.distinct_l} · {s.entropy_l:.3g} · {s.t:.3g}",
        )
        for s in risk.sensitive
    ]
    if risk.linked is not None:
        rows.append(
            (
                "subjects whose records, taken together, fit no other · fewer than k",
                f"{risk.linked.alone:.4g} · {risk.linked.below_k:.4g}",
            )
        )
    return rows


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
            ("synthetic rows, made from " if table.kind == "synthetic" else "")
            + "; ".join(map(_measure, table.measures)),
        )
        for table in aggregates
    ]
    return (
        "## Differentially private tables\n\n"
        "Each protects every subject, with all of the subject's records, by (ε, δ); together they "
        "cost at most the sum. A subject counts in at most so many groups × records of each. The "
        "noise stays within ± 95 times in 100. Each file's metadata tells more.\n\n"
        + _table(("table", "ε", "δ", "noise", "bounds", "columns"), rows)
        + "".join(map(_explanation, aggregates))
    )


def _explanation(table: Aggregate) -> str:
    if not table.explanation:
        return ""
    points = "\n".join(f"- {sentence}" for sentence in table.explanation)
    return f"\n\n### What `{table.file}` protects\n\n{points}"


def _measure(measure: Measure) -> str:
    if measure.error_95 is not None:
        return f"`{measure.column}` ±{measure.error_95:,.4g}"
    if measure.error_95_times_values is not None:
        error = f"{measure.error_95_times_values:,.4g}"
        return f"`{measure.column}` ±({error} / the group's number of values)"
    if measure.error_95_squared_times_values is not None:
        error = f"{measure.error_95_squared_times_values:,.4g}"
        return f"`{measure.column}` ±√({error} / the group's number of values)"
    if measure.error_95_rank is not None:
        return f"`{measure.column}` ±{measure.error_95_rank:,.4g} places in the values' order"
    return f"`{measure.column}`"


def _loading(manifest: Manifest) -> str:
    splits = [name for name, rows in manifest.splits.items() if rows]
    if not splits:
        return ""
    if manifest.encrypted:
        return _LOADING_ENCRYPTED
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
```

`datasets.load_dataset("the release's folder")` does the same. `croissant.json` describes columns
and splits for loaders of Croissant (`mlcroissant`)."""


_LOADING_ENCRYPTED = """\
## How to load it

The files of records are encrypted (Parquet modular encryption). Who holds the release's key, or the
one that `veilbeam key derive --purpose parquet` wrote for this project, reads them in the release's
folder:

```python
import pathlib

import pyarrow.dataset

from transforms.publish.encryption import Decryption

key = Decryption.load(pathlib.Path("the file of the key"))
table = pyarrow.dataset.dataset("records", format=key.format(), partitioning="hive").to_table()
```"""


def limits(manifest: Statement) -> list[str]:
    """What whoever uses the release must know, a sentence or two each."""
    treatments = {column.treatment for column in manifest.columns}
    known = [
        "The records are pseudonymised, not anonymous. Identifiers in free text are found by "
        "software, which misses some; what a person tells of a life can identify it without any "
        "name. Do not try to find out who somebody is.",
        "Stand-ins are made up: a name, number or address that belongs to someone does so by "
        "chance. Within one key, equal values have equal stand-ins.",
        "The counts on this page are exact.",
    ]
    if Treatment.SHIFT in treatments:
        known.append(
            "Dates of a subject keep their distances to each other, but not their day of the "
            "week, season or order among subjects. Who knows several of a subject's dates, or the "
            "times of day, can find the subject by them."
        )
    if treatments & {Treatment.ENCRYPT, Treatment.FPE}:
        known.append(
            "Encrypted values can be opened by whoever holds the key. They are personal data for "
            "them, and for everyone if the key gets out."
        )
    if manifest.counts.quarantined:
        known.append(
            "Records that could not be read or treated safely were held back; they may differ "
            "from the others."
        )
    if manifest.aggregates:
        known.append("Differential privacy covers the tables, not the records.")
    return known


def _limits(manifest: Manifest) -> str:
    return "## Limits\n\n" + "\n".join(f"- {limit}" for limit in limits(manifest))


def _publisher(manifest: Manifest) -> str:
    told = {
        "Collection": manifest.collection,
        "Publisher": " · ".join(filter(None, (manifest.publisher, manifest.url))),
        "Citation": manifest.citation,
        "Licence": manifest.licence,
    }
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in told.items() if text)


def _records(count: int) -> str:
    return "1 record was" if count == 1 else f"{count:,} records were"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )
