"""Every command of the README and the documentation is run, page by page, in a copy of the sample.

A page begins where the README's first command ends: with ``out/release`` and ``out/restricted``.
What a page calls yours (``my_export.csv``) lies there too. A block that is not run says why, in a
comment above.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.sample import write
from tests.docs.pages import ROOT, SHELL, Block, blocks, pages
from tests.end_to_end.support import environment

ELSEWHERE = {"docs/datasets.md": "tests/end_to_end/test_datasets.py"}
"""Pages whose commands and examples another test runs, and checks what comes of each."""

PYTHON_ELSEWHERE = {"README.md"} | set(ELSEWHERE)
"""The same of examples in Python."""

NOT_RUN = {
    "README.md": 1,
    "docs/benchmarks.md": 4,
    "docs/detection.md": 1,
    "docs/keys.md": 2,
    "docs/ledger.md": 1,
    "docs/privacy.md": 1,
    "docs/sources.md": 1,
    "docs/studio.md": 1,
}
"""How many blocks of a page are not run. A new one needs a reason on it, and a number here."""

GOLD = """\
{"text": "Seen by Dr Roe in Leeds.", "spans": [{"start": 11, "end": 14, "entity": "PERSON"}]}
{"text": "No cough today.", "spans": []}
"""

PIP = f"""\
#!{sys.executable}
# Installs nothing: what is asked for must be there already, or be a file or extra of this project.
import sys
from importlib.metadata import distribution, requires
from pathlib import Path
from packaging.requirements import Requirement
words = [word for word in sys.argv[1:] if word not in ("install", "--no-deps")]
while words:
    match words.pop(0):
        case "-r":
            assert Path(words.pop(0)).is_file()
        case "-e":
            assert words.pop(0) == "."
        case word:
            asked = Requirement(word)
            distribution(asked.name)
            known = distribution(asked.name).metadata.get_all("Provides-Extra") or []
            assert asked.extras <= set(known), (word, known)
"""


def command_line(folder: Path, name: str, text: str) -> None:
    """A program of the readers' path."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``veilbeam`` and ``python`` as this process has them, and a ``pip`` that looks only."""
    folder = tmp_path_factory.mktemp("bin")
    command_line(folder, "veilbeam", f'#!/bin/sh\nexec "{sys.executable}" -m pipelines.cli "$@"\n')
    command_line(folder, "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    command_line(folder, "pip", PIP)
    return folder


def clone(folder: Path) -> Path:
    """A folder with what a clone of the repository has, and what pages call the reader's own."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in ("out", "site"):
            (folder / path.name).symlink_to(path)
    write(folder / "my_export.csv", 30, 3)
    (folder / "sample.jsonl").write_text(GOLD, encoding="utf-8")
    shutil.copy(ROOT / "configs" / "telehealth.yaml", folder / "my.yaml")
    return folder


def run(block: Block, folder: Path, tools: Path) -> None:
    """Run a block; its output is shown if it fails."""
    language = "python" if block.language == "python" else "bash"
    command = (
        [sys.executable, "-c", block.code]
        if language == "python"
        else ["bash", "-euo", "pipefail", "-c", block.code]
    )
    variables = environment(
        PATH=f"{tools}:{os.environ['PATH']}", PYTHONPATH=str(ROOT), HF_DATASETS_CACHE=str(folder)
    )
    done = subprocess.run(
        command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, f"{block.where}\n{block.code}\n{done.stdout}\n{done.stderr}"


def to_run(page: str) -> list[Block]:
    """The blocks of a page that are run here."""
    languages = set(SHELL) if page not in ELSEWHERE else set()
    if page not in PYTHON_ELSEWHERE:
        languages.add("python")
    return [b for b in blocks(page) if b.language in languages and b.not_run is None]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, tools: Path) -> Path:
    """A clone after the README's first command."""
    folder = clone(tmp_path_factory.mktemp("docs") / "clone")
    run(to_run("README.md")[0], folder, tools)
    return folder


@pytest.mark.parametrize("page", [page for page in pages() if to_run(page)])
def test_every_command_of_the_page_runs(
    page: str, first: Path, tools: Path, tmp_path: Path
) -> None:
    folder = clone(tmp_path / "clone")
    shutil.copytree(first / "out", folder / "out")
    if "my_exports" in (ROOT / page).read_text(encoding="utf-8"):
        exports(folder, tools)
    for block in to_run(page)[page == "README.md" :]:
        run(block, folder, tools)


def exports(folder: Path, tools: Path) -> None:
    """``my_exports/``: a session of each form that vendors write, but for what goes to quarantine:
    a PDF, and two that name nobody whom the preset could know."""
    code = "python scripts/generate_exports.py my_exports --sessions 1\n"
    code += "rm -r my_exports/letters my_exports/calls my_exports/speech/*/asrOutput.json"
    run(Block("(exports)", 0, "sh", code, None), folder, tools)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    found = [block for page in pages() for block in blocks(page) if block.not_run is not None]
    assert {page: sum(b.page == page for b in found) for page in {b.page for b in found}} == NOT_RUN
    for block in found:
        assert len(str(block.not_run)) > 10, block.where
        for file in re.findall(r"tests/\S+\.py", str(block.not_run)):
            assert (ROOT / file).is_file(), block.where


def test_a_command_has_no_placeholder_and_stands_in_a_block_that_is_run() -> None:
    """Else it would be passed over: a block without a language, or of plain text."""
    for page in pages():
        for block in blocks(page):
            if block.language in SHELL and block.not_run is None:
                assert not re.search(r"\[--|\.\.\.|\b(FILE|DIR|REL)\b", block.code), block.where
            if block.language == "":
                assert not re.search(r"^(veilbeam|pip|python) ", block.code, re.M), block.where


def test_pages_whose_commands_run_elsewhere_are_tested_there() -> None:
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")
