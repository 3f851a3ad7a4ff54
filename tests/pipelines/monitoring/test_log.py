"""The log of a command, for people and for machines."""

from __future__ import annotations

import io
import json
import re

import pytest

from pipelines import cli
from pipelines.monitoring.log import LOG, Form, Log


def test_people_are_told_messages_alone() -> None:
    log, shown = Log(), io.StringIO()
    with log.to(shown):
        log.event("started")
        log.say("The budget is nearly spent.", "remark")
    assert shown.getvalue() == "veilbeam: The budget is nearly spent.\n"


def test_machines_are_told_everything_one_object_a_line() -> None:
    log, shown = Log(form=Form.JSON, command="run", stage="records"), io.StringIO()
    with log.to(shown):
        log.event("progress", records=7)
        log.say("Two\nlines.", "failed", "error", exit_code=1)
    first, second = map(json.loads, shown.getvalue().splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first.pop("time"))
    assert first == {
        "level": "info", "command": "run", "run_id": log.run_id, "stage": "records",
        "event": "progress", "records": 7,
    }  # fmt: skip
    assert (second["level"], second["message"], second["exit_code"]) == ("error", "Two\nlines.", 1)


@pytest.mark.parametrize(
    ("arguments", "command", "code"),
    [
        (["inspect", "nowhere"], "inspect", 2),
        (["export", "chat", "--release", "nowhere", "--out", "x"], "export chat", 2),
        (["check", "--schema"], "check", 0),
    ],
)
def test_a_command_writes_objects_from_its_start_to_its_end(
    arguments: list[str],
    command: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("form", "command", "stage"):
        monkeypatch.setattr(LOG, name, getattr(LOG, name))
    monkeypatch.setattr("sys.argv", ["veilbeam", *arguments, "--log-format", "json"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == code
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line["command"] for line in lines} == {command}
    assert lines[0]["event"] == "started"
    assert lines[-1]["event"] == ("failed" if code else "finished")
    assert lines[-1]["exit_code"] == code
    assert len({line["run_id"] for line in lines}) == 1
