"""The attacks catch a release that was broken on purpose, and get no further than chance on one
that was not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.pseudonymise.keys import Purpose, RootKey, derive
from transforms.pseudonymise.tokens import token
from transforms.verify.attack import canaries, dates, dictionary, frequency, known, linkage
from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.linkage import Values
from transforms.verify.attack.result import Result

from .support import PEOPLE, PROJECT, evidence, fields, replaced

SHIFTED = {"role": "date", "type": "datetime"}


def by_name(results: list[Result]) -> dict[str, Result]:
    return {result.attack: result for result in results}


def table_of(found: Evidence, quasi: list[str]) -> dict[str, set[Values]]:
    """What the attacker knows: the published form of everybody's quasi-identifiers."""
    columns = [found.after(name) for name in quasi]
    return {
        token: {tuple(c[row][0] if c[row] else None for c in columns) for row in rows}
        for token, rows in found.released.items()
    }


def all_on(found: Evidence, quasi: list[str]) -> list[Result]:
    return [
        known.attack(found),
        linkage.attack(found, quasi, table_of(found, quasi)),
        *dates.attacks(found),
        frequency.attack(found),
        dictionary.attack(found, PROJECT),
        canaries.attack(found, ["nothing"]),
    ]


def test_on_a_careful_release_all_stay_within_chance() -> None:
    found = evidence()
    results = all_on(found, ["age", "sex"])
    assert [r.attack for r in results if r.above_chance] == []
    assert all(r.targets == PEOPLE for r in results[:2])
    assert {r.attack: r.note for r in results if not r.targets} == {
        "canaries": "none are planted (veilbeam sample --canaries N)",
    }


def test_surrogates_that_are_the_names_themselves_are_found() -> None:
    found = evidence(
        break_it=lambda published, source: replaced(
            published, "name", source.column("name").to_pylist()
        )
    )
    result = known.attack(found)
    assert result.fell == PEOPLE and result.above_chance
    assert result.details["PERSON"] == PEOPLE


@pytest.mark.parametrize("field", ["name", "phone", "town", "visit"])
def test_an_identifier_that_was_left_in_a_few_texts_is_found(field: str) -> None:
    def leak(published: pa.Table, source: pa.Table) -> pa.Table:
        notes = published.column("note").to_pylist()
        for row, value in enumerate(source.column(field).to_pylist()):
            if row % 3 == 0:
                notes[row] = f"Ring, {value.upper()}; then see."
        return replaced(published, "note", notes)

    result = known.attack(evidence(break_it=leak))
    assert result.above_chance and result.fell > PEOPLE / 3


def test_unshifted_dates_are_found() -> None:
    specs = fields(seen_on=SHIFTED)
    found = evidence(
        specs,
        lambda published, source: replaced(
            published, "seen_on", source.column("seen_on").to_pylist()
        ),
    )
    result = by_name(list(dates.attacks(found)))[dates.DAYS]
    assert result.above_chance and result.fell > PEOPLE / 2


def test_shifted_dates_hide_the_days_and_not_what_lies_between() -> None:
    """What exact intervals and times of day cost: stated, not hidden."""
    results = by_name(list(dates.attacks(evidence(fields(seen_on=SHIFTED)))))
    assert not results[dates.DAYS].above_chance
    assert results[dates.INTERVALS].above_chance
    assert results[dates.TIMES].above_chance


def _hashed(make: Callable[[str], str]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def replace(published: pa.Table, source: pa.Table) -> pa.Table:
        ids = source.column("patient").to_pylist()
        return replaced(published, "patient", [make(value) for value in ids])

    return replace


def _raw(name: str, value: str) -> bytes:
    return hashlib.new(name, value.encode()).digest()


def _base_32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().lower()


ZERO = derive(RootKey(bytes(32)), Purpose.TOKENS, PROJECT)
WEAK: dict[str, Callable[[str], str]] = {
    "identity": lambda v: v,
    "backwards": lambda v: f"ID_{v[::-1]}",
    "md5": lambda v: _raw("md5", v).hex(),
    "sha256 cut": lambda v: f"ID_{_raw('sha256', v).hex()[:16]}",
    "sha1 of lower case, base 32": lambda v: f"ID_{_base_32(_raw('sha1', v.lower()))[:20]}",
    "blake2b, base 64": lambda v: base64.b64encode(_raw("blake2b", v)).decode(),
    "base 64 of the value": lambda v: base64.b64encode(v.encode()).decode(),
    "HMAC, empty key": lambda v: hmac.digest(b"", v.encode(), "sha256").hex(),
    "HMAC, the project's name": lambda v: hmac.digest(PROJECT.encode(), v.encode(), "sha256").hex(),
    "Veilbeam's own, key of zeros": lambda v: token(ZERO, "ID", v),
}  # fmt: skip


@pytest.mark.parametrize("scheme", WEAK)
def test_a_token_that_follows_from_the_identifier_is_found(scheme: str) -> None:
    result = dictionary.attack(evidence(break_it=_hashed(WEAK[scheme])), PROJECT)
    assert result.fell == PEOPLE and result.above_chance
    assert all(name.startswith("patient: ") for name in result.details)


def test_a_keyed_token_does_not_follow() -> None:
    strong = _hashed(lambda v: f"ID_{hmac.digest(b'x' * 32, v.encode(), 'sha256').hex()[:20]}")
    assert dictionary.attack(evidence(break_it=strong), PROJECT).fell == 0


def test_fine_quasi_identifiers_single_people_out() -> None:
    fine = {"role": "attribute", "type": "integer"}
    found = evidence(fields(age=fine, town={"role": "attribute"}))
    quasi = ["age", "sex", "town"]
    result = linkage.attack(found, quasi, table_of(found, quasi))
    assert result.above_chance and result.fell > PEOPLE / 4
    # Who is in the table under another's values is claimed wrongly, or not at all.
    tokens, values = zip(*table_of(found, quasi).items(), strict=True)
    wrong = dict(zip(tokens, values[1:] + values[:1], strict=True))
    assert not linkage.attack(found, quasi, wrong).above_chance


def test_names_of_skewed_frequency_can_be_matched() -> None:
    """A stand-in that is the same for all of a name is as frequent as the name."""
    result = frequency.attack(evidence(skewed=True))
    assert result.targets == PEOPLE
    assert result.above_chance
    assert not frequency.attack(evidence()).above_chance


def test_a_canary_that_came_out_is_found_and_one_that_did_not_is_not() -> None:
    def planted(published: pa.Table, source: pa.Table) -> pa.Table:
        return published

    found = evidence(break_it=planted)
    rows = found.before("note")
    rows[0][0] = "Seen: Canaryabcdefghij."
    assert canaries.attack(found, ["all is well"]).model_dump(include={"targets", "fell"}) == {
        "targets": 1, "fell": 0
    }  # fmt: skip
    result = canaries.attack(found, ["x", "file-CANARYABCDEFGHIJ.parquet"])
    assert result.fell == 1 and result.above_chance
    # Of a field that is not read.
    stray = canaries.attack(found, ["canaryzzzzzzzzzz"])
    assert stray.fell == 1 and stray.above_chance


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.floats(0, 1))
def test_chance_is_an_interval_around_what_is_expected(
    tries: int, fell: int, probability: float
) -> None:
    result = Result.of(
        "a", targets=tries, claims=tries, fell=min(fell, tries), tries=tries,
        probability=probability,
    )  # fmt: skip
    assert result.chance_low <= result.chance_high <= tries
    assert result.chance_low - 1 <= result.chance <= result.chance_high + 1
    assert result.above_chance == (result.fell > result.chance_high)


def test_right_guesses_by_chance_are_above_the_interval_once_in_forty_at_most() -> None:
    import numpy as np

    drawn = np.random.default_rng(0).binomial(200, 0.03, 4_000)
    high = Result.of("a", targets=200, claims=200, fell=0, tries=200, probability=0.03).chance_high
    assert (drawn > high).mean() <= 0.025 + 0.01


def test_a_result_holds_no_value() -> None:
    found = evidence(
        break_it=lambda published, source: replaced(
            published, "name", source.column("name").to_pylist()
        )
    )
    text = " ".join(r.model_dump_json() for r in all_on(found, ["age", "sex"])).casefold()
    values: list[Any] = [v for name in ("name", "phone", "patient", "visit") for row in
                         found.before(name) for v in row]  # fmt: skip
    assert not any(value.casefold() in text for value in values)
