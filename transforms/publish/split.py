"""Which split a record belongs to: a keyed hash of its subject decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import apache_beam as beam

from transforms.batches import Batch
from transforms.fields import FieldSpec, subject_of
from transforms.pseudonymise.batch import Treated
from transforms.pseudonymise.keys import KeySource
from transforms.pseudonymise.settings import PseudonymiseSettings
from transforms.pseudonymise.transform import pseudonymiser
from transforms.publish.transform import SPLIT


class Split(beam.DoFn):
    """``Treated`` -> ``Batch`` of what is published, with a ``_split`` column.

    No subject is in two splits, whatever the run, the file or the worker.
    """

    def __init__(
        self,
        splits: Mapping[str, float],
        key: KeySource,
        settings: PseudonymiseSettings,
        fields: Sequence[FieldSpec],
    ) -> None:
        self._splits = dict(splits)
        self._key = key
        self._settings = settings.model_dump_json()
        self._fields = tuple(fields)
        self._subject = subject_of(list(fields)).name

    def setup(self) -> None:
        self._pseudonymiser = pseudonymiser(self._key, self._settings, self._fields)

    def process(self, treated: Treated) -> Iterator[Batch]:
        subjects = treated.source.column(self._subject)
        split = self._pseudonymiser.split_of(subjects, self._splits)
        yield Batch(treated.published.append_column(SPLIT, split))
