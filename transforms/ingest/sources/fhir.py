"""FHIR: resources that ``fhir_join`` makes consultations of, one a line or in Bundles.

Bulk Data has a resource a line; a search, a document or a transaction is a Bundle, which may be
written over many lines, and is streamed::

    {"resourceType": "Bundle", "type": "searchset", "link": [{"relation": "next", "url": "..."}],
     "entry": [{"fullUrl": "https://h.example/fhir/Encounter/1",
                "resource": {"resourceType": "Encounter", "id": "1", ...}}]}

Sources: HL7, FHIR R4 and R5 (Bundle, 2.36; JSON representation, 2.6.2), Bulk Data Access.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ijson
import orjson

from transforms.ingest import fhir, fhir_consultation
from transforms.ingest.files import DamagedError, SourceFile, read_blocks, read_head
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, SURE, Head
from transforms.ingest.sources._lines import Lines
from transforms.ingest.text import UnreadableError, skip_mark, too_large

_NAME = re.compile(r"(Patient|Encounter|DocumentReference)\b.*\.ndjson(\.gz|\.zstd?)?")
_TYPE = re.compile(r'"resourceType"\s*:\s*"([A-Z][A-Za-z]+)"')
_HEAD = 64 << 10
_OF_BUNDLES = frozenset(
    "resourceType id meta implicitRules language identifier type timestamp total link entry"
    " signature issues".split()
)
_NO_ENTRIES = "a Bundle whose entries cannot be read"


class Fhir(Lines):
    """Resources, which are records only when they are joined."""

    format = Format.FHIR
    title = "FHIR resources"
    endings = frozenset({".ndjson", ".jsonl", ".json"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """JSON with a resource's type near its beginning, or a file that is named after one."""
        text = head.text.lstrip()
        if text[:1] in ("{", "[") and _TYPE.search(text[:8000]):
            return SURE
        return LIKELY + 0.1 if _NAME.fullmatch(head.name) else 0.0

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """Ranges of lines; the whole file, where it is not a resource a line."""
        if _is_lines(file.path):
            yield from super().plan(file, settings, range_bytes)
        else:
            yield Range(file.path, self.format)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The resources of a range, those in Bundles too. Their place is a line, or the number of
        an entry."""
        if part.end is None and not _is_lines(part.file):
            yield from _streamed(part.file, settings)
            return
        for row in super().read(part, settings, paths):
            if isinstance(row, Row) and row.record.get("resourceType") == "Bundle":
                yield from _of_bundle(row)
            else:
                yield row

    def consultation(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was joined, as a canonical consultation."""
        return fhir_consultation.consultation(record)


def _is_lines(path: str) -> bool:
    """Whether a file has a resource a line; else it is one value, or several, over many lines."""
    first, *others = read_head(path, _HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n")[:20]
    if not any(line.strip() for line in others):
        # A single line: one resource, or a Bundle of any size.
        found = _TYPE.search(first[:8000].decode("utf-8", "replace"))
        return first[:1] == b"{" and found is not None and found[1] != "Bundle"
    return any(map(_is_object, (first, *others)))


def _is_object(line: bytes) -> bool:
    """Whether a line is a resource by itself; one of a value over many lines may be an object, but
    no resource."""
    if b'"resourceType"' not in line:
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _streamed(path: str, settings: SourceSettings) -> Iterator[Row | Reject]:
    """The resources of Bundles, entry by entry: of a large one little is held at a time."""
    head = read_head(path, _HEAD)
    is_list = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["
    prefix = "item" if is_list else "entry.item"
    found = ijson.sendable_list()
    parser = ijson.items_coro(found, prefix, multiple_values=True, use_float=True)
    number, problem = 0, ""
    held = bytearray()  # as much as one record may have
    try:
        for block in read_blocks(path, settings.encoding, skip_mark(head, settings.encoding)):
            if len(held) <= settings.max_record_bytes:
                held += block
            try:
                parser.send(block)
            except (ijson.JSONError, UnicodeDecodeError):
                problem = "broken JSON"
            for entry in found:
                for row in _of_entry(path, number + 1, entry, is_list):
                    number += 1
                    yield row._replace(position=number)
            found.clear()
            if problem:
                break
        else:
            parser.close()
    except (ijson.JSONError, UnicodeDecodeError):  # it ends too early
        problem = "broken JSON"
    except (DamagedError, UnreadableError) as fault:
        problem = str(fault)
    if problem:
        yield Reject(path, number + 1, f"{problem}; nothing after it could be read", None)
    elif number == 0:
        yield from _single(path, bytes(held), settings)


def _of_entry(path: str, number: int, entry: object, is_list: bool) -> Iterator[Row | Reject]:
    if not isinstance(entry, dict):
        yield Reject(path, number, "not a JSON object", None)
    elif not is_list and not _holds_resource(entry):
        yield Reject(path, number, "an entry of a Bundle without a resource", None)
    elif is_list:
        bare = {"resource": entry}
        yield from _rows(path, number, fhir.in_entry(bare))
    else:
        yield from _rows(path, number, fhir.in_entry(entry))


def _of_bundle(row: Row) -> Iterator[Row | Reject]:
    entries = row.record.get("entry")
    if not _is_empty(row.record) and not isinstance(entries, list):
        yield Reject(row.file, row.position, _NO_ENTRIES, row.raw)
    for entry in entries if isinstance(entries, list) else ():
        yield from _of_entry(row.file, row.position, entry, False)


def _holds_resource(entry: Mapping[str, Any]) -> bool:
    """Whether an entry has a resource, or says why it needs none: a deletion, an answer."""
    return isinstance(entry.get("resource"), dict) or bool({"request", "response"} & set(entry))


def _is_empty(bundle: Mapping[str, Any]) -> bool:
    """Whether a Bundle rightly has no entries: the last page of a search."""
    return not bundle.get("entry") and not set(bundle) - _OF_BUNDLES


def _rows(path: str, number: int, resources: Iterator[dict[str, Any]]) -> Iterator[Row | Reject]:
    for resource in resources:
        try:
            yield Row(path, number, resource, orjson.dumps(resource))
        except (TypeError, orjson.JSONEncodeError):  # numbers, depth: what no other reader takes
            yield Reject(path, number, "broken JSON", None)


def _single(path: str, held: bytes, settings: SourceSettings) -> Iterator[Row | Reject]:
    """A file that is one resource, over many lines. A Bundle without resources has none: the last
    page of a search."""
    if len(held) > settings.max_record_bytes:
        yield Reject(path, 1, too_large(settings), None)
        return
    try:
        value = orjson.loads(held)
    except orjson.JSONDecodeError:
        yield Reject(path, 1, "broken JSON", held)
        return
    if not isinstance(value, dict):
        yield Reject(path, 1, "not a JSON object", held)
    elif value.get("resourceType") != "Bundle":
        yield Row(path, 1, value, held)
    elif not _is_empty(value) and not isinstance(value.get("entry"), list):
        yield Reject(path, 1, _NO_ENTRIES, held)
