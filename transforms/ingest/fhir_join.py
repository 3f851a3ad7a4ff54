"""FHIR resources joined into consultations by Beam: by Encounter, then by patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import orjson
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from transforms.batches import BATCH_BYTES, BATCH_RECORDS, Batch
from transforms.fields import FieldSpec
from transforms.ingest import fhir
from transforms.ingest.quarantine import Reject, Rejects, rejects_to_batch
from transforms.ingest.ranges import Range
from transforms.ingest.read import Tally, completed, read
from transforms.ingest.records import NO_SUBJECT, Row, to_batches
from transforms.ingest.settings import Format, SourceSettings

Placed = tuple[str, int, bytes]
"""A resource's file, line and JSON: bytes are what is cheapest to shuffle."""
Item = tuple[str, int, bytes | None, list[Placed], list[Placed]]
"""A consultation without its patient: file, line, Encounter, documents, practitioners."""
LeftOut = tuple[tuple[str, str], int]


class Joined(NamedTuple):
    """What ``join_fhir`` yields; ``read`` and ``left_out`` are still to be summed."""

    batches: beam.PCollection[Batch]
    quarantined: beam.PCollection[Batch]
    read: beam.PCollection[int]
    left_out: beam.PCollection[LeftOut]


def join_fhir(
    ranges: beam.PCollection[Range], source: SourceSettings, fields: Sequence[FieldSpec]
) -> Joined:
    """Consultations of a Bulk Data export.

    A record is an Encounter, a document that belongs to none, or a line that cannot be read.
    Encounters and documents cross each shuffle once. Patients and practitioners are few, and
    travel under each of their identifiers, so that every form of reference finds them.
    """
    parts = ranges | "Read resources" >> beam.ParDo(_Resources(source)).with_output_types(
        tuple[str, Placed],
        patients=tuple[str, Placed],
        practitioners=tuple[str, Placed],
        documents=tuple[str, Placed],
        unresolved=tuple[str, Placed],
        aliases=tuple[str, str],
        participants=tuple[str, str],
        quarantined=Batch,
        read=int,
        left_out=LeftOut,
    ).with_outputs(
        "patients", "practitioners", "documents", "unresolved", "aliases", "participants",
        "quarantined", "read", "left_out", main="encounters",
    )  # fmt: skip
    resolved = (
        {"documents": parts.unresolved, "keys": parts.aliases}
        | "By identifier" >> beam.CoGroupByKey()
        | "Resolve" >> beam.FlatMapTuple(_resolved).with_output_types(tuple[str, Placed])
    )
    practitioners = (
        {"resources": parts.practitioners, "encounters": parts.participants}
        | "By practitioner" >> beam.CoGroupByKey()
        | "To Encounters" >> beam.FlatMapTuple(_to_encounters).with_output_types(tuple[str, Placed])
    )
    gathered = (
        {
            "encounters": parts.encounters,
            "documents": (parts.documents, resolved) | "Documents" >> beam.Flatten(),
            "practitioners": practitioners,
        }
        | "By Encounter" >> beam.CoGroupByKey()
        | "Gather"
        >> beam.ParDo(_Gather())
        .with_output_types(tuple[str, Item], quarantined=Batch, read=int)
        .with_outputs("quarantined", "read", main="items")
    )
    finished = (
        {"patients": parts.patients, "items": gathered["items"]}
        | "By patient" >> beam.CoGroupByKey()
        | "Consultations"
        >> beam.ParDo(_Consultations(source, fields))
        .with_output_types(Batch, quarantined=Batch, left_out=LeftOut)
        .with_outputs("quarantined", "left_out", main="batches")
    )
    return Joined(
        finished.batches,
        (parts.quarantined, gathered.quarantined, finished.quarantined)
        | "All quarantined" >> beam.Flatten(),
        (parts.read, gathered.read) | "All read" >> beam.Flatten(),
        (parts.left_out, finished.left_out) | "All left out" >> beam.Flatten(),
    )


class _Resources(beam.DoFn):
    """Lines to resources, each under the key by which it is joined."""

    def __init__(self, source: SourceSettings) -> None:
        self._source = source

    def process(self, part: Range) -> Iterator[Any]:
        rejects: list[Reject] = []
        left_out: Counter[tuple[str, str]] = Counter()
        unreadable = 0
        for row in read(part, self._source, ()):
            if isinstance(row, Row):
                kind = row.record.get("resourceType")
                if isinstance(kind, str):
                    yield from _keyed(kind, row, left_out)
                    continue
                row = Reject(row.file, row.position, "no resourceType", row.raw)
            unreadable += 1
            rejects.append(row)
            if len(rejects) >= 100 or sum(len(r.record or b"") for r in rejects) > BATCH_BYTES:
                yield TaggedOutput("quarantined", Batch(rejects_to_batch(rejects).data))
                rejects = []
        if rejects:
            yield TaggedOutput("quarantined", Batch(rejects_to_batch(rejects).data))
        yield TaggedOutput("read", unreadable)
        for item in left_out.items():
            yield TaggedOutput("left_out", item)


def _keyed(kind: str, row: Row, left_out: Counter[tuple[str, str]]) -> Iterator[Any]:
    resource, placed = row.record, (row.file, row.position, row.original())
    own = next((k for k in fhir.keys_of(resource) if not fhir.is_conditional(k)), None)
    # Without an id nothing can refer to it; its place makes it one of a kind.
    own = own or f"{kind}@{row.file}:{row.position}"
    match kind:
        case "Encounter":
            yield own, placed
            for alias in fhir.alias_keys(resource):
                yield TaggedOutput("aliases", (alias, own))
            for key in fhir.practitioner_keys(resource):
                yield TaggedOutput("participants", (key, own))
        case "Patient" | "Practitioner":
            for key in dict.fromkeys(fhir.keys_of(resource)):
                yield TaggedOutput(kind.lower() + "s", (key, placed))
        case "DocumentReference":
            note, skipped = fhir.note_of(resource)
            left_out.update(("attachment", content_type) for content_type in skipped)
            # The note as text, and what the joins need: a third less than its base64.
            slim = {"note": note, "subject": resource.get("subject")}
            key = fhir.encounter_key(resource) or own
            tag = "unresolved" if fhir.is_conditional(key) else "documents"
            yield TaggedOutput(tag, (key, (*placed[:2], orjson.dumps(slim))))
        case _:
            left_out["resource", kind] += 1


def _resolved(alias: str, group: Mapping[str, Iterable[Any]]) -> Iterator[tuple[str, Placed]]:
    """Documents that name their Encounter by its identifier, under the Encounter's own key."""
    key = min(group["keys"], default=alias)
    for document in group["documents"]:
        yield key, document


def _to_encounters(_: str, group: Mapping[str, Iterable[Any]]) -> Iterator[tuple[str, Placed]]:
    practitioner = min(group["resources"], default=None)
    if practitioner is not None:
        for encounter in group["encounters"]:
            yield encounter, practitioner


class _Gather(beam.DoFn):
    """All of one Encounter, under its patient's key."""

    def process(self, element: tuple[str, Mapping[str, Iterable[Placed]]]) -> Iterator[Any]:
        _, group = element
        encounters = sorted(group["encounters"])
        documents = _unique(group["documents"])
        practitioners = sorted(set(group["practitioners"]))
        rejects = [
            Reject(file, line, f"duplicate id, first at {encounters[0][0]}:{encounters[0][1]}", raw)
            for file, line, raw in encounters[1:]
        ]
        items: list[Item] = (
            [(*encounters[0], documents, practitioners)]
            if encounters
            else [(file, line, None, [(file, line, raw)], []) for file, line, raw in documents]
        )
        for item in items:
            resource = orjson.loads(item[2] or item[3][0][2])
            patient = fhir.reference_key(resource.get("subject"), "Patient")
            if patient is None:
                rejects.append(Reject(*item[:2], NO_SUBJECT, item[2] or item[3][0][2]))
            else:
                yield patient, item
        if rejects:
            yield TaggedOutput("quarantined", Batch(rejects_to_batch(rejects).data))
        yield TaggedOutput("read", len(items) + len(encounters[1:]))


def _unique(documents: Iterable[Placed]) -> list[Placed]:
    """Documents in the order of their place; of several with one id the first."""
    found: dict[object, Placed] = {}
    for place in sorted(documents):
        identity = orjson.loads(place[2])["note"]["id"]
        found.setdefault(identity if identity is not None else place[:2], place)
    return list(found.values())


class _Consultations(beam.DoFn):
    """Patients joined to their Encounters; batches across patients, since one has few."""

    def __init__(self, source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
        self._source = source
        self._fields = list(fields)

    def start_bundle(self) -> None:
        self._rows: list[Row | Reject] = []
        self._size = 0
        self._tally = Tally(self._fields)

    def process(self, element: tuple[str, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        _, group = element
        first = min(group["patients"], default=None)
        patient = None if first is None else orjson.loads(first[2])
        for item in group["items"]:
            self._rows.append(_row(item, patient))
            self._size += sum(len(p[2]) for p in item[3]) + len(item[2] or b"")
            if len(self._rows) >= BATCH_RECORDS or self._size >= BATCH_BYTES:
                yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        for output in self._flush():
            yield in_window(output)
        for name, count in self._tally.unassigned.items():
            yield in_window(TaggedOutput("left_out", (("field", name), count)))

    def _flush(self) -> Iterator[Any]:
        joined, self._rows, self._size = self._rows, [], 0
        rows = completed(joined, Format.FHIR, self._source)
        for output in to_batches(self._tally.of(rows), self._fields):
            yield tagged(output)


def _row(item: Item, patient: Mapping[str, Any] | None) -> Row | Reject:
    file, line, encounter, documents, practitioners = item
    own = encounter or documents[0][2]
    if patient is None:
        return Reject(file, line, NO_SUBJECT, own)
    resource = orjson.loads(own)
    notes = [orjson.loads(raw)["note"] for _, _, raw in documents]
    record = fhir.consultation(
        resource.get("id") if encounter else notes[0]["id"],
        resource if encounter else None,
        patient,
        [orjson.loads(raw) for _, _, raw in practitioners],
        notes,
    )
    return Row(file, line, record, None)


def tagged(output: Any) -> Any:
    """A batch of ``to_batches`` as a DoFn yields it."""
    if isinstance(output, Rejects):
        return TaggedOutput("quarantined", Batch(output.data))
    return Batch(output)


def in_window(output: Any) -> Any:
    """An output as a DoFn yields it when a bundle is finished."""
    window = (GlobalWindow(),)
    if isinstance(output, TaggedOutput):
        return TaggedOutput(output.tag, WindowedValue(output.value, MIN_TIMESTAMP, window))
    return WindowedValue(output, MIN_TIMESTAMP, window)
