"""A clinician's note of a call, as text: the file's name says when, and with which number.

``2024-03-12 14-05 +44 7700 900123.txt``, ``20240312_140500_447700900123.txt``. In one folder with a
call log it becomes the note of that call, by the number and the time (``meetings``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.ingest.consultation import Consultation
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, Document, DocumentSource, Head
from transforms.ingest.speakers import digits
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_NAME = re.compile(
    r"(?<![^ _-])(\d{4})-?(\d\d)-?(\d\d)[ _T](?:at )?(\d\d)[-.:h]?(\d\d)(?:[-.:m]?(\d\d))?"
    r"[ _-]{1,3}(\+?\(?\d[\d ()-]{5,18}\d)(?=\.(?:txt|md|text)\b|\.(?:dat|gz|zstd?)\b|$)",
    re.IGNORECASE,
)


class CallNote(DocumentSource):
    """A note: one file is one consultation without turns."""

    format = Format.CALL_NOTE
    title = "note of a call"
    endings = frozenset({".txt", ".md", ".text"})

    def sniff(self, head: Head) -> float:
        """A name with date, time and number, on a file of text that nothing else knows."""
        is_text = not head.is_binary and head.text.strip()[:1] not in ("", "{", "[", "<")
        return LIKELY / 2 if is_text and _NAME.search(head.name) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The note, with the time and the number of its name."""
        for document in documents:
            match = _NAME.search(base_name(document.path))
            if match is None or not digits(match[7]):
                raise UnreadableError("the note's name has no date, time and number", document.path)
            note = document.text(settings).strip()
            if not note:
                raise UnreadableError("the note is empty", document.path)
            year, month, day, hour, minute, second, number = match.groups()
            at = Clock((), settings).iso(f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}")
            if at is None:
                raise UnreadableError("the note's name has no date that can be read", document.path)
            yield {
                "channel": "phone",
                "started_at": at,
                "participants": [{"phone": number.strip()}],
                "note": note,
            }
