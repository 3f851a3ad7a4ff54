"""Parts of one session that lie in several files, found and put together.

A recording's transcript, the chat beside it and the report of who attended are three files of one
consultation. Only a few facts of each are compared (``Facts``); what belongs together is merged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from transforms.ingest.consultation import Consultation
from transforms.ingest.speakers import is_shared_name, person_keys
from transforms.ingest.times import instant

NEAR = 15 * 60
"""Seconds between the beginnings of two parts of one session: a recording starts late."""

MOST = 64
"""Parts with one meeting id or topic that are compared where their times are not known: of more
nobody could tell which two belong together."""


class Facts(NamedTuple):
    """What tells that parts belong to one session."""

    file: str
    position: int
    format: str
    start: float | None
    """Seconds since 1970, in UTC if ``is_utc``, else by the wall clock."""
    is_utc: bool
    platform: str
    meeting: str
    topic: str
    people: tuple[frozenset[str], ...]
    """The keys of each person whose name is not one that many share."""


def folder_of(path: str) -> str:
    """The folder in which the parts of a session lie together."""
    return re.split(r"[/\\](?=[^/\\]*$)", path)[0]


def facts_of(file: str, position: int, format: str, record: Mapping[str, Any]) -> Facts:
    """The facts of a consultation that may be a part."""
    meeting = record.get("meeting") or {}
    moment = instant(record.get("started_at"))
    people = [*(record.get("participants") or [])]
    people += [
        {"name": name} for name in {t.get("speaker") for t in record.get("turns") or []} if name
    ]
    return Facts(
        file,
        position,
        format,
        moment[0] if moment else None,
        bool(moment and moment[1]),
        str(record.get("platform") or ""),
        re.sub(r"\W", "", str(meeting.get("id") or "")).lower(),
        " ".join(re.findall(r"\w+", str(meeting.get("topic") or "").lower())),
        tuple(person_keys(p) for p in people if not is_shared_name(str(p.get("name") or ""))),
    )


class Member(NamedTuple):
    """A record that is a part of a session with others."""

    file: str
    position: int
    session: str
    """File and position of the session's first part."""


def sessions(parts: Iterable[Facts]) -> Iterator[Member]:
    """The parts, of those in one folder, that belong together (see ``belong_together``).

    A part that fits two others of one format fits none: a room's id is used for many sessions. The
    same goes for parts that meet only by way of others, if two of them are of one format.
    """
    ordered = sorted(parts)
    fits: dict[Facts, dict[str, list[Facts]]] = defaultdict(lambda: defaultdict(list))
    for one, two in _candidates(ordered):
        if belong_together(one, two):
            fits[one][two.format].append(two)
            fits[two][one.format].append(one)
    groups: dict[Facts, list[Facts]] = {part: [part] for part in ordered}
    for one in ordered:
        for format, others in fits[one].items():
            if len(others) == len(fits[others[0]][one.format]) == 1 and format > one.format:
                _unite(groups, one, others[0])
    for part, group in groups.items():
        if 1 < len(group) == len({other.format for other in group}):
            first = min(group)
            yield Member(part.file, part.position, f"{first.file}:{first.position}")


def belong_together(one: Facts, two: Facts) -> bool:
    """Whether two parts of different formats are of one session.

    Nothing that both know may differ: the beginning (by more than ``NEAR``), the platform, the
    meeting's id, the people. And they must share one of: the id, with the beginning or the people;
    the people, with the beginning or the topic; the very second in which they begin. The people are
    the same if all of one part are among those of the other: a clinician alone is in every session
    of the day.
    """
    is_comparable = one.start is not None and two.start is not None and one.is_utc == two.is_utc
    apart = abs((one.start or 0) - (two.start or 0)) if is_comparable else None
    is_near = apart is not None and apart <= NEAR
    same_people = _among(one.people, two.people) or _among(two.people, one.people)
    if (
        (apart is not None and not is_near)
        or (one.platform and two.platform and one.platform != two.platform)
        or (one.meeting and two.meeting and one.meeting != two.meeting)
        or (one.people and two.people and not same_people)
    ):
        return False
    return (
        bool(one.meeting and one.meeting == two.meeting and (is_near or same_people))
        or (same_people and (is_near or bool(one.topic and one.topic == two.topic)))
        or apart == 0
    )


def _among(some: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    return bool(some) and all(any(keys & other for other in others) for keys in some)


def _candidates(parts: Sequence[Facts]) -> Iterator[tuple[Facts, Facts]]:
    """Pairs of different formats that share an id or topic, or begin at about the same time."""
    index: dict[tuple[Any, ...], list[Facts]] = defaultdict(list)
    for part in parts:
        for key in _keys(part, (0,)):
            index[key].append(part)
    for part in parts:
        seen: set[Facts] = set()
        for key in _keys(part, (-1, 0, 1)):
            found = index.get(key, [])
            if key[0] == "start" or len(found) <= MOST:
                seen.update(other for other in found if other.format > part.format)
        yield from ((part, other) for other in sorted(seen))


def _keys(part: Facts, steps: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    if part.start is not None:
        yield from (("start", part.is_utc, int(part.start // NEAR) + step) for step in steps)
    if part.meeting:
        yield "meeting", part.meeting
    if part.topic:
        yield "topic", part.topic


def _unite(groups: dict[Facts, list[Facts]], one: Facts, two: Facts) -> None:
    if groups[one] is not groups[two]:
        groups[one] += groups[two]
        for part in groups[two]:
            groups[part] = groups[one]


def merge(parts: Sequence[Mapping[str, Any]]) -> Consultation:
    """One consultation of its parts, in the order in which they are preferred: the first that knows
    a thing says it; people are joined by name, account, phone or address; turns by time."""
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if value is None or key in ("participants", "turns", "sources", "note"):
                continue
            known = merged.get(key)
            merged[key] = _both(known, value)
    merged["participants"] = _people(parts)
    merged["turns"] = _turns(parts)
    merged["sources"] = [source for part in parts for source in part.get("sources") or []]
    notes = list(dict.fromkeys(part["note"] for part in parts if part.get("note")))
    if notes:
        merged["note"] = "\n\n".join(notes)
    times = [(i, part["started_at"]) for part in parts if (i := instant(part.get("started_at")))]
    if len(times) > 1 and len({aware for (_, aware), _ in times}) == 1:
        # A report knows when the session began; a recording only when it was switched on.
        merged["started_at"] = min(times)[1]
    _keep_former(parts, merged)
    return merged  # type: ignore[return-value]


def _both(known: Any, value: Any) -> Any:
    """What two parts say of one thing: all items of lists, else what the first one says."""
    if isinstance(known, Mapping) and isinstance(value, Mapping):
        return {key: _both(known.get(key), value.get(key)) for key in {**value, **known}}
    if isinstance(known, list) and isinstance(value, list):
        return [*known, *(item for item in value if item not in known)]
    return value if known is None else known


def _keep_former(parts: Sequence[Mapping[str, Any]], merged: dict[str, Any]) -> None:
    """A patient's name and address that another part has otherwise are former ones: they may stand
    in a text."""
    patients = [part["patient"] for part in parts if part.get("patient")]
    addresses = [patient["address"] for patient in patients if patient.get("address")]
    people = [person for part in parts for person in part.get("participants") or []]
    names = [p["name"] for p in people if p.get("role") == "patient" and p.get("name")]
    shown = {merged.get("patient", {}).get("address")}
    shown |= {person.get("name") for person in merged["participants"]}
    for key, values in (("other_addresses", addresses), ("other_names", names)):
        if former := [value for value in dict.fromkeys(values) if value not in shown]:
            known = merged.setdefault("patient", {}).get(key) or []
            merged["patient"] = merged["patient"] | {key: _both(known, former)}


def _people(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = []
    for part in parts:
        for person in part.get("participants") or []:
            keys = person_keys(person)
            same = [p for p in people if keys & person_keys(p)]
            if len(same) == 1:
                same[0].update({k: v for k, v in person.items() if same[0].get(k) is None})
            else:
                people.append(dict(person))
    return people


def _turns(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All turns, by time of day where all have one; else part by part."""
    turns = [dict(turn) for part in parts for turn in part.get("turns") or []]
    if all(instant(turn.get("at")) for turn in turns):
        turns.sort(key=lambda turn: instant(turn["at"]) or (0.0, False))
    return turns
