"""The facts: their file, its schema, and what is left of them after an erasure."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publish.conftest import manifest_of, write_records
from tests.publish.report.support import SCHEMA, counted, report
from transforms.publish.documents import documents
from transforms.publish.erasure import Erasure
from transforms.publish.inspect import inspect
from transforms.publish.release import ReleaseFolder
from transforms.publish.report import page
from transforms.publish.report.contents import Items, Many, Total, Value, Words
from transforms.publish.report.facts import (
    FACTS,
    HTML,
    LEAST_RECORDS,
    Gathered,
    Report,
    contents_of,
    found_of,
    json_schema,
    read_gathered,
    tally_of,
)
from transforms.publish.settings import PublishSettings

NAMES = st.sampled_from(["a", "b"])
NUMBERS = st.integers(0, 40)
TALLIES = st.dictionaries(
    st.one_of(
        st.builds(Words, NAMES, st.integers(0, 80)),
        st.builds(Items, NAMES, st.integers(0, 80)),
        st.builds(Value, NAMES, st.sampled_from(["train", "test"]), st.sampled_from("xyz")),
        st.builds(Many, st.just("c")),
    ),
    NUMBERS,
)


def test_the_committed_schema_is_the_one_of_the_facts() -> None:
    assert json_schema() == SCHEMA
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("facts", [report(), report(contents=None, encrypted=True)])
def test_the_file_of_the_facts_is_valid(facts: Report) -> None:
    jsonschema.validate(json.loads(facts.to_json()), SCHEMA)


def test_the_schema_refuses_what_is_no_report() -> None:
    told = json.loads(report().to_json())
    for wrong in (told | {"surplus": 1}, told | {"counts": {}}, told | {"places": {"PERSON": -1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


def test_the_page_is_made_of_the_file_alone() -> None:
    facts = report()
    read = Report.model_validate_json(facts.to_json())
    assert read == facts
    assert page.render(read) == page.render(facts)


@given(TALLIES)
def test_contents_can_be_taken_for_the_tally_that_they_are_of(tally: dict) -> None:
    contents = contents_of(tally)
    assert contents_of(tally_of(contents)) == contents


def test_rare_values_are_put_together() -> None:
    few, enough = LEAST_RECORDS - 1, LEAST_RECORDS
    contents = contents_of(
        {Value("a", "train", "rare"): few, Value("a", "test", "known"): enough,
         Value("a", "test", "odd"): 1}
    )  # fmt: skip
    (balance,) = contents.balance
    assert [one.value for one in balance.classes] == ["known"]
    assert balance.rarer == {"train": few, "test": 1}


def test_what_is_left_after_an_erasure_is_what_is_counted_in_the_rest() -> None:
    left = Gathered(contents=contents_of(counted(300))).without(counted(10))
    assert left.contents == contents_of(counted(290, 10))


def test_erasing_what_was_never_counted_leaves_no_number_below_nothing() -> None:
    left = Gathered(contents=contents_of(counted(10))).without(counted(300))
    assert left.contents is not None
    assert sum(band.records for one in left.contents.lengths for band in one.bands) == 0


def test_scores_are_added_up_by_entity_and_recogniser() -> None:
    found = found_of({("PERSON", "a", 9): 3, ("PERSON", "a", 0): 1, ("ID", "b", 4): 9})
    assert [(one.entity, one.recogniser, one.total) for one in found] == [
        ("ID", "b", 9), ("PERSON", "a", 4),
    ]  # fmt: skip
    assert found[1].scores == (1, 0, 0, 0, 0, 0, 0, 0, 0, 3)


def test_an_erasure_makes_the_report_anew(tmp_path: Path) -> None:
    with ReleaseFolder(str(tmp_path / "r"), "r1") as folder:
        manifest = manifest_of(write_records(folder.work, 300, PublishSettings()))
        gathered = report().gathered.model_copy(update={"contents": contents_of(counted(300))})
        folder.commit(manifest, documents(manifest, gathered))
    with Erasure(str(tmp_path / "r"), "patient", "SUBJECT000000", "forget") as erasure:
        erasure.commit()
    assert inspect(str(tmp_path / "r")).problems == ()
    facts = Report.model_validate_json((tmp_path / "r" / FACTS).read_bytes())
    assert facts.counts.erased == 10
    assert facts.contents == contents_of(counted(290, 10))
    assert facts.example == gathered.example
    assert (tmp_path / "r" / HTML).read_text(encoding="utf-8") == page.render(facts)
    # An older release has no report: what its manifest says makes one.
    (tmp_path / "r" / FACTS).unlink()
    assert read_gathered(str(tmp_path / "r")) == Gathered()


def test_totals_come_through() -> None:
    contents = contents_of({Words("a", 3): 2, Total("a", "words"): 6, Total("a", "characters"): 30})
    assert [(one.total, one.characters) for one in contents.lengths] == [(6, 30)]
