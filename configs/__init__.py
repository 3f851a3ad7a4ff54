"""What a privacy officer tunes: presets, commented line by line."""

from pathlib import Path

PRESETS = {file.stem: file for file in sorted(Path(__file__).parent.glob("*.yaml"))}
"""The presets by name."""
