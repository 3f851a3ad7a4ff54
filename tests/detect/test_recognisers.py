"""All recognisers together: which there are, that they are quick, silent and offline."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex
from presidio_analyzer import PatternRecognizer

from transforms.detect.recognisers import build, predefined

COUNTRIES = ("GB", "US", "DE", "ES")
DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_recogniser_speaks_the_texts_language(language: str) -> None:
    for recogniser in (*build(language, COUNTRIES), *predefined(language, COUNTRIES)):
        assert recogniser.supported_language == language


def test_the_countries_decide_which_recognisers_there_are() -> None:
    def entities(*countries: str) -> set[str]:
        return {e for r in build("en", countries) for e in r.supported_entities}

    everywhere = entities()
    assert {"PERSON", "DATE_OF_BIRTH", "AGE", "AGE_OVER_89", "EMAIL_ADDRESS"} <= everywhere
    assert entities("GB") - everywhere == {"UK_NHS", "UK_POSTCODE"}
    assert entities("DE") - everywhere == {"DE_KVNR", "DE_POSTCODE"}
    assert entities("US") - everywhere == {"US_ZIP_CODE"}
    assert entities("ES") - everywhere == {"ES_POSTCODE"}


def test_a_recogniser_that_two_countries_share_is_there_once() -> None:
    names = Counter(r.name for r in build("en", ("GB", "US")))
    assert names["StreetAddress"] == 1


def test_noisy_recognisers_of_presidio_are_left_out() -> None:
    entities = {e for r in predefined("en", COUNTRIES) for e in r.supported_entities}
    assert {"CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN"} <= entities
    assert not entities & {"US_BANK_NUMBER", "US_DRIVER_LICENSE"}


def test_phone_numbers_are_parsed_for_the_countries_alone() -> None:
    (phone,) = [r for r in predefined("en", ("GB",)) if r.supported_entities == ["PHONE_NUMBER"]]
    assert phone.supported_regions == ("GB",)


def test_no_recogniser_asks_the_network() -> None:
    # In a process of its own, so that nothing is cached; any socket is an error.
    program = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("a recogniser opened a socket")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from transforms.detect.recognisers import build, predefined
text = "Write to jane.roe@example.co.uk or see https://example.org/a, call 020 7946 0123."
found = set()
for recogniser in (*build("en", ("GB",)), *predefined("en", ("GB",))):
    for result in recogniser.analyze(text, recogniser.supported_entities, None):
        found.add((result.entity_type, text[result.start:result.end]))
assert ("EMAIL_ADDRESS", "jane.roe@example.co.uk") in found, found
assert ("PHONE_NUMBER", "020 7946 0123") in found, found
"""
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see www.example.co.uk/leaflet for more", "www.example.co.uk/leaflet"),
        ("it was OK.And then", None),
        ("um...no, not really", None),
        ("checked temp.No obvious rash", None),
    ],
)
def test_the_end_of_a_sentence_is_no_url(text: str, url: str | None) -> None:
    (recogniser,) = [r for r in predefined("en", ("GB",)) if r.supported_entities == ["URL"]]
    found = [text[r.start : r.end] for r in recogniser.analyze(text, ["URL"])]
    assert found == ([url] if url else [])


def test_the_word_us_makes_no_passport_number() -> None:
    for recogniser in predefined("en", ("US",)):
        if recogniser.supported_entities == ["US_PASSPORT"]:
            assert "us" not in recogniser.context


def test_fractions_are_no_dates() -> None:
    text = "Pain 7/10, BP 120/80, for 3/12, taken 5/325 mg, 10/20 correct."
    for recogniser in predefined("en", COUNTRIES):
        if "DATE_TIME" in recogniser.supported_entities:
            assert not recogniser.analyze(text, ["DATE_TIME"])


UNITS = (
    "a ", "1 ", "1", "A", "@", "a.", "1-", "1/", "\n", " ", "Dr ", "Dr. ", "Hi ", "A. ", "van ",
    "my name is ", "my daughter ", "Patient: Jane ", "Name: a ", "one ", "double ", "one, um, ",
    "a at ", "a dot ", "a at b ", "12 Oak ", "Calle de la ", "MRN is ", "nhs number ", "born on ",
    "1 May ", "twenty one ", "first ", "12345 ", "A1", "policy number ", "Smith-", "Abcdefgh",
)  # fmt: skip


@pytest.mark.parametrize("recogniser", build("en", COUNTRIES), ids=lambda r: r.name)
def test_no_text_takes_long(recogniser: PatternRecognizer) -> None:
    # They take 0.01 to 0.2 s; backtracking that explodes would take minutes.
    for unit in UNITS:
        text = (unit * 40_000)[:40_000]
        start = time.perf_counter()
        recogniser.analyze(text, [])
        assert time.perf_counter() - start < 2, unit


def test_results_need_a_match_of_a_pattern() -> None:
    # What lets the engine skip recognisers none of whose patterns match.
    for recogniser in build("en", COUNTRIES):
        assert recogniser.patterns
        for pattern in recogniser.patterns:
            assert regex.compile(pattern.regex, recogniser.global_regex_flags)
            assert not pattern.compiled_regex.search("")


def _consultations() -> Iterator[str]:
    for path in sorted((DATA / "primock57/transcripts").glob("*.TextGrid")):
        said = re.findall(r'text = "(.*)"', path.read_text(encoding="utf-8"))
        yield "\n".join(filter(None, said))
    for path in sorted((DATA / "primock57/notes").glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))["note"]
    for path in sorted((DATA / "mts-dialog").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["section_text"]
                yield row["dialogue"]


@pytest.mark.skipif(not DATA.exists(), reason="the shared sample data is absent")
def test_real_consultations_raise_hardly_a_false_alarm() -> None:
    # These 70,000 words hold names, dates and ages, and next to nothing of the rest.
    found: Counter[str] = Counter()
    people: set[str] = set()
    recognisers = build("en", COUNTRIES)
    for text in list(_consultations())[::4]:
        for recogniser in recognisers:
            for result in recogniser.analyze(text, []):
                found[result.entity_type] += 1
                if result.entity_type == "PERSON":
                    people.update(text[result.start : result.end].casefold().split())
    rare = sum(
        count
        for entity, count in found.items()
        if entity not in {"PERSON", "DATE_TIME", "DATE_OF_BIRTH", "AGE", "AGE_OVER_89"}
    )
    assert rare <= 3
    assert found["PERSON"] > 40
    clinical = {"paracetamol", "doctor", "patient", "sorry", "fine", "there", "asthma", "blood"}
    assert not people & clinical
