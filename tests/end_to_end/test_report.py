"""The report of a run: true, without a raw value, and readable by everybody, in a real browser."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import orjson
import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, accessibility_problems, picture
from transforms.publish.report import page as report_page
from transforms.publish.report.facts import FACTS, HTML, Report

from .support import ROOT, Done, holding, manifest_of, veilbeam

SAMPLE = ROOT / "samples" / "consultations.jsonl"
PLANTED = "Zyxquorra Vantablick"
HOSTILE = "<script>document.title = 'run'</script>"
MODEL = "  model: {kind: builtin}\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The sample's release by the preset; a person is planted in it, and a hostile title."""
    folder = tmp_path_factory.mktemp("report")
    planted = orjson.loads(SAMPLE.read_bytes().splitlines()[0])
    planted["consultation_id"] = "VC-PLANTED-1"
    planted["patient"] |= {"id": "PT-PLANTED-1", "name": PLANTED}
    planted["note"] = f"{PLANTED} coughs. Call her on 07700 900 461."
    (folder / "planted.jsonl").write_bytes(
        SAMPLE.read_bytes() + orjson.dumps(planted) + b"\nno JSON at all\n"
    )
    config = (ROOT / "configs" / "telehealth.yaml").read_text(encoding="utf-8")
    if not os.environ.get("VEILBEAM_IMAGES"):
        # The model finds more, and takes longer; pictures for the docs are made with it.
        assert MODEL in config
        config = config.replace(MODEL, "")
        config = config.replace("title: Telehealth consultations", f'title: "{HOSTILE}"')
        assert HOSTILE in config
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    done = veilbeam(
        "run", "-c", folder / "config.yaml", "-i", folder / "planted.jsonl",
        "--release", folder / "release", "--restricted", folder / "restricted",
    )  # fmt: skip
    assert done.code == 0, done
    return folder / "release", done


@pytest.fixture(scope="module")
def release(run: tuple[Path, Done]) -> Path:
    return run[0]


@pytest.fixture(scope="module")
def facts(release: Path) -> Report:
    return Report.model_validate_json((release / FACTS).read_bytes())


def test_the_summary_says_where_to_look(run: tuple[Path, Done]) -> None:
    release, done = run
    assert re.search(rf"start with +{re.escape(str(release))}/report\.html", done.out)


def test_both_files_are_listed_and_inspect_shows_them(release: Path) -> None:
    assert {FACTS, HTML} <= {file["path"] for file in manifest_of(release)["files"]}
    done = veilbeam("inspect", release)
    assert done.code == 0, done
    assert HTML in done.out
    assert FACTS in done.out


def test_the_facts_are_valid_and_the_page_is_made_of_them(release: Path, facts: Report) -> None:
    schema = json.loads(Path(report_page.__file__).with_name("report.schema.json").read_bytes())
    jsonschema.validate(json.loads((release / FACTS).read_bytes()), schema)
    assert (release / HTML).read_text(encoding="utf-8") == report_page.render(facts)


def test_the_example_in_the_docs_runs(
    release: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    (code,) = re.findall("```python\n(.*?)```", text, re.DOTALL)
    assert "out/release" in code
    exec(code.replace("out/release", str(release)), {})
    assert "'published': 301" in capsys.readouterr().out


def test_the_facts_are_those_of_the_run(release: Path, facts: Report) -> None:
    manifest = manifest_of(release)
    assert (facts.counts.read, facts.counts.published, facts.counts.quarantined) == (302, 301, 1)
    assert facts.quarantine == manifest["quarantine"]
    by_entity = {}
    for one in facts.found:
        by_entity[one.entity] = by_entity.get(one.entity, 0) + one.total
    assert by_entity == manifest["detections"]
    assert 0 < sum(facts.places.values()) <= sum(by_entity.values())
    assert facts.leak_check is not None
    assert facts.leak_check.held_back == 0
    assert facts.budget is not None
    assert facts.budget.points[-1].epsilon_spent == pytest.approx(
        sum(table.epsilon for table in facts.aggregates)
    )
    assert facts.contents is not None
    for length in facts.contents.lengths:
        assert sum(band.records for band in length.bands) == 301
    (channel,) = [one for one in facts.contents.balance if one.column == "channel"]
    assert sum(sum(one.records.values()) for one in channel.classes) == 301
    replaced = [change.replaced for change in facts.changes if change.replaced]
    assert sum(replaced) > 1_000


def test_no_raw_value_is_in_the_report(release: Path) -> None:
    found = {name: (release / name).read_bytes() for name in (FACTS, HTML)}
    raw = {PLANTED, *PLANTED.split(), "07700 900 461", "PT-PLANTED-1", "VC-PLANTED-1"}
    for line in SAMPLE.read_bytes().splitlines():
        record = orjson.loads(line)
        raw |= {record["consultation_id"], record["internal_reference"], record["started_at"]}
        raw |= {record["clinician"]["licence"]}
        patient = record["patient"]
        # A town may be the made-up person's, too.
        raw |= {str(v) for k, v in patient.items() if k not in ("age", "sex", "city")}
    # Five digits, as a German postcode has, may stand in the outline of a picture.
    raw = {value for value in raw if len(value) > 6}
    assert len(raw) > 1_000
    assert {value: holding(value, found) for value in raw if holding(value, found)} == {}


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, release: Path) -> Iterator[Page]:
    """The report in a browser, in the light and in the dark."""
    opened = browser.new_page(viewport=DESKTOP, color_scheme=request.param)
    opened.goto((release / HTML).as_uri())
    yield opened
    opened.close()


def test_nobody_is_kept_from_reading_it(page: Page) -> None:
    assert accessibility_problems(page) == []


def test_axe_would_see_a_letter_that_fades(page: Page) -> None:
    page.add_style_tag(content=".soft { color: color-mix(in srgb, var(--ink) 30%, var(--paper)); }")
    assert any(problem.startswith("color-contrast") for problem in accessibility_problems(page))


def test_nothing_in_it_runs_and_nothing_is_fetched(browser: Browser, release: Path) -> None:
    with browser.new_context() as context:
        asked: list[str] = []
        opened = context.new_page()
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto((release / HTML).as_uri())
        assert asked == [(release / HTML).as_uri()]
        assert opened.title().startswith("Privacy report: ")


def test_it_is_read_without_javascript_and_on_a_telephone(browser: Browser, release: Path) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        opened = context.new_page()
        opened.goto((release / HTML).as_uri())
        assert "301" in opened.inner_text("main")
        assert opened.get_by_role("img", name="What was found in free text").count() == 1
        for heading in ("For patients and clinicians", "For the privacy officer"):
            assert opened.get_by_role("heading", name=heading).is_visible()
        # Tables that are too wide scroll by themselves; the page does not.
        assert opened.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_it_is_printed_dark_on_white(browser: Browser, release: Path) -> None:
    with browser.new_context(color_scheme="dark", viewport=DESKTOP) as context:
        opened = context.new_page()
        opened.goto((release / HTML).as_uri())
        opened.emulate_media(media="print")
        colours = opened.evaluate(
            "['color', 'backgroundColor'].map(of => getComputedStyle(document.body)[of])"
        )
        assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert not opened.get_by_role("navigation").is_visible()
        assert opened.pdf(format="A4").startswith(b"%PDF")


def test_pictures_for_the_docs(browser: Browser, release: Path) -> None:
    if not os.environ.get("VEILBEAM_IMAGES"):
        pytest.skip("VEILBEAM_IMAGES is not set")
    for scheme, device, size in (
        ("light", "desktop", DESKTOP | {"height": 1500}),
        ("dark", "desktop", DESKTOP | {"height": 1500}),
        ("light", "phone", PHONE),
    ):  # fmt: skip
        with browser.new_context(color_scheme=scheme, viewport=size) as context:
            opened = context.new_page()
            opened.goto((release / HTML).as_uri())
            picture(opened, f"report-{device}-{scheme}")
            if device == "desktop":
                opened.evaluate("document.querySelector('#risk-part').scrollIntoView()")
                picture(opened, f"report-officer-{scheme}")
