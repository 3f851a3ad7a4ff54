"""Error against ε as a picture: one panel for each release."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from pipelines.pictures import FAINT, INK, STYLE, save
from pipelines.planning.figures import Planned, at_epsilon

POINTS = 17
"""Values of ε from a tenth to ten times the release's own, evenly on the logarithm."""


def curve(one: Planned) -> list[Planned]:
    """The release over a range of ε; the one in the middle is its own."""
    half = (POINTS - 1) // 2
    return [
        at_epsilon(one, one.release.epsilon * 10 ** (step / half))
        for step in range(-half, half + 1)
    ]


def draw(plans: Sequence[Planned], path: Path) -> None:
    """Write the picture, as SVG or PNG by the name's end.

    Errors are relative, in the median group; measures without a basis for that are left out.
    Raises VeilbeamError if the file cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8, 3.2 * len(plans)), layout="constrained")
        grid = figure.subplots(len(plans), 1, squeeze=False)
        for [axes], one in zip(grid, plans, strict=True):
            points = curve(one)
            epsilons = [point.release.epsilon for point in points]
            lines = 0
            for measure in one.release.measures:
                parts = [point.relative(measure, one.middle) for point in points]
                if any(part is None for part in parts):
                    continue
                # Marks differ as well as colours: for who cannot tell colours apart.
                mark = "osD^vPX*"[lines % 8]
                # No error at all has no place on the axis: the line ends before it.
                percents = [100 * part if part else math.nan for part in parts]
                axes.plot(epsilons, percents, marker=mark, markersize=4, label=measure.column)
                lines += 1
            axes.axvline(one.release.epsilon, color=INK, linewidth=1.2, linestyle="--")
            axes.set_xscale("log")
            axes.set_title(
                f"{one.release.name} (dashed: its own ε = {one.release.epsilon:g})",
                loc="left",
                color=INK,
            )
            axes.set_xlabel("ε", color=INK)
            axes.set_ylabel("95% error, %", color=INK)
            axes.grid(color=FAINT, linewidth=0.6)
            axes.set_axisbelow(True)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
            if lines:
                axes.set_yscale("log")
                axes.legend(frameon=False)
        save(figure, path)
