"""Annotated texts: what is read of each format, and what is said of each mistake, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.evaluation.formats import named, read
from pipelines.evaluation.gold import Format, GoldSpan
from pipelines.evaluation.labels import Labels
from transforms.errors import UsageError

DATA = Path(__file__).parents[4] / "shared" / "data"
TEXT = "Jane Quillfeather of Leeds"
SECRET = "Quillfeather"


def lines(folder: Path, *rows: Any) -> Path:
    path = folder / "gold.jsonl"
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text(text + "\n", "utf-8")
    return path


def row(*spans: tuple[Any, Any, Any], text: str = TEXT) -> dict[str, Any]:
    return {"text": text, "spans": [{"start": s, "end": e, "entity": k} for s, e, k in spans]}


def sample(*spans: tuple[int, int, str, str | None], text: str = TEXT) -> dict[str, Any]:
    keys = ("start_position", "end_position", "entity_type", "entity_value")
    return {
        "full_text": text,
        "masked": "{{name}}",
        "spans": [dict(zip(keys, span, strict=True)) for span in spans],
        "template_id": 3,
        "metadata": {"gender": "F"},
    }


def samples(folder: Path, *rows: Any) -> Path:
    path = folder / "gold.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


def brat(folder: Path, ann: str, text: str = TEXT, name: str = "a") -> Path:
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(ann.encode())
    return folder / f"{name}.ann"


def refused(path: Path, form: Format | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        read(path, form)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_a_line_is_a_text_with_its_spans_and_its_id(tmp_path: Path) -> None:
    path = lines(tmp_path, {"id": 7, **row((0, 17, "PERSON"))}, "", row())
    form, (first, second) = read(path)
    assert form is Format.JSONL
    assert (first.id, first.place, first.text) == ("7", f"{path}:1", TEXT)
    assert first.spans == (GoldSpan(((0, 17),), "PERSON"),)
    assert (second.place, second.spans, second.id) == (f"{path}:3", (), None)


def test_offsets_count_code_points_and_line_separators_of_unicode_end_no_line(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gold.jsonl"
    text = "😀\u2028Jane"
    path.write_text(json.dumps(row((2, 6, "PERSON"), text=text), ensure_ascii=False), "utf-8")
    _, (gold,) = read(path)
    assert gold.text[gold.spans[0].start : gold.spans[0].end] == "Jane"


def test_spans_of_presidio_research_are_read_with_what_else_stands_there(tmp_path: Path) -> None:
    path = samples(tmp_path, sample((0, 17, "PERSON", "Jane Quillfeather")), sample())
    form, (first, second) = read(path)
    assert form is Format.PRESIDIO_RESEARCH
    assert first.spans == (GoldSpan(((0, 17),), "PERSON"),)
    assert (first.place, second.place) == (f"{path}: record 1", f"{path}: record 2")


def test_what_presidio_research_itself_writes_is_read(tmp_path: Path) -> None:
    """The form of ``InputSample.to_dict()``, with the spans' keys in its order, and null."""
    path = tmp_path / "dataset.json"
    path.write_text(
        '[\n    {\n        "full_text": "Call Ana",\n        "masked": null,\n        "spans": [\n'
        '            {"entity_type": "PERSON", "entity_value": "Ana", "start_position": 5,'
        ' "end_position": 8}\n        ],\n        "template_id": null,\n        "metadata": null\n'
        "    }\n]"
    )
    _, (gold,) = read(path)
    assert gold.spans == (GoldSpan(((5, 8),), "PERSON"),)


def test_a_brat_folder_gives_its_texts_and_only_text_bound_annotations(tmp_path: Path) -> None:
    brat(tmp_path, "T1\tNAME 0 17\tJane Quillfeather\n#1\tAnnotatorNotes T1\tx\nA1\tSure T1\n")
    brat(tmp_path, "", "Nothing here", "b")
    form, (first, second) = read(tmp_path)
    assert form is Format.BRAT
    assert first.spans == (GoldSpan(((0, 17),), "NAME"),)
    assert (second.text, second.spans) == ("Nothing here", ())


@pytest.mark.parametrize("suffix", [".ann", ".txt"])
def test_either_file_of_a_brat_pair_stands_for_both(tmp_path: Path, suffix: str) -> None:
    path = brat(tmp_path, "T1\tLOC 21 26\tLeeds\n")
    assert read(path.with_suffix(suffix))[1][0].spans == (GoldSpan(((21, 26),), "LOC"),)


def test_a_discontinuous_span_keeps_its_ranges(tmp_path: Path) -> None:
    path = brat(tmp_path, "T1\tNAME 5 17;0 4\tJane Quillfeather\nT2\tNAME 21 26\tLeeds\n")
    assert read(path)[1][0].spans[0].ranges == ((0, 4), (5, 17))


def test_brat_offsets_count_a_byte_order_mark_and_carriage_returns(tmp_path: Path) -> None:
    path = brat(tmp_path, "T1\tNAME 7 11\tJane\r\n", "\ufeffDear\r\nJane")
    assert read(path)[1][0].spans[0].ranges == ((7, 11),)


def test_meddocan_is_read_whole_and_its_labels_are_known() -> None:
    if not DATA.is_dir():
        pytest.skip(f"no {DATA}")
    form, texts = read(DATA / "meddocan" / "dev")
    labels = Labels.load()
    spans = [span for gold in texts for span in gold.spans]
    assert (form, len(texts), len(spans)) == (Format.BRAT, 250, 5801)
    labels.check({span.label: "" for span in spans})
    assert sum(labels.of_gold(span.label) is None for span in spans) == 455 + 92 + 6


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (row((0, 99, "PERSON")), ":1: spans[0]: 0-99 is no range of a text of 26 characters"),
        (row((-1, 4, "PERSON")), ":1: spans[0]: -1-4 is no range"),
        (row((4, 4, "PERSON")), ":1: spans[0]: 4-4 is no range"),
        (row((4, 5, "PERSON")), ":1: spans[0]: 4-5 marks nothing but blanks"),
        (row(("0", 4, "PERSON")), ":1: spans[0].start: Input should be a valid integer"),
        (row((0.0, 4, "PERSON")), ":1: spans[0].start: Input should be a valid integer"),
        (row((True, 4, "PERSON")), ":1: spans[0].start: Input should be a valid integer"),
        (row((0, 4, "Jane Quillfeather")), ":1: spans[0]: the label is none"),
        (row((0, 4, "")), ":1: spans[0]: the label is none"),
        (
            row((0, 17, "PERSON"), (5, 17, "PERSON")),
            ":1: spans[1]: overlaps spans[0], which has the same label",
        ),
        (
            row((0, 17, "PERSON"), (0, 17, "PERSON")),
            ":1: spans[1]: overlaps spans[0], which has the same label",
        ),
        ({"text": TEXT}, ":1: spans: Field required"),
        ({"text": TEXT, "spans": [{"start": 0}]}, ":1: spans[0].end: Field required"),
        ({"text": 5, "spans": []}, ":1: text: Input should be a valid string"),
        ({"text": "  ", "spans": []}, ":1: the text is empty"),
        ('{"text": "Jane Quillfeather"', ":1: Invalid JSON"),
        ('{"text": "Jane \\ud800 Quillfeather", "spans": []}', ":1: Invalid JSON"),
    ],
)
def test_a_mistake_in_a_line_is_named_by_line_and_field_without_the_text(
    tmp_path: Path, given: Any, said: str
) -> None:
    path = lines(tmp_path, given)
    assert f"{path}{said}" in refused(path)


def test_all_mistakes_of_a_file_are_named_up_to_twenty(tmp_path: Path) -> None:
    said = refused(lines(tmp_path, *[row((0, 99, "PERSON"))] * 30)).splitlines()
    assert (len(said), said[-1]) == (21, "... and 10 more")


def test_nested_spans_of_different_labels_are_no_mistake(tmp_path: Path) -> None:
    assert len(read(lines(tmp_path, row((0, 17, "PERSON"), (5, 17, "SURNAME"))))[1][0].spans) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            sample((0, 17, "PERSON", "Jane Quill")),
            ": record 1: spans[0]: entity_value is not what stands in full_text",
        ),
        (sample((0, 99, "PERSON", "Jane")), ": record 1: spans[0]: 0-99 is no range"),
        ({"full_text": TEXT, "spans": None}, ": record 1: spans: Input should be a valid"),
        ({"text": TEXT, "spans": []}, ": record 1: full_text: Field required"),
    ],
)
def test_a_mistake_in_a_sample_is_named_by_record_and_field(
    tmp_path: Path, given: Any, said: str
) -> None:
    path = samples(tmp_path, given)
    assert f"{path}{said}" in refused(path)


@pytest.mark.parametrize(
    ("ann", "said"),
    [
        ("T1\tNAME 0 17\tJane Quillfeathers\n", ":1: T1: the value is not what stands in the text"),
        ("#1\tx\nT1\tNAME 0 99\tJane\n", ":2: T1: 0-99 is no range"),
        ("T1\tNAME zero 4\tJane\n", ":1: 'T1<tab>LABEL START END<tab>VALUE' is expected"),
        ("T1\tNAME 0 4;3 17\tJane Quillfeather\n", ":1: T1: its ranges overlap each other"),
        ("T1\tNAME 0 4\tJane\nT2\tNAME 0 4\tJane\n", ":2: T2: overlaps T1, which has the same"),
    ],
)
def test_a_mistake_of_brat_is_named_by_file_and_line(tmp_path: Path, ann: str, said: str) -> None:
    path = brat(tmp_path, ann)
    assert f"{path}{said}" in refused(path)


def test_a_text_without_annotations_beside_it_is_not_taken_for_harmless(tmp_path: Path) -> None:
    brat(tmp_path, "T1\tNAME 0 4\tJane\n")
    (tmp_path / "c.txt").write_text("not annotated")
    assert "c.txt: no c.ann beside it; make an empty one" in refused(tmp_path)
    (tmp_path / "c.txt").rename(tmp_path / "d.ann")
    assert "d.ann: no d.txt beside it" in refused(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        ('{"text": "Quillfeather é"}'.encode("latin-1"), "is not UTF-8 (byte 24)"),
        (b"Quillfeather", "the format is none of those known"),
        (b"[]", "is an empty list"),
    ],
)
def test_a_file_that_holds_no_texts_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "gold"
    path.write_bytes(content)
    assert f"{path}: {said}" in refused(path)


def test_folders_are_brats_alone_and_must_hold_texts(tmp_path: Path) -> None:
    assert "holds no .ann and .txt files" in refused(tmp_path)
    assert "is a folder" in refused(tmp_path, Format.JSONL)
    assert "no such file" in refused(tmp_path / "nowhere")


def test_an_unknown_format_is_answered_by_the_known_ones() -> None:
    with pytest.raises(UsageError, match="known: jsonl, brat, presidio-research"):
        named("conll")
    assert named(None) is None
    assert named("brat") is Format.BRAT
