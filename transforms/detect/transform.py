"""The detect stage: batches in, batches with their spans out."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import apache_beam as beam

from transforms.batches import Batch
from transforms.detect.batch import Detected, detect_batch
from transforms.detect.engine import Certain, Detector
from transforms.detect.settings import DetectSettings
from transforms.detect.spans import Span
from transforms.fields import FieldSpec
from transforms.progress import Progress
from transforms.quarantine import QUARANTINED, each_record

FOUND = "found"
PEOPLE = "people"
PLACES = "places"


@lru_cache(maxsize=4)
def detector(settings: str, only: Certain | None = None) -> Detector:
    """The process's one detector for these settings (as JSON): models load once."""
    loaded = Detector(DetectSettings.model_validate_json(settings), only)
    # What has been loaded stays: let the garbage collector pass over it, and look less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return loaded


class Detect(beam.DoFn):
    """``Batch`` -> ``Detected``.

    A record whose text cannot be searched to its end goes to ``QUARANTINED``; for each
    batch ``FOUND`` gets a count of spans by (entity, recogniser, tenth of the score: 0 to 9),
    ``PLACES`` one of the places that they mark by entity, and ``PEOPLE`` one of names by whose they
    are.
    """

    def __init__(
        self, settings: DetectSettings, fields: Sequence[FieldSpec], progress: str | None = None
    ) -> None:
        self._settings = settings.model_dump_json()
        self._fields = list(fields)
        self._progress_folder = progress

    def setup(self) -> None:
        self._progress = Progress.to(self._progress_folder)
        self._detector = detector(self._settings)

    def process(self, element: Batch) -> Iterator[Any]:
        for outcome in each_record(
            element, lambda b: detect_batch(self._detector, b.data, self._fields), "detect"
        ):
            if isinstance(outcome, Batch):
                yield beam.pvalue.TaggedOutput(QUARANTINED, outcome)
                continue
            counts = _counts(outcome)
            self._progress.add(records=outcome.source.num_rows, identifiers=counts.total())
            yield outcome
            yield beam.pvalue.TaggedOutput(FOUND, counts)
            yield beam.pvalue.TaggedOutput(PLACES, _places(outcome))
            yield beam.pvalue.TaggedOutput(PEOPLE, outcome.people)


def _counts(detected: Detected) -> Counter[tuple[str, str, int]]:
    return Counter(
        # A score of 0.7 is stored as a little less; the last tenth has 1, too.
        (span.entity, span.recogniser, min(int(span.score * 10 + 1e-9), 9))
        for values in detected.spans.values()
        for spans in values
        for span in spans
    )


def _places(detected: Detected) -> Counter[str]:
    """Each place once, though several recognisers may have found it, as what the surest says."""
    found: Counter[str] = Counter()
    for values in detected.spans.values():
        for spans in values:
            best: Span | None = None
            end = 0
            for span in sorted(spans):
                if best is not None and span.start >= end:
                    found[best.entity] += 1
                    best = None
                if best is None or span.score > best.score:
                    best = span
                end = max(end, span.end)
            if best is not None:
                found[best.entity] += 1
    return found
