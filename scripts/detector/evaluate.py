"""Figures of the detector on texts that training never saw, alone or beside the patterns.

Counted as ``veilbeam evaluate`` counts (``pipelines/evaluation``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.evaluation import formats
from pipelines.evaluation.compare import Comparison, Count, Measure, compare
from pipelines.evaluation.evaluate import Find, replaced
from pipelines.evaluation.gold import GoldSpan, GoldText
from pipelines.evaluation.labels import Labels
from pipelines.evaluation.scores import rates
from scripts.detector import realtext
from scripts.detector.dataset import held_out_texts
from scripts.detector.pieces import Gold
from transforms.detect.engine import Detector
from transforms.detect.models import NerModel
from transforms.detect.settings import Country, DetectSettings, Language, ModelKind, ModelSettings

FindIn = Callable[[str], Find]
"""What finds, by the texts' language."""

GOLD = Path(__file__).parent / "gold"
"""Marked texts that have nothing from the templates; what is missed in them is not shown, so that
it guides nothing."""
BLIND = "blind, "
"""How the names of their sets begin."""

DIRECT = frozenset(
    "PERSON STREET_ADDRESS PHONE_NUMBER FAX_NUMBER EMAIL_ADDRESS URL USER_HANDLE IP_ADDRESS ID "
    "DATE_OF_BIRTH".split()
)
"""Our labels of direct identifiers."""

_SEED = 90_001
_EACH = 12
_COUNTRIES = {
    "en": (Country.GB, Country.US),
    "de": (Country.DE,),
    "es": (Country.ES,),
    "mixed": tuple(Country),
}


def figures(found: Comparison) -> dict[str, dict[str, float | None]]:
    """Recall (under any name), recall under the right kind, precision, F2; by kind and in all; and
    recall of direct identifiers, by their labels."""
    counts = found.counts.sum(axis=0)
    recall, precision, f2 = rates(counts)
    rows: dict[str, dict[str, float | None]] = {}
    for row, kind in enumerate([*found.kinds, "all"]):
        gold = counts[row, Measure.OVERLAP, Count.GOLD]
        if not gold:
            continue
        shown = {
            "recall": recall[row, Measure.OVERLAP],
            "named": recall[row, Measure.OVERLAP_NAMED],
            "precision": precision[row, Measure.OVERLAP],
            "f2": f2[row, Measure.OVERLAP],
        }
        rows[kind] = {"gold": int(gold)} | {
            name: None if np.isnan(rate) else round(float(rate), 4) for name, rate in shown.items()
        }
    direct = [label for name, label in found.labels.items() if name in DIRECT]
    if many := sum(gold for _, gold, _ in direct):
        rows["direct"] = {
            "gold": many,
            "recall": round(sum(touched for _, _, touched in direct) / many, 4),
        }
    return rows


def as_gold(texts: Iterable[Gold]) -> list[GoldText]:
    """Our own labelled texts as the evaluation takes them."""
    return [
        GoldText(f"text {n}", gold.text, tuple(GoldSpan(((s, e),), k) for s, e, k in gold.spans))
        for n, gold in enumerate(texts)
    ]


def sets(data: Path | None) -> dict[str, list[GoldText]]:
    """The evaluation's texts by name of the set."""
    found: dict[str, list[Gold]] = {}
    for family, gold in held_out_texts(_SEED, _EACH):
        if family.startswith("harmless") or family == "plain":
            continue
        name = {"es_": "spanish", "de_": "german"}.get(family[:3])
        if name is None:
            name = (
                "queries"
                if family.startswith("queries")
                else "general"
                if family in ("society", "civic")
                else "clinical"
            )
        found.setdefault(f"templates, {name}", []).append(gold)
    if data is not None:
        found["MEDDOCAN dev"] = [gold for _, gold in realtext.meddocan(data, "dev")]
    blind = {f"{BLIND}{p.stem}": formats.read(p)[1] for p in sorted(GOLD.glob("*.jsonl"))}
    return {name: as_gold(texts) for name, texts in found.items()} | blind


def real_texts(data: Path) -> dict[str, list[Gold]]:
    """Held-out real texts, which hold almost no identifiers."""
    notes = [*realtext.primock_notes(data), *realtext.mts(data, "ValidationSet", "section_text")]
    talks = [*realtext.primock_dialogues(data), *realtext.mts(data, "ValidationSet", "dialogue")]

    def kept(texts: Iterable[tuple[str, str]]) -> list[Gold]:
        return [
            realtext.own(text)
            for key, text in texts
            if key.startswith("mts-Val") or realtext.held_out(key.removesuffix("_note"))
        ]

    return {"notes": kept(notes), "dialogues": kept(talks)}


def harmless() -> list[Gold]:
    """Held-out texts without any identifier."""
    return [
        gold
        for family, gold in held_out_texts(_SEED, _EACH)
        if family.startswith("harmless") or family == "plain"
    ]


def language_of(name: str) -> str:
    """The language of a set, by its name."""
    if "spanish" in name or "MEDDOCAN" in name:
        return "es"
    return "de" if "german" in name else "mixed" if "mixed" in name else "en"


def beside_patterns(tier: str) -> FindIn:
    """The patterns with the shipped model beside them."""

    @cache
    def find(language: str) -> Find:
        settings = DetectSettings(
            language=Language.EN if language == "mixed" else Language(language),
            countries=_COUNTRIES[language],
            model=ModelSettings(kind=ModelKind.BUILTIN, tier=tier),
        )
        return Detector(settings).detect

    return find


def evaluate(
    data: Path | None, model: NerModel, tier: str | None, json_out: Path | None, misses: int
) -> None:
    """Print the figures, and write them as JSON where asked: of ``model`` alone, or of the shipped
    model of a ``tier`` beside the patterns."""
    find_in: FindIn = (lambda language: model.find) if tier is None else beside_patterns(tier)
    labels = Labels.load()
    written: dict[str, Any] = {}
    for name, texts in sets(data).items():
        score = _compared(texts, find_in(language_of(name)), labels)
        written[name] = figures(score)
        print(f"\n{name} ({len(texts)} texts)")
        for kind, row in figures(score).items():
            shown = (f"{k} {'–' if v is None else f'{v:.3f}'}" for k, v in row.items())
            print(f"  {kind:14} " + "  ".join([f"n {row['gold']:5}", *list(shown)[1:]]))
        if score.harmless.any():
            share = float(score.unchanged[score.harmless].mean())
            written[f"harmless unchanged, {name}"] = round(share, 4)
            print(f"  harmless unchanged: {share:.3f} of {score.harmless.sum()}")
        _show(texts, score, 0 if name.startswith(BLIND) else misses)
    find = find_in("en")
    texts = as_gold(harmless())
    score = _compared(texts, find, labels)
    unchanged = float(score.unchanged.mean())
    written["harmless unchanged"] = round(unchanged, 4)
    print(f"\nharmless texts unchanged: {unchanged:.3f} of {len(texts)}")
    _show(texts, score, misses)
    if data is not None:
        _real(data, model, find, labels, written, misses)
    if json_out is not None:
        json_out.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


def _real(
    data: Path, model: NerModel, find: Find, labels: Labels, written: dict[str, Any], misses: int
) -> None:
    """False alarms on real texts, and speed."""
    real = real_texts(data)
    for name, own in real.items():
        texts = as_gold(own)
        words = sum(len(gold.text.split()) for gold in texts)
        score = _compared(texts, find, labels)
        ages = sum(alarm.kind in ("AGE", "DATE_TIME") for alarm in score.false_alarms)
        many = len(score.false_alarms)
        false = {"all": 1000 * many / words, "all but dates and ages": 1000 * (many - ages) / words}
        written[f"false alarms per 1,000 words, {name}"] = {
            k: round(v, 3) for k, v in false.items()
        }
        shown = ", ".join(f"{k} {v:.2f}" for k, v in false.items())
        print(f"\nreal {name} ({words} words): false alarms per 1,000 words: {shown}")
        _show(texts, score, misses)
    everything = [gold.text for texts in real.values() for gold in texts]
    speeds = {"model": model.find} | ({"model and patterns": find} if find != model.find else {})
    for what, searched in speeds.items():
        searched(everything[:20])
        started = time.perf_counter()
        searched(everything)
        speed = sum(len(t.split()) for t in everything) / (time.perf_counter() - started)
        written[f"words per second, {what}, one core"] = round(speed)
        print(f"\n{what}, one core: {speed:.0f} words a second")


def _compared(texts: Sequence[GoldText], find: Find, labels: Labels) -> Comparison:
    return compare(texts, replaced(find, texts), labels)


def _show(texts: Sequence[GoldText], score: Comparison, many: int) -> None:
    missed = [
        (leak.kind, leak.text, leak.start, leak.end) for leak in score.leaks if not leak.touched
    ]
    false = [(a.kind, a.text, a.span.start, a.span.end) for a in score.false_alarms]
    for title, rows in (("missed", missed), ("false", false)):
        for kind, number, start, end in rows[:: max(1, len(rows) // many)][:many] if many else []:
            text = texts[number].text
            around = f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 20]}"
            print(f"    {title} {kind}: " + around.replace("\n", "⏎"))
