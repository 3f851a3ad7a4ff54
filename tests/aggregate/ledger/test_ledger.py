"""The ledger: never overspent, never edited unnoticed, whatever dies in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aggregate.ledger.support import TOTAL, Place, ask, at_once, start
from transforms.aggregate.ledger import Ledger, LedgerError, State
from transforms.aggregate.ledger import store as store_module
from transforms.aggregate.ledger.tables import EVENT, NUMBERS
from transforms.aggregate.settings import Amount, stated


def test_a_ledger_is_made_at_the_first_reservation(place: Place) -> None:
    ledger = place.open()
    assert ledger.balance("default").spent == Amount(0, 0)
    assert ledger.head() is None and ledger.verify().head is None
    assert not place.head.exists()
    ledger.reserve("default", TOTAL, [ask()])
    assert ledger.head() is not None


def test_its_files_are_for_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        Ledger(tmp_path / "ledger.sqlite").reserve("default", TOTAL, [ask()])
    finally:
        os.umask(old)
    found = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert found == {"ledger.sqlite": 0o600, "ledger.head": 0o600}


def test_overspending_is_refused_with_spent_asked_and_left(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1"), ask("2")])
    with pytest.raises(
        LedgerError, match=r"total ε=1, .*spent ε=0\.8, .*asked ε=0\.4, .*left ε=0\.2"
    ):
        ledger.reserve("default", TOTAL, [ask("3")])
    with pytest.raises(LedgerError, match=r"asked ε=0\.1, δ=1\.1e-06"):
        ledger.reserve("default", TOTAL, [ask("3", epsilon=100_000, delta=11 * 10**8)])
    assert ledger.balance("default").spent == Amount(800_000, 0)
    ledger.reserve("default", TOTAL, [ask("3", epsilon=200_000)])  # To the last millionth.
    assert ledger.balance("default").left == Amount(0, 10**9)


def test_each_data_set_and_each_population_has_its_own_budget(place: Place) -> None:
    ledger = place.open()
    for number, (data_set, population) in enumerate(
        [("a", "patients"), ("a", "clinicians"), ("b", "patients")], start=1
    ):
        amount = ask(epsilon=number * 200_000)
        [entry] = ledger.reserve(data_set, TOTAL, [amount], population=population)
        assert not entry.repeated
        assert ledger.balance(data_set, population).spent == amount.amount
    with pytest.raises(LedgerError, match=r"'a', population 'clinicians', does not suffice"):
        ledger.reserve("a", TOTAL, [ask("2", epsilon=700_000)], population="clinicians")
    assert ledger.balance("b").spent == Amount(0, 0)


def test_reservations_are_all_or_nothing(place: Place) -> None:
    ledger = place.open()
    with pytest.raises(LedgerError):
        ledger.reserve("default", TOTAL, [ask(name=name) for name in ("a", "b", "c")])
    assert ledger.events() == []


def test_a_repeat_spends_nothing_and_returns_what_was_stored_to_the_byte(place: Place) -> None:
    ledger = place.open()
    one = bytes(range(256)) * 1000
    [first] = ledger.reserve("default", TOTAL, [ask()])
    assert (first.state, first.repeated, first.stored) == (State.RESERVED, False, None)
    # Reserved only: nobody saw noise, so that the reservation still holds.
    [again] = place.open().reserve("default", TOTAL, [ask()])
    assert (again.state, again.repeated) == (State.RESERVED, True)
    assert ledger.store(first, one) == one
    # Two processes at once: who stores second gets the first one's table.
    assert ledger.store(again, b"two") == one
    [drawn] = ledger.reserve("default", Amount(0, 0), [ask()])  # Even with the budget cut to 0.
    assert (drawn.state, drawn.repeated, drawn.stored) == (State.DRAWN, True, one)
    ledger.publish(drawn)
    ledger.publish(drawn)
    [published] = place.open().reserve("default", TOTAL, [ask()])
    assert (published.state, published.stored) == (State.PUBLISHED, one)
    assert ledger.balance("default").spent == Amount(400_000, 0)
    assert [event.state for event in ledger.events()] == ["RESERVED", "DRAWN", "PUBLISHED"]


def test_two_releases_with_equal_tables_share_what_is_stored(place: Place) -> None:
    ledger = place.open()
    for entry in ledger.reserve("default", TOTAL, [ask("a"), ask("b")]):
        assert ledger.store(entry, b"same") == b"same"
    ledger.verify()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"input_digest": "other"}, "differs now: the input. Nothing"),
        ({"config_digest": "other"}, "differs now: settings of fields or source. Nothing"),
        ({"version": "0.2"}, "differs now: the version of Veilbeam. Nothing"),
        ({"version": "0.2", "input_digest": "o"}, "now: the input, the version of Veilbeam. "),
        ({}, "differs now: settings of the release. Nothing"),
    ],
)
def test_the_same_name_for_something_else_is_refused(
    place: Place, changes: dict[str, str], words: str
) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask(epsilon=1)])
    for other in ([ask(digest="e", **changes)], [ask("new"), ask(digest="e", **changes)]):
        with pytest.raises(LedgerError, match=words) as raised:
            ledger.reserve("default", TOTAL, other)
        assert "set 'aggregate.edition' to a new name" in str(raised.value)
    assert ledger.balance("default").ever == Amount(1, 0)
    ledger.reserve("default", TOTAL, [ask("r@2", digest="e", **changes)])


def test_a_lowered_budget_counts_against_all_that_was_spent(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    with pytest.raises(LedgerError, match="left ε=0, δ=0"):
        ledger.reserve("default", Amount(300_000, 0), [ask("2", epsilon=1)])
    ledger.reserve("default", Amount(400_001, 0), [ask("2", epsilon=1)])
    assert ledger.balance("default").total == Amount(400_001, 0)


def test_order_is_kept(place: Place) -> None:
    ledger = place.open()
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    with pytest.raises(LedgerError, match="before it was drawn"):
        ledger.publish(entry)


def test_an_entry_tells_who_when_and_from_what(place: Place) -> None:
    now = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)
    ledger = place.open(lambda: now)
    changes: dict[str, Any] = {"rho": 0.1 + 0.2, "delta": 7}
    ledger.reserve("set", TOTAL, [ask(**changes)], population="patients", renews="quarter")
    [event] = ledger.events()
    assert (event.data_set, event.population, event.release) == ("set", "patients", "r")
    assert (event.amount, event.total, event.renews) == (Amount(400_000, 7), TOTAL, "quarter")
    assert (event.digest, event.config_digest, event.input_digest) == ("d", "config", "input")
    assert event.rho == "0.300000000001"  # 0.30000000000000004, rounded up.
    assert event.at == "2026-03-01T12:30:15+00:00"
    assert event.by


def test_a_renewing_budget_counts_its_period_and_keeps_the_others(place: Place) -> None:
    def at(*day: int) -> Ledger:
        return place.open(lambda: datetime(*day, 12, tzinfo=UTC))  # type: ignore[misc, arg-type]

    at(2026, 1, 1).reserve("default", TOTAL, [ask("1", epsilon=900_000)], renews="year")
    with pytest.raises(
        LedgerError, match=r"spent ε=0.9, δ=0 since 2026-01-01 \(it renews each year\)"
    ):
        at(2026, 12, 31).reserve("default", TOTAL, [ask("2")], renews="year")
    at(2027, 1, 1).reserve("default", TOTAL, [ask("2")], renews="year")
    found = at(2027, 6, 1).balance("default")
    assert (found.spent, found.ever) == (Amount(400_000, 0), Amount(1_300_000, 0))
    # A repeat is one in any period.
    [entry] = at(2028, 1, 1).reserve("default", TOTAL, [ask("1", epsilon=900_000)], renews="year")
    assert entry.repeated
    # Who stops to renew counts all of it.
    with pytest.raises(LedgerError, match=r"spent ε=1.3"):
        at(2028, 1, 1).reserve("default", TOTAL, [ask("3", epsilon=1)])


def test_a_clock_that_goes_back_gives_no_budget_back(place: Place) -> None:
    def at(*day: int) -> Ledger:
        return place.open(lambda: datetime(*day, tzinfo=UTC))  # type: ignore[misc, arg-type]

    at(2026, 5, 1).reserve("default", TOTAL, [ask("1")], renews="year")
    for day in ((2026, 4, 1), (2020, 1, 1), (1971, 1, 1)):
        with pytest.raises(LedgerError, match=r"left ε=0\.6"):
            at(*day).reserve("default", TOTAL, [ask("2", epsilon=600_001)], renews="year")
    # What is entered meanwhile is not forgotten once the clock is right again.
    at(2020, 1, 1).reserve("default", TOTAL, [ask("2")], renews="year")
    with pytest.raises(LedgerError, match=r"left ε=0\.2"):
        at(2026, 5, 2).reserve("default", TOTAL, [ask("3")], renews="year")
    # Nor is what a clock that ran ahead let through: it counts for its period and until then.
    at(2040, 1, 1).reserve("default", TOTAL, [ask("3", epsilon=900_000)], renews="year")
    for day in ((2026, 5, 3), (2031, 1, 1), (2040, 12, 31)):
        with pytest.raises(LedgerError, match="does not suffice"):
            at(*day).reserve("default", TOTAL, [ask("4")], renews="year")
    assert [event.seq for event in at(2026, 5, 3).verify().backward_steps] == [2]
    assert [event.seq for event in place.open().events()] == [1, 2, 3]


def test_fifty_processes_at_once_never_overspend(place: Place) -> None:
    code = """
[entry] = ledger.reserve("default", TOTAL, [ask(str(number), epsilon=30_000)])
assert ledger.store(entry, str(number).encode()) == str(number).encode()
"""
    ended = at_once(50, code, place)
    # 33 x 0.03 is the most that fits.
    assert ended == ["done"] * 33 + ["refused"] * 17
    ledger = place.open()
    assert ledger.balance("default").spent == Amount(990_000, 0)
    head = ledger.verify().head
    assert head is not None and head.entries == 66


def test_processes_with_one_release_spend_once_and_get_one_table(place: Place) -> None:
    code = """
[entry] = ledger.reserve("default", TOTAL, [ask()])
shown = ledger.store(entry, os.urandom(20))
Path(f"{ledger_head}.{number}").write_bytes(shown)
ledger.publish(entry)
"""
    assert at_once(20, code, place) == ["done"] * 20
    shown = {path.read_bytes() for path in place.head.parent.glob(f"{place.head.name}.*")}
    [entry] = place.open().reserve("default", TOTAL, [ask()])
    assert shown == {entry.stored}
    assert entry.state is State.PUBLISHED
    assert place.open().balance("default").spent == Amount(400_000, 0)


DIE = "os.kill(os.getpid(), signal.SIGKILL)"
AT_COMMIT = f"sa.event.listen(sa.Engine, 'commit', lambda connection: {DIE})\n"
AT_INSERT = (
    "sa.event.listen(sa.Engine, 'after_cursor_execute', lambda connection, cursor, statement, *_: "
    f"{DIE} if statement.startswith('INSERT INTO veilbeam_event') else None)\n"
)
RESERVE = "[entry] = ledger.reserve('default', TOTAL, [ask()])\n"
STORE = "ledger.store(entry, b'x')\n"
PUBLISH = "ledger.publish(entry)\n"
LIVES = {
    "while reserving": (AT_INSERT + RESERVE, None),
    "before the reservation is committed": (AT_COMMIT + RESERVE, None),
    "once reserved, before the head is noted": (
        f"Path.replace = lambda *_: {DIE}\n" + RESERVE,
        State.RESERVED,
    ),
    "once reserved": (RESERVE + DIE, State.RESERVED),
    "while storing": (RESERVE + AT_INSERT + STORE, State.RESERVED),
    "before the table is committed": (RESERVE + AT_COMMIT + STORE, State.RESERVED),
    "once drawn": (RESERVE + STORE + DIE, State.DRAWN),
    "before publishing is committed": (RESERVE + STORE + AT_COMMIT + PUBLISH, State.DRAWN),
    "once published": (RESERVE + STORE + PUBLISH + DIE, State.PUBLISHED),
}


@pytest.mark.parametrize("moment", LIVES)
def test_killed_in_the_middle(place: Place, moment: str) -> None:
    code, reached = LIVES[moment]
    process = start(code, place)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    ledger = place.open()
    spent = Amount(0 if reached is None else 400_000, 0)
    assert ledger.balance("default").spent == spent
    ledger.verify()
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    assert entry.state == (reached or State.RESERVED)
    assert entry.repeated == (reached is not None)
    assert entry.stored == (b"x" if reached in (State.DRAWN, State.PUBLISHED) else None)
    assert ledger.balance("default").spent == Amount(400_000, 0)


EDITS = [
    "UPDATE veilbeam_event SET micro_epsilon = 1 WHERE seq = 1",
    "UPDATE veilbeam_event SET by = 'someone' WHERE seq = 3",
    "UPDATE veilbeam_event SET total_micro_epsilon = 9000000 WHERE seq = 2",
    "UPDATE veilbeam_event SET population = 'others' WHERE seq = 2",
    "UPDATE veilbeam_event SET at = '2001-01-01T00:00:00+00:00' WHERE seq = 1",
    "UPDATE veilbeam_event SET state = 'UNDONE' WHERE seq = 4",
    "DELETE FROM veilbeam_event WHERE seq = 1",
    "DELETE FROM veilbeam_event WHERE seq = 2",
    "DELETE FROM veilbeam_event WHERE seq = 4",
    "DELETE FROM veilbeam_event",
    "UPDATE veilbeam_event SET seq = 9 WHERE seq = 4",
    # Reordered:
    "UPDATE veilbeam_event SET seq = CASE seq WHEN 1 THEN 102 WHEN 2 THEN 101 ELSE seq END; "
    "UPDATE veilbeam_event SET seq = seq - 100 WHERE seq > 100",
    "INSERT INTO veilbeam_event SELECT 5, data_set, population, 'new', digest, state, 0, 0, rho, "
    "0, 0, renews, config_digest, input_digest, version, result, at, by, hash, hash "
    "FROM veilbeam_event WHERE seq = 1",
    "UPDATE veilbeam_ledger SET entries = 3",
    "UPDATE veilbeam_ledger SET id = 'other'",
    "DELETE FROM veilbeam_ledger",
    # The end cut off, and the row made to fit: the head noted beside tells.
    "UPDATE veilbeam_ledger SET entries = 3, head = (SELECT previous FROM veilbeam_event "
    "WHERE seq = 4); DELETE FROM veilbeam_event WHERE seq = 4",
    "UPDATE veilbeam_result SET stored = {nothing}",
    "DELETE FROM veilbeam_result",
    "INSERT INTO veilbeam_result VALUES ('a', {nothing})",
]


@pytest.mark.parametrize("edit", EDITS)
def test_edits_are_found(place: Place, edit: str) -> None:
    ledger = place.open()
    entry, _ = ledger.reserve("default", TOTAL, [ask("1"), ask("2")])
    ledger.store(entry, b"table")
    ledger.publish(entry)
    ledger.verify()
    nothing = "x'00'" if place.is_file else "'\\x00'"
    place.execute(*edit.format(nothing=nothing).split("; "))
    with pytest.raises(LedgerError, match="edited or damaged"):
        ledger.verify()
    if "result" in edit.partition("SET")[0] and "event" not in edit:
        return
    if "veilbeam_result" not in edit:
        with pytest.raises(LedgerError, match="Nothing more is spent"):
            ledger.reserve("default", TOTAL, [ask("3", epsilon=1)])


@cache
def _ledger_of_four_entries(path: Path) -> bytes:
    ledger = Ledger(path)
    for entry in ledger.reserve("default", TOTAL, [ask("1"), ask("2")]):
        ledger.store(entry, b"table")
    return path.read_bytes()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_change_of_any_value_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "edited.sqlite"
    path.write_bytes(_ledger_of_four_entries(tmp_path_factory.getbasetemp() / "whole.sqlite"))
    ledger = Ledger(path)  # No head is noted beside it: the chain alone must tell.
    column = data.draw(st.sampled_from(EVENT.c.keys()))
    seq = data.draw(st.integers(1, 4))
    number = column in NUMBERS
    value = data.draw(st.integers(-(2**62), 2**62) if number else st.text("abc01-'", max_size=9))
    with closing(sqlite3.connect(path)) as db:
        [(before,)] = db.execute(f'SELECT "{column}" FROM veilbeam_event WHERE seq = {seq}')
        try:
            db.execute(f'UPDATE veilbeam_event SET "{column}" = ? WHERE seq = {seq}', (value,))
        except sqlite3.IntegrityError:
            return  # Two events of one number.
        db.commit()
    if value == before:
        ledger.verify()
    else:
        with pytest.raises(LedgerError, match="edited or damaged"):
            ledger.verify()


def test_a_cut_end_is_found_by_a_release_even_if_all_else_was_rewritten(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    ledger.reserve("default", TOTAL, [ask("2")])
    head = ledger.verify().head
    assert head is not None
    ledger.reserve("default", TOTAL, [ask("3", epsilon=1)])
    ledger.verify([head.hash])
    place.execute(
        "UPDATE veilbeam_ledger SET entries = 1, head = (SELECT previous FROM veilbeam_event "
        "WHERE seq = 2)",
        "DELETE FROM veilbeam_event WHERE seq > 1",
    )
    with pytest.raises(LedgerError, match=r"entries are missing.* has noted 3, here is 1"):
        ledger.verify()
    place.head.unlink()
    ledger.verify()  # Nothing here can tell; a release that was published can.
    with pytest.raises(LedgerError, match="a release notes the head"):
        ledger.verify([head.hash])


def test_a_ledger_begun_anew_is_found(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    head = ledger.verify().head
    assert head is not None
    tables = ("veilbeam_ledger", "veilbeam_event", "veilbeam_result")
    place.execute(*(f"DROP TABLE {name}" for name in tables))
    if place.is_file:
        place.path.unlink()
    for refused in (ledger.verify, ledger.events, lambda: ledger.balance("default")):
        with pytest.raises(LedgerError, match="it was removed"):
            refused()
    with pytest.raises(LedgerError, match="it was removed"):
        ledger.reserve("default", TOTAL, [ask("2")])
    kept = place.head.read_bytes()
    place.head.unlink()
    with pytest.raises(LedgerError, match="empty, and a release was made"):
        ledger.verify([head.hash])
    ledger.reserve("default", TOTAL, [ask("2")])
    place.head.write_bytes(kept)
    for refused in (ledger.verify, lambda: ledger.reserve("default", TOTAL, [ask("3")])):
        with pytest.raises(LedgerError, match="another ledger than the one whose head"):
            refused()


def test_a_damaged_note_of_the_head_is_told(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    for content in ("", "[]", '{"ledger": "a"}', "\x00"):
        place.head.write_text(content)
        with pytest.raises(LedgerError, match=r"note of the ledger's head cannot be read"):
            ledger.reserve("default", TOTAL, [ask("2")])


def test_a_head_that_cannot_be_noted_leaves_the_reservation(place: Place) -> None:
    ledger = Ledger(place.where, place.head.parent / "none" / "head")
    with pytest.raises(LedgerError, match=r"cannot be noted .*What was entered stands"):
        ledger.reserve("default", TOTAL, [ask("1")])
    assert place.open().balance("default").spent == Amount(400_000, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no database, but a text of some length" * 100, "damaged"),
        ("CREATE TABLE mine (a)", "no ledger of Veilbeam"),
        ("PRAGMA application_id = 1447381324; CREATE TABLE event (a)", "ledger of format 1; "),
    ],
)
def test_a_file_that_is_no_ledger_is_left_alone(
    tmp_path: Path, content: bytes | str, words: str
) -> None:
    ledger, path = Ledger(tmp_path / "ledger"), tmp_path / "ledger"
    if isinstance(content, str):
        with closing(sqlite3.connect(path)) as db:
            db.executescript(content)
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    for refused in (ledger.verify, lambda: ledger.reserve("default", TOTAL, [ask()])):
        with pytest.raises(LedgerError, match=words):
            refused()
    assert path.read_bytes() == before


def test_a_ledger_of_a_later_format_is_refused(place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask()])
    place.execute("UPDATE veilbeam_ledger SET format = 3")
    with pytest.raises(LedgerError, match="ledger of format 3; this version of Veilbeam knows 2"):
        ledger.reserve("default", TOTAL, [ask()])


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    ledger, path = Ledger(tmp_path / "ledger"), tmp_path / "ledger"
    ledger.reserve("default", TOTAL, [ask(str(i), epsilon=1) for i in range(100)])
    content = path.read_bytes()
    for left in (len(content) // 2, 100, 0):
        path.write_bytes(content[:left])
        with pytest.raises(LedgerError, match=r"damage|it was removed"):
            ledger.reserve("default", TOTAL, [ask()])


def test_a_locked_file_is_told_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.reserve("default", TOTAL, [ask("1")])
    monkeypatch.setattr(store_module, "WAIT_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "ledger", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="another process held it"):
            ledger.reserve("default", TOTAL, [ask("2")])
    ledger.reserve("default", TOTAL, [ask("2")])


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="its folder must exist"):
        Ledger(tmp_path / "none" / "ledger").reserve("default", TOTAL, [ask()])


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


def test_a_read_only_file_can_be_audited_but_not_spent_on(as_other_user: Path) -> None:
    ledger = Ledger(as_other_user / "ledger")
    ledger.reserve("default", TOTAL, [ask("1")])
    for path in as_other_user.iterdir():
        path.chmod(0o644)
    os.seteuid(65534)
    assert ledger.balance("default").spent == Amount(400_000, 0)
    ledger.verify()
    with pytest.raises(LedgerError, match="must be able to write"):
        ledger.reserve("default", TOTAL, [ask("2")])


epsilons = st.floats(min_value=1e-12, max_value=0.3)
deltas = st.floats(min_value=0, max_value=1e-7)


@given(st.lists(st.tuples(epsilons, deltas)))
def test_sums_of_amounts_are_never_below_what_was_stated(parts: list[tuple[float, float]]) -> None:
    total = sum((Amount.spent(*part) for part in parts), Amount(0, 0))
    exact = [sum((stated(part[i]) for part in parts), Fraction(0)) for i in (0, 1)]
    for counted, unit, truth in zip(
        (total.epsilon, total.delta), (10**6, 10**15), exact, strict=True
    ):
        assert truth <= Fraction(counted, unit) < truth + Fraction(len(parts) or 1, unit)


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(st.tuples(epsilons, deltas), min_size=1, max_size=12),
    budget=st.tuples(st.floats(1e-6, 1.0), st.floats(0, 3e-7)),
)
def test_what_is_granted_never_exceeds_the_budget_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[float, float]],
    budget: tuple[float, float],
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("sums") / "ledger")
    granted = [Fraction(0), Fraction(0)]
    for number, part in enumerate(parts):
        asked = Amount.spent(*part)
        try:
            ledger.reserve(
                "default",
                Amount.total(*budget),
                [ask(str(number), epsilon=asked.epsilon, delta=asked.delta)],
            )
        except LedgerError as error:
            assert "does not suffice" in str(error)
        else:
            granted = [sum_ + stated(p) for sum_, p in zip(granted, part, strict=True)]
    assert all(sum_ <= stated(total) for sum_, total in zip(granted, budget, strict=True))
