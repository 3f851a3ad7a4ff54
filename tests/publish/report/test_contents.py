"""What can be counted in records, and counted together."""

from __future__ import annotations

import itertools
import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.conftest import FIELDS, records
from tests.publish.report.support import counted
from transforms.fields import FieldSettings, FieldSpec, Role
from transforms.pseudonymise.batch import Treated
from transforms.publish.report.contents import (
    MOST_VALUES,
    Change,
    Items,
    Many,
    Total,
    Value,
    Words,
    band_ends,
    band_of,
    changes,
    merged,
    tally,
)
from transforms.publish.schema import nest, release_schema


@given(st.integers(0, 2**40))
def test_a_number_is_in_its_band_which_is_narrow(number: int) -> None:
    least, most = band_ends(band_of(number))
    assert least <= number <= most
    assert most - least < max(least / 4, 1)


def test_bands_leave_no_gap() -> None:
    ends = [band_ends(band) for band in range(200)]
    assert [least for least, _ in ends] == [0, *(most + 1 for _, most in ends[:-1])]


def test_words_characters_items_and_values_are_counted() -> None:
    batch = nest(records(6), FIELDS)
    found = tally(batch, "train")
    # Turns: none, one, two, none, one, two; said: "How are you?" and "SAID..." in turn.
    assert {key: n for key, n in found.items() if isinstance(key, Items)} == {
        Items("turns", 0): 2, Items("turns", 1): 2, Items("turns", 2): 2,
        Items("codes", 0): 3, Items("codes", 1): 3,
    }  # fmt: skip
    assert found[Total("turns.said", "words")] == 4 * 3 + 2
    assert found[Total("turns.said", "characters")] == 4 * 12 + 2 * 10
    assert [found[Words("turns.said", band)] for band in (0, 3, 4)] == [2, 2, 2]
    assert found[Words("note", 2)] == 6
    assert found[Value("turns.speaker", "train", "DOCTOR")] == 4
    assert found[Value("codes", "train", "J06")] == 3


def test_missing_values_are_no_class_and_no_words() -> None:
    schema = release_schema(FIELDS, {})
    batch = pa.RecordBatch.from_pylist([dict.fromkeys(schema.names)] * 4, schema)
    found = tally(batch, "train")
    assert not [key for key in found if isinstance(key, Value)]
    assert found[Words("note", 0)] == found[Words("turns.said", 0)] == found[Items("turns", 0)] == 4


def test_only_what_is_published_as_it_is_is_counted_by_value() -> None:
    found = {key.column for key in counted(300) if isinstance(key, Value | Many)}
    assert found == {"minutes", "codes", "turns.speaker"}
    assert {f.name for f in FIELDS if f.role is Role.ATTRIBUTE} == {"minutes", "codes", "speaker"}


def test_a_column_of_many_values_has_no_class_however_batches_meet() -> None:
    few = [counted(MOST_VALUES // 2, start) for start in (0, 10, 20)]
    assert [key for key in few[0] if isinstance(key, Value) and key.column == "minutes"]
    for order in ([0, 1, 2], [2, 0, 1]):
        whole = merged([merged([few[order[0]], few[order[1]]]), few[order[2]]])
        assert Many("minutes") in whole
        assert not [key for key in whole if isinstance(key, Value) and key.column == "minutes"]


@given(st.integers(0, 2**32))
def test_batches_add_up_in_any_order(seed: int) -> None:
    order = random.Random(seed)
    cuts = [0, *sorted(order.sample(range(1, 60), 3)), 60]
    parts = [counted(end - start, start) for start, end in itertools.pairwise(cuts)]
    order.shuffle(parts)
    assert merged([merged(parts[:2]), *parts[2:]]) == counted(60)


def test_what_treatment_did_is_counted() -> None:
    fields = [
        FieldSpec.of(name, FieldSettings.model_validate(given))
        for name, given in {
            "patient": {"role": "subject"},
            "phone": {"role": "identifier", "entity": "PHONE_NUMBER", "treatment": "drop"},
            "seen": {"role": "date", "type": "date"},
            "note": {"role": "text"},
        }.items()
    ]
    source = pa.RecordBatch.from_pydict(
        {"patient": ["1", "2"], "phone": ["3", None], "seen": ["2024-01-02", "soon"],
         "note": ["Ann coughs.", None]}
    )  # fmt: skip
    published = pa.RecordBatch.from_pydict(
        {"patient": ["a", "b"], "seen": ["2023-05-06", None], "note": ["Bea coughs.", None]}
    )
    treated = Treated(source, published, {"note": [[(0, 3)], []]})
    found = changes(treated, fields)
    assert found[Change("seen", "values")] == 2
    assert found[Change("seen", "lost")] == 1
    assert found[Change("patient", "lost")] == 0
    assert [found[Change("note", of)] for of in ("characters", "replaced", "stand_ins")] == [
        11, 1, 3,
    ]  # fmt: skip
    assert "phone" not in {key.column for key in found}


@pytest.mark.parametrize("kind", ["number"])
def test_measurements_are_no_classes(kind: str) -> None:
    fields = [
        FieldSpec.of("patient", FieldSettings(role=Role.SUBJECT)),
        FieldSpec.of("weight", FieldSettings.model_validate({"role": "attribute", "type": kind})),
    ]
    batch = pa.RecordBatch.from_pydict({"patient": ["a"], "weight": [71.5]})
    assert not [key for key in tally(nest(batch, fields), "train") if isinstance(key, Value)]
