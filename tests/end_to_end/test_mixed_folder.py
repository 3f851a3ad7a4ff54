"""A folder of every format, by one command: one release, and a table of what came from where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.ingest.settings import Format

from .support import KEY, ROOT, Done, everything_in, holding, manifest_of, records_of, veilbeam

SESSIONS = 2
COLUMNS = ("files", "read", "published", "quarantined", "joined", "merged")


class Mixed:
    """The folder, and the run over it."""

    def __init__(self, folder: Path) -> None:
        self.exports, self.release = folder / "exports", folder / "release"
        self.restricted = folder / "restricted"
        script = [sys.executable, "scripts/generate_exports.py", self.exports]
        subprocess.run(
            [*script, "--sessions", str(SESSIONS)], cwd=ROOT, check=True, capture_output=True
        )
        self.planted: dict[str, list[str]] = json.loads(
            (folder / "exports.planted.json").read_text()
        )
        self.done: Done = veilbeam(
            *("run", "--config", folder / "exports.yaml", "--input", self.exports),
            *("--release", self.release, "--restricted", self.restricted),
            # With another one a stand-in can be, by chance, a planted number: both are of the
            # thousand that Ofcom keeps for drama.
            VEILBEAM_KEY=KEY,
        )
        # Records of no known format, and of nobody, are more than one in a hundred.
        assert self.done.code == 3, self.done.text
        self.manifest = manifest_of(self.release)

    @property
    def sources(self) -> dict[str, dict[str, int]]:
        return self.manifest["sources"]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    return Mixed(tmp_path_factory.mktemp("mixed"))


def test_every_format_of_a_folder_is_in_one_release(mixed: Mixed) -> None:
    known = set(mixed.sources) - {"unknown", "media"}
    # Databases are given by their address.
    assert known == set(map(str, Format)) - {"database"}
    assert len(known) >= 15
    published = {
        source for row in records_of(mixed.release).to_pylist() for source in row["sources"]
    }
    # Amazon Transcribe names nobody: without a patient its talk stays back.
    assert published == known - {"amazon_transcribe"}


def test_what_was_taken_from_where_adds_up(mixed: Mixed) -> None:
    taken, counts = mixed.sources, mixed.manifest["counts"]
    for name, one in taken.items():
        assert one["read"] == sum(one[what] for what in COLUMNS[2:]), name
    total = {what: sum(one[what] for one in taken.values()) for what in COLUMNS}
    assert total["files"] == sum(1 for f in mixed.exports.rglob("*") if f.is_file())
    assert total["read"] - total["joined"] == counts["read"]
    for what in ("published", "quarantined", "merged"):
        assert total[what] == counts[what]
    empty = dict.fromkeys(COLUMNS, 0)
    assert taken["unknown"] == empty | {"files": 1, "read": 1, "quarantined": 1}
    assert taken["media"] == empty | {"files": 1}
    # The note of a call, and the line of the log, are one; the chat of both phones is, too, and so
    # is the recording that was downloaded twice.
    assert taken["call_log"]["joined"] + taken["call_note"]["joined"] == SESSIONS - 1
    assert (taken["webvtt"]["read"], taken["webvtt"]["merged"]) == (2 * SESSIONS + 1, 1)
    assert (taken["whatsapp"]["read"], taken["whatsapp"]["merged"]) == (SESSIONS + 1, 1)
    for name, one in taken.items():
        cells = [name, *(f"{one[what]:,}" for what in COLUMNS)]
        assert any(line.split() == cells for line in mixed.done.out.splitlines()), name


def test_nothing_that_was_planted_comes_out(mixed: Mixed) -> None:
    found = everything_in(mixed.release)
    values = [value for some in mixed.planted.values() for value in some]
    assert len(values) > 100
    assert [value for value in values if holding(value, found)] == []


def test_no_name_of_a_file_is_shown_outside_the_restricted_zone(mixed: Mixed) -> None:
    names = {path.stem for path in mixed.exports.rglob("*") if "+44" in path.name}
    names |= {path.name for path in mixed.exports.iterdir() if "Chat" in path.name}
    assert names
    outside = everything_in(mixed.release) | {"the command's words": mixed.done.text.encode()}
    for name in names:
        assert holding(name, outside) == []
