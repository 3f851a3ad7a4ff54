"""A real browser for tests: Debian's Chromium, driven by Playwright, with axe-core to check pages.

Pictures of pages go to ``docs/images/`` only where ``VEILBEAM_IMAGES`` is set: tests leave the tree
as it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, shared by the tests of a process."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    # Its own sandbox needs namespaces that root in a container does not have.
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=sandbox)
        try:
            yield launched
        finally:
            launched.close()


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, and against good practice: a line for each
    element, with the rule that it breaks."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]}
    # Under a header that stays, what is scrolled halfway would be too small a target.
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    found = Axe().run(page, options=options).response
    # A run that checked nothing must not pass for a page without problems.
    assert found["passes"], "axe-core checked nothing"
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def picture(page: Page, name: str, *, full_page: bool = False) -> None:
    """Take a picture of a page as ``docs/images/NAME.png``, if pictures are asked for."""
    if os.environ.get("VEILBEAM_IMAGES"):
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png", full_page=full_page)
