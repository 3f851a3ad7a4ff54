"""Damage exports at random, and see that each reader takes them all.

    python scripts/fuzz_ingest.py [--count 20000] [--seconds 120] [--json OUT] [FORMAT ...]

Each input is one of the tests' samples or of ``scripts/generate_exports.py``, with pieces cut out,
doubled, moved, swapped with other files' or put in, and is read as the format of the sample; those
with several files damage one of them. Of each input is required

- that no exception leaves the reader, and that no fault of it was caught (``reader of ...
  failed``);
- less than a second of CPU, and less than 200 MB of memory more than before;
- closed counts: what is read is in a batch or in quarantine, once, each at a place of its own, and
  a file is never without a word (but for tables: those may be empty). Lines and CSV are read twice,
  whole and in small ranges, with the same result.

Ends with exit code 1, and the seed of each input, where one is not. The same seed gives the same
input.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.generate_exports import FORMS, session
from tests.ingest.sources import clinical, samples
from transforms.fields import FieldSettings, FieldSpec
from transforms.ingest.files import SourceFile, base_name
from transforms.ingest.find import sniffed
from transforms.ingest.quarantine import Rejects
from transforms.ingest.read import read, records
from transforms.ingest.records import to_batches
from transforms.ingest.registry import source_of
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import DocumentSource
from transforms.ingest.sources._lines import Lines

SHARED_MEMORY = Path("/dev/shm")
MOST_SECONDS, MOST_MEMORY = 1.0, 200 << 20
SETTINGS = SourceSettings(
    date_order="mdy",
    time_zone="Europe/London",
    speakers={"remaining": "patient"},
    records="consultation",
    database={"table": "visits"},
)
FIELDS = [
    FieldSpec.of("patient", FieldSettings(role="subject", path="patient.id")),
    FieldSpec.of("text", FieldSettings(role="text", path="turns[].text")),
    FieldSpec.of("note", FieldSettings(role="text")),
]
PIECES = [
    b"\0", b"\n", b"\r\n", b"\n\n", b"-->", b"<v ", b"</v>", b":", b"\t", b'"', b'""', b",", b";",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"99:99:99", b"00:00:01.000 --> 00:00:02.000\n",
    b"WEBVTT", b"NOTE ", b" to ", b" From ", b"(Direct Message):", b"1/1/1", b"9" * 30, b"-", b"/",
    "\u202e\u00e9\u0301\U0001f44d".encode(), b"[" * 50, b"(" * 50, b" " * 200, b"A" * 300,
    b"[12/03/2024, 14:05:09] A: ", b"\n25/03/2024, 10:15 - ", b"\xe2\x80\x8e", b"{", b"}", b"|",
    b"[", b"]", b"null", b"-1e999", b"NaN", b"\\ud800", b"<attached: a.jpg>", b"(file attached)",
    b"Attendees\n", b"Transcript\n", b"Meeting ID,Topic,Start Time\n", b"\rMSH|^~\\&|", b"<", b"/>",
    b"Full Name\tJoin Time\n", b"\xff" * 8, b"\x7f\xff\xff\xff", b"&amp;", b"&x;", b"<!DOCTYPE x>",
]  # fmt: skip


def inputs() -> dict[Format, list[tuple[str, bytes]]]:
    """Name and content of what is damaged, by format."""
    all_samples = samples.ALL | clinical.ALL
    files = [(name, content.encode()) for name, content in all_samples.items()]
    for number, form in enumerate(FORMS):
        files += form([session(number, 7)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "visits.db")
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, note, day)")
            rows = [(i, f"note {i} " * 5, "2024-03-05") for i in range(1, 200)]
            database.executemany("INSERT INTO visits VALUES (?, ?, ?)", rows)
        database.close()
        files.append((path.name, path.read_bytes()))
        told: dict[Format, list[tuple[str, bytes]]] = defaultdict(list)
        for number, (name, content) in enumerate(files):
            place = Path(folder, str(number), base_name(name))
            place.parent.mkdir()
            place.write_bytes(content)
            format = sniffed([str(place)])[0].get(str(place))
            if format is None and name.endswith(".json"):
                format = Format.TEXTGRID  # the note beside
            if format is not None:
                told[format].append((base_name(name), content))
    return told


def damaged_within(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A zip archive in which one file is damaged, with its checksum right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as made:
        chosen = rng.choice([e for e in archive.namelist() if e.startswith("xl/")])
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, damaged(rng, content, others) if name == chosen else content)
    return out.getvalue()


def damaged(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The content with some of its pieces changed."""
    for _ in range(rng.choice((1, 1, 2, 3, 6, 20))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((1, 1, 4, 20, 60, 400)))
        match rng.randrange(7):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:end] + data[start:end] * rng.choice((1, 2, 20, 200)) + data[end:]
            case 2:
                data = data[:start] + rng.choice(PIECES) + data[start:]
            case 3:
                data = data[:start] + rng.randbytes(end - start) + data[end:]
            case 4:
                data = data[:start]
            case 5:
                other = rng.choice(others)
                place = rng.randrange(len(other) + 1)
                data = (
                    data[:start] + other[place : place + rng.choice((10, 100, 1000))] + data[end:]
                )
            case _:
                flipped = bytes(byte ^ 1 << rng.randrange(8) for byte in data[start : start + 1])
                data = data[:start] + flipped + data[start + 1 :]
    return data


def outputs(path: str, size: int, format: Format, range_bytes: int | None = None) -> list[Any]:
    """(position, reason) of all that the reader says of a file."""
    found: list[Any] = []
    source = source_of(format)
    file = SourceFile(path, size, format)
    packed = source.pack([file])
    parts = source.plan(file, SETTINGS, range_bytes) if packed is None else packed
    for part in parts:
        # Resources of FHIR are records only when they are joined.
        reader = read if format is Format.FHIR else records
        rows = list(reader(part, SETTINGS, FIELDS))
        found += [(row.position, getattr(row, "reason", "")) for row in rows]
        counted = 0
        for batch in to_batches(rows, FIELDS):
            counted += batch.data.num_rows if isinstance(batch, Rejects) else batch.num_rows
        if counted != len(rows):
            raise AssertionError("counts are not closed")
    return found


def check(path: Path, format: Format) -> None:
    """Raises: AssertionError, or whatever a reader raises."""
    size = path.stat().st_size
    found = outputs(str(path), size, format)
    places = [place for place, _ in found]
    if any("failed (" in reason or "no consultation of" in reason for _, reason in found):
        raise AssertionError(next(r for _, r in found if "failed (" in r or "no consult" in r))
    source = source_of(format)
    # The resources of a Bundle stand on one line.
    if len(set(places)) < len(places) and format is not Format.FHIR:
        raise AssertionError("two records at one place")
    if isinstance(source, DocumentSource) and places != list(range(1, len(places) + 1)):
        raise AssertionError("places are not numbered on")
    if isinstance(source, DocumentSource) and not found:
        raise AssertionError("lost without a word")
    if isinstance(source, Lines) and outputs(str(path), size, format, 64) != found:
        raise AssertionError("other records in small ranges")
    sniffed([str(path)])


def fuzz(
    format: Format, seeds: Sequence[tuple[str, bytes]], count: int, seconds: float, first: int
) -> dict[str, Any]:
    """Figures of one reader, and what was wrong by the input's seed."""
    others = [content for _, content in seeds]
    faults: dict[int, str] = {}
    slowest = 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    grown = 0
    began = time.monotonic()
    done = 0
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as tmp:
        for seed in range(first, first + count):
            if time.monotonic() - began > seconds:
                break
            rng = random.Random(f"{format}/{seed}")
            name, content = rng.choice(seeds)
            path = Path(tmp, name)
            within = content.startswith(b"PK") and rng.random() < 0.8
            path.write_bytes((damaged_within if within else damaged)(rng, content, others))
            start = time.process_time()
            signal.alarm(20)
            try:
                check(path, format)
            except BaseException as problem:
                if isinstance(problem, KeyboardInterrupt):
                    raise
                faults[seed] = f"{type(problem).__name__}: {problem}"[:200]
            finally:
                signal.alarm(0)
            lasted = time.process_time() - start
            slowest = max(slowest, lasted)
            if lasted > MOST_SECONDS:
                faults[seed] = f"took {lasted:.1f} s"
            held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            if held - memory > MOST_MEMORY:
                faults[seed] = f"took {(held - memory) >> 20} MB"
            grown, memory = max(grown, held - memory), max(memory, held)
            path.unlink()
            done += 1
    return {
        "inputs": done,
        "samples": len(seeds),
        "slowest_ms": round(slowest * 1000),
        "most_memory_mb": round(grown / (1 << 20)),
        "seconds": round(time.monotonic() - began, 1),
        "faults": faults,
    }


def _hangs(*_: object) -> None:
    raise TimeoutError("hangs")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("formats", nargs="*", help="readers to try (all)")
    parser.add_argument("--count", type=int, default=20_000, help="inputs of each (20,000)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first (0)")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop each reader after this")
    parser.add_argument("--json", type=Path, help="add the figures to this file")
    given = parser.parse_args()
    signal.signal(signal.SIGALRM, _hangs)
    seeds = inputs()
    told = json.loads(given.json.read_text()) if given.json and given.json.exists() else {}
    for format in [Format(name) for name in given.formats] or sorted(seeds):
        figures = fuzz(format, seeds[format], given.count, given.seconds, given.first)
        told[str(format)] = figures
        print(
            f"{format:<18} {figures['inputs']:>7,} inputs of {figures['samples']:>2} samples, "
            f"slowest {figures['slowest_ms']:>4} ms, at most {figures['most_memory_mb']:>3} MB "
            f"more, {figures['seconds']:>6.1f} s, {len(figures['faults'])} faults",
            flush=True,
        )
        for seed, fault in list(figures["faults"].items())[:5]:
            print(f"  seed {seed}: {fault}")
        if given.json:
            given.json.write_text(json.dumps(told, indent=2) + "\n")
    return 1 if any(figures["faults"] for figures in told.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
