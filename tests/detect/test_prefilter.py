"""No pattern may match where the prefilter says that it cannot."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import re2
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from presidio_analyzer import PatternRecognizer

import transforms.detect.prefilter as module
from transforms.detect.engine import all_recognisers
from transforms.detect.prefilter import Prefilter, SparseRegex
from transforms.detect.settings import Country, DetectSettings

FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL
FLAGS_OF_RE = re.IGNORECASE | re.MULTILINE | re.DOTALL
DATA = Path(__file__).parents[3] / "shared" / "data"


def all_patterns() -> list[str]:
    recognisers = all_recognisers(DetectSettings(countries=tuple(Country)))
    patterns = [
        p.regex for r in recognisers if isinstance(r, PatternRecognizer) for p in r.patterns
    ]
    assert len(patterns) > 60
    return patterns


PATTERNS = all_patterns()
COMPILED = [regex.compile(p, FLAGS) for p in PATTERNS]
PREFILTER = Prefilter(PATTERNS)
SPARSE = [SparseRegex(compiled, PREFILTER, n) for n, compiled in enumerate(COMPILED)]


def assert_no_match_is_lost(text: str) -> None:
    possible = PREFILTER.possible(text)
    for number, pattern in enumerate(COMPILED):
        if number not in possible:
            assert not pattern.search(text), PATTERNS[number]


def test_nearly_every_pattern_has_a_relaxed_form() -> None:
    without = [p for p, relaxed in zip(PATTERNS, PREFILTER.relaxed, strict=True) if not relaxed]
    assert len(without) <= len(PATTERNS) // 20


@pytest.mark.parametrize("number", range(len(PATTERNS)))
def test_texts_that_match_a_pattern_pass(number: int) -> None:
    """Texts made from the pattern itself, as far as hypothesis can make them."""
    try:
        examples = st.from_regex(re.compile(PATTERNS[number], FLAGS_OF_RE))
    except re.error:
        pytest.skip("the pattern has no equivalent in the standard library")

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(examples)
    def check(example: str) -> None:
        assert_no_match_is_lost(example)

    try:
        check()
    except Unsatisfiable:
        pytest.skip("hypothesis makes no text from this pattern")


PIECES = st.sampled_from(
    [
        "dr",
        "Dr.",
        "Frau",
        "Señora",
        "my",
        "name",
        "is",
        "Ñandú",
        "07700",
        "900123",
        "+",
        "(",
        ")",
        "-",
        ".",
        "/",
        "@",
        ":",
        ",",
        "#",
        "943",
        "476",
        "5919",
        "A123456789",
        "jane@example.com",
        "https://x.org/a",
        "12/05/1980",
        "1980-05-12",
        "5th",
        "May",
        "2022",
        "born",
        "DOB",
        "MRN",
        "54-year-old",
        "aged",
        "91",
        "SW1A",
        "1AA",
        "02118",
        "80331",
        "München",
        "Calle",
        "Mayor",
        "12",
        "Hauptstraße",
        "5",
        "12",
        "Oak",
        "St",
        "oh",
        "seven",
        "double",
        "one",
        "dot",
        "at",
        "gmail",
        "ſ",
        "K",
        "İ",
        "ß",
        "é",
        "́",
        "\xa0",
        "’",
        "\x1e",
        "\n",
        "\t",
        "123-45-6789",
        "GMC",
        "7654321",
        "IMEI",
        "NPI",
    ]
)


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_mixed_texts_pass(text: str) -> None:
    assert_no_match_is_lost(text)


@given(st.text(max_size=60))
def test_any_text_passes(text: str) -> None:
    assert_no_match_is_lost(text)


@settings(max_examples=30, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_sparse_search_finds_what_the_pattern_finds(text: str) -> None:
    for number, compiled in enumerate(COMPILED):
        found = [match.span() for match in SPARSE[number].finditer(text)]
        assert found == [m.span() for m in compiled.finditer(text) if m.group()], PATTERNS[number]


def test_real_dialogues_pass() -> None:
    file = DATA / "mts-dialog" / "MTS-Dialog-ValidationSet.csv"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            assert_no_match_is_lost(row["dialogue"] + "\n" + row["section_text"])


@pytest.mark.parametrize("memory", [1 << 18, 1 << 20, 1 << 21, 1 << 22, 1 << 23, 1 << 24])
def test_no_match_is_lost_when_the_set_is_short_of_memory(
    memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SET_MEMORY", memory)
    try:
        starved = Prefilter(PATTERNS)
    except re2.error:
        return  # no detector is made, so that nothing is published
    text = "Dr. Jane Smith, born 12/05/1980, 07700 900123, jane@example.com, 943 476 5919 " * 50
    matching = {n for n, pattern in enumerate(COMPILED) if pattern.search(text)}
    assert matching <= starved.possible(text)
