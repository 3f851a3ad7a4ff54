"""An evaluation as a picture: recall and precision by kind, with their intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.evaluation.compare import Count, Measure
from pipelines.evaluation.evaluate import Evaluation
from pipelines.evaluation.report import ALL, total
from pipelines.evaluation.scores import Estimate
from pipelines.pictures import BLUE, FAINT, INK, ORANGE, STYLE, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = 0.36


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write the picture, as SVG or PNG by the name's end.

    Raises VeilbeamError if the file cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    kinds = [*evaluation.comparison.kinds, ALL]
    # All together first, then the kinds.
    rows = [len(kinds) - 1, *range(len(kinds) - 1)]
    # Some room between what is of all and what is of one kind.
    places = [place + (0.35 if place else 0.0) for place in range(len(rows))]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8, 1.5 + 0.55 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for at, row in zip(places, rows, strict=True):
            score = evaluation.scores[row][Measure.OVERLAP]
            _bar(axes, at - _BAR / 2, score.recall, BLUE, "nothing to find")
            _bar(axes, at + _BAR / 2, score.precision, ORANGE, "nothing marked")
        axes.set_yticks(
            places,
            [f"{kinds[row]}  ({total(evaluation, row, Count.GOLD):,})" for row in rows],
        )
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.set_ylim(len(rows) - 0.15, -0.5)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
        axes.grid(axis="x", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0, colors=INK)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_title(
            "Identifiers found, by kind (number of gold spans)", loc="left", color=INK, pad=26
        )
        axes.legend(
            [Patch(color=BLUE), Patch(color=ORANGE)],
            ["recall", "precision"],
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=2,
            frameon=False,
            borderaxespad=0.2,
            borderpad=0.2,
        )
        axes.set_xlabel(
            "share of spans, by overlap under whatever name; lines: 95% intervals", color=INK
        )
        save(figure, path)


def _bar(axes: Axes, at: float, estimate: Estimate, colour: str, nothing: str) -> None:
    if estimate.value is None:
        axes.annotate(nothing, (0, at), (4, 0), textcoords="offset points", va="center", fontsize=8)
        return
    axes.barh(at, estimate.value, _BAR, color=colour)
    if estimate.low is not None and estimate.high is not None:
        # A light line below the dark one parts it from the bar.
        for ink, width in (("white", 3.0), (INK, 1.4)):
            axes.plot([estimate.low, estimate.high], [at, at], color=ink, linewidth=width)
    axes.annotate(
        f"{estimate.value:.3f}",
        (1, at),
        (6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK,
        annotation_clip=False,
    )
