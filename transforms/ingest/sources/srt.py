"""SubRip (.srt) and SubViewer (.sbv): subtitles, and the chat beside a Google Meet recording.

Sources: the SubRip format as its users describe it (Matroska, "SRT Subtitles"); YouTube Help,
"Supported subtitle and closed caption files"; Google Meet Help, "Record a video meeting" (the chat
is kept as .sbv or .txt).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.ingest.consultation import Consultation
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import BY_NAME, SURE, Document, DocumentSource, Head
from transforms.ingest.sources._cues import arrow_cues, comma_cues
from transforms.ingest.sources._talk import consultation, facts_in_name, turns_of
from transforms.ingest.sources.webvtt import pieces_of
from transforms.ingest.text import UnreadableError

_SRT = re.compile(r"\s*+(?:\d+\n)?[ \t]*\d{1,4}:\d\d:\d\d[.,]\d{1,3}[ \t]*-->[ \t]*\d")
_SBV = re.compile(r"\s*\d{1,4}:\d\d:\d\d\.\d{3},\d{1,4}:\d\d:\d\d\.\d{3}[ \t]*\n")


class SubRip(DocumentSource):
    """Subtitles: one file is one consultation."""

    format = Format.SRT
    title = "SubRip or SubViewer subtitles"
    endings = frozenset({".srt", ".sbv"})

    def sniff(self, head: Head) -> float:
        """A first timing in SubRip's way, or SubViewer's."""
        if _SRT.match(head.text) or _SBV.match(head.text):
            return SURE
        return BY_NAME if head.ending in self.endings else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker."""
        for document in documents:
            text = document.text(settings)
            is_sbv = _SBV.match(text) is not None
            turns = turns_of(pieces_of(comma_cues(text) if is_sbv else arrow_cues(text)))
            if not turns:
                raise UnreadableError("no talk in the subtitles", document.path)
            facts = facts_in_name(document.path, settings)
            yield consultation(turns, "video", facts, "meet" if is_sbv else None)
