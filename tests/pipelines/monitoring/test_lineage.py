"""OpenLineage events: where they go, what they say, and what they do not."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipelines.monitoring.lineage import TOKEN_VARIABLE, Lineage, Name
from pipelines.monitoring.log import LOG
from pipelines.monitoring.observers import observed
from tests.pipelines.monitoring.support import job_in
from transforms.errors import UsageError


def events_of(folder: Path, error: BaseException, interrupted: bool = False) -> list[Any]:
    """What a run sends that ends with an error."""
    lineage = Lineage.to(str(folder / "lineage.jsonl"))
    with (
        suppress(type(error)),
        observed(job_in(folder), io.StringIO(), [lineage], lambda: interrupted),
    ):
        raise error
    return [json.loads(line) for line in (folder / "lineage.jsonl").read_text().splitlines()]


def test_a_run_that_fails_sends_start_and_fail_with_the_errors_class_alone(tmp_path: Path) -> None:
    start, fail = events_of(tmp_path, ValueError("no date: Quackenbush"))
    assert [start["eventType"], fail["eventType"]] == ["START", "FAIL"]
    assert start["run"]["runId"] == fail["run"]["runId"]
    assert fail["run"]["facets"]["errorMessage"]["message"] == "ValueError: nothing was published"
    facet = start["run"]["facets"]["veilbeam"]
    assert set(facet) == {"_producer", "_schemaURL", "runId", "configDigest"}
    assert "Quackenbush" not in (tmp_path / "lineage.jsonl").read_text()


@pytest.mark.parametrize(
    ("error", "interrupted"), [(KeyboardInterrupt(), False), (RuntimeError("Beam's"), True)]
)
def test_a_run_that_is_interrupted_sends_abort(
    tmp_path: Path, error: BaseException, interrupted: bool
) -> None:
    _, abort = events_of(tmp_path, error, interrupted)
    assert abort["eventType"] == "ABORT"
    assert "errorMessage" not in abort["run"]["facets"]


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("/data/../data/r1", ("file", "/data/r1")),
        ("s3://bucket/a/b/", ("s3://bucket", "a/b")),
        ("postgresql://me:secret@db:5432/clinic", ("postgresql://db:5432", "clinic")),
    ],
)
def test_data_sets_are_named_by_their_place_without_who_logs_in(
    place: str, name: tuple[str, str]
) -> None:
    assert Name.of(place) == name


def test_the_clients_variables_and_files_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openlineage.yml").write_text("transport: {type: file, log_file_path: elsewhere}\n")
    for name, value in {
        "OPENLINEAGE_DISABLED": "true",
        "OPENLINEAGE_URL": "http://127.0.0.1:9",
        "OPENLINEAGE__FACETS__ENVIRONMENT_VARIABLES": '["HOME"]',
        "OPENLINEAGE__TAGS__RUN": '{"owner": "Quackenbush"}',
    }.items():
        monkeypatch.setenv(name, value)
    events = events_of(tmp_path, ValueError())
    assert len(events) == 2
    for event in events:
        assert set(event["run"]["facets"]) <= {"veilbeam", "processing_engine", "errorMessage"}
        assert set(event["job"]["facets"]) == {"jobType"}
    assert {path.name for path in tmp_path.iterdir()} == {
        "lineage.jsonl", "openlineage.yml", "restricted"
    }  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Keeps what it is sent; answers as it is told."""

    seen: list[tuple[str, str | None, Any]] = []
    status = 201

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        if self.status == 307:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Server.seen, Server.status = [], 201
    with HTTPServer(("127.0.0.1", 0), Server) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "asked"), [("", "/api/v1/lineage"), ("/a/lineage", "/a/lineage")])
def test_a_server_is_sent_each_event_with_its_token(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, path: str, asked: str
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "let-me-in")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    lineage = Lineage.to(server + path, "s3://clinic/2025")
    lineage.started(job_in(tmp_path))
    ((where, token, event),) = Server.seen
    assert (where, token) == (asked, "Bearer let-me-in")
    assert [(one["namespace"], one["name"]) for one in event["inputs"]] == [("s3://clinic", "2025")]


@pytest.mark.parametrize("status", [403, 307])
def test_a_server_that_refuses_or_sends_elsewhere_changes_no_ending(
    tmp_path: Path, server: str, status: int
) -> None:
    Server.status = status
    shown = io.StringIO()
    with (
        pytest.raises(ZeroDivisionError),
        LOG.to(shown),
        observed(job_in(tmp_path), shown, [Lineage.to(server)], lambda: False),
    ):
        raise ZeroDivisionError
    assert shown.getvalue().count("veilbeam: --lineage: could not be written") == 2
    assert {path for path, _, _ in Server.seen} == {"/api/v1/lineage"}


def test_what_cannot_be_a_target_is_refused_before_the_run(tmp_path: Path) -> None:
    for target, words in {
        "ftp://server/x": "http://",
        str(tmp_path / "nowhere" / "lineage.jsonl"): "no folder",
    }.items():
        with pytest.raises(UsageError, match=words):
            Lineage.to(target)
