"""Amazon Transcribe's output of batch jobs, as JSON.

Words and punctuation are ``items``; who speaks stands in them, or (before 2022) in
``speaker_labels`` by the time at which a word begins, or is a channel. Since 2024
``audio_segments`` hold whole pieces of talk::

    {"jobName": "...", "accountId": "...", "status": "COMPLETED", "results": {
      "transcripts": [{"transcript": "Hello. Hi."}],
      "speaker_labels": {"segments": [{"speaker_label": "spk_0",
                                       "items": [{"start_time": "0.5"}]}]},
      "items": [{"type": "pronunciation", "start_time": "0.5", "end_time": "0.9",
                 "speaker_label": "spk_0", "alternatives": [{"content": "Hello"}]},
                {"type": "punctuation", "alternatives": [{"content": "."}]}],
      "audio_segments": [{"transcript": "Hello.", "start_time": "0.5", "speaker_label": "spk_0"}]}}

Sources: Amazon Transcribe Developer Guide, "Data input and output", "Example diarization output
(batch)" and "Example channel identification output (batch)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transforms.ingest.consultation import Consultation
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._json import is_one_value, loaded, objects, seconds, text_of
from transforms.ingest.sources._talk import Said, consultation, facts_in_name, turns_of
from transforms.ingest.text import UnreadableError

_MARK = re.compile(r'"results"\s*:\s*\{\s*"(?:transcripts|language_code|items|speaker_labels)"\s*:')
_CHANNEL = re.compile(r"ch_(\d{1,3})")


class AmazonTranscribe(DocumentSource):
    """A transcript by Amazon Transcribe: one file is one consultation."""

    format = Format.AMAZON_TRANSCRIBE
    title = "Amazon Transcribe transcript"
    endings = frozenset({".json"})

    def sniff(self, head: Head) -> float:
        """The beginning of its results."""
        return SURE if is_one_value(head) and _MARK.search(head.text) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker."""
        for document in documents:
            value = loaded(document)
            results = value.get("results") if isinstance(value, dict) else None
            if not isinstance(results, dict):
                raise UnreadableError("no results of Amazon Transcribe", document.path)
            turns = turns_of(_said(results))
            if not turns:
                whole = [text_of(t.get("transcript")) for t in objects(results.get("transcripts"))]
                turns = turns_of(Said(None, text) for text in whole)
            if not turns:
                raise UnreadableError("no talk in the transcript", document.path)
            record = consultation(turns, "video", facts_in_name(document.path, settings))
            if language := text_of(results.get("language_code")):
                record["language"] = language
            yield record


def _said(results: Mapping[str, Any]) -> Iterator[Said]:
    """Whole pieces of talk, if they tell who speaks as well as single words do."""
    segments = list(objects(results.get("audio_segments")))
    names_speakers = "speaker_labels" in results or "channel_labels" in results
    if segments and (not names_speakers or all(_speaker(segment) for segment in segments)):
        for segment in segments:
            start, end = seconds(segment.get("start_time")), seconds(segment.get("end_time"))
            yield Said(_speaker(segment), text_of(segment.get("transcript")), start, end)
    else:
        yield from _of_words(results)


def _of_words(results: Mapping[str, Any]) -> Iterator[Said]:
    """Words of one speaker, one after the other, as one piece; punctuation without a space."""
    by_start = _speakers_by_start(results)
    last: str | None = None
    words: list[str] = []
    start: float | None = None
    end: float | None = None
    for item in _items(results):
        alternatives = next(objects(item.get("alternatives")), {})
        content = text_of(alternatives.get("content"))
        if item.get("type") == "punctuation" and words:
            words[-1] += content
            continue
        began = item.get("start_time")
        speaker = _speaker(item) or (by_start.get(began) if isinstance(began, str) else None)
        if words and speaker != last:
            yield Said(last, " ".join(words), start, end)
            words = []
        if not words:
            last, start = speaker, seconds(began)
        words.append(content)
        end = seconds(item.get("end_time"))
    if words:
        yield Said(last, " ".join(words), start, end)


def _items(results: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The items by time. Those of channels stand channel by channel, with punctuation after the
    word that it belongs to."""
    labels = results.get("channel_labels")
    channels = list(objects(labels.get("channels"))) if isinstance(labels, dict) else []
    if not channels:
        yield from objects(results.get("items"))
        return
    timed: list[tuple[float, int, Mapping[str, Any]]] = []
    for channel in channels:
        began = 0.0
        for item in objects(channel.get("items")):
            began = began if (start := seconds(item.get("start_time"))) is None else start
            label = {"channel_label": channel.get("channel_label")}
            timed.append((began, len(timed), {**label, **item}))
    yield from (item for _, _, item in sorted(timed, key=lambda entry: entry[:2]))


def _speakers_by_start(results: Mapping[str, Any]) -> dict[str, str]:
    """Who speaks at which time, as ``speaker_labels`` tell it."""
    labels = results.get("speaker_labels")
    found: dict[str, str] = {}
    for segment in objects(labels.get("segments")) if isinstance(labels, dict) else ():
        for item in objects(segment.get("items")):
            start, speaker = item.get("start_time"), _speaker(item) or _speaker(segment)
            if isinstance(start, str) and speaker:
                found[start] = speaker
    return found


def _speaker(item: Mapping[str, Any]) -> str | None:
    """``spk_0``; a channel (``ch_1``) is a speaker with its number."""
    name = text_of(item.get("speaker_label")) or text_of(item.get("channel_label"))
    if channel := _CHANNEL.fullmatch(name):
        return f"Speaker {channel[1]}"
    return name or None
