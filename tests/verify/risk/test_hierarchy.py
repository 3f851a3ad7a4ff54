from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from transforms.fields import FOLDER, FieldSettings, FieldSpec
from transforms.verify.risk.hierarchy import OutsideError, hierarchy_of
from transforms.verify.risk.settings import HierarchySettings, contradictions

from .support import FIELDS, risk


def field(**given: Any) -> FieldSpec:
    return FieldSpec.of("f", FieldSettings.model_validate(given))


AGE = field(role="quasi", type="integer", generalise={"band": 10, "top": 90})
POSTCODE = field(role="quasi", generalise={"prefix": 3})
MONTH = field(role="date", treatment="generalise", generalise={"period": "month"})
SHIFTED = field(role="date")
KEPT = field(role="attribute")


def steps_of(spec: FieldSpec, value: str, **settings: Any) -> list[str | None]:
    hierarchy = hierarchy_of(spec, risk(**settings))
    return [step.coarser(value) for step in hierarchy.steps]


@pytest.mark.parametrize(
    ("spec", "value", "steps"),
    [
        (AGE, "40-49", ["40-49", "40-59", "40-79", "0-79", None]),
        (AGE, "80-89", ["80-89", "80-89", "80-89", "80-89", None]),
        (AGE, "90+", ["90+", "90+", "90+", "90+", None]),
        (POSTCODE, "021", ["021", "02", "0", None]),
        (MONTH, "2022-03", ["2022-03", "2022", None]),
        (SHIFTED, "2022-03-05T10:00", ["2022-03-05T10:00", "2022-03", "2022", None]),
        (KEPT, "web", ["web", None]),
    ],
)  # fmt: skip
def test_a_fields_own_treatment_suggests_the_steps(
    spec: FieldSpec, value: str, steps: list[str | None]
) -> None:
    assert steps_of(spec, value) == steps


def test_configured_steps_take_their_place() -> None:
    given = {"hierarchies": {"f": {"bands": [30]}}}
    assert steps_of(AGE, "40-49", **given) == ["40-49", "30-59", None]
    given = {"hierarchies": {"f": {"file": [["web", "screen"], ["ios", "screen"], ["x", "y"]]}}}
    assert steps_of(KEPT, "ios", **given) == ["ios", "screen", None]


@settings(deadline=None)
@given(st.integers(0, 120), st.integers(0, 120))
def test_values_that_have_become_one_stay_one(one: int, other: int) -> None:
    def band(age: int) -> str:
        return "90+" if age >= 90 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"

    pairs = zip(steps_of(AGE, band(one)), steps_of(AGE, band(other)), strict=True)
    equal = [a == b for a, b in pairs]
    assert equal == sorted(equal)


def test_a_value_outside_of_its_hierarchy_is_told() -> None:
    hierarchy = hierarchy_of(KEPT, risk(hierarchies={"f": {"file": [["web", "screen"]]}}))
    assert hierarchy.outside(["web", None, "fax", "post"]) == ["fax", "post"]
    with pytest.raises(OutsideError):
        hierarchy.recoding(["fax"], 1)
    assert hierarchy_of(AGE, risk()).outside(["40-49", "forty", "90+"]) == ["forty"]
    assert hierarchy_of(SHIFTED, risk()).outside(["5 May 2022"]) == ["5 May 2022"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("web,screen\nios\n", "a gap: row 2 has 1 cells, row 1 has 2"),
        ("web,screen,all\nios,,all\n", "a gap: row 2, column 2 is empty"),
        ("web\n", "row 1 has one cell"),
        ("web,screen\nweb,screen\n", "rows 1 and 2 are of the same value"),
        ("a,x,1\nb,x,2\n", "rows 1 and 2 agree in column 2 and differ in column 3"),
        ("\n\n", "holds nothing"),
    ],
)
def test_a_bad_file_is_refused_by_row_and_column(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "h.csv").write_text(text)
    with pytest.raises(ValidationError, match=what):
        HierarchySettings.model_validate({"file": "h.csv"}, context={FOLDER: tmp_path})


def test_a_file_is_read_as_arx_writes_it(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("web;screen\n ios ; screen\n", encoding="utf-8-sig")
    found = HierarchySettings.model_validate({"file": "h.csv"}, context={FOLDER: tmp_path})
    assert found.file == (("web", "screen"), ("ios", "screen"))
    with pytest.raises(ValidationError, match="cannot be read"):
        HierarchySettings.model_validate({"file": "none.csv"}, context={FOLDER: tmp_path})
    # What was read travels as it is: other processes need no file.
    assert HierarchySettings.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"bands": [20, 30]}, "a band of 30 is not made of bands of 20: a gap"),
        ({"prefixes": [1, 2]}, "shorter from left to right"),
        ({"periods": ["year", "month"]}, "periods are"),
        ({"bands": [20], "prefixes": [1]}, "exactly one"),
        ({}, "exactly one"),
    ],
)
def test_steps_that_do_not_follow_are_refused(given: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        HierarchySettings.model_validate(given)


@pytest.mark.parametrize(
    ("given", "at", "what"),
    [
        ({"quasi": ["sexx"]}, ("quasi", 0), "is no field"),
        ({"quasi": ["note"]}, ("quasi", 0), "has role 'text'"),
        ({"sensitive": ["age"]}, ("sensitive", 0), "has role quasi"),
        ({"hierarchies": {"sex": {"file": [["m", "x"]]}}}, ("hierarchies", "sex"), "is no quasi"),
        ({"hierarchies": {"age": {"bands": [15]}}}, ("hierarchies", "age"), "a gap"),
        ({"hierarchies": {"area": {"bands": [15]}}}, ("hierarchies", "area"), "own 'generalise"),
        ({"hierarchies": {"area": {"prefixes": [2]}}}, ("hierarchies", "area"), "not shorter"),
        ({"hierarchies": {"area": {"periods": ["year"]}}}, ("hierarchies", "area"), "for dates"),
        (
            {"quasi": ["visits"], "hierarchies": {"visits": {"file": [["1", "few"]]}}},
            ("hierarchies", "visits"),
            "published as a number",
        ),
        (
            {"population": {"table": [["age", "count"], ["0-9", "5"]]}},
            ("population", "table"),
            "no column for quasi-identifier 'area'",
        ),
    ],
)
def test_what_does_not_fit_the_fields_is_told_with_its_place(
    given: dict[str, Any], at: tuple[str | int, ...], what: str
) -> None:
    (found,) = contradictions(risk(**given), FIELDS)
    assert found[0] == at and what in found[1]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"l": 2}, "need 'sensitive'"),
        ({"quasi": ["sex"], "sensitive": ["sex"]}, "can be one"),
        ({"suppression": 0.1}, "for 'action: generalise'"),
        ({"population": {"table": [["age"], ["0-9"]]}}, "one of them 'count'"),
        ({"population": {"table": [["age", "count"], ["0-9", "many"]]}}, "row 2: 'count'"),
        ({"population": {"table": [["age", "count"], ["0-9"]]}}, "row 2 has 1 cells"),
        ({"k": 0}, "greater than 0"),
        ({"action": "hope"}, "action"),
    ],
)
def test_what_contradicts_itself_is_refused(given: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        risk(**given)
