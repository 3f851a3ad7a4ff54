"""What counts as found, exact, right and false: figures by hand, and bounds that always hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluation.compare import Comparison, Count, Measure, compare
from pipelines.evaluation.gold import GoldSpan, GoldText
from pipelines.evaluation.labels import Labels
from transforms.detect.spans import Span
from transforms.pseudonymise.overlaps import resolve

LABELS = Labels.load()

Marked = tuple[int, int, str]


def laid(text: str, gold: Sequence[GoldSpan | Marked], found: Sequence[Marked]) -> Comparison:
    spans = tuple(g if isinstance(g, GoldSpan) else GoldSpan(((g[0], g[1]),), g[2]) for g in gold)
    marks = [Span(*mark, 0.9, "test") for mark in found]
    return compare([GoldText("here:1", text, spans)], [marks], LABELS)


def counted(found: Comparison, kind: str, measure: Measure) -> list[int]:
    """Gold, found, marked, right."""
    row = [*found.kinds, "all"].index(kind)
    return found.counts[:, row, measure].sum(axis=0).astype(int).tolist()


#       0123456789012345678901234567890123456789
TEXT = "Dr Jane Roe, 12 Oak St, Leeds. Call Sam."


def test_a_span_is_found_if_touched_and_exact_if_its_letters_are_the_same() -> None:
    found = laid(
        TEXT,
        [(3, 11, "PERSON"), (13, 22, "STREET_ADDRESS"), (24, 29, "CITY"), (36, 39, "PERSON")],
        [(0, 11, "PERSON"), (13, 23, "STREET_ADDRESS"), (24, 29, "PERSON"), (31, 35, "PERSON")],
    )
    assert counted(found, "PERSON", Measure.OVERLAP) == [2, 1, 3, 2]
    assert counted(found, "PERSON", Measure.OVERLAP_NAMED) == [2, 1, 3, 1]
    assert counted(found, "LOCATION", Measure.OVERLAP) == [2, 2, 1, 1]
    assert counted(found, "LOCATION", Measure.OVERLAP_NAMED) == [2, 1, 1, 1]
    assert counted(found, "all", Measure.OVERLAP) == [4, 3, 4, 3]
    # The comma at an address's end is none of its letters; "Dr" is none of the name.
    assert counted(found, "PERSON", Measure.EXACT) == [2, 0, 3, 1]
    assert counted(found, "LOCATION", Measure.EXACT) == [2, 2, 1, 1]
    assert counted(found, "LOCATION", Measure.EXACT_NAMED) == [2, 1, 1, 1]
    assert counted(found, "all", Measure.EXACT) == [4, 2, 4, 2]


def test_characters_are_letters_and_figures() -> None:
    found = laid(
        TEXT, [(3, 11, "PERSON"), (13, 22, "STREET_ADDRESS")], [(0, 7, "PERSON"), (13, 15, "ID")]
    )
    # "Jane Roe" has 7, of which "Jane" is covered; "Dr Jane" has 6, of which 4 are right.
    assert counted(found, "PERSON", Measure.CHARACTERS) == [7, 4, 6, 4]
    assert counted(found, "LOCATION", Measure.CHARACTERS) == [7, 2, 0, 0]
    assert counted(found, "ID", Measure.CHARACTERS) == [0, 0, 2, 2]
    assert counted(found, "all", Measure.CHARACTERS) == [14, 6, 8, 6]
    assert counted(found, "all", Measure.CHARACTERS_NAMED) == [14, 4, 8, 4]


def test_in_all_a_character_counts_once_though_spans_are_nested() -> None:
    found = laid(TEXT, [(13, 29, "ADDRESS"), (24, 29, "CITY"), (16, 19, "ORG")], [(13, 29, "CITY")])
    assert counted(found, "LOCATION", Measure.OVERLAP) == [2, 2, 1, 1]
    assert counted(found, "all", Measure.CHARACTERS) == [12, 12, 12, 12]
    assert counted(found, "ORGANIZATION", Measure.CHARACTERS_NAMED) == [3, 0, 0, 0]


def test_what_is_no_identifier_is_neither_a_miss_nor_a_false_alarm() -> None:
    gold = [(0, 2, "TITLE"), (3, 11, "PERSON")]
    left = laid(TEXT, gold, [(3, 11, "PERSON")])
    marked = laid(TEXT, gold, [(0, 2, "PERSON"), (3, 11, "PERSON")])
    for found in (left, marked):
        for measure in Measure:
            gold_, hit, marks, right = counted(found, "all", measure)
            assert gold_ == hit
            assert marks == right
        assert not found.leaks
        assert not found.false_alarms
        assert found.labels["TITLE"][:2] == (None, 1)
    assert not left.harmless.any()


def test_marks_of_a_kind_that_is_no_identifier_cover_but_are_not_counted() -> None:
    labels = Labels({"PERSON": "PERSON", "AGE": None})
    gold = GoldText("here:1", "aged 54 said Jane", (GoldSpan(((13, 17),), "PERSON"),))
    marks = [Span(5, 7, "AGE", 0.9, "test"), Span(13, 17, "AGE", 0.9, "test")]
    found = compare([gold], [marks], labels)
    assert counted(found, "all", Measure.OVERLAP) == [1, 1, 0, 0]
    assert counted(found, "all", Measure.CHARACTERS) == [4, 4, 0, 0]
    assert not found.false_alarms


def test_a_discontinuous_span_is_exact_if_each_of_its_ranges_is() -> None:
    gold = [GoldSpan(((3, 7), (36, 39)), "PERSON")]
    whole = laid(TEXT, gold, [(3, 7, "PERSON"), (36, 39, "PERSON")])
    half = laid(TEXT, gold, [(3, 7, "PERSON"), (8, 11, "PERSON")])
    assert counted(whole, "PERSON", Measure.EXACT) == [1, 1, 2, 2]
    assert counted(half, "PERSON", Measure.OVERLAP) == [1, 1, 2, 1]
    assert counted(half, "PERSON", Measure.EXACT) == [1, 0, 2, 1]
    (leak,) = half.leaks
    assert (leak.left, leak.characters, leak.touched) == (((36, 39),), 3, True)


def test_leaks_say_where_and_how_much_was_left() -> None:
    found = laid(
        TEXT,
        [(3, 11, "NAME"), (13, 22, "ADDRESS"), (36, 39, "NAME")],
        [(3, 8, "PERSON"), (15, 20, "ID")],
    )
    assert [(x.kind, x.label, x.touched, x.left, x.characters) for x in found.leaks] == [
        ("PERSON", "NAME", True, ((8, 11),), 3),
        ("LOCATION", "ADDRESS", True, ((13, 15), (20, 22)), 4),
        ("PERSON", "NAME", False, ((36, 39),), 3),
    ]


def test_punctuation_that_is_left_of_a_span_is_no_leak() -> None:
    assert not laid(TEXT, [(13, 30, "ADDRESS")], [(13, 22, "ADDRESS"), (24, 29, "CITY")]).leaks


def test_a_span_of_signs_alone_is_missed_if_nothing_touches_it() -> None:
    (leak,) = laid("id: ***", [(4, 7, "ID")], []).leaks
    assert (leak.touched, leak.characters) == (False, 0)


def test_false_alarms_say_what_found_them() -> None:
    (alarm,) = laid(TEXT, [(3, 11, "NAME")], [(3, 11, "PERSON"), (31, 35, "PERSON")]).false_alarms
    assert (alarm.kind, alarm.span.start, alarm.span.recogniser) == ("PERSON", 31, "test")


def test_harmless_texts_are_those_in_which_nobody_marked_anything() -> None:
    texts = [GoldText("a", "Leeds", ()), GoldText("b", "Rest", ()), GoldText("c", "Mr", (
        GoldSpan(((0, 2),), "TITLE"),))]  # fmt: skip
    found = compare(texts, [[Span(0, 5, "CITY", 0.9, "t")], [], []], LABELS)
    assert found.harmless.tolist() == [True, True, False]
    assert found.unchanged.tolist() == [False, True, True]


LETTERS = st.text(st.sampled_from("ab1 .,é\n"), min_size=1, max_size=40)
KIND = st.sampled_from(["PERSON", "CITY", "TITLE", "ID"])


@st.composite
def pages(draw: st.DrawFn) -> tuple[GoldText, list[Span]]:
    text = draw(LETTERS)
    spans = st.lists(
        st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12), KIND).map(
            lambda t: (t[0], min(t[0] + t[1], len(text)), t[2])
        ),
        max_size=6,
    )
    gold = tuple(GoldSpan(((s, e),), k) for s, e, k in draw(spans))
    marks = [Span(s, e, k, 0.5, "t") for s, e, k in draw(spans)]
    return GoldText("here", text, gold), resolve(marks, len(text))


@given(st.lists(pages(), min_size=1, max_size=4))
def test_parts_are_within_their_wholes_and_stricter_ways_count_less(
    given_: list[tuple[GoldText, list[Span]]],
) -> None:
    texts, found = zip(*given_, strict=True)
    counts = compare(texts, found, LABELS).counts
    assert (counts >= 0).all()
    for part, whole in ((Count.FOUND, Count.GOLD), (Count.RIGHT, Count.MARKED)):
        assert (counts[..., part] <= counts[..., whole]).all()
        for strict, loose in (
            (Measure.OVERLAP_NAMED, Measure.OVERLAP),
            (Measure.EXACT, Measure.OVERLAP),
            (Measure.EXACT_NAMED, Measure.EXACT),
            (Measure.EXACT_NAMED, Measure.OVERLAP_NAMED),
            (Measure.CHARACTERS_NAMED, Measure.CHARACTERS),
        ):
            assert (counts[:, :, strict, part] <= counts[:, :, loose, part]).all()


@given(pages())
def test_what_was_not_touched_or_not_covered_is_a_leak_and_nothing_else_is(
    page: tuple[GoldText, list[Span]],
) -> None:
    gold, marks = page
    found = compare([gold], [marks], LABELS)
    overlap = found.counts[0, -1, Measure.OVERLAP]
    missed = sum(not leak.touched for leak in found.leaks)
    assert missed == overlap[Count.GOLD] - overlap[Count.FOUND]
    assert len(found.false_alarms) == overlap[Count.MARKED] - overlap[Count.RIGHT]
    covered = np.zeros(len(gold.text), bool)
    for mark in marks:
        covered[mark.start : mark.end] = True
    for leak in found.leaks:
        inside = range(leak.start, leak.end)
        bare = [i for i in inside if gold.text[i].isalnum() and not covered[i]]
        assert leak.characters == len(bare)
        assert bare == [
            i for start, end in leak.left for i in range(start, end) if gold.text[i].isalnum()
        ]


@given(pages())
def test_a_detector_that_marks_what_is_gold_has_no_fault(page: tuple[GoldText, list[Span]]) -> None:
    gold, marks = page
    spans = tuple(GoldSpan(((m.start, m.end),), m.entity) for m in marks)
    counts = compare([gold._replace(spans=spans)], [marks], LABELS).counts
    assert (counts[..., Count.FOUND] == counts[..., Count.GOLD]).all()
    assert (counts[..., Count.RIGHT] == counts[..., Count.MARKED]).all()
