"""An evaluation as JSON. Its form is told in docs/evaluation.md; it never holds any of a text."""

from __future__ import annotations

from typing import Any

from pipelines.evaluation import scores
from pipelines.evaluation.compare import Count, Leak, Measure
from pipelines.evaluation.evaluate import Evaluation
from pipelines.evaluation.scores import Estimate, Score
from transforms.version import VERSION

FORMAT = 1
ALL = "all"

_DETECT: Any = {
    **dict.fromkeys(
        ("language", "countries", "model", "policy", "threshold", "thresholds", "ignore"), True
    ),
    "allow": {"lists"},
}
"""Settings of detection that say nothing of anybody: lists of words may."""


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation, for machines."""
    found = evaluation.comparison
    return {
        "format": FORMAT,
        "veilbeam": VERSION,
        "config": {
            "file": evaluation.config,
            "digest": evaluation.settings.digest,
            "detect": evaluation.settings.detect.model_dump(mode="json", include=_DETECT),
        },
        "gold": [source._asdict() for source in evaluation.sources],
        "intervals": {
            "level": scores.LEVEL,
            "method": "percentile bootstrap over texts",
            "resamples": scores.RESAMPLES,
            "seed": scores.SEED,
        },
        "texts": {
            "all": len(evaluation.texts),
            "without_gold": int(found.harmless.sum()),
            "unchanged": _estimate(evaluation.unchanged),
        },
        "all": _kind(evaluation, len(found.kinds)),
        "kinds": {kind: _kind(evaluation, i) for i, kind in enumerate(found.kinds)},
        "labels": {
            label: {"kind": kind, "gold": many, "found": hit}
            for label, (kind, many, hit) in found.labels.items()
        },
        "leaks": [
            {
                "place": evaluation.texts[leak.text].place,
                "kind": leak.kind,
                "label": leak.label,
                "start": leak.start,
                "end": leak.end,
                "found": leak.touched,
                "left": [list(r) for r in leak.left],
                "characters_left": leak.characters,
            }
            for leak in found.leaks
        ],
        "false_alarms": [
            {
                "place": evaluation.texts[alarm.text].place,
                "kind": alarm.kind,
                "entity": alarm.span.entity,
                "start": alarm.span.start,
                "end": alarm.span.end,
                "score": round(alarm.span.score, 4),
                "recogniser": alarm.span.recogniser,
            }
            for alarm in found.false_alarms
        ],
    }


def leaks_of(evaluation: Evaluation, row: int) -> list[Leak]:
    """The leaks of a kind, by its row; of all kinds for the last row."""
    kinds = evaluation.comparison.kinds
    leaks = evaluation.comparison.leaks
    return leaks if row == len(kinds) else [leak for leak in leaks if leak.kind == kinds[row]]


def total(evaluation: Evaluation, row: int, count: Count) -> int:
    """How many spans of a kind, by its row, are counted."""
    return int(evaluation.comparison.counts[:, row, Measure.OVERLAP, count].sum())


def _kind(evaluation: Evaluation, row: int) -> dict[str, Any]:
    marked, right = (total(evaluation, row, count) for count in (Count.MARKED, Count.RIGHT))
    leaks = leaks_of(evaluation, row)
    return {
        "gold": total(evaluation, row, Count.GOLD),
        "missed": sum(not leak.touched for leak in leaks),
        "partly_left": sum(leak.touched for leak in leaks),
        "characters_left": sum(leak.characters for leak in leaks),
        "marked": marked,
        "false_alarms": marked - right,
        "scores": {m.name.lower(): _score(evaluation.scores[row][m]) for m in Measure},
    }


def _score(score: Score) -> dict[str, Any]:
    return {name: _estimate(estimate) for name, estimate in score._asdict().items()}


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {k: None if v is None else round(v, 6) for k, v in estimate._asdict().items()}
