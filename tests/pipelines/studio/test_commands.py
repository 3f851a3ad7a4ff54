"""``veilbeam studio``: what it refuses before a page is served."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from configs import PRESETS
from pipelines.studio import commands
from pipelines.studio.server import listen
from transforms.errors import UsageError

TELEHEALTH = PRESETS["telehealth"]


def test_what_is_not_installed_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "uvicorn" else name)
    with pytest.raises(UsageError, match=r"needs uvicorn: pip install 'veilbeam\[studio\]'"):
        commands.studio(config=TELEHEALTH)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"config": Path("telehealth")}, "copy it and open the copy"),
        ({"config": Path("absent.yaml")}, "no such configuration"),
        ({"config": TELEHEALTH, "sample": ["absent.jsonl"]}, "no file matches"),
        ({"config": TELEHEALTH, "restricted": Path("absent")}, "no such folder"),
    ],
)
def test_what_cannot_be_opened_gets_a_clear_answer(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        commands.studio(**options)


def test_a_port_that_is_taken_gets_a_clear_answer() -> None:
    with listen(0) as taken, pytest.raises(UsageError, match="cannot be opened"):
        listen(taken.getsockname()[1])


def test_what_is_served_is_bound_to_this_machine_alone() -> None:
    with listen(0) as listening:
        assert listening.family == socket.AF_INET
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_token_is_on_no_browsers_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    with commands._opened("http://127.0.0.1:1/secret/"):
        [address] = opened
        way = Path(address.removeprefix("file://"))
        assert "secret" not in address
        assert "url=http://127.0.0.1:1/secret/" in way.read_text("utf-8")
        assert way.parent.stat().st_mode & 0o077 == 0
    assert not way.exists()
