"""The report's pictures: figures in, inline SVG out, drawn by matplotlib.

Letters stay letters, the same figures give the same picture, and colours are the page's own (CSS
variables), so that they follow it into the dark and onto paper.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)

# Colours that nothing else has, each of which becomes a variable of the page.
_INK, _FAINT, _BAR, _ALARM, _PAPER = "#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04", "#0a0b05"
_VARIABLES = {
    _INK: "var(--ink)",
    _FAINT: "var(--line)",
    _BAR: "var(--bar)",
    _ALARM: "var(--alarm)",
    _PAPER: "var(--paper)",
}
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "veilbeam",
    # A dollar sign in a label is a dollar sign.
    "text.parse_math": False,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "hatch.color": _PAPER,
}
_WIDTH = 4.3
"""Inches; at 72 units each, that is what a telephone shows without making letters small."""

_LONGEST = 26

_REFERENCE = re.compile(r"(?<=url\(#)[\w.-]+|(?<=href=\"#)[\w.-]+")
_LONG = re.compile(r"\d+\.\d{3,}")
"""A hundredth of a unit is finer than any screen."""


def bars(
    name: str,
    title: str,
    description: str,
    numbers: Mapping[str, float],
    *,
    alarm: frozenset[str] = frozenset(),
    of: str = "",
) -> Markup:
    """Lying bars, the first on top, each with its number; those in ``alarm`` are hatched."""
    labels = [_label(text) for text in numbers]

    def draw(axes: Axes) -> None:
        places = range(len(labels))
        drawn = axes.barh(places, list(numbers.values()), color=_BAR, height=0.7)
        for bar, label in zip(drawn, numbers, strict=True):
            if label in alarm:
                bar.set(facecolor=_ALARM, hatch="////", linewidth=0)
        axes.bar_label(
            drawn,
            labels=[f"{n:,.4g}" if n % 1 else f"{n:,.0f}" for n in numbers.values()],
            padding=3,
        )
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.set_xlim(0, max(*numbers.values(), 1) * 1.18)
        axes.set_xticks([])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(_label(of))
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)

    return _drawn(name, title, description, draw, 0.55 + 0.27 * len(labels))


def scores(name: str, title: str, description: str, numbers: Mapping[str, Sequence[int]]) -> Markup:
    """A circle for each recogniser (rows) and tenth of the score (columns); its area grows with the
    root of how many there are."""
    labels = [_label(text) for text in numbers]
    most = max((max(row) for row in numbers.values()), default=1)

    def draw(axes: Axes) -> None:
        dots = [
            (tenth + 0.5, place, 12 + 230 * (count / most) ** 0.5)
            for place, row in enumerate(numbers.values())
            for tenth, count in enumerate(row)
            if count
        ]
        axes.scatter(*zip(*dots, strict=True), color=_BAR, alpha=0.8, linewidth=0)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(0, 10)
        axes.set_xticks(range(0, 11, 2), [f"{tenth / 10:g}" for tenth in range(0, 11, 2)])
        axes.set_xlabel("score")
        axes.grid(color=_FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        for side in ("top", "right", "bottom", "left"):
            axes.spines[side].set_visible(False)

    return _drawn(name, title, description, draw, 0.8 + 0.3 * len(labels))


def columns(
    name: str,
    title: str,
    description: str,
    numbers: Mapping[str, float],
    *,
    alarm: frozenset[str] = frozenset(),
    across: str,
    up: str,
) -> Markup:
    """Standing bars, side by side: a histogram. Those in ``alarm`` are hatched."""

    def draw(axes: Axes) -> None:
        places = range(len(numbers))
        drawn = axes.bar(places, list(numbers.values()), color=_BAR, width=0.86)
        for bar, label in zip(drawn, numbers, strict=True):
            if label in alarm:
                bar.set(facecolor=_ALARM, hatch="////", linewidth=0)
        axes.bar_label(drawn, labels=[f"{number:,.0f}" for number in numbers.values()], padding=2)
        crowded = sum(map(len, numbers)) > 48
        axes.set_xticks(
            places,
            list(map(_label, numbers)),
            rotation=35 if crowded else 0,
            ha="right" if crowded else "center",
        )
        axes.set_ylim(0, max(*numbers.values(), 1) * 1.14)
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.set_xlabel(_label(across))
        axes.set_ylabel(_label(up))
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)

    return _drawn(name, title, description, draw, 2.5)


def steps(
    name: str,
    title: str,
    description: str,
    days: Sequence[date],
    spent: Sequence[float],
    total: Sequence[float],
    *,
    up: str,
) -> Markup:
    """What was spent (filled) below the budget of that time (dashed), day by day."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if len(days) == 1:
        # The day before nothing was spent: a step is seen.
        days = [days[0] - timedelta(days=1), *days]
        spent, total = [0.0, *spent], [total[0], *total]

    def draw(axes: Axes) -> None:
        axes.fill_between(days, spent, step="post", color=_BAR, alpha=0.25, linewidth=0)  # type: ignore[arg-type]
        axes.step(days, spent, where="post", color=_BAR, label="spent", marker="o", markersize=4)  # type: ignore[arg-type]
        axes.step(days, total, where="post", color=_INK, linestyle="--", label="budget", marker="_")  # type: ignore[arg-type]
        axes.set_ylim(0, max(*total, *spent) * 1.25 or 1)
        if (days[-1] - days[0]).days == 1:
            axes.set_xticks(list(days), [day.isoformat() for day in days])  # type: ignore[arg-type]
        else:
            locator = AutoDateLocator(maxticks=6)
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.set_ylabel(_label(up))
        axes.grid(axis="y", color=_FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(loc="upper left", frameon=False, ncols=2)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)

    return _drawn(name, title, description, draw, 2.3)


def _drawn(
    name: str, title: str, description: str, draw: Callable[[Axes], None], height: float
) -> Markup:
    import matplotlib
    from matplotlib.figure import Figure

    sink = io.StringIO()
    # A letter that the measuring font lacks is shown by the reader's.
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.subplots())
        figure.savefig(sink, format="svg", transparent=True, metadata={"Date": None})
    return Markup(inline(sink.getvalue(), name, title, description))  # noqa: S704


def inline(svg: str, name: str, title: str, description: str) -> str:
    """A drawn picture as a part of a page: with names for who cannot see it, ids of its own, and
    colours of the page."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - matplotlib's own
    for part in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(part)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    width = root.attrib["viewBox"].split()[2]
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "style": f"max-width: {float(width) * 4 / 3:.0f}px",
        "class": "picture",
    }
    # Of matplotlib's ids few are referred to, and those are hashes: numbers are shorter.
    ids = {old: f"{name}-{n}" for n, old in enumerate(dict.fromkeys(_REFERENCE.findall(svg)))}
    for part in root.iter():
        for key, value in list(part.attrib.items()):
            if key == f"{{{_XLINK}}}href":
                part.set(key, f"#{ids[value.removeprefix('#')]}")
            elif key != "id":
                value = _REFERENCE.sub(lambda found: ids[found[0]], value)
                part.set(key, _LONG.sub(lambda found: f"{float(found[0]):.2f}", _coloured(value)))
            elif value in ids:
                part.set(key, ids[value])
            else:
                del part.attrib[key]
    for style in root.iter(f"{{{_SVG}}}style"):
        style.text = None
    for tag, text in (("desc", description), ("title", title)):
        told = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag}"})
        told.text = _printable(text)
        root.insert(0, told)
    return ElementTree.tostring(root, encoding="unicode")


def _coloured(value: str) -> str:
    # Letters are those of the page.
    value = re.sub(r"font-family:[^;]*;? ?", "", value)
    return re.sub(
        "|".join(_VARIABLES), lambda found: _VARIABLES[found.group()], value, flags=re.IGNORECASE
    )


def _label(text: str) -> str:
    text = _printable(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _printable(text: str) -> str:
    """Without what XML does not take, or what writes over its neighbours."""
    return "".join("�" if unicodedata.category(c)[0] == "C" else c for c in text)
