"""What a ledger's log says: balances, periods, releases. Plain functions over events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from transforms.aggregate.ledger.chain import Account, Event, State
from transforms.aggregate.settings import Amount, Renewal

NOTHING = Amount(0, 0)


@dataclass(frozen=True)
class Balance:
    """How an account stands."""

    account: Account
    total: Amount
    """The budget that the last reservation stated."""
    renews: Renewal | None
    since: datetime | None
    """When the current period began; None if the budget never renews."""
    spent: Amount
    """In the current period."""
    ever: Amount
    """In all periods together: what somebody may have lost who was in all of them."""

    @property
    def left(self) -> Amount:
        """What may still be spent in this period; no part is less than 0."""
        left = self.total - self.spent
        return Amount(max(left.epsilon, 0), max(left.delta, 0))


@dataclass(frozen=True)
class Release:
    """A release in the ledger: its reservation, and how far it has come."""

    reserved: Event
    last: Event


@dataclass(frozen=True)
class Point:
    """An account at one moment."""

    at: datetime
    spent: Amount
    total: Amount
    release: str | None
    """What was reserved; None where the budget renewed."""


def period_start(renews: str | None, now: datetime) -> datetime | None:
    """When the period began in which ``now`` lies (UTC); None if the budget never renews."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match renews:
        case "year":
            return midnight.replace(month=1, day=1)
        case "quarter":
            return midnight.replace(month=(midnight.month - 1) // 3 * 3 + 1, day=1)
        case "month":
            return midnight.replace(day=1)
    return None


def timed(log: Sequence[Event], account: Account) -> Iterator[tuple[datetime, Event]]:
    """The account's reservations in order, each with a time that never goes back: where a clock
    did, the latest time that it had shown before."""
    latest = datetime.min.replace(tzinfo=UTC)
    for event in log:
        if event.account == account and event.state == State.RESERVED:
            latest = max(latest, datetime.fromisoformat(event.at))
            yield latest, event


def spent(log: Sequence[Event], account: Account, since: datetime | None) -> Amount:
    """What was reserved in the period that began at ``since``, or ever.

    What carries a later time counts too, whatever period it belongs to: so that a clock that goes
    back can only make more count, never less.
    """
    amounts = (e.amount for at, e in timed(log, account) if since is None or at >= since)
    return sum(amounts, NOTHING)


def balance(log: Sequence[Event], account: Account, now: datetime) -> Balance:
    """How the account stands, by the budget that its last reservation stated."""
    last = next((e for e in reversed(log) if e.account == account), None)
    renews = last.renews or None if last is not None else None
    since = period_start(renews, now)
    return Balance(
        account=account,
        total=NOTHING if last is None else last.total,
        renews=renews,  # type: ignore[arg-type]
        since=since,
        spent=spent(log, account, since),
        ever=spent(log, account, None),
    )


def accounts(log: Sequence[Event]) -> list[Account]:
    """All accounts, sorted."""
    return sorted({event.account for event in log})


def releases(log: Sequence[Event]) -> list[Release]:
    """All releases, in the order of their reservations."""
    found: dict[tuple[str, str, str], Release] = {}
    for event in log:
        first = found[event.key].reserved if event.key in found else event
        found[event.key] = Release(first, event)
    return list(found.values())


def history(log: Sequence[Event], account: Account, now: datetime) -> list[Point]:
    """The account over time, up to ``now``: a point for each reservation and each renewal."""
    points: list[Point] = []
    seen: list[tuple[datetime, Amount]] = []
    total, renews = NOTHING, ""
    for at, event in timed(log, account):
        points += _renewals(points, renews, total, at)
        seen.append((at, event.amount))
        total, renews = event.total, event.renews
        since = period_start(renews, at)
        counted = (amount for then, amount in seen if since is None or then >= since)
        points.append(Point(at, sum(counted, NOTHING), total, event.release))
    return points + _renewals(points, renews, total, now)


def _renewals(points: list[Point], renews: str, total: Amount, until: datetime) -> list[Point]:
    """The starts of periods since the last point."""
    starts: list[Point] = []
    start = period_start(renews, points[-1].at) if points else None
    while start is not None:
        # So many days after its first one, a period is over and the next has begun.
        days = {"year": 366, "quarter": 93, "month": 31}[renews]
        start = period_start(renews, start + timedelta(days=days))
        if start is None or start > until:
            break
        starts.append(Point(start, NOTHING, total, None))
    return starts


def backward_steps(log: Sequence[Event]) -> list[Event]:
    """Events whose time is earlier than that of an event before them: a clock went back."""
    steps, latest = [], ""
    for event in log:
        if event.at < latest:
            steps.append(event)
        latest = max(latest, event.at)
    return steps
