"""The command itself, as a process of its own, and what a release holds."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "pipelines.cli")
TWO_PROCESSES = ("--", "--direct_running_mode=multi_processing", "--direct_num_workers=2")

KEY = "5eed" * 16
"""A root secret that is the same each time, where the chance of another one could fail a test."""

SMALL = """\
version: 1
source: {record_id: id}
fields:
  id: {role: identifier, entity: ID, treatment: token}
  patient: {role: subject}
  name: {role: identifier, entity: PERSON}
  note: {role: text}
detect: {countries: [GB]}
quarantine: {threshold: 0.0}
"""
"""A configuration for what the telehealth preset is too large for."""


class Done(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, without a key from outside, and with nothing of pytest's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VEILBEAM", "PYTEST"))}
    return kept | changes


def start(
    *arguments: str | Path, before: Sequence[str] = (), stderr: int = subprocess.PIPE, **env: str
) -> subprocess.Popen[str]:
    """The command, begun in a process group of its own; ``before`` wraps it (``unshare -n``)."""
    return subprocess.Popen(
        [*before, *COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> Done:
    try:
        out, err = process.communicate(timeout=300)
    finally:
        kill_group(process)
    return Done(process.returncode, out, err or "")


def veilbeam(*arguments: str | Path, before: Sequence[str] = (), **env: str) -> Done:
    """The command, run to its end."""
    return end(start(*arguments, before=before, **env))


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to a command and all of its workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def group(process: subprocess.Popen[str]) -> set[int]:
    """The processes of a command's group that live."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                cells = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(cells[2]) == process.pid and cells[0] != "Z":
                    found.add(int(entry.name))
    return found


def until_records_are_written(process: subprocess.Popen[str], release: Path) -> None:
    """Wait until a run has begun to write records beside its release folder."""
    limit = time.monotonic() + 150
    while not any(release.parent.glob(f".{release.name}.*.partial/work/spill/*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < limit, "no record was written in time"
        time.sleep(0.02)


def manifest_of(release: Path) -> dict[str, Any]:
    return json.loads((release / "manifest.json").read_bytes())


def records_of(release: Path) -> pa.Table:
    """All records of a release, with their ``split``, by id."""
    table = pq.read_table(release / "records")
    ids = "consultation_id" if "consultation_id" in table.column_names else table.column_names[0]
    return table.sort_by(ids)


def write_jsonl(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def texts_of(value: Any) -> Iterator[str]:
    """Every value within a value, as text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif value is not None:
        yield str(value)


def everything_in(folder: Path) -> dict[str, bytes]:
    """All that can be read in a release, by where it stands: each file's bytes, and of Parquet
    files also their values, statistics and metadata, decoded."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[f"name of {name}"] = name.encode()
        if not path.is_file():
            continue
        content = path.read_bytes()
        found[name] = content
        if path.suffix != ".parquet":
            continue
        file = pq.ParquetFile(io.BytesIO(content))
        rows = file.read().to_pylist()
        found[f"values of {name}"] = "\n".join(text for r in rows for text in texts_of(r)).encode()
        told = [repr(file.metadata.to_dict()), repr(file.metadata.metadata)]
        told += [repr((f.metadata, f.name)) for f in file.schema_arrow]
        told.append(repr(file.schema_arrow.metadata))
        found[f"metadata of {name}"] = "\n".join(told).encode()
    return found


def holding(value: str, found: dict[str, bytes]) -> list[str]:
    """Where a value stands: as it is, in any case, and as it would be in UTF-16."""
    forms = {value, value.lower(), value.upper(), value.title()}
    needles = [f.encode(code) for f in forms for code in ("utf-8", "utf-16-le")]
    return [where for where, content in found.items() if any(n in content for n in needles)]
