"""The pseudonymise stage: batches with spans in, treated batches out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import apache_beam as beam

from transforms.batches import Batch
from transforms.detect.batch import Detected
from transforms.fields import FieldSpec, subject_of
from transforms.pseudonymise.batch import Treated, treat
from transforms.pseudonymise.keys import KeySource
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings
from transforms.quarantine import QUARANTINED, each_record


@lru_cache(maxsize=4)
def pseudonymiser(source: KeySource, settings: str, fields: tuple[FieldSpec, ...]) -> Pseudonymiser:
    """The process's one pseudonymiser for this key, these settings (as JSON) and fields."""
    return Pseudonymiser(source.read(), PseudonymiseSettings.model_validate_json(settings), fields)


class Pseudonymise(beam.DoFn):
    """``Detected`` -> ``Treated``. A record that cannot be treated goes to ``QUARANTINED``."""

    def __init__(
        self, key: KeySource, settings: PseudonymiseSettings, fields: Sequence[FieldSpec]
    ) -> None:
        self._key = key
        self._settings = settings.model_dump_json()
        self._fields = tuple(fields)
        self._subject = subject_of(list(fields)).name

    def setup(self) -> None:
        self._pseudonymiser = pseudonymiser(self._key, self._settings, self._fields)

    def process(self, detected: Detected) -> Iterator[Any]:
        for outcome in each_record(detected, self._treat, "pseudonymise"):
            if isinstance(outcome, Batch):
                yield beam.pvalue.TaggedOutput(QUARANTINED, outcome)
            else:
                yield outcome

    def _treat(self, detected: Detected) -> Treated:
        return treat(self._pseudonymiser, detected, self._subject)
