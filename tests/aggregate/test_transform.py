"""``Aggregate`` on Beam gives what the plain function gives, whatever the bundles and shards."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that

from tests.aggregate.support import KEY, MEASURES, SCHEMA, table
from tests.aggregate.support import release as public
from transforms.aggregate import transform
from transforms.aggregate.settings import ReleaseSettings
from transforms.aggregate.sums import aggregate_locally
from transforms.aggregate.transform import Aggregate, left_out
from transforms.batches import Batch
from transforms.errors import UsageError

RELEASES = [
    public(max_groups=2, max_rows_per_group=3),
    public(name="private", keys="private", delta=1e-6),
    public(name="all", group_by=[], keys=None, max_rows_per_group=5),
    public(name="each", measures=list(MEASURES.values()), delta=1e-6, max_rows=4, max_groups=2),
]
ROWS = [
    (
        f"s{i % 97}" if i % 50 else None,
        f"f{i % 3}",
        i,
        ["a", "b", "c", "d", None][i * i % 5],
        i % 90,
        None if i % 11 == 0 else i / 7,
    )
    for i in range(5000)
]


def run(batches: list[Batch], check: Any, **options: Any) -> dict[str, int]:
    pipeline = beam.Pipeline(FnApiRunner(), options=PipelineOptions([]))
    made = pipeline | beam.Create(batches) | beam.Reshuffle()
    assert_that(made | Aggregate(RELEASES, SCHEMA, KEY, **options), check)
    result = pipeline.run()
    result.wait_until_finish()
    counters = result.metrics().query()["counters"]
    return {
        c.key.metric.name: c.committed for c in counters if c.key.metric.namespace == "aggregate"
    }


def equals(expected: dict[str, pa.Table]) -> Any:
    def check(found: list[tuple[str, Batch]]) -> None:
        tables = {name: pa.Table.from_batches([batch.data]) for name, batch in found}
        assert len(found) == len(tables)
        assert tables.keys() == expected.keys()
        for name, one in tables.items():
            assert one.equals(expected[name]), name
            assert bool(left_out(one)) == bool(one.num_rows), name

    return check


@pytest.mark.parametrize(
    ("size", "shards", "waiting"), [(7, 1, 9), (500, 32, 700), (500, 32, 250_000), (5000, 5, 1)]
)
def test_beam_gives_the_same_as_the_plain_function(
    size: int, shards: int, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transform, "BUFFERED_ROWS", waiting)
    monkeypatch.setattr(transform, "BOUNDED_ROWS", waiting)
    batches = table(ROWS).to_batches(max_chunksize=size)
    local = {r.name: aggregate_locally(batches, r, KEY) for r in RELEASES}
    counted = run(
        [Batch(batch) for batch in batches],
        equals({name: exact for name, (exact, _) in local.items()}),
        shards=shards,
    )
    for name, (_, stats) in local.items():
        assert stats.rows_over_bound > 0
        assert counted[f"{name}.rows_over_bound"] == stats.rows_over_bound
        assert counted[f"{name}.rows_without_subject"] == stats.rows_without_subject == 100
        assert counted[f"{name}.missing.minutes"] == stats.missing["minutes"]


def test_empty_input_gives_every_release_an_empty_table() -> None:
    run(
        [],
        equals(
            {
                r.name: aggregate_locally(
                    table([]).to_batches() or [pa.RecordBatch.from_pylist([], schema=SCHEMA)],
                    r,
                    KEY,
                )[0]
                for r in RELEASES
            }
        ),
    )


def test_a_release_that_does_not_fit_is_refused_before_the_run() -> None:
    other: ReleaseSettings = public(group_by=["nowhere"])
    with pytest.raises(UsageError, match="nowhere"):
        Aggregate([other], SCHEMA, KEY)


def test_a_worker_imports_no_library_that_it_does_not_use() -> None:
    code = (
        "import sys, transforms.aggregate.transform, transforms.aggregate.releaser;"
        "print({'jax', 'mbi', 'sklearn', 'matplotlib'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
