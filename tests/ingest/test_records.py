"""Fields of a record: where they stand, what type they have, and what cannot be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.paths import accessor, leaves
from transforms.ingest.quarantine import Reject, Rejects
from transforms.ingest.records import Row, to_batches
from transforms.quarantine import SCHEMA

from .support import specs

RECORD = {
    "a": {"b": [{"c": 1}, {"c": 2}, {}], "s": "x"},
    "l": ["x", "y"],
    "patient.name": "dotted",
    "patient": {"name": "nested"},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.s", "x"),
        ("a.b[1].c", 2),
        ("a.b[7].c", None),
        ("a.b[].c", [1, 2, None]),
        ("l[]", ["x", "y"]),
        ("l[0]", "x"),
        ("a.missing.c", None),
        ("missing[]", None),
        ("a.s.deeper", None),
        ("patient.name", "dotted"),
    ],
)
def test_paths(path, value):
    assert accessor(path)(RECORD) == value


def test_leaves_are_the_paths_that_exist():
    assert set(leaves(RECORD)) == {"a.b[].c", "a.s", "l[]", "patient.name"}


def convert(kind: str, value, path: str = "v"):
    fields = specs(p={"role": "subject"}, v={"role": "attribute", "type": kind, "path": path})
    (item,) = to_batches([Row("f", 1, {"p": "1", "v": value}, b"raw")], fields)
    if isinstance(item, Rejects):
        return item.data["reason"][0].as_py()
    return item["v"][0].as_py()


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", 12, "12"),
        ("string", True, "true"),
        ("string", 1.5, "1.5"),
        ("string", None, None),
        ("string", "", ""),
        ("integer", " 12 ", 12),
        ("integer", "12.0", 12),
        ("integer", 3.0, 3),
        ("integer", "", None),
        ("number", "1e3", 1000.0),
        ("number", 2, 2.0),
        ("boolean", "Yes", True),
        ("boolean", 0, False),
        ("date", "29/02/2024", "29/02/2024"),
    ],
)
def test_values_are_converted(kind, value, expected):
    assert convert(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("string", ["x"], "field 'v' is a list (use [] or [0] in its path), not a text"),
        ("string", 1e22, "field 'v' is a number too large to be an exact text; it must be quoted"),
        ("integer", "secret", "field 'v' is not an integer"),
        ("integer", "1_000", "field 'v' is not an integer"),
        ("integer", 3.5, "field 'v' is not an integer"),
        ("integer", True, "field 'v' is not an integer"),
        ("integer", 2**63, "field 'v' is an integer of more than 64 bits"),
        ("number", "nan", "field 'v' is not a number"),
        ("number", "1e999", "field 'v' is not a finite number"),
        ("number", 10**400, "field 'v' is not a finite number"),
        ("boolean", "perhaps", "field 'v' is not a boolean (true, false, yes, no, 1, 0)"),
    ],
)
def test_values_that_are_not_of_the_type(kind, value, reason):
    assert convert(kind, value) == reason


def test_a_path_with_brackets_needs_a_list():
    assert convert("string", "x", "v[]") == "field 'v' is not a list, but its path has []"
    assert convert("integer", ["1", None, 2], "v[]") == [1, None, 2]


def test_required_fields():
    fields = specs(p={"role": "subject"}, v={"role": "attribute", "required": True})
    rows = [Row("f", i, {"p": "1", "v": v}, b"") for i, v in enumerate(["x", "", None, " "], 1)]
    batch, rejects = to_batches(rows, fields)
    assert batch.num_rows == 1
    assert set(rejects.data["reason"].to_pylist()) == {"required field 'v' is missing or blank"}


@given(st.text())
def test_no_reason_quotes_a_value(value):
    marked = f"SECRET{value}"
    for kind in ("integer", "number", "boolean"):
        assert "SECRET" not in str(convert(kind, marked))


def test_every_row_comes_out_once_and_batches_are_bounded():
    fields = specs(p={"role": "subject"})
    rows = [Row("f", i, {"p": str(i) if i % 3 else ""}, b"x" * 10_000) for i in range(1, 2001)] + [
        Reject("f", 0, "r", None)
    ]
    items = list(to_batches(rows, fields))
    good = [i for i in items if not isinstance(i, Rejects)]
    bad = [i.data for i in items if isinstance(i, Rejects)]
    places = [p for b in good for p in b["_position"].to_pylist()]
    places += [p for b in bad for p in b["position"].to_pylist()]
    assert sorted(places) == list(range(2001))
    assert max(b.num_rows for b in good) <= 400  # 4 MB
    assert all(b.schema.equals(SCHEMA) for b in bad)
