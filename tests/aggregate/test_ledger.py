"""The ledger: never overspent, never edited unnoticed, whatever dies in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from transforms.aggregate import ledger as module
from transforms.aggregate.ledger import Ask, Ledger, LedgerError, State
from transforms.aggregate.settings import Amount

TOTAL = Amount(1_000_000, 10**9)
ROOT = Path(__file__).parents[2]


def ask(digest: str = "d", epsilon: int = 400_000, delta: int = 0, name: str = "r") -> Ask:
    return Ask(name, digest, Amount(epsilon, delta), "config", "input", "0.1")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "a ledger?.sqlite")  # A name that an URI would mangle.


def start(code: str, ledger: Ledger) -> subprocess.Popen[str]:
    before = (
        f"import sys, os, signal; sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.aggregate.test_ledger import *\n"
        f"ledger = Ledger({str(ledger.path)!r})\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", before + code], stdout=subprocess.PIPE, text=True
    )


def test_the_file_is_made_at_the_first_reservation_for_its_owner_only(ledger: Ledger) -> None:
    assert ledger.balance("default").spent == Amount(0, 0)
    assert not ledger.path.exists()
    old = os.umask(0)
    try:
        ledger.reserve("default", TOTAL, [ask()])
    finally:
        os.umask(old)
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_overspending_is_refused_with_spent_asked_and_left(ledger: Ledger) -> None:
    ledger.reserve("default", TOTAL, [ask("1"), ask("2")])
    with pytest.raises(
        LedgerError, match=r"total ε=1, .*spent ε=0\.8, .*asked ε=0\.4, .*left ε=0\.2"
    ):
        ledger.reserve("default", TOTAL, [ask("3")])
    with pytest.raises(LedgerError, match=r"asked ε=0\.1, δ=1\.1e-06"):
        ledger.reserve("default", TOTAL, [ask("3", epsilon=100_000, delta=11 * 10**8)])
    assert ledger.balance("default").spent == Amount(800_000, 0)
    ledger.reserve("default", TOTAL, [ask("3", epsilon=200_000)])  # To the last millionth.
    ledger.reserve("other", TOTAL, [ask("3")])  # Another account.


def test_reservations_are_all_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.reserve("default", TOTAL, [ask(name=name) for name in ("a", "b", "c")])
    assert ledger.events() == []


def test_a_repeat_spends_nothing_and_returns_what_was_stored(ledger: Ledger) -> None:
    [first] = ledger.reserve("default", TOTAL, [ask()])
    assert (first.state, first.repeated, first.stored) == (State.RESERVED, False, None)
    # Reserved only: nobody saw noise, so that the reservation still holds.
    [again] = ledger.reserve("default", TOTAL, [ask()])
    assert (again.state, again.repeated) == (State.RESERVED, True)
    assert ledger.store(first, b"one") == b"one"
    # Two processes at once: who stores second gets the first one's table.
    assert ledger.store(again, b"two") == b"one"
    [drawn] = ledger.reserve("default", Amount(0, 0), [ask()])  # Even with the budget cut to 0.
    assert (drawn.state, drawn.repeated, drawn.stored) == (State.DRAWN, True, b"one")
    ledger.publish(drawn)
    ledger.publish(drawn)
    [published] = ledger.reserve("default", TOTAL, [ask()])
    assert (published.state, published.stored) == (State.PUBLISHED, b"one")
    assert ledger.balance("default").spent == Amount(400_000, 0)
    assert [event.state for event in ledger.events()] == ["RESERVED", "DRAWN", "PUBLISHED"]


def test_another_digest_spends_anew(ledger: Ledger) -> None:
    for digest in ("1", "2"):
        [entry] = ledger.reserve("default", TOTAL, [ask(digest)])
        assert not entry.repeated
    assert ledger.balance("default").spent == Amount(800_000, 0)


def test_a_lowered_budget_counts_against_all_that_was_spent(ledger: Ledger) -> None:
    ledger.reserve("default", TOTAL, [ask("1")])
    with pytest.raises(LedgerError, match="left ε=0, δ=0"):
        ledger.reserve("default", Amount(300_000, 0), [ask("2", epsilon=1)])
    ledger.reserve("default", Amount(400_001, 0), [ask("2", epsilon=1)])
    assert ledger.balance("default").total == Amount(400_001, 0)


def test_order_is_kept(ledger: Ledger) -> None:
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    with pytest.raises(LedgerError, match="before it was drawn"):
        ledger.publish(entry)


def test_eight_processes_at_once_never_overspend(ledger: Ledger) -> None:
    code = """
for number in range(10):
    try:
        ledger.reserve("default", TOTAL, [ask(f"{os.getpid()}.{number}", epsilon=30_000)])
        print("ok")
    except LedgerError as error:
        assert "does not suffice" in str(error), error
"""
    processes = [start(code, ledger) for _ in range(8)]
    granted = sum(p.communicate()[0].count("ok") for p in processes)
    assert [p.returncode for p in processes] == [0] * 8
    assert granted == 33  # 33 x 0.03 is the most that fits.
    assert ledger.balance("default").spent == Amount(990_000, 0)
    ledger.verify()


DIE = "os.kill(os.getpid(), signal.SIGKILL)"
LIVES = {
    "before the reservation is committed": (
        f"append = module._append\nmodule._append = lambda *a, **k: (append(*a, **k), {DIE})\n"
        "ledger.reserve('default', TOTAL, [ask()])",
        None,
    ),
    "once reserved": (f"ledger.reserve('default', TOTAL, [ask()])\n{DIE}", State.RESERVED),
    "while storing": (
        "[entry] = ledger.reserve('default', TOTAL, [ask()])\nappend = module._append\n"
        f"module._append = lambda *a, **k: (append(*a, **k), {DIE})\nledger.store(entry, b'x')",
        State.RESERVED,
    ),
    "once drawn": (
        f"[entry] = ledger.reserve('default', TOTAL, [ask()])\nledger.store(entry, b'x')\n{DIE}",
        State.DRAWN,
    ),
    "once published": (
        "[entry] = ledger.reserve('default', TOTAL, [ask()])\nledger.store(entry, b'x')\n"
        f"ledger.publish(entry)\n{DIE}",
        State.PUBLISHED,
    ),
}


@pytest.mark.parametrize("moment", LIVES)
def test_killed_in_the_middle(ledger: Ledger, moment: str) -> None:
    code, reached = LIVES[moment]
    process = start(code, ledger)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    spent = Amount(0 if reached is None else 400_000, 0)
    assert ledger.balance("default").spent == spent
    ledger.verify()
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    assert entry.state == (reached or State.RESERVED)
    assert entry.repeated == (reached is not None)
    assert entry.stored == (b"x" if reached in (State.DRAWN, State.PUBLISHED) else None)
    assert ledger.balance("default").spent == Amount(400_000, 0)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE event SET epsilon = 1 WHERE seq = 1",
        "UPDATE event SET by = 'someone' WHERE seq = 3",
        "UPDATE event SET total_epsilon = 9000000 WHERE seq = 2",
        "DELETE FROM event WHERE seq = 1",
        "DELETE FROM event WHERE seq = 4",
        "DELETE FROM event",
        "UPDATE event SET seq = 9 WHERE seq = 4",
        "UPDATE result SET stored = x'00'",
        "DELETE FROM result",
        "INSERT INTO result VALUES ('a', x'00')",
    ],
)
def test_edits_are_found(ledger: Ledger, edit: str) -> None:
    entry, _ = ledger.reserve("default", TOTAL, [ask("1"), ask("2")])
    ledger.store(entry, b"table")
    ledger.publish(entry)
    ledger.verify()
    with closing(sqlite3.connect(ledger.path)) as db:
        db.execute(edit)
        db.commit()
    with pytest.raises(LedgerError, match="edited or damaged"):
        ledger.verify()
    if "result" not in edit:
        with pytest.raises(LedgerError, match="Nothing more is spent"):
            ledger.reserve("default", TOTAL, [ask("3", epsilon=1)])


def test_a_ledger_written_anew_is_found_by_an_earlier_head(ledger: Ledger) -> None:
    ledger.reserve("default", TOTAL, [ask("1")])
    head = ledger.verify()
    ledger.reserve("default", TOTAL, [ask("2")])
    ledger.verify(head)
    ledger.path.unlink()
    ledger.reserve("default", TOTAL, [ask("3")])
    ledger.verify()
    with pytest.raises(LedgerError, match="noted earlier"):
        ledger.verify(head)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no database, but a text of some length" * 100, "damaged"), (None, "no ledger of Veilbeam")],
)
def test_a_file_that_is_no_ledger_is_left_alone(
    ledger: Ledger, content: bytes | None, words: str
) -> None:
    if content is None:
        with closing(sqlite3.connect(ledger.path)) as db:
            db.execute("CREATE TABLE mine (a)")
            db.commit()
    else:
        ledger.path.write_bytes(content)
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match=words):
        ledger.reserve("default", TOTAL, [ask()])
    assert ledger.path.read_bytes() == before


def test_a_cut_off_file_is_refused(ledger: Ledger) -> None:
    ledger.reserve("default", TOTAL, [ask(str(i), epsilon=1) for i in range(100)])
    content = ledger.path.read_bytes()
    ledger.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(LedgerError, match="damage"):
        ledger.reserve("default", TOTAL, [ask()])


def test_a_locked_ledger_is_told_after_a_while(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.reserve("default", TOTAL, [ask("1")])
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="another process held it"):
            ledger.reserve("default", TOTAL, [ask("2")])


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="its folder must exist"):
        Ledger(tmp_path / "none" / "ledger").reserve("default", TOTAL, [ask()])
    with pytest.raises(LedgerError, match="cannot be used"):
        Ledger(tmp_path / "none").verify()


@pytest.fixture
def as_other_user() -> Iterator[Path]:
    """A folder that this process may read, but not write."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    os.seteuid(0)
    shutil.rmtree(folder)


def test_a_read_only_ledger_can_be_audited_but_not_spent_on(as_other_user: Path) -> None:
    ledger = Ledger(as_other_user / "ledger")
    ledger.reserve("default", TOTAL, [ask("1")])
    ledger.path.chmod(0o644)
    os.seteuid(65534)
    assert ledger.balance("default").spent == Amount(400_000, 0)
    ledger.verify()
    with pytest.raises(LedgerError, match="must be able to write"):
        ledger.reserve("default", TOTAL, [ask("2")])
