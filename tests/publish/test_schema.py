from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import UsageError
from transforms.fields import FieldSettings, FieldSpec
from transforms.publish.schema import nest, release_schema

from .conftest import FIELDS, FILE_METADATA, records


def fields(**given: dict[str, object]) -> list[FieldSpec]:
    return [FieldSpec.of(n, FieldSettings.model_validate(g)) for n, g in given.items()]


TURNS = fields(
    speaker={"role": "attribute", "path": "turns[].speaker"},
    text={"role": "text", "path": "turns[].text"},
)


def test_published_fields_alone_are_columns_in_their_order() -> None:
    schema = release_schema(FIELDS, FILE_METADATA)
    assert schema.names == [
        "patient", "surname", "age", "seen_on", "turns", "codes", "note", "minutes",
    ]  # fmt: skip
    assert schema.field("minutes").type == pa.int64()
    assert schema.field("age").type == pa.string()
    assert schema.field("codes").type == pa.list_(pa.string())


def test_fields_say_how_they_were_treated_and_the_file_says_what_run_made_it() -> None:
    schema = release_schema(FIELDS, FILE_METADATA)
    assert schema.field("surname").metadata == {
        b"role": b"identifier", b"treatment": b"surrogate", b"entity": b"PERSON",
    }  # fmt: skip
    assert schema.field("age").metadata[b"generalise"] == b"band 10, top 90"
    assert schema.metadata[b"veilbeam.run_id"] == b"r1"
    assert schema.metadata[b"veilbeam.config_digest"] == b"c" * 64
    children = schema.field("turns").type.value_type
    assert children.field("said").metadata[b"role"] == b"text"


def test_fields_of_one_list_are_nested() -> None:
    batch = pa.RecordBatch.from_pydict(
        {"speaker": [["A", "B"], [], None, ["C"]], "text": [["x", None], [], None, ["z"]]},
        schema=pa.schema([(n, pa.list_(pa.string())) for n in ("speaker", "text")]),
    )
    nested = nest(batch, TURNS)
    assert nested.schema.equals(release_schema(TURNS, {}))
    assert nested.column("turns").to_pylist() == [
        [{"speaker": "A", "text": "x"}, {"speaker": "B", "text": None}],
        [],
        None,
        [{"speaker": "C", "text": "z"}],
    ]
    assert nest(batch.slice(3), TURNS).column("turns").to_pylist() == [
        [{"speaker": "C", "text": "z"}]
    ]


@given(st.lists(st.none() | st.lists(st.tuples(st.text(), st.none() | st.text()))), st.data())
def test_nesting_loses_nothing(
    turns: list[list[tuple[str, str | None]] | None], data: st.DataObject
) -> None:
    strings = pa.list_(pa.string())
    columns = [[None if t is None else [pair[i] for pair in t] for t in turns] for i in (0, 1)]
    batch = pa.RecordBatch.from_arrays(
        [pa.array(c, strings) for c in columns], names=["speaker", "text"]
    )
    start = data.draw(st.integers(0, len(turns)))
    nested = nest(batch.slice(start), TURNS).column("turns").to_pylist()
    assert nested == [
        None if t is None else [{"speaker": s, "text": x} for s, x in t] for t in turns[start:]
    ]


def test_a_list_field_alone_stays_a_list() -> None:
    alone = fields(said={"role": "text", "path": "turns[].text"})
    assert release_schema(alone, {}).field("said").type == pa.list_(pa.string())


def test_a_deeper_list_is_named_by_its_own_key_and_fields_may_carry_its_name() -> None:
    deep = fields(
        **{
            "turns.speaker": {"role": "attribute", "path": "visit.turns[].who"},
            "turns.text": {"role": "text", "path": "visit.turns[].words"},
        }
    )
    (turns,) = release_schema(deep, {})
    assert turns.name == "turns"
    assert [child.name for child in turns.type.value_type] == ["speaker", "text"]


def test_lists_of_different_lengths_are_refused_without_their_values() -> None:
    batch = pa.RecordBatch.from_pydict({"speaker": [["SECRET"]], "text": [["SECRET", "b"]]})
    with pytest.raises(ValueError, match="'speaker' and 'text' come from one list") as error:
        nest(batch, TURNS)
    assert "SECRET" not in str(error.value)


def test_a_column_that_is_not_of_its_published_type_is_refused() -> None:
    """The raw age, an integer, must not pass where its band, a string, belongs."""
    age = fields(age={"role": "quasi", "type": "integer", "generalise": {"band": 10}})
    with pytest.raises(ValueError, match="published as string, not as int64"):
        nest(pa.RecordBatch.from_pydict({"age": [47]}), age)
    with pytest.raises(ValueError, match="no column for field 'age'"):
        nest(pa.RecordBatch.from_pydict({"years": ["40-49"]}), age)


def test_columns_of_one_name_are_refused() -> None:
    clash = [*TURNS, *fields(turns={"role": "attribute"})]
    with pytest.raises(UsageError, match="would be called 'turns'"):
        release_schema(clash, {})


def test_nothing_to_publish_is_refused() -> None:
    with pytest.raises(UsageError, match="every field is dropped"):
        release_schema(fields(a={"role": "drop"}), {})


def test_what_is_not_a_published_field_does_not_pass() -> None:
    nested = nest(records(10), FIELDS)
    assert nested.schema.equals(release_schema(FIELDS, {}))
    text = str(nested.to_pylist())
    assert not any(word in text for word in ("SECRET", "PHONE", "INSIDE"))
