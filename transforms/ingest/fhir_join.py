"""FHIR resources joined into consultations by Beam: by Encounter, then by patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import orjson
from apache_beam.pvalue import TaggedOutput

from transforms.batches import BATCH_BYTES, BATCH_RECORDS, Batch
from transforms.bundles import in_window
from transforms.fields import FieldSpec
from transforms.ingest import fhir, fhir_pieces
from transforms.ingest.fhir_pieces import Piece
from transforms.ingest.quarantine import Reject, Rejects, rejects_to_batch
from transforms.ingest.ranges import Range
from transforms.ingest.read import Tally, completed, is_canonical, read
from transforms.ingest.records import NO_SUBJECT, Row, to_batches
from transforms.ingest.settings import Format, SourceSettings

Placed = tuple[str, int, bytes]
"""A resource's file, line and JSON: bytes are what is cheapest to shuffle."""
Item = tuple[str, int, bytes | None, list[Placed], list[Placed]]
"""A consultation without its patient: file, line, Encounter, documents and pieces, and what they
refer to."""
LeftOut = tuple[tuple[str, str], int]

NO_TYPE = "no resourceType"


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
    travel under each of their identifiers, so that every form of reference finds them. Where
    canonical consultations are asked for, so do the resources of ``fhir_pieces``: each as what it
    adds to an Encounter, or to the patient's day, if it has none.
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
        .with_output_types(tuple[str, Item], quarantined=Batch, read=int, left_out=LeftOut)
        .with_outputs("quarantined", "read", "left_out", main="items")
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
        (parts.left_out, gathered.left_out, finished.left_out) | "All left out" >> beam.Flatten(),
    )


class _Resources(beam.DoFn):
    """Lines to resources, each under the key by which it is joined."""

    def __init__(self, source: SourceSettings) -> None:
        self._source = source
        self._is_canonical = is_canonical(Format.FHIR, source)

    def process(self, part: Range) -> Iterator[Any]:
        rejects: list[Reject] = []
        left_out: Counter[tuple[str, str]] = Counter()
        unreadable = 0
        for row in read(part, self._source, ()):
            if isinstance(row, Row):
                kind = row.record.get("resourceType")
                reason = NO_TYPE
                if isinstance(kind, str):
                    try:
                        yield from list(_keyed(kind, row, left_out, self._is_canonical))
                        continue
                    except Exception as problem:  # of a shape that the standard does not have
                        reason = f"no resource of FHIR ({type(problem).__name__})"
                row = Reject(row.file, row.position, reason, row.raw)
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


def _keyed(
    kind: str, row: Row, left_out: Counter[tuple[str, str]], is_canonical: bool
) -> Iterator[Any]:
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
            if is_canonical:
                piece = fhir_pieces.document_piece(resource)
                slim["content"] = piece.content
                yield from (TaggedOutput("participants", (k, key)) for k in piece.keys)
            yield _under(key, placed, slim)
        case _ if is_canonical and kind in fhir_pieces.SHARED:
            for key in dict.fromkeys(fhir.keys_of(resource)):
                yield TaggedOutput("practitioners", (key, placed))
        case _ if is_canonical and kind in fhir_pieces.KINDS:
            pieces = list(fhir_pieces.pieces_of(resource))
            if not pieces:
                left_out["resource", f"{kind} that is void"] += 1
            for number, piece in enumerate(pieces):
                found = fhir_pieces.key_of(piece)
                if found is None:
                    left_out["resource", f"{kind} of no Encounter"] += 1
                    continue
                yield from (TaggedOutput("participants", (k, found)) for k in piece.keys)
                yield _under(found, placed, _slim(piece, f"{own}/{number}"))
        case _:
            left_out["resource", kind] += 1


def _under(key: str, placed: Placed, slim: Mapping[str, Any]) -> Any:
    tag = "unresolved" if fhir.is_conditional(key) else "documents"
    return TaggedOutput(tag, (key, (*placed[:2], orjson.dumps(slim))))


def _slim(piece: Piece, identity: str) -> dict[str, Any]:
    """What of a piece crosses a shuffle; its id tells the same resource in two files."""
    return {
        "id": identity,
        "subject": piece.subject,
        "at": piece.at,
        "content": piece.content,
        "is_session": piece.is_session,
    }


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
        encounters, repeated = _distinct(group["encounters"])
        if repeated:
            yield TaggedOutput("left_out", (("resource", "Encounter that is repeated"), repeated))
        documents = _unique(group["documents"])
        practitioners = sorted(set(group["practitioners"]))
        rejects = [
            Reject(file, line, f"duplicate id, first at {encounters[0][0]}:{encounters[0][1]}", raw)
            for file, line, raw in encounters[1:]
        ]
        items: list[Item]
        if encounters:
            documents, strange = _of_one_patient(encounters[0], documents)
            rejects += strange
            items = [(*encounters[0], documents, practitioners)]
        else:
            items = list(_without_encounter(documents, practitioners))
        if not encounters and not items:
            name = ("resource", "of an Encounter that is not there")
            yield TaggedOutput("left_out", (name, len(documents)))
        read = len(items) + len(rejects)
        for item in items:
            resource = orjson.loads(item[2] or item[3][0][2])
            patient = fhir.reference_key(resource.get("subject"), "Patient")
            if patient is None:
                rejects.append(Reject(*item[:2], NO_SUBJECT, item[2] or item[3][0][2]))
            else:
                yield patient, item
        if rejects:
            yield TaggedOutput("quarantined", Batch(rejects_to_batch(rejects).data))
        yield TaggedOutput("read", read)


def _distinct(encounters: Iterable[Placed]) -> tuple[list[Placed], int]:
    """Encounters of one key in the order of their place, and how many are the first one again: the
    pages of a search repeat what they include."""
    found = sorted(encounters)
    if len(found) < 2:
        return found, 0
    content = orjson.loads(found[0][2])
    kept = [placed for placed in found[1:] if orjson.loads(placed[2]) != content]
    return [found[0], *kept], len(found) - 1 - len(kept)


def _of_one_patient(
    encounter: Placed, documents: Sequence[Placed]
) -> tuple[list[Placed], list[Reject]]:
    """The documents of an Encounter, without those that say to be of another patient than it."""
    own = fhir.reference_key(orjson.loads(encounter[2]).get("subject"), "Patient")
    kept: list[Placed] = []
    rejects: list[Reject] = []
    for place in documents:
        slim = orjson.loads(place[2])
        other = fhir.reference_key(slim["subject"], "Patient") if "content" in slim else None
        if own and other and own != other and not any(map(fhir.is_conditional, (own, other))):
            rejects.append(Reject(*place[:2], "of another patient than its Encounter", place[2]))
        else:
            kept.append(place)
    return kept, rejects


def _without_encounter(documents: Sequence[Placed], practitioners: list[Placed]) -> Iterator[Item]:
    """Each note as a consultation of its own; what was said and measured together is one."""
    loaded = [(place, orjson.loads(place[2])) for place in documents]
    pieces = [place for place, slim in loaded if "note" not in slim]
    for place, slim in loaded:
        if "note" in slim:
            yield (*place[:2], None, [place], practitioners)
    if any(slim.get("is_session") for _, slim in loaded):
        yield (*pieces[0][:2], None, pieces, practitioners)


def _unique(documents: Iterable[Placed]) -> list[Placed]:
    """Documents in the order of their place; of several with one id the first."""
    found: dict[object, Placed] = {}
    for place in sorted(documents):
        slim = orjson.loads(place[2])
        identity = slim["note"]["id"] if "note" in slim else slim["id"]
        found.setdefault(identity if identity is not None else place[:2], place)
    return list(found.values())


class _Consultations(beam.DoFn):
    """Patients joined to their Encounters; batches across patients, since one has few."""

    def __init__(self, source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
        self._source = source
        self._fields = list(fields)
        self._is_canonical = is_canonical(Format.FHIR, source)

    def start_bundle(self) -> None:
        self._rows: list[Row | Reject] = []
        self._size = 0
        self._tally = Tally(self._fields)

    def process(self, element: tuple[str, Mapping[str, Iterable[Any]]]) -> Iterator[Any]:
        _, group = element
        first = min(group["patients"], default=None)
        patient = None if first is None else orjson.loads(first[2])
        for item in group["items"]:
            self._rows.append(joined(item, patient, self._is_canonical))
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


def joined(
    item: Item, patient: Mapping[str, Any] | None, is_canonical: bool = False
) -> Row | Reject:
    """A consultation with its patient, in FHIR's own shape; ``fhir_consultation`` needs what is
    added where it is to be canonical."""
    file, line, encounter, documents, shared = item
    own = encounter or documents[0][2]
    if patient is None:
        return Reject(file, line, NO_SUBJECT, own)
    resource = orjson.loads(own)
    slims = [orjson.loads(raw) for _, _, raw in documents]
    notes = [slim["note"] for slim in slims if "note" in slim]
    resources = [orjson.loads(raw) for _, _, raw in shared]
    record = fhir.consultation(
        resource.get("id") if encounter else notes[0]["id"] if notes else None,
        resource if encounter else None,
        patient,
        [r for r in resources if r["resourceType"] == "Practitioner"],
        notes,
    )
    if is_canonical:
        record["pieces"] = [
            {"at": slim.get("at"), "content": slim["content"]}
            for slim in slims
            if "content" in slim
        ]
        record["shared"] = [r for r in resources if r["resourceType"] != "Practitioner"]
    return Row(file, line, record, None)


def tagged(output: Any) -> Any:
    """A batch of ``to_batches`` as a DoFn yields it."""
    if isinstance(output, Rejects):
        return TaggedOutput("quarantined", Batch(output.data))
    return Batch(output)
