"""The presets: each loads, says what it does, and publishes no direct identifier as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from configs import PRESETS
from pipelines.sample import consultations
from pipelines.sample_texts import SPECIALTIES
from pipelines.settings import Settings, load
from transforms.detect.engine import all_recognisers
from transforms.fields import FieldSpec, Role, Treatment
from transforms.ingest.check import check_source
from transforms.publish.schema import group_columns, is_published

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
OF_THE_SAMPLE = ("telehealth", "hipaa_safe_harbor", "uk_gdpr")
DIRECT = {
    "consultation_id", "patient.id", "patient.name", "patient.date_of_birth", "patient.nhs_number",
    "patient.phone", "patient.email", "patient.address", "patient.city", "clinician.name",
    "clinician.licence", "internal_reference",
}  # fmt: skip
"""Paths of the sample that may be published by no preset as they are."""


def leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path


def by_path(settings: Settings) -> dict[str, FieldSpec]:
    return {field.path: field for field in settings.specs}


def test_the_presets_are_there() -> None:
    assert {*OF_THE_SAMPLE, "fhir", "primock57", "mts_dialog"} <= set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_loads_by_name_and_by_path(name: str) -> None:
    assert load(name) == load(PRESETS[name])


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_publishes_columns_that_do_not_collide(name: str) -> None:
    assert len(group_columns(load(name).specs)) >= 3


@pytest.mark.parametrize("name", PRESETS)
def test_no_identifier_text_or_date_is_published_as_it_is(name: str) -> None:
    for field in load(name).specs:
        if field.role not in (Role.ATTRIBUTE, Role.DROP):
            assert field.treatment is not Treatment.KEEP
    assert Treatment.KEEP not in load(name).pseudonymise.entities.values()


@pytest.mark.parametrize("name", PRESETS)
def test_ages_in_texts_are_no_finer_than_in_fields(name: str) -> None:
    settings = load(name)
    bands = [f.generalise.band for f in settings.specs if f.generalise and f.generalise.band]
    assert all(settings.pseudonymise.age_band >= band for band in bands)


@pytest.mark.parametrize("name", PRESETS)
def test_shifted_dates_in_texts_do_not_stand_beside_true_ones(name: str) -> None:
    """The true month of a visit beside its shifted day would tell the patient's offset."""
    settings = load(name)
    generalised = [
        f for f in settings.specs if f.role is Role.DATE and f.treatment is Treatment.GENERALISE
    ]
    of_birth = {"birth_year"}
    if {f.name for f in generalised} - of_birth:
        assert settings.pseudonymise.entities["DATE_TIME"] is Treatment.REDACT
    if generalised:
        assert settings.pseudonymise.entities["DATE_OF_BIRTH"] is Treatment.REDACT


@pytest.mark.parametrize("name", PRESETS)
def test_every_setting_is_explained(name: str) -> None:
    """A comment on a field's lines, and on or above each other setting."""
    lines = PRESETS[name].read_text(encoding="utf-8").splitlines()
    start = lines.index("fields:") + 1
    stop = next(i for i in range(start, len(lines)) if re.match(r"[a-z]", lines[i]))
    blocks: dict[str, str] = {}
    for line in lines[start:stop]:
        if head := re.match(r"  ([a-z_.0-9]+):$", line):
            blocks[head[1]] = ""
        elif blocks:
            blocks[list(blocks)[-1]] += line
    assert set(blocks) == set(load(name).fields)
    assert [field for field, block in blocks.items() if "#" not in block] == []
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("name", OF_THE_SAMPLE)
def test_every_field_of_the_sample_has_a_role(name: str) -> None:
    paths = {path for record in consultations(20, 1) for path in leaves(record)}
    listed = set(by_path(load(name)))
    assert paths <= listed
    assert listed - paths == {"codes[0].display"}


@pytest.mark.parametrize("name", OF_THE_SAMPLE)
def test_direct_identifiers_of_the_sample_are_replaced_or_dropped(name: str) -> None:
    fields = by_path(load(name))
    for path in DIRECT:
        assert fields[path].treatment in (Treatment.SURROGATE, Treatment.TOKEN, Treatment.DROP)
        # Looked for in the texts, whatever becomes of the column.
        looked_for = fields[path].role in (Role.IDENTIFIER, Role.SUBJECT)
        assert looked_for or path == "internal_reference"
    kept = {path for path, field in fields.items() if field.treatment is Treatment.KEEP}
    assert kept == {
        "channel", "platform", "specialty", "duration_minutes", "satisfaction", "patient.sex",
        "turns[].speaker", "codes[].code", "codes[].display", "codes[0].display",
    }  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_SAMPLE)
def test_public_keys_are_what_the_sample_can_hold(name: str) -> None:
    aggregate = load(name).aggregate
    for release in aggregate.measured if aggregate else []:
        if "specialty" in release.public_keys:
            assert set(release.public_keys["specialty"]) == set(SPECIALTIES)


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQR")
def test_the_hipaa_preset_names_each_of_the_18_identifiers(letter: str) -> None:
    table = PRESETS["hipaa_safe_harbor"].read_text(encoding="utf-8").split("version:")[0]
    (row,) = re.findall(rf"^# \({letter}\)  \S.*", table, re.MULTILINE)
    assert len(row.split("  ")) >= 4


def test_the_hipaa_preset_maps_to_fields_and_entities_that_exist() -> None:
    settings = load("hipaa_safe_harbor")
    table = PRESETS["hipaa_safe_harbor"].read_text(encoding="utf-8").split("version:")[0]
    rows = [line for line in table.splitlines() if re.match(r"# \([A-R]\)|#  {30}", line)]
    fields = set(re.findall(r"\b[a-z]+_[a-z_]+\b|\bage\b|\bpostcode\b|\bcity\b", "\n".join(rows)))
    assert {f for f in fields if f != "licence_plates"} <= set(settings.fields)
    for path in DIRECT:
        assert by_path(settings)[path].treatment is Treatment.DROP
    entities = set(re.findall(r"\b[A-Z][A-Z_]{2,}\b", "\n".join(rows)))
    recognised = {e for r in all_recognisers(settings.detect) for e in r.supported_entities}
    # Places are found by a model, or because a field holds them.
    assert entities - recognised == {"LOCATION", "UK_NHS", "ZIP"}
    assert set(settings.verify.entities) <= recognised


def test_the_hipaa_preset_leaves_no_date_finer_than_a_year_and_no_age_over_89() -> None:
    settings = load("hipaa_safe_harbor")
    for field in settings.specs:
        if field.role is Role.DATE and is_published(field):
            assert field.generalise is not None and field.generalise.period == "year"
    age = settings.fields["age"].generalise
    assert age is not None and age.top == 90
    redacted = {e for e, t in settings.pseudonymise.entities.items() if t is Treatment.REDACT}
    assert {"DATE_TIME", "DATE_OF_BIRTH"} <= redacted


def test_the_hipaa_preset_warns_of_the_17_small_zip_areas() -> None:
    text = PRESETS["hipaa_safe_harbor"].read_text(encoding="utf-8")
    small = re.search(r"# (036(?: \d{3})+)", text)
    assert small is not None and len(set(small[1].split())) == 17
    assert "20,000" in text


def test_the_telehealth_preset_fits_the_sample() -> None:
    settings = load("telehealth")
    report = check_source(
        [str(ROOT / "samples" / "consultations.jsonl")], settings.source, settings.specs
    )
    assert (report.records, report.unassigned, report.unusable, report.warnings) == (
        300,
        [],
        {},
        [],
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the project")
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("fhir", "fhir-bulk"),
        ("primock57", "primock57"),
        ("mts_dialog", "mts-dialog/MTS-Dialog-ValidationSet.csv"),
    ],
)
def test_a_preset_fits_the_data_for_which_it_was_made(name: str, source: str) -> None:
    settings = load(name)
    report = check_source([str(DATA / source)], settings.source, settings.specs)
    assert report.records > 0 and report.unusable == {}
    published = [field.name for field in settings.specs if is_published(field)]
    assert [name for name in published if not report.found[name]] == []
