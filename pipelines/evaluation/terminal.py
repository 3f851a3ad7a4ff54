"""An evaluation on the terminal, in 80 columns."""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.evaluation.compare import Count, Leak, Measure
from pipelines.evaluation.evaluate import Evaluation
from pipelines.evaluation.gold import GoldText
from pipelines.evaluation.report import ALL, leaks_of, total
from pipelines.evaluation.scores import Estimate

_LISTED = 5
"""Leaks of a kind that are listed where values are not shown; the JSON file has them all."""
_COMMONEST = 10
"""Values of false alarms that are listed of a kind."""


def show(evaluation: Evaluation, console: Console, values: bool) -> None:
    """Print an evaluation; parts of the texts only if ``values`` is true."""
    for line in _head(evaluation):
        console.print(Text(line))
    console.print(_by_span(evaluation))
    console.print(_otherwise(evaluation))
    console.print(_left(evaluation))
    _list_leaks(evaluation, console, values)
    if values:
        _list_false_alarms(evaluation, console)
    for note in _notes(evaluation):
        console.print(Text(note))


def _head(evaluation: Evaluation) -> list[str]:
    detect = evaluation.settings.detect
    model = detect.model
    said = {
        "language": detect.language,
        "countries": ", ".join(detect.countries),
        "model": "none" if model is None else " ".join(filter(None, (model.kind, model.name))),
        "policy": detect.policy,
    }
    if detect.threshold is not None:
        said["threshold"] = f"{detect.threshold:g}"
    return [
        *(
            f"{source.file} ({source.format}): texts {source.texts:,}, spans {source.spans:,}"
            for source in evaluation.sources
        ),
        f"Searched as {evaluation.config} says (digest {evaluation.settings.digest[:12]}):",
        "  " + "; ".join(f"{what} {value}" for what, value in said.items()),
        "",
    ]


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1))
    table.add_column("kind", no_wrap=True)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _rows(evaluation: Evaluation) -> list[tuple[int, str]]:
    return list(enumerate([*evaluation.comparison.kinds, ALL]))


def _by_span(evaluation: Evaluation) -> Table:
    table = _table(
        "By span: found if touched, under whatever name, with 95% intervals",
        "gold", "recall", "precision", "F2",
    )  # fmt: skip
    for row, kind in _rows(evaluation):
        score = evaluation.scores[row][Measure.OVERLAP]
        gold = f"{total(evaluation, row, Count.GOLD):,}"
        _add(table, kind, gold, *(_interval(estimate) for estimate in score))
    return table


def _otherwise(evaluation: Evaluation) -> Table:
    ways = (Measure.OVERLAP_NAMED, Measure.EXACT, Measure.CHARACTERS)
    table = _table(
        "\nUnder the right name (n), with exact ends (e), by letters and figures (c)",
        *(f"{name}·{way}" for way in "nec" for name in ("rec", "prec", "F2")),
    )
    for row, kind in _rows(evaluation):
        estimates = (estimate for way in ways for estimate in evaluation.scores[row][way])
        _add(table, kind, *(_plain(estimate) for estimate in estimates))
    return table


def _left(evaluation: Evaluation) -> Table:
    table = _table(
        "\nLeft in the texts, and marked in vain",
        "missed", "partly left", "characters left", "marked", "false alarms",
    )  # fmt: skip
    for row, kind in _rows(evaluation):
        leaks = leaks_of(evaluation, row)
        marked, right = (total(evaluation, row, count) for count in (Count.MARKED, Count.RIGHT))
        figures = (
            sum(not leak.touched for leak in leaks),
            sum(leak.touched for leak in leaks),
            sum(leak.characters for leak in leaks),
            marked,
            marked - right,
        )
        _add(table, kind, *(f"{figure:,}" for figure in figures))
    return table


def _add(table: Table, kind: str, *cells: str) -> None:
    table.add_row(kind[:14], *cells, style="bold" if kind == ALL else None)


def _plain(estimate: Estimate) -> str:
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return _plain(estimate)
    low, high = (f"{bound:.3f}".removeprefix("0") for bound in (estimate.low, estimate.high))
    return f"{estimate.value:.3f} {low}–{high}"


def _list_leaks(evaluation: Evaluation, console: Console, values: bool) -> None:
    for row, kind in _rows(evaluation)[:-1]:
        # Those missed as a whole come first.
        leaks = sorted(leaks_of(evaluation, row), key=lambda leak: leak.touched)
        if not leaks:
            continue
        console.print(Text(f"\nLeaks: {kind}", style="bold"))
        shown = leaks if values else leaks[:_LISTED]
        for leak in shown:
            console.print(Text("  " + _leak(evaluation, leak, values)))
        if len(leaks) > len(shown):
            console.print(Text(f"  and {len(leaks) - len(shown):,} more (--json has them all)"))


def _leak(evaluation: Evaluation, leak: Leak, values: bool) -> str:
    gold = evaluation.texts[leak.text]
    left = ", ".join(f"{start}-{end}" for start, end in leak.left)
    what = f"left are {left}" if leak.touched else "missed"
    line = f"{gold.place}  {leak.label} {leak.start}-{leak.end}: {what}"
    if not values:
        return line
    id_ = f" in {gold.id}" if gold.id else ""
    return f"{line}{id_}: {_marked(gold, leak)}"


def _marked(gold: GoldText, leak: Leak) -> str:
    """The value of a leak as Python writes it, what is left of it in brackets."""
    if not leak.touched:
        return repr(gold.text[leak.start : leak.end])
    parts, at = [], leak.start
    for start, end in leak.left:
        parts += [gold.text[at:start], f"[{gold.text[start:end]}]"]
        at = end
    return repr("".join([*parts, gold.text[at : leak.end]]))


def _list_false_alarms(evaluation: Evaluation, console: Console) -> None:
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for alarm in evaluation.comparison.false_alarms:
        text = evaluation.texts[alarm.text].text
        by_kind[alarm.kind][text[alarm.span.start : alarm.span.end]] += 1
    for kind, marked in by_kind.items():
        console.print(Text(f"\nFalse alarms: {kind}", style="bold"))
        for value, many in marked.most_common(_COMMONEST):
            console.print(Text(f"  {many:,} × {value!r}"))
        if len(marked) > _COMMONEST:
            console.print(Text(f"  and {len(marked) - _COMMONEST:,} others"))


def _notes(evaluation: Evaluation) -> list[str]:
    found = evaluation.comparison
    harmless, unchanged = int(found.harmless.sum()), evaluation.unchanged
    notes = [""]
    if harmless:
        notes.append(
            f"Texts without a gold span: {harmless:,}; left unchanged {_interval(unchanged)}"
        )
    uncounted = {label: many for label, (kind, many, _) in found.labels.items() if kind is None}
    if uncounted:
        notes.append(
            "No identifiers by the table of labels, so not counted: "
            + ", ".join(f"{label} {many:,}" for label, many in uncounted.items())
        )
    perfect = [
        total(evaluation, row, Count.GOLD)
        for row, _ in _rows(evaluation)
        if evaluation.scores[row][Measure.OVERLAP].recall.value == 1.0
    ]
    if perfect:
        notes.append(
            "A recall of 1.000 says that no miss was seen, not that there is none: after n spans "
            f"without a miss up to 3/n of all may be missed ({3 / min(perfect):.1%} for n = "
            f"{min(perfect):,})."
            if min(perfect) >= 3
            else "A recall of 1.000 over so few spans says next to nothing."
        )
    return notes
