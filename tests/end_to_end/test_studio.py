"""The officer's page: the command itself, and a real browser."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from configs import PRESETS
from pipelines.sample import write
from tests.browser import DESKTOP, PHONE, accessibility_problems, picture
from tests.end_to_end.support import end, group, kill_group, manifest_of, start, veilbeam
from tests.pipelines.sockets import beyond_loopback, listening, tree

CONFIG = """\
# What this file is for: nobody's business but ours.
version: 1 # The format.
source: {record_id: consultation_id}
fields:
  consultation_id: {role: identifier, entity: ID, treatment: token}
  patient_id: {path: patient.id, role: subject} # Whom it protects.
  patient_name:
    path: patient.name
    role: identifier
    entity: PERSON # In texts, too.
  email:
    path: patient.email
    role: identifier # Looked for.
    entity: EMAIL_ADDRESS
    treatment: drop # Not published.
  channel: {role: attribute}
  duration_minutes: {role: attribute, type: integer}
  note: {role: text}
detect: {countries: [GB, US]}
aggregate:
  data_set: studio
  budget:
    epsilon: 2.0 # For ever.
  releases:
    - name: by_channel
      group_by: [channel]
      keys: [video, phone, chat]
      measures:
        - {kind: count}
        - {kind: mean, field: duration_minutes, lower: 0, upper: 60}
      # Half of it means twice the noise.
      epsilon: 1.0 # Ours.
quarantine: {threshold: 1.0}
"""


class Studio(NamedTuple):
    """A page that is served."""

    process: subprocess.Popen[str]
    address: str
    config: Path

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].partition("/")[0])

    @property
    def token(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]


def served(config: Path, *options: str | Path) -> Studio:
    process = start("studio", "--config", config, "--no-browser", *options)
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http://127.0.0.1:" not in line:
        raise AssertionError(end(process))
    return Studio(process, line.split("open ")[1].strip(), config)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    config = folder / "my.yaml"
    config.write_text(CONFIG, "utf-8")
    (folder / "restricted").mkdir(mode=0o700)
    page = served(config, "--restricted", folder / "restricted")
    try:
        yield page
    finally:
        kill_group(page.process)


@pytest.fixture
def page(studio: Studio, browser: Browser) -> Iterator[Page]:
    """The page of the untouched file, with nothing asked of any other server."""
    studio.config.write_text(CONFIG, "utf-8")
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    context.set_default_timeout(240_000)
    expect.set_options(timeout=240_000)
    opened = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    opened.goto(studio.address)
    ready(opened)
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((studio.address, "data:"))] == []
    assert [fault for fault in faults if "409" not in fault] == []


def ready(page: Page) -> None:
    expect(page.locator("#preview")).to_have_attribute("aria-busy", "false")
    expect(page.locator("[data-error=count]")).to_be_visible()


def tab_to(page: Page, id_: str, key: str = "Tab") -> None:
    """Go to a control as one does without a mouse."""
    for _ in range(120):
        if page.evaluate("document.activeElement?.id") == id_:
            return
        page.keyboard.press(key)
    raise AssertionError(f"no way to {id_} by {key}")


def written(page: Page, id_: str, value: str) -> None:
    tab_to(page, id_)
    page.keyboard.press("Control+A")
    page.keyboard.type(value)


def saved(page: Page) -> None:
    """Review and save, by keyboard alone."""
    expect(page.locator("#open-review")).to_be_enabled()
    tab_to(page, "open-review", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#review")).to_be_visible()
    expect(page.locator("#save")).to_be_enabled()
    tab_to(page, "save")
    page.keyboard.press("Enter")


def ask(
    studio: Studio, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    """A request that no browser would send: (status, text, headers)."""
    connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=60)
    given = {"Host": f"127.0.0.1:{studio.port}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection.putrequest(method, path, skip_host=True)
    for name, value in given.items():
        connection.putheader(name, value)
    content = (body or "").encode()
    if body is not None:
        connection.putheader("Content-Length", str(len(content)))
    connection.endheaders(content or None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, {k.lower(): v for k, v in answer.getheaders()}


def test_only_the_page_itself_is_answered_and_only_on_this_machine(studio: Studio) -> None:
    root = f"/{studio.token}/"
    own, evil = f"http://127.0.0.1:{studio.port}", "http://evil.example"
    status, text, headers = ask(studio, root)
    assert (status, "Veilbeam studio" in text) == (200, True)
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert ask(studio, "/")[0] == 403
    assert ask(studio, f"/{studio.token[:-1]}{'B' if studio.token[-1] == 'A' else 'A'}/")[0] == 403
    assert ask(studio, root, Host="evil.example")[0] == 403
    assert ask(studio, root, Host=f"localhost:{studio.port}")[0] == 403
    assert ask(studio, root, Origin=evil)[0] == 403
    sent: dict[str, Any] = {"method": "POST", "body": "{}", "Content_Type": "application/json"}
    for refused in (
        ask(studio, f"{root}look", **sent),
        ask(studio, f"{root}look", **sent, Origin=evil),
        ask(studio, f"{root}save", **sent, Origin=own, Host="evil.example"),
        ask(studio, f"{root}save", **sent | {"Content_Type": "text/plain"}, Origin=own),
        ask(studio, "/x/save", **sent, Origin=own),
    ):
        assert refused[0] == 403
        assert "content-security-policy" in refused[2]
    large = sent | {"body": "x" * (1 << 20) + "x"}
    assert ask(studio, f"{root}look", **large, Origin=own)[0] == 413
    assert ask(studio, f"{root}look", **sent, Origin=own)[0] == 400
    assert ask(studio, f"{root}../settings.py")[0] == 404
    found = listening(tree(studio.process.pid))
    assert {port for _, port in found} == {studio.port}
    assert beyond_loopback(found) == set()


def test_what_the_page_does_not_offer_cannot_be_changed(studio: Studio) -> None:
    digest = ask(studio, f"/{studio.token}/")[1].partition('data-digest="')[2][:64]
    own = f"http://127.0.0.1:{studio.port}"
    for at in (["aggregate", "ledger"], ["fields", "note", "path"], ["version"], ["x"]):
        body = json.dumps({"digest": digest, "changes": [{"at": at, "value": "x"}]})
        status, text, _ = ask(
            studio, f"/{studio.token}/look", "POST", body,
            Origin=own, Content_Type="application/json",
        )  # fmt: skip
        assert (status, "cannot be changed" in text) == (422, True)


def test_a_budget_is_changed_by_keyboard_alone_and_the_job_runs_with_it(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    error = page.locator("[data-error=count]")
    before = error.inner_text()
    epsilon = "aggregate-releases-0-epsilon"
    # The slider first, then the number beside it.
    tab_to(page, f"{epsilon}-slider")
    page.keyboard.press("ArrowLeft")
    expect(error).not_to_have_text(before)
    assert page.input_value(f"#{epsilon}") == "0.89"
    written(page, epsilon, "0.5")
    expect(page.locator("#status")).to_contain_text("1 change, 0 problems")
    assert page.locator(f"#{epsilon}-slider").get_attribute("aria-valuetext") == "0.5"
    expect(page.locator("#budget-left-epsilon")).to_have_text("1.5")
    told = error.inner_text()
    assert page.locator("#diff del").all_inner_texts() == ["−       epsilon: 1.0 # Ours."]
    assert page.locator("#diff ins").all_inner_texts() == ["+       epsilon: 0.5 # Ours."]
    saved(page)
    expect(page.locator("#status")).to_have_text(f"Saved {studio.config}.")

    assert studio.config.read_text("utf-8") == CONFIG.replace(
        "epsilon: 1.0 # Ours.", "epsilon: 0.5 # Ours."
    )
    figures = tmp_path / "plan.json"
    planned = veilbeam(
        *("plan", "--config", studio.config, "--rows", "200", "--subjects", "90"),
        *("--json", figures),
    )
    assert planned.code == 0, planned.err
    [release] = json.loads(figures.read_text("utf-8"))["releases"]
    assert told == f"± {release['errors'][0]['median_group']['absolute']:,.3g}"

    sample, restricted = tmp_path / "sample.jsonl", studio.config.parent / "restricted"
    write(sample, 40, seed=5)
    ran = veilbeam(
        *("run", "--config", studio.config, "--input", sample),
        *("--release", tmp_path / "release", "--restricted", restricted),
    )
    assert ran.code == 0, ran.err
    [table] = manifest_of(tmp_path / "release")["aggregates"]
    assert (table["name"], table["epsilon"]) == ("by_channel", 0.5)
    assert "email" not in pq.read_table(tmp_path / "release" / "records").column_names

    page.reload()
    ready(page)
    assert page.inner_text("#budget-spent-epsilon") == "0.5"
    assert "spend nothing if repeated: by_channel" in page.inner_text("#account")
    written(page, epsilon, "0.7")
    release_card = page.locator("#aggregate-releases-0 > .messages")
    expect(release_card).to_contain_text("stands in the ledger already")


def test_an_identifier_that_is_kept_is_warned_of_shown_and_would_be_held_back(page: Page) -> None:
    tab_to(page, "field-email-role")
    page.keyboard.type("att")
    warning = page.locator("#field-email .messages")
    expect(warning).to_contain_text("an identifier is kept")
    expect(page.locator("#status")).to_contain_text("3 changes, 0 problems")
    assert page.input_value("#field-email-treatment") == ""
    expect(page.locator("#texts")).to_contain_text("Would go to quarantine: field 'email'")
    # And what it says now: comments of lines that go away become lines of their own.
    assert [line.strip("− +") for line in page.locator("#diff ins").all_inner_texts()] == [
        "role: attribute # Looked for.",
        "# Not published.",
    ]


def test_a_treatment_shows_at_once_in_the_preview(page: Page) -> None:
    expect(page.locator("#texts mark.put").first).to_be_visible()
    name = page.locator("#field-patient_name .example")
    assert " → " in name.inner_text()
    tab_to(page, "field-patient_name-treatment")
    page.keyboard.type("red")
    expect(name).to_contain_text("<PERSON>")
    tab_to(page, "next")
    page.keyboard.press("Enter")
    expect(page.locator("#record")).to_have_text("Record 2 of 5")


def test_what_breaks_a_rule_is_a_problem_at_its_place_and_cannot_be_saved(page: Page) -> None:
    written(page, "aggregate-releases-0-epsilon", "50")
    problems = page.locator("#problems")
    expect(problems).to_contain_text("above max_epsilon")
    tab_to(page, "open-review", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#review-what")).to_contain_text("cannot be saved: 1 problem is left")
    assert page.locator("#save").is_disabled()
    page.keyboard.press("Escape")
    expect(page.locator("#review")).to_be_hidden()
    written(page, "aggregate-releases-0-measures-1-lower", "90")
    expect(page.locator("#aggregate-releases-0-measures-1-lower")).to_have_attribute(
        "aria-invalid", "true"
    )


def test_a_change_on_disk_meanwhile_is_not_overwritten(studio: Studio, page: Page) -> None:
    written(page, "aggregate-releases-0-epsilon", "0.25")
    expect(page.locator("#open-review")).to_be_enabled()
    expect(page.locator("#diff ins")).to_have_count(1)
    theirs = CONFIG.replace("# Ours.", "# Theirs.")
    studio.config.write_text(theirs, "utf-8")
    saved(page)
    expect(page.locator("#review-problem")).to_contain_text("changed on disk")
    assert studio.config.read_text("utf-8") == theirs
    tab_to(page, "reload")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Nothing changed.")
    assert page.input_value("#aggregate-releases-0-epsilon") == "1"


def test_axe_finds_nothing_light_or_dark_wide_or_narrow_with_the_review_open(page: Page) -> None:
    written(page, "aggregate-releases-0-epsilon", "50")
    expect(page.locator("#problems li")).to_have_count(1)
    assert accessibility_problems(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert accessibility_problems(page) == []
    page.locator("#open-review").click()
    expect(page.locator("#review")).to_be_visible()
    assert accessibility_problems(page) == []


def test_ctrl_c_ends_it_and_leaves_no_process(studio: Studio) -> None:
    studio.process.send_signal(signal.SIGINT)
    out, err = studio.process.communicate(timeout=60)
    assert studio.process.returncode == 0
    assert "Traceback" not in out + err
    assert studio.token not in err
    assert group(studio.process) == set()


@pytest.mark.skipif("not __import__('os').environ.get('VEILBEAM_IMAGES')", reason="on request")
def test_pictures_of_the_page(tmp_path: Path, browser: Browser) -> None:
    config = tmp_path / "my_clinic.yaml"
    shutil.copy(PRESETS["telehealth"], config)
    studio = served(config)
    try:
        for name, size, scheme in (
            ("studio", DESKTOP, "light"),
            ("studio-dark", DESKTOP, "dark"),
            ("studio-phone", PHONE, "light"),
            ("studio-phone-dark", PHONE, "dark"),
        ):
            context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            context.set_default_timeout(240_000)
            expect.set_options(timeout=240_000)
            page = context.new_page()
            page.goto(studio.address)
            expect(page.locator("#preview")).to_have_attribute("aria-busy", "false")
            # The path of a test's folder is nobody's business.
            page.locator(".file").evaluate("(it) => { it.textContent = 'my_clinic.yaml' }")
            page.select_option("#field-phone-role", "attribute")
            page.fill("#aggregate-releases-0-epsilon", "0.5")
            expect(page.locator("#status")).to_contain_text("4 changes")
            expect(page.locator("#field-phone .example")).not_to_contain_text("not published")
            page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
            picture(page, name)
            page.locator("#tables h2").evaluate("(it) => it.scrollIntoView({behavior: 'instant'})")
            if name in ("studio", "studio-phone-dark"):
                picture(page, name.replace("studio", "studio-tables"))
            if name == "studio":
                page.locator("#open-review").click()
                expect(page.locator("#review")).to_be_visible()
                picture(page, "studio-review")
            context.close()
    finally:
        kill_group(studio.process)
