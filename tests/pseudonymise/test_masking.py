"""Masked values show what is kept and nothing else."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from transforms.fields import Mask
from transforms.pseudonymise.masking import masked


@pytest.mark.parametrize(
    ("value", "how", "new"),
    [
        ("07911 123456", {}, "***** ******"),
        ("+44 7911 123456", {"keep_last": 3}, "+** **** ***456"),
        ("AB123456C", {"keep_first": 2, "keep_last": 1}, "AB******C"),
        ("AB12", {"keep_first": 2, "keep_last": 1}, "****"),
        ("1234", {"keep_last": 4}, "****"),
        ("", {"keep_last": 4}, ""),
        ("07911 123456", {"keep_last": 3, "width": 4}, "****456"),
        ("Jo", {"width": 6}, "******"),
        ("Jane", {"character": "·"}, "····"),
        ("محمد علي", {}, "**** ***"),
        ("王小明", {"keep_first": 1}, "王**"),
        ("e\u0301lodie", {"keep_first": 1}, "e\u0301*****"),
        ("राम", {}, "**"),
        ("José 👩‍⚕️ 🎉", {}, "**** * *"),
    ],
)
def test_what_is_kept_and_what_is_masked(value: str, how: dict[str, object], new: str) -> None:
    assert masked(value, Mask.model_validate(how)) == new


@given(st.text(max_size=40), st.integers(0, 5), st.integers(0, 5))
def test_never_more_than_half_of_the_letters_and_digits_are_left(
    value: str, first: int, last: int
) -> None:
    def count(text: str) -> int:
        return sum(any(map(str.isalnum, c)) for c in regex.findall(r"\X", text))

    new = masked(value, Mask(keep_first=first, keep_last=last))
    assert 2 * count(new) <= count(value)


@pytest.mark.parametrize(
    "how", [{"character": "x"}, {"character": ""}, {"character": "**"}, {"character": " "},
            {"keep_last": -1}, {"width": 0}],
)  # fmt: skip
def test_a_mask_that_could_be_taken_for_a_value_is_refused(how: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Mask.model_validate(how)
