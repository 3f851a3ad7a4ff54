"""Readers of annotated texts: JSON Lines, brat, presidio-research."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, StrictInt, StrictStr, TypeAdapter, ValidationError

from pipelines.evaluation.gold import Format, GoldSpan, GoldText, Mistake, mistakes_in, refuse
from transforms.errors import UsageError

_KNOWN = ", ".join(Format)


class _Span(BaseModel):
    start: StrictInt
    end: StrictInt
    entity: StrictStr


class _Text(BaseModel):
    id: Any = None
    text: StrictStr
    spans: list[_Span]


class _SampleSpan(BaseModel):
    entity_type: StrictStr
    entity_value: StrictStr | None = None
    start_position: StrictInt
    end_position: StrictInt


class _Sample(BaseModel):
    """presidio-research's ``InputSample.to_dict()``; what else it holds is passed over."""

    full_text: StrictStr
    spans: list[_SampleSpan]


_TEXT = TypeAdapter(_Text)
_SAMPLES = TypeAdapter(list[_Sample])
_BRAT = re.compile(
    r"(?P<id>T\S+)\t(?P<label>.+?) (?P<ranges>\d+ \d+(?:;\d+ \d+)*)(?:\t(?P<value>.*))?"
)


def named(form: str | None) -> Format | None:
    """The format of a name; raises UsageError for one that is unknown."""
    if form is not None and form not in list(Format):
        raise UsageError(f"--format {form}: unknown; known: {_KNOWN}")
    return None if form is None else Format(form)


def read(path: Path, given: Format | None = None) -> tuple[Format, list[GoldText]]:
    """The annotated texts of a file or folder, and the format: ``given``, or told from the content.

    Raises UsageError, naming file, line and field of each mistake, and nothing of the texts.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    form = given or _guessed(path)
    readers: dict[Format, Callable[[Path], list[GoldText]]] = {
        Format.JSONL: _jsonl,
        Format.BRAT: _brat,
        Format.PRESIDIO_RESEARCH: _presidio_research,
    }
    if path.is_dir() and form is not Format.BRAT:
        raise UsageError(f"{path}: is a folder, which only brat's format may be")
    return form, readers[form](path)


def _guessed(path: Path) -> Format:
    if path.is_dir() or path.suffix in (".ann", ".txt"):
        return Format.BRAT
    text = _decoded(path).lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return Format.PRESIDIO_RESEARCH
    if text.startswith("{"):
        return Format.JSONL
    raise UsageError(
        f"{path}: the format is none of those known; name it by --format ({_KNOWN}), and see "
        "docs/evaluation.md for what each looks like"
    )


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({type(error).__name__})") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 (byte {error.start + 1:,})") from None
    if not text.strip("\ufeff \t\r\n"):
        raise UsageError(f"{path}: is empty")
    return text


def _jsonl(path: Path) -> list[GoldText]:
    texts: list[GoldText] = []
    mistakes: list[Mistake] = []
    # Not splitlines: JSON strings may hold other line separators of Unicode.
    for number, line in enumerate(_decoded(path).removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = _TEXT.validate_json(line)
        except ValidationError as error:
            mistakes += (Mistake(place, _field(d["loc"]) + d["msg"]) for d in _details(error))
            continue
        spans = tuple(GoldSpan(((s.start, s.end),), s.entity) for s in row.spans)
        gold = GoldText(place, row.text, spans, None if row.id is None else str(row.id))
        mistakes += mistakes_in(gold, (f"{place}: spans[{n}]" for n in range(len(spans))))
        texts.append(gold)
    refuse(mistakes)
    return texts


def _presidio_research(path: Path) -> list[GoldText]:
    try:
        samples = _SAMPLES.validate_json(_decoded(path).removeprefix("\ufeff"))
    except ValidationError as error:
        refuse(_sample_mistake(path, d) for d in _details(error))
        raise AssertionError("unreachable: a validation error has details") from None
    if not samples:
        raise UsageError(f"{path}: is an empty list")
    texts: list[GoldText] = []
    mistakes: list[Mistake] = []
    for number, sample in enumerate(samples, 1):
        spans = tuple(
            GoldSpan(((s.start_position, s.end_position),), s.entity_type) for s in sample.spans
        )
        gold = GoldText(f"{path}: record {number}", sample.full_text, spans)
        places = [f"{gold.place}: spans[{n}]" for n in range(len(spans))]
        found = list(mistakes_in(gold, places))
        mistakes += found or (
            Mistake(place, "entity_value is not what stands in full_text at its offsets")
            for place, span, given in zip(places, spans, sample.spans, strict=True)
            if not _same(given.entity_value, gold.text, span)
        )
        texts.append(gold)
    refuse(mistakes)
    return texts


def _brat(path: Path) -> list[GoldText]:
    if path.is_dir():
        stems = {p.with_suffix("") for p in path.rglob("*") if p.suffix in (".ann", ".txt")}
        if not stems:
            raise UsageError(f"{path}: holds no .ann and .txt files")
    else:
        stems = {path.with_suffix("")}
    mistakes: list[Mistake] = []
    texts = [_brat_pair(stem, mistakes) for stem in sorted(stems)]
    refuse(mistakes)
    return texts


def _brat_pair(stem: Path, mistakes: list[Mistake]) -> GoldText:
    """One text of brat's; adds to ``mistakes`` what is wrong with it."""
    written, marked = (stem.with_name(stem.name + suffix) for suffix in (".txt", ".ann"))
    if not written.exists():
        raise UsageError(f"{marked}: no {written.name} beside it")
    if not marked.exists():
        raise UsageError(
            f"{written}: no {marked.name} beside it; make an empty one if the text holds no "
            "identifier"
        )
    # Offsets count a byte order mark.
    text = _decoded(written)
    spans: list[GoldSpan] = []
    places: list[str] = []
    values: list[str | None] = []
    lines = _decoded(marked).split("\n") if marked.stat().st_size else []
    for number, line in enumerate(lines, 1):
        if not line.startswith("T"):
            continue
        place = f"{marked}:{number}"
        match = _BRAT.fullmatch(line.rstrip("\r"))
        if match is None:
            mistakes.append(Mistake(place, "'T1<tab>LABEL START END<tab>VALUE' is expected"))
            continue
        ranges = [tuple(map(int, part.split())) for part in match["ranges"].split(";")]
        spans.append(GoldSpan(tuple(sorted((r[0], r[1]) for r in ranges)), match["label"]))
        places.append(f"{place}: {match['id']}")
        values.append(match["value"])
    gold = GoldText(str(marked), text, tuple(spans))
    found = list(mistakes_in(gold, places))
    mistakes += found or (
        Mistake(place, "the value is not what stands in the text at its offsets")
        for place, span, value in zip(places, spans, values, strict=True)
        if not _same(value, text, span)
    )
    return gold


def _same(value: str | None, text: str, span: GoldSpan) -> bool:
    """Whether a value, where one is given, is what was marked; blanks and line ends are alike."""
    if value is None:
        return True
    marked = " ".join(text[start:end] for start, end in span.ranges)
    return value.split() == marked.split()


def _details(error: ValidationError) -> Iterator[Any]:
    # Never what was given: it may be of the text.
    yield from error.errors(include_url=False, include_input=False, include_context=False)


def _field(at: tuple[str | int, ...]) -> str:
    name = ""
    for part in at:
        name += f"[{part}]" if isinstance(part, int) else (f".{part}" if name else str(part))
    return f"{name}: " if name else ""


def _sample_mistake(path: Path, detail: Any) -> Mistake:
    at = detail["loc"]
    if at and isinstance(at[0], int):
        return Mistake(f"{path}: record {at[0] + 1}", _field(at[1:]) + detail["msg"])
    return Mistake(str(path), _field(at) + detail["msg"])
