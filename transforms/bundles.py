"""What steps on Beam share: outputs when a bundle is finished, rows that wait within one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import GlobalWindows


def in_window(output: Any) -> Any:
    """An output as a DoFn yields it when a bundle is finished."""
    if isinstance(output, TaggedOutput):
        return TaggedOutput(output.tag, GlobalWindows.windowed_value(output.value))
    return GlobalWindows.windowed_value(output)


class Buffered(beam.DoFn):
    """A step over many rows at once: they wait for each other, within a bundle."""

    def start_bundle(self) -> None:
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def wait(self, rows: pa.RecordBatch) -> None:
        """Hold rows until the next ``flush`` of enough, or the bundle's end."""
        self._waiting.append(rows)
        self._rows += rows.num_rows

    def step(self, rows: pa.Table) -> Iterator[Any]:
        """What comes of all that waited."""
        raise NotImplementedError

    def flush(self, enough: int = 1) -> Iterator[Any]:
        """The step's outputs, if ``enough`` rows wait."""
        if self._rows >= enough:
            rows = pa.Table.from_batches(self._waiting)
            self._waiting, self._rows = [], 0
            yield from self.step(rows)

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(in_window, self.flush())
