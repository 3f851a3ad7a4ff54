"""FHIR resources to consultations: one an Encounter, with who took part and what was written.

A consultation is ``{"id", "encounter": {...}, "patient": {...}, "practitioners": [{...}],
"documents": [{"id", "type", "date", "status", "text"}]}``; a document that belongs to no Encounter
is a consultation of its own, with ``encounter`` null. R4 and R5 are read, where their elements have
other names by either.
Sources: HL7 FHIR R4 and R5 (references: 2.3.0; Attachment: 2.24.0.4; Bundle), Bulk Data Access 2.0
(NDJSON).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.message import Message
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

Resource = Mapping[str, Any]

URN = "_urn"
"""Where a resource of a Bundle keeps the UUID by which the others there mean it, if that is not its
id."""


def in_bundle(bundle: Resource) -> Iterator[dict[str, Any]]:
    """The resources of a Bundle's entries, those of Bundles in it too."""
    for entry in _dicts(bundle.get("entry")):
        yield from in_entry(entry)


def in_entry(entry: Resource) -> Iterator[dict[str, Any]]:
    """The resource of a Bundle's entry with an id, which its ``fullUrl`` may hold alone; none,
    where the entry has no resource (a deletion, an answer)."""
    resource = entry.get("resource")
    if not isinstance(resource, dict):
        return
    if resource.get("resourceType") == "Bundle":
        yield from in_bundle(resource)
        return
    url = entry.get("fullUrl")
    if isinstance(url, str) and url:
        is_urn = url.startswith("urn:uuid:")
        name = url.removeprefix("urn:uuid:") if is_urn else url.rpartition("/")[2]
        if not isinstance(resource.get("id"), str):
            resource["id"] = name
        elif is_urn and resource["id"] != name:
            resource[URN] = name
    yield resource


def keys_of(resource: Resource) -> Iterator[str]:
    """Every reference by which others can mean this resource; its own key first."""
    kind = resource["resourceType"]
    if isinstance(resource.get(URN), str):
        yield f"{kind}/{resource[URN]}"
    if isinstance(resource.get("id"), str):
        yield f"{kind}/{resource['id']}"
    yield from alias_keys(resource)


def alias_keys(resource: Resource) -> Iterator[str]:
    """The conditional references by which others can mean this resource."""
    kind = resource["resourceType"]
    for identifier in _dicts(resource.get("identifier")):
        value, system = identifier.get("value"), identifier.get("system")
        if isinstance(value, str) and value:
            yield f"{kind}?identifier={system or ''}|{value}"


def reference_key(reference: object, kind: str) -> str | None:
    """The key that a Reference to a resource of type ``kind`` means: one of its ``keys_of``.

    Relative (``Patient/1``), absolute (``https://host/fhir/Patient/1/_history/2``), ``urn:uuid:``
    and conditional (``Patient?identifier=system|value``) references, and logical ones.
    """
    if not isinstance(reference, Mapping):
        return None
    text = reference.get("reference")
    if isinstance(text, str) and text:
        if text.startswith("urn:uuid:"):
            return f"{kind}/{text.removeprefix('urn:uuid:')}"
        path, _, query = text.partition("?")
        if query:
            found = re.search(r"(?:^|&)identifier=([^&]*)", query)
            return f"{kind}?identifier={_system_and_value(found[1])}" if found else None
        literal = re.search(r"(?:^|/)([A-Za-z]+)/([A-Za-z0-9.-]+)(?:/_history/[^/]+)?$", path)
        if literal:
            return f"{kind}/{literal[2]}" if literal[1] == kind else None
        return None
    identifier = reference.get("identifier")
    if isinstance(identifier, Mapping) and isinstance(identifier.get("value"), str):
        return f"{kind}?identifier={identifier.get('system') or ''}|{identifier['value']}"
    return None


def is_conditional(key: str) -> bool:
    """Whether a key names a resource by its identifier."""
    return "?" in key


def practitioner_keys(encounter: Resource) -> list[str]:
    """The practitioners who took part, in the Encounter's order."""
    found = (
        reference_key(person, "Practitioner")
        for participant in _dicts(encounter.get("participant"))
        for person in (participant.get("individual"), participant.get("actor"))
    )
    return list(dict.fromkeys(key for key in found if key))


def encounter_key(document: Resource) -> str | None:
    """The Encounter to which a DocumentReference belongs: the first one that it names."""
    context = document.get("context")
    references = context.get("encounter") if isinstance(context, Mapping) else context
    keys = (reference_key(r, "Encounter") for r in _dicts(references))
    return next((key for key in keys if key), None)


def note_of(document: Resource) -> tuple[dict[str, Any], list[str]]:
    """What is kept of a DocumentReference, and the content types that could not be read."""
    text, skipped = _note_text(document)
    kind = document.get("type")
    note = {
        "id": document.get("id"),
        "type": _concept_text(kind) if isinstance(kind, Mapping) else None,
        "date": document.get("date"),
        "status": document.get("status"),
        "text": text,
    }
    return note, skipped


def consultation(
    identity: object,
    encounter: Resource | None,
    patient: Resource,
    practitioners: Iterable[Resource],
    documents: Iterable[Resource],
) -> dict[str, Any]:
    """One record; documents in the order of their dates."""
    order = sorted(documents, key=lambda d: (str(d.get("date") or ""), str(d.get("id") or "")))
    return {
        "id": identity,
        "encounter": encounter,
        "patient": patient,
        "practitioners": list(practitioners),
        "documents": order,
    }


def _note_text(document: Resource) -> tuple[str | None, list[str]]:
    """The text of the first content that can be read; the contents are one note in other forms."""
    readable: dict[str, str] = {}
    skipped: list[str] = []
    for content in _dicts(document.get("content")):
        attachment = content.get("attachment")
        if not isinstance(attachment, Mapping):
            continue
        text, kind = attached_text(attachment)
        if text is None:
            skipped.append(kind)
        else:
            readable.setdefault(kind, text)
    best = next((readable[kind] for kind in _READ if kind in readable), None)
    return best, skipped


def attached_text(attachment: Resource) -> tuple[str | None, str]:
    """The text of an Attachment, if it is there and can be read, and its content type."""
    kind, charset = _content_type(attachment.get("contentType"))
    text = _decoded(attachment.get("data"), charset) if kind in _READ else None
    return None if text is None else _READ[kind](text), kind


def _content_type(value: object) -> tuple[str, str]:
    message = Message()
    message["content-type"] = re.sub(r"[\r\n]", " ", value) if isinstance(value, str) else ""
    return message.get_content_type(), str(message.get_param("charset") or "utf-8")


def _decoded(data: object, charset: str) -> str | None:
    if not isinstance(data, str):
        return None  # kept elsewhere (attachment.url)
    try:
        text = base64.b64decode("".join(data.split()), validate=True).decode(charset)
        text.encode()  # some charsets yield what is no character
        return text
    except (binascii.Error, ValueError, LookupError):
        return None


_BLOCKS = frozenset(
    "p div br hr li ul ol dl dt dd table tr section article h1 h2 h3 h4 h5 h6".split()
)


class _HtmlText(HTMLParser):
    """Collects the text of a page; a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style")
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def html_text(html: str) -> str:
    """The text of a page; a line for each block."""
    parser = _HtmlText()
    parser.feed(html)
    parser.close()
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


# In the order of preference.
_READ: dict[str, Callable[[str], str]] = {
    "text/plain": str,
    "text/html": html_text,
    "application/xhtml+xml": html_text,
}


def _concept_text(concept: Resource) -> str | None:
    codings = list(_dicts(concept.get("coding")))
    candidates = [concept.get("text"), *(c.get(k) for k in ("display", "code") for c in codings)]
    return next((c for c in candidates if isinstance(c, str) and c), None)


def _system_and_value(query: str) -> str:
    text = unquote(query)
    return text if "|" in text else f"|{text}"


def _dicts(value: object) -> Iterator[Resource]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))
