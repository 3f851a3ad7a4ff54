"""Time and error of the DP aggregates, beside PipelineDP and beside Polars without privacy.

    python scripts/benchmark_aggregate.py [--rows N] [--draws N] [--json OUT] [--peer-python PATH]

In one run, over the same Parquet file (100,000 subjects in 1,000,000 rows), with the same bounds,
ε, δ and kind of noise: count, sum and mean of 500 public groups by

a. Veilbeam: on Beam, with the job's runner and options; and without Beam (``aggregate_locally``);
b. PipelineDP, on Beam with the same options, and on its LocalBackend;
c. Polars alone: bounding by sampling, clipping, group-by; no noise.

Each runs in a process of its own, reading included. The time is that of the work: the start of the
process and its imports are left out, as is the ledger; worker processes that Beam starts count.
PipelineDP (``pipeline-dp``, ``python-dp``, ``apache-beam``, ``pyarrow``) may be in another
environment: name its interpreter by ``--peer-python``. Without it only (a) and (c) are run.

OpenDP's own Polars context is left out: OpenDP 0.16 takes plans of Polars 1.36.1 only.

Errors are mean absolute ones over the groups, against the exact expectation of the bounded table
over the sampling: what is left is noise, and the chance of sampling.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
GROUPS = 500
ROWS_PER_SUBJECT = 10
MAX_GROUPS, MAX_ROWS_PER_GROUP = 8, 2
LOWER, UPPER = 0.0, 60.0
EPSILON, DELTA = 1.0, 1e-6
ROW_GROUP = 50_000
SEED = 7

Table = dict[str, list[float]]
"""``clinic``, ``count``, ``sum`` and ``mean`` of each group."""


def write_rows(path: Path, rows: int) -> None:
    """Rows of subjects drawn at random, in groups of unequal sizes; values of which some are
    clipped."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(SEED)
    schema = pa.schema(
        {
            "_subject": pa.string(),
            "_file": pa.string(),
            "_position": pa.int64(),
            "clinic": pa.int64(),
            "minutes": pa.float64(),
        }
    )
    subjects = max(rows // ROWS_PER_SUBJECT, 1)
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, ROW_GROUP):
            size = min(ROW_GROUP, rows - start)
            token = [f"{n:032x}" for n in random.integers(0, subjects, size).tolist()]
            clinic = (GROUPS * random.random(size) ** 1.3).astype(np.int64)
            minutes = random.gamma(2.0, 10.0, size)
            position = np.arange(start, start + size)
            columns = [token, ["rows"] * size, position, clinic, minutes]
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema), row_group_size=ROW_GROUP)


def expected(path: Path) -> Table:
    """The bounded table's expectation over the sampling, exactly (of the mean: their quotient)."""
    import polars as pl

    pair = (
        pl.read_parquet(path, columns=["_subject", "clinic", "minutes"])
        .group_by("_subject", "clinic")
        .agg(n=pl.len(), mean=pl.col("minutes").clip(LOWER, UPPER).mean())
    )
    groups = pl.len().over("_subject")
    kept = pl.col("n").clip(upper_bound=MAX_ROWS_PER_GROUP) * (MAX_GROUPS / groups).clip(0, 1)
    table = (
        pair.with_columns(kept=kept)
        .group_by("clinic")
        .agg(
            pl.col("kept").sum().alias("count"),
            (pl.col("kept") * pl.col("mean")).sum().alias("sum"),
        )
        .with_columns((pl.col("sum") / pl.col("count")).alias("mean"))
    )
    return _listed(table)


def _listed(table: Any) -> Table:
    columns = ["clinic", "count", "sum", "mean"]
    return {name: table.sort("clinic")[name].to_list() for name in columns}


def release(noise: str) -> Any:
    """The settings of (a)."""
    from transforms.aggregate.settings import ReleaseSettings

    field = {"field": "minutes", "lower": LOWER, "upper": UPPER}
    return ReleaseSettings.model_validate(
        {
            "name": "benchmark",
            "group_by": ["clinic"],
            "keys": list(range(GROUPS)),
            "measures": [
                {"kind": "count", "name": "count"},
                {"kind": "sum", "name": "sum", **field},
                {"kind": "mean", "name": "mean", **field},
            ],
            "max_groups": MAX_GROUPS,
            "max_rows_per_group": MAX_ROWS_PER_GROUP,
            "epsilon": EPSILON,
            "delta": DELTA if noise == "gaussian" else 0.0,
        }
    )


def _noised(exact: Any, settings: Any, noise: str) -> Table:
    import polars as pl

    from transforms.aggregate.mechanisms import Family
    from transforms.aggregate.planning import plan
    from transforms.aggregate.releaser import aligned, noisy_table

    chosen = plan(settings, Family[noise.upper()])
    return _listed(pl.DataFrame(noisy_table(aligned(exact, settings), settings, chosen)))


def veilbeam_beam(path: Path, noise: str) -> Table:
    """(a): ``Aggregate`` on the job's runner."""
    import apache_beam as beam
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.launch import WORTH_WORKERS_WITHOUT_TEXT, pipeline
    from transforms.aggregate.transform import Aggregate
    from transforms.batches import Batch

    source = str(path)

    def read(group: int) -> Iterator[Batch]:
        for batch in pq.ParquetFile(source).read_row_group(group).to_batches():
            yield Batch(batch)

    def write(batch: Batch, out: str) -> None:
        with pa.OSFile(out, "wb") as sink, pa.ipc.new_file(sink, batch.data.schema) as writer:
            writer.write_batch(batch.data)

    settings = release(noise)
    file = pq.ParquetFile(path)
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/exact.arrow"
        with pipeline(path.stat().st_size, [], WORTH_WORKERS_WITHOUT_TEXT) as root:
            (
                root
                | beam.Create(range(file.num_row_groups))
                | beam.Reshuffle()
                | beam.FlatMap(read).with_output_types(Batch)
                | Aggregate([settings], file.schema_arrow, bytes(32))
                | beam.MapTuple(lambda _, batch: write(batch, out))
            )
        with pa.ipc.open_file(out) as reader:
            return _noised(reader.read_all(), settings, noise)


def veilbeam_local(path: Path, noise: str) -> Table:
    """(a): ``aggregate_locally``, without Beam."""
    import pyarrow.parquet as pq

    from transforms.aggregate.sums import aggregate_locally

    batches = pq.ParquetFile(path).iter_batches(ROW_GROUP)
    settings = release(noise)
    exact, _ = aggregate_locally(batches, settings, bytes(32))
    return _noised(exact, settings, noise)


def polars(path: Path, noise: str) -> Table:
    """(c): the same bounding, in the plainest way, and the exact table."""
    import polars as pl

    order = pl.int_range(pl.len()).shuffle(SEED)
    frame = pl.read_parquet(path, columns=["_subject", "clinic", "minutes"])
    frame = frame.with_columns(order=order).sort("order")
    frame = frame.group_by("_subject", "clinic").agg(pl.col("minutes").head(MAX_ROWS_PER_GROUP))
    frame = frame.with_columns(order=order).sort("order")
    frame = frame.group_by("_subject").agg(pl.all().head(MAX_GROUPS))
    frame = frame.explode("clinic", "minutes").explode("minutes")
    value = pl.col("minutes").clip(LOWER, UPPER)
    return _listed(
        frame.group_by("clinic").agg(
            pl.len().alias("count"), value.sum().alias("sum"), value.mean().alias("mean")
        )
    )


def _peer(rows: Any, backend: Any, noise: str) -> tuple[Any, Any]:
    """PipelineDP's result, lazily, and the accountant that must be told to compute budgets."""
    import pipeline_dp as pdp

    accountant = pdp.NaiveBudgetAccountant(EPSILON, DELTA if noise == "gaussian" else 0.0)
    engine = pdp.DPEngine(accountant, backend)
    params = pdp.AggregateParams(
        metrics=[pdp.Metrics.COUNT, pdp.Metrics.SUM, pdp.Metrics.MEAN],
        noise_kind=pdp.NoiseKind[noise.upper()],
        max_partitions_contributed=MAX_GROUPS,
        max_contributions_per_partition=MAX_ROWS_PER_GROUP,
        min_value=LOWER,
        max_value=UPPER,
    )
    extractors = pdp.DataExtractors(
        privacy_id_extractor=lambda row: row[0],
        partition_extractor=lambda row: row[1],
        value_extractor=lambda row: row[2],
    )
    result = engine.aggregate(rows, params, extractors, public_partitions=list(range(GROUPS)))
    return result, accountant


def _tuples(source: str, group: int) -> Iterator[tuple[str, int, float]]:
    import pyarrow.parquet as pq

    table = pq.ParquetFile(source).read_row_group(group, ["_subject", "clinic", "minutes"])
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _of_peer(found: list[tuple[int, Any]]) -> Table:
    found.sort(key=lambda item: item[0])
    table: Table = {"clinic": [clinic for clinic, _ in found]}
    return table | {n: [getattr(row, n) for _, row in found] for n in ("count", "sum", "mean")}


def pipelinedp_local(path: Path, noise: str) -> Table:
    """(b): PipelineDP's LocalBackend."""
    import pipeline_dp as pdp
    import pyarrow.parquet as pq

    source = str(path)
    groups = range(pq.ParquetFile(path).num_row_groups)
    rows = [row for group in groups for row in _tuples(source, group)]
    result, accountant = _peer(rows, pdp.LocalBackend(), noise)
    accountant.compute_budgets()
    return _of_peer(list(result))


def pipelinedp_beam(path: Path, noise: str) -> Table:
    """(b): PipelineDP on Beam's FnApiRunner, with the options of ``pipelines.launch``."""
    import apache_beam as beam
    import pipeline_dp as pdp
    import pyarrow.parquet as pq
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.runners.portability.fn_api_runner import FnApiRunner

    source = str(path)
    small = path.stat().st_size < 4_000_000  # As launch.WORTH_WORKERS.
    options = PipelineOptions(
        [],
        direct_num_workers=1 if small else 0,
        direct_running_mode="in_memory" if small else "multi_processing",
    )
    with tempfile.TemporaryDirectory() as folder:
        with beam.Pipeline(runner=FnApiRunner(), options=options) as root:
            rows = (
                root
                | beam.Create(range(pq.ParquetFile(path).num_row_groups))
                | beam.Reshuffle()
                | beam.FlatMap(lambda group: _tuples(source, group))
            )
            result, accountant = _peer(rows, pdp.BeamBackend(), noise)
            accountant.compute_budgets()
            (
                result
                | beam.MapTuple(lambda key, row: json.dumps([key, row.count, row.sum, row.mean]))
                | beam.io.WriteToText(f"{folder}/out")
            )
        lines = [json.loads(x) for f in Path(folder).iterdir() for x in f.read_text().splitlines()]
    columns = zip(*sorted(lines), strict=True)
    return dict(zip(("clinic", "count", "sum", "mean"), map(list, columns), strict=True))


WAYS: dict[str, tuple[str, Callable[[Path, str], Table]]] = {
    "veilbeam_beam": ("(a) Veilbeam on Beam", veilbeam_beam),
    "veilbeam_local": ("(a) Veilbeam without Beam", veilbeam_local),
    "pipelinedp_beam": ("(b) PipelineDP on Beam", pipelinedp_beam),
    "pipelinedp_local": ("(b) PipelineDP, LocalBackend", pipelinedp_local),
    "polars": ("(c) Polars, no noise", polars),
}


def work(way: str, path: Path, noise: str, out: Path) -> None:
    """In a process of its own: one way, its time and its table."""
    sys.path.insert(0, str(ROOT))
    if way.startswith("pipelinedp"):
        import apache_beam  # noqa: F401
        import pipeline_dp  # noqa: F401
    elif way == "polars":
        import polars as _  # noqa: F401
    else:
        import pipelines.launch  # noqa: F401
        import transforms.aggregate.releaser
        import transforms.aggregate.transform  # noqa: F401
    start = time.perf_counter()
    table = WAYS[way][1](path, noise)
    seconds = time.perf_counter() - start
    # Not ru_maxrss, which begins with what the parent process had.
    own = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    out.write_text(json.dumps({"seconds": seconds, "own_peak_mb": own, "table": table}))


def measured(way: str, path: Path, noise: str, python: str) -> dict[str, Any]:
    """Seconds, peak memory (MB, all processes together) and table of one way."""
    from scripts.benchmark_pipeline import peak_memory

    out = path.with_suffix(".json")
    command = [python, str(Path(__file__).resolve()), "--work", way, str(path), noise, str(out)]
    _, peak = peak_memory(command)
    found = json.loads(out.read_text())
    # The first is read once a second, and may miss the peak of a short run in one process.
    return found | {"peak_mb": max(peak, found.pop("own_peak_mb"))}


def error(tables: Sequence[Table], truth: Table) -> dict[str, tuple[float, float]]:
    """Of each measure: mean absolute error over draws and groups, and its standard error."""
    assert all(table["clinic"] == truth["clinic"] == list(range(GROUPS)) for table in tables)
    found = {}
    for name in ("count", "sum", "mean"):
        off = [abs(x - y) for t in tables for x, y in zip(t[name], truth[name], strict=True)]
        found[name] = (statistics.fmean(off), statistics.stdev(off) / len(off) ** 0.5)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--noise", choices=["laplace", "gaussian"], default="laplace")
    parser.add_argument("--draws", type=int, default=1, help="runs of each way, with new noise")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peer-python", help="an interpreter that has pipeline-dp")
    parser.add_argument("--only", choices=WAYS, nargs="+", help="run these ways alone")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    figures: dict[str, Any] = {"rows": arguments.rows, "noise": arguments.noise, "ways": {}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_rows(path, arguments.rows)
        truth = expected(path)
        for way in arguments.only or WAYS:
            peer = way.startswith("pipelinedp")
            if peer and arguments.peer_python is None:
                continue
            python = arguments.peer_python if peer else sys.executable
            runs = [measured(way, path, arguments.noise, python) for _ in range(arguments.draws)]
            figures["ways"][way] = {
                "seconds": statistics.median(run["seconds"] for run in runs),
                "peak_mb": max(run["peak_mb"] for run in runs),
                "error": error([run["table"] for run in runs], truth),
            }
    report(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def report(figures: dict[str, Any]) -> None:
    """Print the table of ``docs/benchmarks.md``."""
    ways = figures["ways"]
    ours = ways.get("veilbeam_beam", {}).get("seconds")
    print(f"{figures['rows']:,} rows, {figures['noise']} noise\n")
    print("| | s | times (a) on Beam | peak MB | error of count | of sum | of mean |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for way, found in ways.items():
        ratio = f"{found['seconds'] / ours:.2f}" if ours else ""
        off = found["error"]
        print(
            f"| {WAYS[way][0]} | {found['seconds']:.2f} | {ratio} | {found['peak_mb']:,.0f} | "
            f"{off['count'][0]:.1f} ± {off['count'][1]:.1f} | "
            f"{off['sum'][0]:,.0f} ± {off['sum'][1]:,.0f} | "
            f"{off['mean'][0]:.3f} ± {off['mean'][1]:.3f} |"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], Path(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
    else:
        main()
