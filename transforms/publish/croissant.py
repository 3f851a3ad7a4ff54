"""Croissant metadata of a release: what data catalogues and loaders read (JSON-LD).

Sources: MLCommons, "Croissant Format Specification" 1.1 and "Croissant RAI Specification" 1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from transforms.fields import Role, Treatment
from transforms.publish.data_card import TITLE, licence_url, limits, treatment
from transforms.publish.manifest import Aggregate, Column, FileEntry, Manifest

CROISSANT = "croissant.json"

_PARQUET = "application/x-parquet"
_FILES, _SPLITS, _RECORDS = "record-files", "splits", "records"

_DATA_TYPES = {"int64": "sc:Integer", "double": "sc:Float", "bool": "sc:Boolean"}

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def render(manifest: Manifest) -> str:
    """The metadata of the release that the manifest describes, as JSON-LD.

    Records that are encrypted are described as files alone: no loader of Croissant opens them.
    """
    splits = [name for name, rows in manifest.splits.items() if rows]
    listed = {file.path: file for file in manifest.files}
    title, published = manifest.title or TITLE, manifest.revised or manifest.created
    content: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": title,
        "description": manifest.description or "Pseudonymised records of consultations.",
        "license": licence_url(manifest.licence)
        or "None was stated: ask the publisher before use.",
        "url": manifest.url,
        "citeAs": manifest.citation or f"{title}, release {manifest.run_id}, {published:%Y}",
        "creator": manifest.publisher
        and {"@type": "sc:Organization", "name": manifest.publisher, "url": manifest.url},
        "datePublished": f"{published:%Y-%m-%d}",
        "inLanguage": manifest.language,
        "version": f"{published.year}.{published.month}.{published.day}",
        "identifier": manifest.run_id,
        **_responsible(manifest),
        "distribution": [
            *([_record_files(manifest)] if splits else []),
            *(_table(table, listed[table.file]) for table in manifest.aggregates),
        ],
        "recordSet": [_splits(splits), _records(manifest)]
        if splits and not manifest.encrypted
        else None,
    }
    stated = {key: value for key, value in content.items() if value is not None}
    return json.dumps(stated, indent=2, ensure_ascii=False) + "\n"


def _responsible(manifest: Manifest) -> dict[str, Any]:
    """The RAI vocabulary: where the data comes from, and what it may do to people."""
    protected = [c for c in manifest.columns if c.role is not Role.ATTRIBUTE]
    kept = [f"`{c.name}`" for c in manifest.columns if c.treatment is Treatment.KEEP]
    found = sorted(manifest.detections.items(), key=lambda item: (-item[1], item[0]))
    return {
        "rai:dataCollection": manifest.collection
        or "Records of consultations that a provider of telehealth holds about its patients.",
        "rai:dataCollectionType": "Secondary Data Analysis",
        "rai:dataCollectionMissingData": (
            f"{manifest.counts.quarantined:,} of {manifest.counts.read:,} records could not be "
            "read or treated safely and were held back."
        ),
        "rai:dataManipulationProtocol": (
            f"Pseudonymised by Veilbeam {manifest.veilbeam}: identifiers in fields and free text "
            "were replaced or removed, and each record was searched again before it was published."
        ),
        "rai:dataPreprocessingProtocol": [
            f"`{column.name}` ({column.role}): {treatment(column)}" for column in manifest.columns
        ],
        "rai:machineAnnotationTools": f"Veilbeam {manifest.veilbeam}",
        "rai:personalSensitiveInformation": [
            "Health information about individuals: what they told a clinician and what was noted.",
            *(f"`{column.name}` ({column.role}): {treatment(column)}" for column in protected),
            *(f"{kind} in free text: {number:,} found and replaced" for kind, number in found),
            *([f"As they were: {', '.join(kept)}"] if kept else []),
        ],
        "rai:dataLimitations": limits(manifest),
        "rai:dataReleaseMaintenancePlan": (
            "Records of subjects who withdraw are taken out of the release, whose date of "
            "publication is then that of the change: do not use earlier copies."
        ),
    }


def _record_files(manifest: Manifest) -> dict[str, Any]:
    encrypted = " They are encrypted (Parquet modular encryption)." if manifest.encrypted else ""
    return {
        "@type": "cr:FileSet",
        "@id": _FILES,
        "name": _FILES,
        "description": f"The records, a folder for each split.{encrypted}",
        "encodingFormat": _PARQUET,
        "includes": "records/*/*.parquet",
    }


def _table(table: Aggregate, file: FileEntry) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"table-{table.name}",
        "name": f"table-{table.name}",
        "description": (
            ("Synthetic rows" if table.kind == "synthetic" else "A table")
            + f" with differential privacy: ε = {table.epsilon:g}, δ = {table.delta:g}, "
            f"{table.mechanism} noise."
        ),
        "contentUrl": table.file,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": file.sha256,
    }


def _splits(names: list[str]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": _SPLITS,
        "name": _SPLITS,
        "description": "The splits. All records of a subject are in one.",
        "dataType": "cr:Split",
        "key": {"@id": f"{_SPLITS}/name"},
        "field": {
            "@type": "cr:Field",
            "@id": f"{_SPLITS}/name",
            "name": "name",
            "dataType": "sc:Text",
        },
        "data": [{f"{_SPLITS}/name": name} for name in names],
    }


def _records(manifest: Manifest) -> dict[str, Any]:
    split = {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/split",
        "name": "split",
        "description": "The split to which a record belongs.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _FILES},
            "extract": {"fileProperty": "fullpath"},
            # Matches the name alone too: mlcroissant applies it once more to what it extracted.
            "transform": {"regex": "(?:(?:.*/)?split=)?([^/=]+)(?:/[^/]+)?$"},
        },
        "references": {"field": {"@id": f"{_SPLITS}/name"}},
    }
    return {
        "@type": "cr:RecordSet",
        "@id": _RECORDS,
        "name": _RECORDS,
        "description": f"{manifest.counts.published:,} records.",
        "field": [split, *_fields(manifest)],
    }


def _fields(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for nested_in, columns in groupby(manifest.columns, key=lambda column: column.nested_in):
        if nested_in is None:
            yield from map(_flat, columns)
        else:
            yield {
                "@type": "cr:Field",
                "@id": f"{_RECORDS}/{nested_in}",
                "name": nested_in,
                "isArray": True,
                "arrayShape": "-1",
                "subField": [_nested(column, nested_in) for column in columns],
            }


def _flat(column: Column) -> dict[str, Any]:
    value = column.type.removeprefix("list<").removesuffix(">")
    shape = {"isArray": True, "arrayShape": "-1"} if value != column.type else {}
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{column.name}",
        "name": column.name,
        "description": f"{column.role}: {treatment(column)}",
        "dataType": _DATA_TYPES.get(value, "sc:Text"),
        **shape,
        "source": {"fileSet": {"@id": _FILES}, "extract": {"column": column.name}},
    }


def _nested(column: Column, nested_in: str) -> dict[str, Any]:
    child = column.name.removeprefix(f"{nested_in}.")
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{nested_in}/{child}",
        "name": child,
        "description": f"{column.role}: {treatment(column)}",
        "dataType": _DATA_TYPES.get(column.type, "sc:Text"),
        "source": {
            "fileSet": {"@id": _FILES},
            "extract": {"column": nested_in},
            "transform": {"jsonPath": child},
        },
    }
