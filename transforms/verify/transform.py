"""The verify stage: what was treated in, what may be published out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from transforms.detect.engine import Detector
from transforms.detect.settings import DetectSettings
from transforms.detect.transform import detector
from transforms.fields import FieldSpec
from transforms.pseudonymise.batch import Treated
from transforms.quarantine import QUARANTINED, quarantine
from transforms.verify.leaks import leaks
from transforms.verify.settings import VerifySettings


class Verify(beam.DoFn):
    """``Treated`` -> ``Treated`` of the records in which no leak was found; the others go to
    ``QUARANTINED``."""

    def __init__(
        self, settings: VerifySettings, detect: DetectSettings, fields: Sequence[FieldSpec]
    ) -> None:
        self._settings = settings
        self._detect = detect.model_dump_json()
        self._fields = list(fields)

    def setup(self) -> None:
        self._detector: Detector = detector(self._detect, self._settings.certain)

    def process(self, treated: Treated) -> Iterator[Any]:
        reasons = leaks(self._detector, self._settings, self._fields, treated)
        leaking = pa.array([reason is not None for reason in reasons], pa.bool_())
        if any(reasons):
            refused = treated.source.filter(leaking)
            why = [reason for reason in reasons if reason is not None]
            yield beam.pvalue.TaggedOutput(QUARANTINED, quarantine(refused, "verify", why))
            treated = treated.only(pc.invert(leaking))
        yield treated
