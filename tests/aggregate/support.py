"""Rows and releases that the tests of this folder share."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from transforms.aggregate.settings import ReleaseSettings

KEY = b"k" * 32
SCHEMA = pa.schema(
    {
        "_subject": pa.string(),
        "_file": pa.string(),
        "_position": pa.int64(),
        "clinic": pa.string(),
        "age": pa.int64(),
        "minutes": pa.float64(),
        "code": pa.string(),
        "day": pa.date32(),
    }
)

AGE = {"field": "age", "lower": -3, "upper": 70}
MINUTES = {"field": "minutes", "lower": 0, "upper": 60}
MEASURES: dict[str, dict[str, Any]] = {
    "count": {"kind": "count"},
    "count of values": {"kind": "count", "field": "minutes"},
    "count_subjects": {"kind": "count_subjects"},
    "sum": {"kind": "sum", **AGE},
    "mean": {"kind": "mean", **MINUTES},
    "variance": {"kind": "variance", **MINUTES},
    "standard_deviation": {"kind": "standard_deviation", **AGE},
    "median": {"kind": "median", **MINUTES, "bins": 4},
    "quantile": {"kind": "quantile", "at": 0.9, **AGE, "bins": 300},
    "histogram": {"kind": "histogram", "field": "age", "edges": [0, 2, 50]},
    "top_k": {"kind": "top_k", "k": 2, "field": "code"},
    "top_k of public values": {
        "kind": "top_k",
        "k": 2,
        "field": "code",
        "values": ["x", "y", "?"],
        "name": "public",
    },
    "count_distinct": {"kind": "count_distinct", "field": "code"},
    "marginal": {
        "kind": "marginal",
        "axes": {
            "code": {"values": ["x", "y"], "other": "?", "missing": True},
            "minutes": {"edges": [0, 20, 60], "missing": True},
        },
    },
    "auto sum": {"kind": "sum", "field": "minutes", "bounds": "auto", "name": "auto_sum"},
    "auto variance": {"kind": "variance", "field": "age", "bounds": "auto", "name": "auto_var"},
}


def release(**changes: Any) -> ReleaseSettings:
    """A release by clinic, of count, subjects, a sum and a mean; with changes."""
    given = {
        "name": "r",
        "group_by": ["clinic"],
        "keys": ["a", "b", "c"],
        "measures": [MEASURES[name] for name in ("count", "count_subjects", "sum", "mean")],
        "epsilon": 1.0,
    }
    return ReleaseSettings.model_validate(given | changes)


def table(rows: list[tuple[Any, ...]]) -> pa.Table:
    """Rows of (subject, file, position, clinic, age, minutes), then if given (code, day)."""
    whole = [(*row, "x", date(2022, 5, 3))[: len(SCHEMA)] if len(row) < 8 else row for row in rows]
    columns = list(zip(*whole, strict=True)) or [()] * len(SCHEMA)
    return pa.table(
        [pa.array(list(c), f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )
