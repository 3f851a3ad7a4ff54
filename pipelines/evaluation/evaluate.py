"""The evaluation itself: annotated texts through the detector of a configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines import settings as configuration
from pipelines.evaluation import formats, scores
from pipelines.evaluation.compare import Comparison, Measure, compare
from pipelines.evaluation.gold import Format, GoldText
from pipelines.evaluation.labels import Labels
from pipelines.evaluation.scores import Estimate, Score
from pipelines.settings import Settings
from transforms.detect.engine import DetectionError, Detector
from transforms.detect.spans import Span
from transforms.errors import VeilbeamError
from transforms.fields import Treatment
from transforms.progress import begin, each
from transforms.pseudonymise.overlaps import resolve

Find = Callable[[Sequence[str]], Sequence[Sequence[Span]]]

_BATCH = 64


class Source(NamedTuple):
    """A file or folder of annotated texts."""

    file: str
    format: Format
    texts: int
    spans: int


class Evaluation(NamedTuple):
    """All that a report says. ``scores``: by kind, the last of them all together, and measure."""

    config: str
    settings: Settings
    sources: list[Source]
    texts: list[GoldText]
    comparison: Comparison
    scores: list[list[Score]]
    unchanged: Estimate
    """Share of the texts without a gold span in which nothing was found."""

    @property
    def recall(self) -> float | None:
        """Over all kinds, whatever the kind under which a span is found; None without gold."""
        return self.scores[-1][Measure.OVERLAP].recall.value


def evaluate(
    gold: Sequence[Path], form: Format | None, config: str, own_labels: Path | None
) -> Evaluation:
    """Search annotated texts as a run with ``config`` searches free text, and count.

    Raises UsageError for what is wrong with the files, VeilbeamError where a text could not be
    searched.
    """
    begin("reading the texts")
    settings = configuration.load(config)
    labels = Labels.load(own_labels)
    sources, texts = [], []
    for path in gold:
        found_form, read = formats.read(path, form)
        sources.append(Source(str(path), found_form, len(read), sum(len(t.spans) for t in read)))
        texts += read
    labels.check({span.label: text.place for text in reversed(texts) for span in text.spans})
    begin("detect")
    detector = Detector(settings.detect)
    kept = {e for e, done in settings.pseudonymise.entities.items() if done is Treatment.KEEP}
    comparison = compare(texts, replaced(detector.detect, texts, kept), labels)
    return Evaluation(
        config,
        settings,
        sources,
        texts,
        comparison,
        scores.scores(comparison.counts),
        scores.share(comparison.unchanged[comparison.harmless]),
    )


def replaced(
    find: Find, texts: Sequence[GoldText], kept: frozenset[str] | set[str] = frozenset()
) -> list[list[Span]]:
    """The spans of each text that a run would replace, disjoint: none of the entities ``kept``,
    overlaps resolved.

    Raises VeilbeamError, naming the place, where a text cannot be searched to its end.
    """
    batches = [texts[first : first + _BATCH] for first in range(0, len(texts), _BATCH)]
    return [
        resolve([span for span in spans if span.entity not in kept], len(gold.text))
        for batch in each(batches, f"batches of {_BATCH} texts searched")
        for gold, spans in zip(batch, _searched(find, batch), strict=True)
    ]


def _searched(find: Find, batch: Sequence[GoldText]) -> Sequence[Sequence[Span]]:
    try:
        return find([gold.text for gold in batch])
    except VeilbeamError:
        raise
    except Exception as error:
        if len(batch) > 1:
            return [spans for gold in batch for spans in _searched(find, [gold])]
        # Its text may hold what it failed on.
        why = str(error) if isinstance(error, DetectionError) else type(error).__name__
        raise VeilbeamError(
            f"{batch[0].place}: the text cannot be searched to its end ({why}). A run would "
            "quarantine its record; leave it out of the sample."
        ) from None
