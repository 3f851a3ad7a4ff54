"""Whisper's transcripts as JSON, of the programs that run the model.

openai-whisper, whisper-ctranslate2 (faster-whisper), the OpenAI API and WhisperX, which knows who
speaks::

    {"text": "...", "language": "en", "segments": [{"start": 0.0, "end": 2.5, "text": " Hello",
     "speaker": "SPEAKER_00", "words": [{"word": "Hello", "speaker": "SPEAKER_00"}]}]}

faster-whisper's segments as a list; chunks of Transformers' pipeline; whisper.cpp, in
milliseconds::

    [{"id": 1, "start": 0.0, "end": 2.5, "text": " Hello"}]
    {"text": "...", "chunks": [{"timestamp": [0.0, 2.5], "text": " Hello"}]}
    {"systeminfo": "...", "result": {"language": "en"}, "transcription":
     [{"offsets": {"from": 0, "to": 2500}, "text": " Hello", "speaker": "0"}]}

Sources: the writers of openai-whisper (``whisper/utils.py``), whisper.cpp (``output_json`` of
``examples/cli``), WhisperX (``utils.py``) and faster-whisper (``transcribe.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transforms.ingest.consultation import Consultation
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, SURE, Document, DocumentSource, Head
from transforms.ingest.sources._json import is_one_value, loaded, objects, seconds, text_of
from transforms.ingest.sources._talk import Said, consultation, facts_in_name, turns_of
from transforms.ingest.text import UnreadableError

_MARKS = re.compile(
    r'"segments"\s*:\s*\[\s*\{[^{}\[\]]{0,400}?"start"\s*:\s*[\d.]'
    r'|"transcription"\s*:\s*\[\s*\{\s*"timestamps"\s*:'
    r'|"chunks"\s*:\s*\[\s*\{\s*"timestamp"\s*:'
    r'|\A\s*\[\s*\{[^{}\[\]]{0,200}?"seek"\s*:\s*\d'
)
_LANGUAGES = {
    "english": "en", "german": "de", "spanish": "es", "french": "fr", "italian": "it",
    "portuguese": "pt", "dutch": "nl", "polish": "pl", "russian": "ru", "turkish": "tr",
    "arabic": "ar", "hindi": "hi", "japanese": "ja", "korean": "ko", "chinese": "zh",
    "ukrainian": "uk", "swedish": "sv", "greek": "el", "hebrew": "he", "vietnamese": "vi",
}  # fmt: skip
"""The API writes names of languages, the programs write codes."""


class Whisper(DocumentSource):
    """A transcript by Whisper: one file is one consultation."""

    format = Format.WHISPER
    title = "Whisper transcript (openai-whisper, whisper.cpp, faster-whisper, WhisperX)"
    endings = frozenset({".json"})

    def sniff(self, head: Head) -> float:
        """The beginning of its segments. A long talk's text stands before them."""
        if not is_one_value(head):
            return 0.0
        if _MARKS.search(head.text):
            return SURE
        is_long = not head.is_whole and re.match(r'\{\s*"text"\s*:\s*"', head.text)
        return LIKELY if is_long and head.ending == ".json" else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker; one turn where none is named."""
        for document in documents:
            value = loaded(document)
            whole = value if isinstance(value, dict) else {"segments": value}
            turns = turns_of(_said(whole)) or turns_of([Said(None, text_of(whole.get("text")))])
            if not turns:
                raise UnreadableError("no talk in the transcript", document.path)
            record = consultation(turns, "video", facts_in_name(document.path, settings))
            if language := _language(whole):
                record["language"] = language
            yield record


def _said(whole: Mapping[str, Any]) -> Iterator[Said]:
    for segment in objects(whole.get("segments")):
        start, end = seconds(segment.get("start")), seconds(segment.get("end"))
        words = list(objects(segment.get("words")))
        if len({speaker for word in words if (speaker := word.get("speaker"))}) > 1:
            yield from _by_word(words, _speaker(segment))
        else:
            yield Said(_speaker(segment), text_of(segment.get("text")), start, end)
    for segment in objects(whole.get("transcription")):
        offsets = segment.get("offsets")
        span = offsets if isinstance(offsets, dict) else {}
        start, end = seconds(span.get("from"), 0.001), seconds(span.get("to"), 0.001)
        yield Said(_speaker(segment), text_of(segment.get("text")), start, end)
    for segment in objects(whole.get("chunks")):
        stamp = segment.get("timestamp")
        first, last = stamp if isinstance(stamp, list) and len(stamp) == 2 else (None, None)
        yield Said(_speaker(segment), text_of(segment.get("text")), seconds(first), seconds(last))


def _by_word(words: Sequence[Mapping[str, Any]], speaker: str | None) -> Iterator[Said]:
    """A segment in which several speak. A word of nobody belongs to who spoke before it."""
    for word in words:
        speaker = _speaker(word) or speaker
        start, end = seconds(word.get("start")), seconds(word.get("end"))
        yield Said(speaker, text_of(word.get("word")), start, end)


def _speaker(segment: Mapping[str, Any]) -> str | None:
    """``SPEAKER_00``, a name that somebody gave; whisper.cpp's channels are numbers, or ``?``."""
    speaker = segment.get("speaker")
    if isinstance(speaker, int) and not isinstance(speaker, bool):
        speaker = str(speaker)
    name = text_of(speaker)
    if not name or name == "?":
        return None
    return f"Speaker {name}" if len(name) == 1 or name.isdecimal() else name


def _language(whole: Mapping[str, Any]) -> str | None:
    result = whole.get("result")
    inner = result.get("language") if isinstance(result, dict) else None
    name = (text_of(whole.get("language")) or text_of(inner)).lower()
    return _LANGUAGES.get(name) or (name if re.fullmatch(r"[a-z]{2,3}", name) else None)
