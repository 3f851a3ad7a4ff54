"""What a log says of budgets: periods, balances, history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.aggregate.ledger import Account, Event, State, views
from transforms.aggregate.settings import Amount

ACCOUNT = Account("set", "subjects")
TOTAL = Amount(1_000_000, 0)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def log_of(*events: tuple[datetime, int], renews: str = "", **changes: str) -> list[Event]:
    """A log of reservations, its hashes left out."""
    given = {"data_set": "set", "population": "subjects", "state": State.RESERVED.value} | changes
    return [
        Event(
            seq=number, release=str(number), digest="", micro_epsilon=epsilon, femto_delta=0,
            rho="", total_micro_epsilon=TOTAL.epsilon, total_femto_delta=0, renews=renews,
            config_digest="", input_digest="", version="", result="", by="",
            at=at.isoformat(timespec="seconds"), previous="", hash="", **given,
        )
        for number, (at, epsilon) in enumerate(events, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("renews", "now", "start"),
    [
        ("year", utc(2026, 12, 31, 23, 59, 59), utc(2026, 1, 1)),
        ("year", utc(2027, 1, 1), utc(2027, 1, 1)),
        ("quarter", utc(2026, 3, 31, 23), utc(2026, 1, 1)),
        ("quarter", utc(2026, 4, 1), utc(2026, 4, 1)),
        ("quarter", utc(2026, 12, 1), utc(2026, 10, 1)),
        ("month", utc(2024, 2, 29, 12), utc(2024, 2, 1)),
        # By UTC, wherever the clock hangs.
        ("month", datetime.fromisoformat("2026-03-01T00:30:00+01:00"), utc(2026, 2, 1)),
        ("quarter", datetime.fromisoformat("2026-04-01T00:30:00+01:00"), utc(2026, 1, 1)),
        (None, utc(2026, 1, 1), None),
        ("", utc(2026, 1, 1), None),
    ],
)
def test_a_period_begins_with_the_calendars(
    renews: str | None, now: datetime, start: datetime | None
) -> None:
    assert views.period_start(renews, now) == start


times = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC, microsecond=0)
)
renewals = st.sampled_from(["year", "quarter", "month"])


@given(log=st.lists(st.tuples(times, st.integers(1, 10**6)), max_size=20), now=times, new=times)
def test_whatever_clocks_show_an_entry_counts_in_its_period_and_for_good_in_all(
    log: list[tuple[datetime, int]], now: datetime, new: datetime
) -> None:
    made = log_of(*log, (new, 7))
    for renews in ("year", "quarter", "month"):
        # From its own entry to the end of its period it counts, whatever stood before it.
        end = views.period_start(renews, new)
        without = views.spent(made[:-1], ACCOUNT, end)
        assert views.spent(made, ACCOUNT, end) - without == Amount(7, 0)
        # A clock further back never counts less.
        earlier = views.period_start(renews, min(now, new))
        later = views.period_start(renews, max(now, new))
        assert views.spent(made, ACCOUNT, later).within(views.spent(made, ACCOUNT, earlier))
    assert views.spent(made, ACCOUNT, None) == Amount(7 + sum(e for _, e in log), 0)


@given(
    log=st.lists(st.tuples(times, st.integers(1, 10**6)), min_size=1, max_size=20).map(sorted),
    renews=renewals,
    after=st.timedeltas(timedelta(0), timedelta(days=3000)),
)
def test_history_ends_as_the_balance_stands(
    log: list[tuple[datetime, int]], renews: str, after: timedelta
) -> None:
    now = log[-1][0] + after
    made = log_of(*log, renews=renews)
    points = views.history(made, ACCOUNT, now)
    assert points[-1].spent == views.balance(made, ACCOUNT, now).spent
    assert [p.at for p in points] == sorted(p.at for p in points)
    assert [p.release for p in points if p.release] == [event.release for event in made]
    starts = [p.at for p in points if p.release is None]
    assert starts == sorted({views.period_start(renews, at) for at in starts})
    # No period between the first entry and now is left out.
    first, last = (views.period_start(renews, at) for at in (log[0][0], now))
    begun = {views.period_start(renews, p.at) for p in points}
    assert first is not None and last is not None
    steps = range(0, (last - first).days, 27)
    assert begun == {last, *(views.period_start(renews, first + timedelta(days=d)) for d in steps)}


def test_a_renewing_budgets_history_falls_to_nothing_at_each_start() -> None:
    made = log_of(
        (utc(2025, 11, 1), 5), (utc(2026, 2, 1), 3), (utc(2026, 3, 1), 2), renews="quarter"
    )
    points = views.history(made, ACCOUNT, utc(2026, 7, 15))
    assert [(f"{p.at:%Y-%m-%d}", p.spent.epsilon, p.release) for p in points] == [
        ("2025-11-01", 5, "1"),
        ("2026-01-01", 0, None),
        ("2026-02-01", 3, "2"),
        ("2026-03-01", 5, "3"),
        ("2026-04-01", 0, None),
        ("2026-07-01", 0, None),
    ]


def test_accounts_do_not_mix() -> None:
    mine = log_of((utc(2026, 1, 1), 5))
    others = log_of((utc(2026, 1, 1), 7), population="clinicians")
    assert views.accounts(mine + others) == [Account("set", "clinicians"), ACCOUNT]
    assert views.spent(mine + others, ACCOUNT, None) == Amount(5, 0)
    assert len(views.history(mine + others, ACCOUNT, utc(2026, 1, 2))) == 1


def test_what_is_left_is_never_shown_below_nothing() -> None:
    balance = views.balance(log_of((utc(2026, 1, 1), 2_000_000)), ACCOUNT, utc(2026, 1, 2))
    assert balance.left == Amount(0, 0)


def test_steps_back_of_a_clock_are_named() -> None:
    days = (utc(2026, 1, 2), utc(2026, 1, 3), utc(2026, 1, 1), utc(2026, 1, 2), utc(2026, 1, 3))
    steps = views.backward_steps(log_of(*((day, 1) for day in days)))
    assert [event.seq for event in steps] == [3, 4]
