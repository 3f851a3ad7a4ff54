from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.verify.risk import trails
from transforms.verify.risk.classes import CLASS, classed, sizes
from transforms.verify.risk.trails import RECORDS, SUBJECTS

from .support import Row, about, counted, risk, table, table_of, treated, values
from .test_measures import VALUES

SETTINGS = risk(sensitive=["illness", "salary"])


def same(one: object) -> list[tuple[object, ...]]:
    frame = one.drop(trails.TRAIL)  # type: ignore[attr-defined]
    return sorted(frame.rows(), key=repr)


@settings(deadline=None)
@given(st.lists(VALUES, max_size=25), st.integers(1, 4))
def test_shards_add_up_to_the_whole(rows: list[Row], shards: int) -> None:
    whole = table(rows, SETTINGS)
    found = values(treated(rows), SETTINGS)
    parts = [trails.of_subjects([part]) for _, part in trails.deal(found, shards)]
    empty = trails.of_subjects([trails.no_rows(about(SETTINGS))])
    assert same(trails.merged([empty, *parts])) == same(whole)


@settings(deadline=None)
@given(st.lists(VALUES, max_size=25), st.integers(1, 7))
def test_batches_add_up_to_the_whole(rows: list[Row], each: int) -> None:
    batches = [treated(rows[i : i + each]) for i in range(0, len(rows), each)]
    assert same(table_of(batches, SETTINGS)) == same(table(rows, SETTINGS))


@settings(deadline=None)
@given(st.lists(VALUES, max_size=25))
def test_subjects_of_a_class_are_counted_once(rows: list[Row]) -> None:
    of = sizes(classed(table(rows, SETTINGS), ["age", "area"]))
    expected = sorted(len(subjects) for subjects in counted(rows, ["age", "area"]).values())
    assert sorted(of[SUBJECTS].to_list()) == expected
    assert of[RECORDS].sum() == len(rows)
    assert of[CLASS].n_unique() == of.height


def test_equal_trails_are_one_row_for_each_combination() -> None:
    rows: list[Row] = [
        {"patient": str(n), "age": age, "area": "LS"} for n in range(1_000) for age in ("a", "b")
    ]
    found = table(rows, risk())
    assert found.height == 2 and found[SUBJECTS].to_list() == [1_000, 1_000]


def test_more_combinations_than_numbers_have_room_for() -> None:
    import polars as pl

    from transforms.verify.risk.numbering import numbers_of

    wide = pl.DataFrame({f"c{i}": [f"{n}" for n in range(500)] * 2 for i in range(12)})
    numbers = numbers_of(wide, wide.columns)
    assert len(set(numbers.tolist())) == 500
    assert numbers[:500].tolist() == numbers[500:].tolist()
