"""Releases through the ledger, on both databases: drawn once, whatever dies, and never again."""

from __future__ import annotations

import signal

import pytest

from tests.aggregate.ledger.support import Place, start
from tests.aggregate.test_releaser import PROVENANCE, exact, settings_of
from transforms.aggregate import releaser
from transforms.aggregate.ledger import LedgerError, State
from transforms.aggregate.releaser import release_all
from transforms.aggregate.settings import Amount

RELEASE = """
from tests.aggregate.test_releaser import PROVENANCE, exact, releaser, settings_of
settings = settings_of()
release = lambda: releaser.release_all(exact(settings), settings, ledger, PROVENANCE)
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"


def spent_of(place: Place) -> Amount:
    return place.open().balance("default").ever


def test_a_repeat_returns_the_stored_table_to_the_byte(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of()
    first = release_all(exact(settings), settings, place.open(), PROVENANCE)["r"]
    [drawn] = place.open().reserve("default", Amount(0, 0), [_ask_of(first.entry)])
    monkeypatch.setattr(releaser, "draw", None)  # Nothing is drawn again.
    again = release_all(exact(settings), settings, place.open(), PROVENANCE)["r"]
    assert again.entry.stored == drawn.stored
    assert again.table.equals(first.table, check_metadata=True)
    assert spent_of(place) == Amount(10**6, 0)


def _ask_of(entry: releaser.Entry) -> releaser.Ask:
    return releaser.Ask(entry.release, entry.digest, Amount(0, 0))


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        (f"releaser.draw = lambda *_: {DIE}\nrelease()", State.RESERVED),
        (f"releaser._encode = lambda *_: {DIE}\nrelease()", State.RESERVED),
        (f"releaser._decode = lambda *_: {DIE}\nrelease()", State.DRAWN),
        (f"ledger.publish(release()['r'].entry)\n{DIE}", State.PUBLISHED),
    ],
)
def test_a_run_killed_at_any_moment_spends_once(
    place: Place, monkeypatch: pytest.MonkeyPatch, moment: str, reached: State
) -> None:
    process = start(RELEASE + moment, place)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert [event.state for event in place.open().events()][-1] == reached
    assert spent_of(place) == Amount(10**6, 0)
    if reached != State.RESERVED:
        monkeypatch.setattr(releaser, "draw", None)  # What was drawn is not drawn again.
    settings = settings_of()
    released = release_all(exact(settings), settings, place.open(), PROVENANCE)["r"]
    assert released.entry.repeated
    assert spent_of(place) == Amount(10**6, 0)
    place.open().verify()


def test_runs_at_once_show_one_table(place: Place) -> None:
    show = "print(release()['r'].table.to_pylist())"
    processes = [start(RELEASE + show, place) for _ in range(2)]
    shown = {process.communicate()[0] for process in processes}
    assert len(shown) == 1 and "people" in shown.pop()
    assert spent_of(place) == Amount(10**6, 0)


def test_each_edition_and_population_is_paid_for(place: Place) -> None:
    settings = settings_of()
    for changes in ({}, {"edition": "2"}, {"population": "clinicians"}):
        changed = settings.model_copy(update=changes)
        release_all(exact(changed), changed, place.open(), PROVENANCE)
    assert spent_of(place) == Amount(2 * 10**6, 0)
    assert place.open().balance("default", "clinicians").ever == Amount(10**6, 0)
    assert [e.release for e in place.open().events()] == ["r", "r", "r@2", "r@2", "r", "r"]


def test_nothing_is_drawn_where_the_ledger_refuses(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releaser, "draw", None)
    settings = settings_of()
    ask = releaser.Ask("other", "d", Amount(9_500_000, 0))
    place.open().reserve("default", settings.budget.amount, [ask])
    with pytest.raises(LedgerError, match="does not suffice for r: "):
        release_all(exact(settings), settings, place.open(), PROVENANCE)
