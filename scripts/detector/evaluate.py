"""Figures of the detector on texts that training never saw, alone or beside the patterns."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from scripts.detector import realtext
from scripts.detector.dataset import held_out_texts
from scripts.detector.pieces import Gold
from transforms.detect.spans import Span


class NerModel(Protocol):
    """What is measured (``transforms.detect.models.NerModel``, without its imports)."""

    def find(self, texts: Sequence[str]) -> list[list[Span]]: ...


Find = Callable[[Sequence[str]], list[list[Span]]]

_SEED = 90_001
_EACH = 12
_BATCH = 256

_GROUPS = {
    "AGE_OVER_89": "AGE", "DATE_OF_BIRTH": "DATE_TIME", "FAX_NUMBER": "PHONE_NUMBER",
    "FACILITY": "PLACE",
    "LOCATION": "PLACE", "STREET_ADDRESS": "PLACE", "POSTCODE": "PLACE", "UK_POSTCODE": "PLACE",
    "US_ZIP_CODE": "PLACE", "DE_POSTCODE": "PLACE", "ES_POSTCODE": "PLACE", "PERSON": "PERSON",
    "ORGANIZATION": "ORGANIZATION", "DATE_TIME": "DATE_TIME", "AGE": "AGE",
    "OCCUPATION": "OCCUPATION",
    "NRP": "NRP", "PHONE_NUMBER": "PHONE_NUMBER", "EMAIL_ADDRESS": "CONTACT", "URL": "CONTACT",
    "USER_HANDLE": "CONTACT", "IP_ADDRESS": "CONTACT",
}  # fmt: skip
"""Entities that are one kind in the figures; what is not here is an ID."""


def group(entity: str) -> str:
    """The kind under which an entity is counted."""
    return _GROUPS.get(entity, "ID")


class Score(NamedTuple):
    """Spans by kind: how many there are, are found (under any name), are found under their kind;
    how many were marked and how many of those touch a true one."""

    gold: Counter[str]
    found: Counter[str]
    named: Counter[str]
    marked: Counter[str]
    right: Counter[str]
    missed: list[str]
    false: list[str]


def compare(texts: Sequence[Gold], find: Find) -> Score:
    """Count what ``find`` finds in labelled texts: a span is found if a marked one overlaps it."""
    score = Score(Counter(), Counter(), Counter(), Counter(), Counter(), [], [])
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        for gold, spans in zip(batch, find([g.text for g in batch]), strict=True):
            for first, last, entity in gold.spans:
                kind = group(entity)
                touching = [s for s in spans if s.start < last and s.end > first]
                score.gold[kind] += 1
                score.found[kind] += bool(touching)
                score.named[kind] += any(group(s.entity) == kind for s in touching)
                if not touching:
                    score.missed.append(f"{kind}: {_shown(gold.text, first, last)}")
            for s in spans:
                kind = group(s.entity)
                score.marked[kind] += 1
                right = any(s.start < last and s.end > first for first, last, _ in gold.spans)
                score.right[kind] += right
                if not right:
                    score.false.append(f"{kind}: {_shown(gold.text, s.start, s.end)}")
    return score


def _shown(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 20]}".replace(
        "\n", "⏎"
    )


def table(score: Score) -> dict[str, dict[str, float]]:
    """Recall (under any name), recall under the right kind, precision; by kind and in all."""
    rows = {}
    for kind in [*sorted(score.gold), "all"]:
        gold, found, named, marked, right = (
            sum(c.values()) if kind == "all" else c[kind] for c in score[:5]
        )
        rows[kind] = {
            "gold": gold,
            "recall": round(found / max(gold, 1), 4),
            "named": round(named / max(gold, 1), 4),
            "precision": round(right / max(marked, 1), 4),
        }
    return rows


def sets(data: Path | None) -> dict[str, list[Gold]]:
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
    return found


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


def ensemble(model: NerModel, language: str = "en") -> Find:
    """The patterns with the model beside them."""
    from transforms.detect.engine import Detector
    from transforms.detect.settings import Country, DetectSettings, Language

    countries = {"en": (Country.GB, Country.US), "de": (Country.DE,), "es": (Country.ES,)}[language]
    detector = Detector(DetectSettings(language=Language(language), countries=countries))
    detector._model = model  # type: ignore[assignment]
    return detector.detect


def evaluate(
    data: Path | None, model: NerModel, alone: bool, json_out: Path | None, misses: int
) -> None:
    """Print the figures, and write them as JSON where asked."""
    figures: dict[str, object] = {}
    for name, texts in sets(data).items():
        language = (
            "es" if "spanish" in name or "MEDDOCAN" in name else "de" if "german" in name else "en"
        )
        find = model.find if alone else ensemble(model, language)
        score = compare(texts, find)
        figures[name] = table(score)
        print(f"\n{name} ({len(texts)} texts)")
        for kind, row in table(score).items():
            print(
                f"  {kind:14} "
                + "  ".join(
                    f"{k} {v:.3f}" if k != "gold" else f"n {v:5.0f}" for k, v in row.items()
                )
            )
        _show(score, misses)
    find = model.find if alone else ensemble(model)
    score = compare(harmless(), find)
    texts = harmless()
    unchanged = sum(not spans for spans in find([g.text for g in texts])) / len(texts)
    figures["harmless unchanged"] = round(unchanged, 4)
    print(f"\nharmless texts unchanged: {unchanged:.3f} of {len(texts)}")
    _show(score, misses)
    if data is not None:
        for name, texts in real_texts(data).items():
            words = sum(len(g.text.split()) for g in texts)
            score = compare(texts, find)
            ages = sum(f.startswith(("AGE", "DATE_TIME")) for f in score.false)
            false = {"all": len(score.false), "all but dates and ages": len(score.false) - ages}
            figures[f"false alarms per 1,000 words, {name}"] = {
                k: round(1000 * v / words, 3) for k, v in false.items()
            }
            print(f"\nreal {name} ({words} words): false alarms per 1,000 words: "
                  + ", ".join(f"{k} {1000 * v / words:.2f}" for k, v in false.items()))  # fmt: skip
            _show(score, misses)
        texts_ = [g.text for g in real_texts(data)["dialogues"]] + [
            g.text for g in real_texts(data)["notes"]
        ]
        model.find(texts_[:20])
        started = time.perf_counter()
        model.find(texts_)
        speed = sum(len(t.split()) for t in texts_) / (time.perf_counter() - started)
        figures["words per second, model, one core"] = round(speed)
        print(f"\nmodel alone, one core: {speed:.0f} words a second")
    if json_out is not None:
        json_out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _show(score: Score, many: int) -> None:
    for title, rows in (("missed", score.missed), ("false", score.false)):
        for row in rows[:: max(1, len(rows) // many)][:many] if many else []:
            print(f"    {title} {row}")
