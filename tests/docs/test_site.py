"""The documentation as a site: built strictly, without a network; it asks nobody for anything."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer

from pipelines.cli import app
from pipelines.settings import json_schema
from tests.docs.pages import ROOT
from tests.end_to_end.support import environment

OFFLINE = ("unshare", "-rn")
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class Assets(HTMLParser):
    """What a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for of, attribute in LOADED:
            if tag == of and given.get(attribute):
                self.found.add(str(given[attribute]))
        if tag == "link" and given.get("rel") != "canonical" and given.get("href"):
            self.found.add(str(given["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built where no network is."""
    folder = tmp_path_factory.mktemp("site")
    can_unshare = (
        shutil.which("unshare")
        and not subprocess.run([*OFFLINE, "true"], check=False, capture_output=True).returncode
    )
    done = subprocess.run(
        [*(OFFLINE if can_unshare else ()), sys.executable, "-m", "mkdocs", "build", "--strict",
         "--site-dir", str(folder)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        assets = Assets()
        assets.feed(page.read_text(encoding="utf-8"))
        assert assets.found
        assert [url for url in assets.found if re.match(r"(https?:)?//", url)] == [], page
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", text), sheet


def commands(group: object, path: str = "veilbeam") -> set[str]:
    """All commands, as they are typed."""
    inner = getattr(group, "commands", {})
    return {path, *(name for n, c in inner.items() for name in commands(c, f"{path} {n}"))}


def test_each_command_and_option_is_in_the_reference(site: Path) -> None:
    page = (site / "reference" / "command.html").read_text(encoding="utf-8")
    wanted = commands(typer.main.get_command(app)) - {"veilbeam", "veilbeam export", "veilbeam key"}
    assert {"veilbeam run", "veilbeam export chat", "veilbeam budget verify"} <= wanted
    titles = {re.sub("<.*?>", "", t) for t in re.findall(r"<h2[^>]*>(.*?)<a ", page, re.S)}
    assert titles == wanted
    for option in ("--lineage", "--log-format", "--no-browser", "--min-recall"):
        assert f"<code>{option}</code>" in page


def test_each_key_of_the_configuration_is_in_the_reference(site: Path) -> None:
    page = (site / "reference" / "configuration.html").read_text(encoding="utf-8")
    schema = json_schema()
    for section in (schema, *schema["$defs"].values()):
        for key in section.get("properties", {}):
            assert f"<code>{key}</code>" in page
    for name in schema["$defs"]:
        assert f'id="{name.lower()}"' in page
