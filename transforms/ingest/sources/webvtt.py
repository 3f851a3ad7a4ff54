"""WebVTT: transcripts of Zoom's cloud recordings, of Teams, Google Meet, Webex and many others.

Zoom writes ``Name: text``; Teams ``<v Name>text</v>``; Webex names speakers in identifiers; Stream
writes ``(Name)`` in a line of its own.
Sources: W3C WebVTT; Zoom Support, "Managing audio transcription for cloud recordings"; Microsoft
Support, "View live transcription in Microsoft Teams meetings"; Webex Help, "Download transcripts".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from transforms.ingest.consultation import Consultation
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import BY_NAME, SURE, Document, DocumentSource, Head
from transforms.ingest.sources._cues import Cues, arrow_cues
from transforms.ingest.sources._talk import (
    Piece,
    consultation,
    facts_in_name,
    split_labels,
    turns_of,
)
from transforms.ingest.text import UnreadableError

# Bounded, and never past another tag: else text full of open ones would take for ever.
_VOICE = re.compile(r"<v(?:\.[^ \t<>]{0,99})?[ \t]+([^<>\n]{0,200})>")
_SIMPLE = re.compile(r"<v ([^<>&\n]{1,200})>([^<&\n]*)</v>")
"""What most voices are."""
_TAG = re.compile(r"</?(?:[a-z]{1,9}(?:\.[^\s<>]{0,99})?(?:[ \t][^<>\n]{0,200})?|\d[\d:.]{0,20})>")
_BRACKETS = re.compile(r"^\(([^()\n]{1,80})\)\n", re.MULTILINE)
_WEBEX = re.compile(r'\d+ "([^"\n]*)" \(\d+\)')
_LANGUAGE = re.compile(r"^Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", re.MULTILINE)


class WebVtt(DocumentSource):
    """A transcript: one file is one consultation."""

    format = Format.WEBVTT
    title = "WebVTT transcript (Zoom, Teams, Google Meet, Webex)"
    endings = frozenset({".vtt"})

    def sniff(self, head: Head) -> float:
        """The word with which every such file begins."""
        if re.match(r"WEBVTT(?:[ \t\n]|$)", head.text):
            return SURE
        return BY_NAME if head.ending == ".vtt" else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker."""
        for document in documents:
            text = document.text(settings)
            if not text.startswith("WEBVTT"):
                raise UnreadableError("no WebVTT: its first word is missing", document.path)
            turns = turns_of(pieces_of(arrow_cues(text)))
            if not turns:
                raise UnreadableError("no talk in the transcript", document.path)
            facts = facts_in_name(document.path, settings)
            platform = "teams" if "<v " in text and facts.platform is None else None
            record = consultation(turns, "video", facts, platform)
            if found := _LANGUAGE.search(text.partition("-->")[0]):
                record["language"] = found[1]
            yield record


def pieces_of(cues: Cues) -> Iterator[Piece]:
    """What is said in cues, and by whom, in any of the vendors' ways."""
    if any("<v" in text for text in cues.texts):
        for text, start, end in zip(cues.texts, cues.starts, cues.ends, strict=True):
            if simple := _SIMPLE.fullmatch(text):
                name, said = simple.groups()
                yield name.strip() or None, said.strip(), start, end, None
            else:
                for speaker, part in _voices(text):
                    yield speaker, part, start, end, None
        return
    texts = list(map(plain, cues.texts))
    labelled = split_labels(texts)
    for text, start, end, identifier, (label, said) in zip(
        texts, cues.starts, cues.ends, cues.identifiers, labelled, strict=True
    ):
        if '"' in identifier and (webex := _WEBEX.fullmatch(identifier)):
            yield webex[1] or None, _one_line(text), start, end, None
        elif label is None and text.startswith("(") and _BRACKETS.match(text):
            for speaker, part in _bracketed(text):
                yield speaker, _one_line(part), start, end, None
        else:
            yield label, _one_line(said) if "\n" in said else said.strip(), start, end, None


def plain(text: str) -> str:
    """A cue's text without tags, entities resolved."""
    if "<" in text and "<" in (text := text.removesuffix("</v>")):
        text = _TAG.sub("", text)
    return html.unescape(text) if "&" in text else text


def _voices(cue: str) -> Iterator[tuple[str | None, str]]:
    """Each voice of a cue; what stands before the first one is nobody's."""
    before, *rest = _VOICE.split(cue)
    if before.strip():
        yield None, _one_line(plain(before))
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        name = html.unescape(name) if "&" in name else name
        yield name.strip() or None, _one_line(plain(text))


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    _, *rest = _BRACKETS.split(text)
    for name, part in zip(rest[::2], rest[1::2], strict=True):
        yield name.strip(), re.sub(r"^-\s*$", "", part, flags=re.MULTILINE)


def _one_line(text: str) -> str:
    return " ".join(filter(None, map(str.strip, text.split("\n"))))
