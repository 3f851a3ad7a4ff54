"""The same session exported twice, or by both who took part: found, so that it is published once.

A session is told by when it was, who took part, and what was said. Of each consultation a small
``Signature`` is compared: no text, but hashes of its runs of words (shingles; Broder 1997), all of
them in a short talk, in a long one those below a bound, so that any two samples fit each other
(FracMinHash; Hera, Pierce-Ward, Koslicki 2023).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from transforms.ingest.consultation import digest
from transforms.ingest.meetings import NEAR
from transforms.ingest.speakers import is_shared_name, keys_of, normal
from transforms.ingest.times import instant

RUN = 4
"""Words in a shingle."""
MOST = 256
"""Hashes in a sketch (8 bytes each); in a talk of more runs, that many are a sample."""
ENOUGH, PLENTY = 30, 200
"""Shared runs from which on two talks can be the same; and from which on the longer may be of any
length (a chat that was exported again, and had gone on)."""
STRONGLY, REPLIES = 60, 20
"""Shared runs in all, and in the talk of all but who talks most, where people or clocks do not
tell that it is one session."""
OF_SHORTER, OF_LONGER = 0.9, 0.5
"""Shares of their runs that must be shared."""
QUARTER, ABOUT, ZONES = 15 * 60, 2 * 60, 14 * 3600
"""Seconds: what clocks of different zones differ by, give or take; and at most."""
DAY = 24 * 3600
FIRST, CROWD = 32, 64
"""Least hashes of a sketch by which it is found, and records beyond which one tells nothing: words
that open every session."""


class Sketch(NamedTuple):
    """A sample of a talk's runs of words: those whose hash is below 2 ** (64 - ``bits``)."""

    bits: int
    hashes: bytes
    """Sorted, as 64-bit integers."""

    @property
    def values(self) -> np.ndarray:
        """The hashes."""
        return np.frombuffer(self.hashes, np.uint64)


class Overlap(NamedTuple):
    """What two sketches share."""

    runs: int
    """Number of shared runs, estimated from the sample where there is one."""
    shorter: float
    """Share of the shorter one's runs."""
    longer: float
    """Share of the longer one's runs."""

    def is_same(self, enough: int) -> bool:
        """Whether it is the same talk."""
        return (
            self.runs >= enough
            and self.shorter >= OF_SHORTER
            and (self.longer >= OF_LONGER or self.runs >= PLENTY)
        )


class Signature(NamedTuple):
    """What is compared of a consultation. Holds no text and no name: hashes of them."""

    file: str
    position: int
    format: str
    content: str
    """Digest of the whole consultation."""
    start: float | None
    """First and last time, in seconds since 1970; in UTC if ``is_utc``, else by the wall clock."""
    end: float | None
    is_utc: bool
    people: tuple[frozenset[int], ...]
    """Of each person whose name is not one that many share: account, number, words of the name."""
    own_ids: tuple[int, int]
    """The source's own ids of patient and meeting; 0 where there is none."""
    has_patient: bool
    turns: int
    talk: Sketch
    replies: Sketch
    """The talk of all but who talks most."""

    @property
    def place(self) -> tuple[str, int]:
        """Where the record is."""
        return self.file, self.position

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Which of two is kept: one that can be published, with more said."""
        return self.has_patient, len(self.talk.hashes) << self.talk.bits, self.turns


def signature_of(
    file: str, position: int, format: str, given: Mapping[str, Any], record: Mapping[str, Any]
) -> Signature:
    """The signature of a consultation: as its source has it (``given``), and completed."""
    turns = [turn for turn in record.get("turns") or [] if isinstance(turn, Mapping)]
    said: list[tuple[str, str]] = [
        (str(turn.get("speaker") or ""), str(turn.get("text") or "")) for turn in turns
    ]
    sizes: Counter[str] = Counter()
    for speaker, text in said:
        sizes[speaker] += len(text)
    loudest = max(sorted(sizes), key=sizes.__getitem__, default="")
    start, end, is_utc = _times(record, turns)
    patient, meeting = given.get("patient") or {}, given.get("meeting") or {}
    content = {key: value for key, value in record.items() if key != "sources"}
    return Signature(
        file=file,
        position=position,
        format=format,
        content=digest(content),
        start=start,
        end=end,
        is_utc=is_utc,
        people=tuple(_people(record)),
        own_ids=(_number(patient.get("id")), _number(meeting.get("id"))),
        has_patient=bool((record.get("patient") or {}).get("id")),
        turns=len(turns),
        talk=sketch(text for _, text in said),
        replies=sketch(text for speaker, text in said if speaker != loudest),
    )


def sketch(texts: Iterable[str]) -> Sketch:
    """The sketch of a talk: its runs of ``RUN`` words, whoever says them."""
    words = np.array([_hash(word) for text in texts for word in _words(text)], np.uint64)
    if len(words) < RUN:
        return Sketch(0, b"")
    runs = np.zeros(len(words) - RUN + 1, np.uint64)
    with np.errstate(over="ignore"):
        for i in range(RUN):
            runs = _mixed(runs + words[i : i + len(runs)])
    hashes, bits = np.unique(runs), 0
    while len(hashes) > MOST:
        bits += 1
        hashes = hashes[hashes < np.uint64(1 << (64 - bits))]
    return Sketch(bits, hashes.tobytes())


def overlap(one: Sketch, two: Sketch) -> Overlap:
    """What two talks share, by the coarser of their samples."""
    bits = max(one.bits, two.bits)
    some, others = (_below(sketch.values, bits) for sketch in (one, two))
    shared = len(np.intersect1d(some, others, assume_unique=True))
    if not shared:
        return Overlap(0, 0.0, 0.0)
    shorter, longer = sorted((len(some), len(others)))
    return Overlap(shared << bits, shared / shorter, shared / longer)


def are_copies(one: Signature, two: Signature) -> bool:
    """Whether two consultations are one session.

    They are if all that is in them is equal, and that is enough to tell sessions apart: a time and
    a person, or ``STRONGLY`` runs of words. Else the source's ids of patient and meeting must not
    differ, the times must fit, and the talk must be the same: ``ENOUGH`` runs, where the clocks are
    comparable and the people the same; elsewhere ``STRONGLY`` runs, and ``REPLIES`` of those who
    talk less; ``STRONGLY`` of these, where one person is shared and another differs: what a clinic
    sends to all of its patients is a session of each.
    """
    if one.content == two.content:
        return _is_distinct(one)
    if any(a and b and a != b for a, b in zip(one.own_ids, two.own_ids, strict=True)):
        return False
    shared, same = _people_of_both(one.people, two.people)
    near, fits = _clocks(one, two)
    if not fits:
        return False
    talk = overlap(one.talk, two.talk)
    if near and same and min(len(one.people), len(two.people)) > 1:
        return talk.is_same(ENOUGH)
    least = STRONGLY if shared and not same else REPLIES
    return talk.is_same(STRONGLY) and overlap(one.replies, two.replies).is_same(least)


def keys(signature: Signature) -> Iterator[str]:
    """What those share that could be copies of each other: days (any two times of less than a day
    between them share one), and the digest of all."""
    times = {t for t in (signature.start, signature.end) if t is not None}
    if len(signature.talk.hashes) >= 8 * ENOUGH or signature.talk.bits:
        steps = {(half, int((t + half * DAY) // (2 * DAY))) for t in times for half in (0, 1)}
        yield from (f"days {half} {number}" for half, number in sorted(steps))
    if _is_distinct(signature):
        yield f"content {signature.content}"


class Copy(NamedTuple):
    """A record that is a copy, and the one that is kept in its place."""

    file: str
    position: int
    format: str
    kept_file: str
    kept_position: int


def copies_in(signatures: Iterable[Signature]) -> Iterator[Copy]:
    """The copies among those that share a key.

    Each goes to one of higher rank, so that of all that are one session the highest stays,
    whatever keys they share.
    """
    ordered = sorted(signatures, key=lambda s: (*(-int(part) for part in s.rank), s.place))
    kept: dict[int, int] = {}
    for later, earlier in _candidates(ordered):
        if later not in kept and are_copies(ordered[earlier], ordered[later]):
            kept[later] = kept.get(earlier, earlier)
    for later, earlier in kept.items():
        copy = ordered[later]
        yield Copy(*copy.place, copy.format, *ordered[earlier].place)


def _candidates(ordered: Sequence[Signature]) -> Iterator[tuple[int, int]]:
    """Pairs (later, earlier) that share all content, or one of their least hashes; by order."""
    index: dict[Any, list[int]] = defaultdict(list)
    found = [(signature.content, *signature.talk.values[:FIRST].tolist()) for signature in ordered]
    for number, parts in enumerate(found):
        for part in parts:
            index[part].append(number)
    for number, parts in enumerate(found):
        near = {
            other
            for part in parts
            if len(index[part]) <= CROWD or isinstance(part, str)
            for other in index[part]
            if other < number
        }
        yield from ((number, other) for other in sorted(near))


def _is_distinct(signature: Signature) -> bool:
    """Whether a consultation's content is no other's by chance."""
    is_long = len(signature.talk.hashes) >= 8 * STRONGLY or signature.talk.bits > 0
    return is_long or (signature.start is not None and bool(signature.people))


def _clocks(one: Signature, two: Signature) -> tuple[bool, bool]:
    """Whether two begin or end at about one time; and whether they may, by clocks of two zones."""
    if one.start is None or two.start is None or one.end is None or two.end is None:
        return False, False
    apart = [abs(one.start - two.start), abs(one.end - two.end)]
    near = one.is_utc == two.is_utc and min(apart) <= NEAR
    if near or (one.is_utc and two.is_utc):
        return near, near
    return False, any(gap <= ZONES and min(gap % QUARTER, -gap % QUARTER) <= ABOUT for gap in apart)


def _people_of_both(
    some: Sequence[frozenset[int]], others: Sequence[frozenset[int]]
) -> tuple[bool, bool]:
    """Whether two consultations share a person; and whether all of the one with fewer are among
    those of the other."""
    found = [any(_same_person(person, other) for other in others) for person in some]
    back = [any(_same_person(person, other) for other in some) for person in others]
    same = (all(found) or len(some) > len(others)) and (all(back) or len(others) > len(some))
    return any(found), any(found) and same


def _same_person(one: frozenset[int], two: frozenset[int]) -> bool:
    """Whether all that is known of one is known of the other: Sam is Sam Lee."""
    return one <= two or two <= one


def _people(record: Mapping[str, Any]) -> Iterator[frozenset[int]]:
    for person in record.get("participants") or []:
        if not isinstance(person, Mapping):
            continue
        name = str(person.get("name") or "")
        known = set() if is_shared_name(name) else set(normal(name).split())
        for key in ("account", "phone", "email"):
            if not known and isinstance(value := person.get(key), str) and value:
                known = set(keys_of(value))
        if known:
            yield frozenset(map(_hash, known))


def _times(
    record: Mapping[str, Any], turns: Sequence[Mapping[str, Any]]
) -> tuple[float | None, float | None, bool]:
    """First time, last time, whether they are in UTC: of the turns, else of the session."""
    moments = [m for turn in turns if (m := instant(turn.get("at")))]
    if not moments:
        moments = [m for key in ("started_at", "ended_at") if (m := instant(record.get(key)))]
    if not moments:
        return None, None, False
    times = [time for time, _ in moments]
    first, last = min(times), max(times)
    if first == last:
        offsets = [turn.get("end_offset") or turn.get("offset") for turn in turns]
        last += max((float(o) for o in offsets if isinstance(o, int | float)), default=0.0)
    return first, last, all(aware for _, aware in moments)


_WORD = re.compile(r"\w+")


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _number(value: object) -> int:
    return _hash(str(value).strip().casefold()) if value else 0


def _mixed(values: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014): spreads hashes evenly, in their order."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _below(values: np.ndarray, bits: int) -> np.ndarray:
    return values[values < np.uint64(1 << (64 - bits))] if bits else values
