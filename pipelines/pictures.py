"""What all pictures share: their files, their style."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from transforms.errors import UsageError, VeilbeamError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")

# Okabe and Ito's colours, which the colour-blind tell apart; they differ in lightness, too.
BLUE, ORANGE = "#0072B2", "#E69F00"
INK, FAINT = "#222222", "#BBBBBB"
STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 10,
    # Letters stay letters, and the same figures give the same file.
    "svg.fonttype": "none",
    "svg.hashsalt": "veilbeam",
}
"""For ``matplotlib.rc_context``."""


def check(path: Path) -> None:
    """Raise UsageError if no picture can be drawn to ``path``: before any work is done."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--picture {path}: the name must end in {' or '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise UsageError(f"--picture {path}: no folder {path.parent}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UsageError("--picture needs matplotlib: pip install matplotlib") from None


def save(figure: Figure, path: Path) -> None:
    """Write a figure, as SVG or PNG by the name's end. Raises VeilbeamError if it cannot be."""
    form = path.suffix.lower().removeprefix(".")
    try:
        figure.savefig(
            path, format=form, dpi=160, metadata={"Date": None} if form == "svg" else None
        )
    except OSError as error:
        raise VeilbeamError(f"{path}: cannot be written ({error.strerror})") from None
