"""What the page offers to change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import PRESETS
from pipelines import settings as configuration
from pipelines.studio import form
from transforms.fields import FieldSettings, Role, Treatment


@pytest.mark.parametrize("preset", PRESETS)
def test_every_number_that_is_shown_may_be_changed(preset: str) -> None:
    aggregate = configuration.load(preset).aggregate
    if aggregate is None:
        return
    numbers = form.budget(aggregate)
    for release in form.releases(aggregate):
        numbers += [*release.budget, *release.bounds]
    assert all(form.is_editable(number.at) for number in numbers)
    assert len({number.id for number in numbers}) == len(numbers)


@pytest.mark.parametrize(
    "at",
    [
        ("aggregate", "ledger"),
        ("aggregate", "data_set"),
        ("aggregate", "releases", -1, "epsilon"),
        ("aggregate", "releases", "0", "epsilon"),
        ("fields", "x"),
        ("fields", "x", "path"),
        ("fields", 0, "role"),
        ("source", "format"),
        ("version",),
        (),
    ],
)
def test_nothing_else_may(at: tuple[str | int, ...]) -> None:
    assert not form.is_editable(at)


@pytest.mark.parametrize("role", Role)
def test_the_treatments_that_are_offered_are_those_that_settings_allow(role: Role) -> None:
    given_for = {"entity": "UK_NHS"} if role is Role.IDENTIFIER else {}
    for treatment in Treatment:
        how = {"period": "year"} if role is Role.DATE else {"prefix": 1}
        more = {"generalise": how} if treatment is Treatment.GENERALISE else {}
        try:
            FieldSettings.model_validate(
                {"role": role, "treatment": treatment, **given_for, **more}
            )
            allowed = True
        except ValueError:
            allowed = False
        assert (treatment.value in form.ALLOWED_BY_ROLE[role.value]) is allowed
    assert form.DEFAULT_BY_ROLE[role.value] in form.ALLOWED_BY_ROLE[role.value]


@given(st.floats(1e-6, 100), st.sampled_from(["linear", "log", "log_or_0"]))
def test_a_slider_holds_its_value_whatever_it_is(value: float, scale: str) -> None:
    number = form.Number(("a",), "a", value, 0.01, 10.0, scale)  # type: ignore[arg-type]
    least, most, step, at = number.slider
    assert least <= at <= most
    assert step > 0
    meant = at if scale == "linear" else 10**at
    assert math.isclose(meant, value)
    assert float(number.written) == pytest.approx(value)


def test_no_delta_is_the_left_end() -> None:
    least, _, _, at = form.Number(("a",), "δ", 0.0, 1e-12, 1e-3, "log_or_0").slider
    assert at == least < -12
