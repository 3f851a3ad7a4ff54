"""How fast each reader is alone on one core, beside a bare parse of the same bytes.

    python scripts/benchmark_ingest.py [--megabytes 8] [--rounds 3] [--json OUT] [FORMAT ...]

Exports are those of ``scripts/generate_exports.py``, so many that they are ``--megabytes`` in all:
tables in one file, talk in a file for each session of half an hour.
They are read by two ways in turn, from files in the page cache, as a pipeline's worker reads them:

- reader: ``transforms.ingest.read.read``: the source's records as Python objects, places and all;
- bare: what the library underneath does with the same bytes, and no more: orjson, Python's ``csv``
  module, ``pyarrow.parquet``, calamine, praatio, lxml, ``sqlite3``; where there is none, UTF-8
  decoded, cut into lines, and each matched by the one regular expression that finds its parts.

Times are the best of the rounds, in seconds of CPU. The goals: 30 MB/s for lines, 10 MB/s for what
is nested, and at most twice the time of the bare parse.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import orjson
import pyarrow.parquet as pq

import scripts.generate_exports as made
from transforms.fields import FieldSettings, FieldSpec
from transforms.ingest.files import SourceFile
from transforms.ingest.plan import packed, plan
from transforms.ingest.quarantine import Reject
from transforms.ingest.read import read
from transforms.ingest.settings import Format, SourceSettings

SETTINGS = SourceSettings(time_zone="Europe/London", database={"table": "visits"})
FIELDS = [
    FieldSpec.of("patient", FieldSettings(role="subject", path="patient.id")),
    FieldSpec.of("text", FieldSettings(role="text", path="turns[].text")),
    FieldSpec.of("note", FieldSettings(role="text")),
]
LINES, NESTED = 30, 10
"""Goals in MB/s."""
TALKS = 16
"""Short sessions in half an hour."""
_CUE = re.compile(r"([\d:.,]+) --> ([\d:.,]+)[^\n]*\n((?:.+\n?)*)")
_STAMPED = re.compile(r"^(\S+ \S+) From (.*?) to (.*?):\n\t(.*)$", re.MULTILINE)
_CHAT = re.compile(r"^\[(\S+), (\S+)\] ([^:]*): (.*)$", re.MULTILINE)
_NAMED = re.compile(r"^([^:\n]{1,80}): (.*)$", re.MULTILINE)


def _lines(pattern: re.Pattern[str]) -> Callable[[bytes], int]:
    return lambda data: len(pattern.findall(data.decode().replace("\r\n", "\n")))


def _json(data: bytes) -> int:
    return len(orjson.loads(data))


def _jsonl(data: bytes) -> int:
    return len([orjson.loads(line) for line in data.splitlines()])


def _csv(data: bytes) -> int:
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    rows = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text[:200] else ",")
    header = next(rows)
    return len([dict(zip(header, row, strict=False)) for row in rows])


def _parquet(data: bytes) -> int:
    return len(pq.read_table(io.BytesIO(data), use_threads=False).to_pylist())


def _excel(data: bytes) -> int:
    from python_calamine import CalamineWorkbook

    rows = iter(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows())
    header = next(rows)
    return len([dict(zip(header, row, strict=True)) for row in rows])


def _textgrid(data: bytes) -> int:
    if data.startswith(b"{"):
        return len(orjson.loads(data))
    from praatio.utilities.textgrid_io import parseTextgridStr

    return len(parseTextgridStr(data.decode()))


def _xml(data: bytes) -> int:
    from lxml import etree

    return sum(1 for _ in etree.fromstring(data).iter())


def _hl7(data: bytes) -> int:
    import hl7

    return len([hl7.parse(m) for m in re.split(r"(?=MSH\|)", data.decode()) if m.strip()])


def _zoom_list(sessions: Sequence[made.Session]) -> made.Files:
    """All meetings of a month with who attended, in one report."""
    head = (
        "Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,"
        "Start Time,End Time,Duration (Minutes),Participants,Name (Original Name),User Email,"
        "Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room"
    )
    rows: list[list[Any]] = [head.split(",")]
    for s in sessions:
        start, end = (f"{t:%d/%m/%Y %H:%M}" for t in (s.start, s.end))
        host = ["Review", s.meeting, s.clinician, s.staff_email, "GP", "", "No", start, start, end]
        for name, email in ((s.clinician, s.staff_email), (s.patient, s.email)):
            rows.append([*host, 20, 2, name, email, start, end, 20, "No", "", "No"])
    yield "meetings.csv", made.table(rows).encode()


def _attended(form: Callable[[Sequence[made.Session]], made.Files], last: str) -> Any:
    """A report of a large meeting: the lines of people of many reports in one."""

    def write(sessions: Sequence[made.Session]) -> made.Files:
        ((name, first),) = form(sessions[:1])
        encoding = "utf-16" if first[:2] == b"\xff\xfe" else "utf-8"
        people = []
        for s in sessions[1:]:
            ((_, content),) = form([s])
            lines = content.decode(encoding).split("\r\n")
            people += [line for line in lines if s.email in line or s.patient in line][:1]
        before, found, after = first.decode(encoding).partition(last)
        end = after.index("\r\n") + 2
        text = before + found + after[:end] + "".join(f"{p}\r\n" for p in people) + after[end:]
        yield name, text.encode(encoding)

    return write


@dataclass(frozen=True)
class Way:
    """How a format is measured."""

    form: Callable[[Sequence[made.Session]], made.Files]
    bare: Callable[[bytes], int]
    goal: int
    large: bool = False
    """All sessions in one file."""


WAYS: dict[str, Way] = {
    "webvtt": Way(made.teams_transcripts, _lines(_CUE), LINES),
    "srt": Way(made.subtitles, _lines(_CUE), LINES),
    "transcript": Way(made.meet_documents, _lines(_NAMED), LINES),
    "zoom_chat": Way(made.zoom_chats, _lines(_STAMPED), LINES),
    "whatsapp": Way(made.whatsapp_phones, _lines(_CHAT), LINES),
    "zoom_report": Way(_zoom_list, _csv, LINES, large=True),
    "teams_attendance": Way(
        _attended(made.teams_attendance, "(UPN)\tRole"), _csv, LINES, large=True
    ),
    "meet_attendance": Way(_attended(made.meet_attendance, "Time exited"), _csv, LINES, large=True),
    "call_log": Way(made.call_logs, _csv, LINES, large=True),
    "jsonl": Way(made.json_lines, _jsonl, LINES, large=True),
    "csv": Way(made.csv_table, _csv, LINES, large=True),
    "fhir": Way(made.fhir, _jsonl, NESTED, large=True),
    "parquet": Way(made.parquet, _parquet, NESTED, large=True),
    "excel": Way(made.excel, _excel, NESTED, large=True),
    "messenger": Way(made.messenger, _json, NESTED),
    "whisper": Way(made.whisper, _json, NESTED),
    "amazon_transcribe": Way(made.amazon_transcribe, _json, NESTED),
    "hl7v2": Way(made.hl7_v2, _hl7, NESTED),
    "ccda": Way(made.ccda, _xml, NESTED),
    "textgrid": Way(made.textgrids, _textgrid, NESTED),
}


@lru_cache(20_000)
def _session(number: int) -> made.Session:
    """A session at a time of its own, as a practice of 60 a day has them: what is read once for
    each distinct time, and kept, is of no use where every line has another one."""
    session = made.session(number, 7)
    seconds = number * 487 % 29_000
    day = datetime(2024, 1, 13, 8, tzinfo=UTC) + timedelta(days=number // 60)
    return replace(session, start=day + timedelta(seconds=seconds))


def _long(number: int) -> made.Session:
    """A session of half an hour: the talk of as many short ones as that takes."""
    first = _session(number * TALKS)
    rest = [_session(number * TALKS + i).record["turns"] for i in range(1, TALKS)]
    turns = [turn for some in (first.record["turns"], *rest) for turn in some]
    return replace(first, record=first.record | {"turns": turns})


def _write(folder: Path, name: str, size: int) -> list[SourceFile]:
    """Files of one format, of about ``size`` bytes."""
    if name == "database":
        return _sqlite(folder, size)
    way = WAYS[name]
    if way.large:
        (_, sample), *_ = way.form([_session(i) for i in range(20)])
        wanted = max(20, size * 20 // len(sample))
        groups = [[_session(i) for i in range(wanted)]]
    else:
        total = sum(len(content) for _, content in way.form([_long(0)]))
        groups = [[_long(i)] for i in range(max(1, size // total))]
    files = []
    for number, sessions in enumerate(groups):
        for path, content in way.form(sessions):
            if name == "call_log" and path.endswith(".txt"):
                continue
            place = folder / str(number) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            files.append(SourceFile(str(place), len(content), Format(name)))
    return files


def _sqlite(folder: Path, size: int) -> list[SourceFile]:
    path = folder / "visits.db"
    with sqlite3.connect(path) as database:
        sessions = (_session(i) for i in range(size // 700))
        rows = [(i, *made.flat(s).values()) for i, s in enumerate(sessions)]
        database.execute("CREATE TABLE visits (number INTEGER PRIMARY KEY, a, b, c, d, e)")
        database.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?)", rows)
    database.close()
    return [SourceFile(str(path), path.stat().st_size, Format.DATABASE)]


def _select(files: Sequence[SourceFile]) -> int:
    found = 0
    for file in files:
        with sqlite3.connect(file.path) as database:
            rows = database.execute("SELECT * FROM visits")
            names = [column[0] for column in rows.description]
            found += len([dict(zip(names, row, strict=True)) for row in rows])
        database.close()
    return found


def _read(files: Sequence[SourceFile]) -> int:
    """Number of records."""
    ranges, rest = packed(files)
    count = 0
    for part in [*ranges, *(part for file in rest for part in plan(file, SETTINGS))]:
        for row in read(part, SETTINGS, FIELDS):
            if isinstance(row, Reject):
                raise SystemExit(f"{part.format}: {row.reason}")
            count += 1
    return count


def _least(rounds: int, *ways: Callable[[], int]) -> list[tuple[float, int]]:
    """Seconds of CPU, and what was counted, of each way: the best of the rounds, taken in turn."""
    best = [(float("inf"), 0)] * len(ways)
    for _ in range(rounds):
        for number, way in enumerate(ways):
            gc.collect()
            start = time.process_time()
            count = way()
            best[number] = min(best[number], (time.process_time() - start, count))
    return best


def measure(name: str, megabytes: float, rounds: int, maker: Executor) -> dict[str, Any]:
    """Figures of one reader, of files that another process makes: the sessions would be in the way
    of this one's memory."""
    with tempfile.TemporaryDirectory() as folder:
        files = maker.submit(_write, Path(folder), name, int(megabytes * 1e6)).result()
        if name == "database":
            goal = NESTED
            bare: Callable[[], int] = lambda: _select(files)  # noqa: E731
        else:
            way = WAYS[name]
            goal = way.goal
            bare = lambda: sum(way.bare(Path(f.path).read_bytes()) for f in files)  # noqa: E731
        total = sum(file.size for file in files)
        (seconds, records), (under, _) = _least(rounds, lambda: _read(files), bare)
    return {
        "bytes": total,
        "files": len(files),
        "records": records,
        "mb_per_second": round(total / 1e6 / seconds, 1),
        "records_per_second": round(records / seconds),
        "bare_mb_per_second": round(total / 1e6 / under, 1),
        "times_bare": round(seconds / under, 2),
        "goal_mb_per_second": goal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("formats", nargs="*", help="readers to measure (all)")
    parser.add_argument("--megabytes", type=float, default=8, help="of each format (8)")
    parser.add_argument("--rounds", type=int, default=3, help="times that each is read (3)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args()
    # As the workers of a pipeline do (``transforms.detect.transform``).
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    told = {}
    with ProcessPoolExecutor(1) as maker:
        for name in given.formats or (*WAYS, "database"):
            told[name] = figures = measure(name, given.megabytes, given.rounds, maker)
            print(
                f"{name:<18} {figures['mb_per_second']:>7.1f} MB/s "
                f"(goal {figures['goal_mb_per_second']}), "
                f"{figures['records_per_second']:>9,} records/s; "
                f"bare {figures['bare_mb_per_second']:>7.1f} MB/s: "
                f"{figures['times_bare']:.2f} times",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
