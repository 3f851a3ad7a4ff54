"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

from .browser import browser

__all__ = ["browser"]

# A deadline fails where the machine is busy, not where the code is slow. Hypothesis' own profile
# for continuous integration has none either.
if "CI" not in os.environ:
    settings.register_profile("veilbeam", deadline=None)
    settings.load_profile("veilbeam")
