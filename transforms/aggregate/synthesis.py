"""Noisy marginals -> synthetic rows, and how well they fit: post-processing, spends nothing.

A graphical model is fitted to the noisy marginals by the library ``mbi``, which sees nothing else,
and rows are drawn from it. Why OpenDP's own MST and AIM are not used: docs/privacy.md.

Source: McKenna, Sheldon, Miklau 2019, "Graphical-model based estimation and inference for
differential privacy".
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from transforms.aggregate.measures import Axis
from transforms.aggregate.needs import needs, pairs_of
from transforms.aggregate.noise import Noisy
from transforms.aggregate.planning import Plan
from transforms.aggregate.queries import Query
from transforms.aggregate.reading import labels_of
from transforms.aggregate.settings import MAX_SYNTHETIC_ROWS, SyntheticSettings
from transforms.errors import UsageError

MAX_MODEL_CELLS = 4_000_000
"""Most numbers of a fitted model: some 300 MB while it is fitted."""

_STEPS = 1_000
"""Of the fit (mirror descent)."""

Codes = Mapping[str, np.ndarray[Any, np.dtype[np.integer[Any]]]]
"""By column: the number of the cell of each row."""

Counts = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Synthetic:
    """Synthetic rows, and what they are measured by."""

    rows: pa.Table
    quality: list[dict[str, Any]]
    """Of each marginal: how far the rows are from its noisy counts (``_quality``)."""


def require(release: SyntheticSettings) -> None:
    """Check that the release's rows can be made, before anything is spent.

    Raises UsageError if the extra is not installed, or the model would be too large.
    """
    if find_spec("mbi") is None:
        raise UsageError(
            f"release '{release.name}' is synthetic, which needs the library mbi: "
            "pip install 'veilbeam[synthetic]', or remove the release"
        )
    cells = _model_cells(release)
    if cells > MAX_MODEL_CELLS:
        raise UsageError(
            f"release '{release.name}': its marginals hang together so that the model would have "
            f"{cells:,} numbers, more than {MAX_MODEL_CELLS:,}. Name fewer marginals (a chain or "
            "a tree of columns is best), or list fewer values or bins"
        )


def synthesise(noisy: Noisy, release: SyntheticSettings, plan: Plan) -> Synthetic:
    """Rows that fit the noisy marginals.

    A column of values has their type, one of bins numbers that are spread evenly over each bin:
    whole ones if all edges are whole. Missing ones are null.
    """
    marginals = {
        query: noisy.cells[query.column].astype(np.float64).reshape(query.shape)
        for query in _queries(release)
        if query.column in noisy.cells
    }
    codes = _drawn(marginals, release, plan)
    rng = np.random.default_rng()  # It hides nothing: noise was added before.
    columns = {name: _values(codes[name], axis, rng) for name, axis in release.columns.items()}
    return Synthetic(pa.table(columns), _quality(codes, marginals, plan))


def _queries(release: SyntheticSettings) -> list[Query]:
    """The marginals that are counted, or may be: of a tree, all pairs."""
    table = release.measured
    stated = [query for measure in table.measures for query in needs(measure, table)]
    return [*stated, *pairs_of(table)]


def _deviation(query: Query, plan: Plan) -> float:
    """Of the noise on a marginal; those that were chosen have it in common."""
    columns = (query.column, "chosen:1")
    return next(m for m in plan.mechanisms if m.query.column in columns).noise.deviation


def _names(query: Query) -> tuple[str, ...]:
    return tuple(name for name, _ in query.axes)


def _mbi() -> Any:
    """The library, with 64-bit numbers, on the processor."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Advice for its developers.
        import mbi
    return mbi


def _domain(release: SyntheticSettings) -> Any:
    sizes = [axis.size for axis in release.columns.values()]
    return _mbi().Domain(list(release.columns), sizes)


def _model_cells(release: SyntheticSettings) -> int:
    """Numbers of the fitted model: the cells of the junction tree's cliques (of a tree of pairs
    that is still to be chosen, at most)."""
    if release.measured.tree:
        sizes = sorted(query.cells for query in pairs_of(release.measured))
        return sum(sizes[1 - len(release.columns) :])
    trees = _mbi().junction_tree
    tree, _ = trees.make_junction_tree(_domain(release), [_names(q) for q in _queries(release)])
    return sum(
        math.prod(release.columns[name].size for name in clique)
        for clique in trees.maximal_cliques(tree)
    )


def _drawn(marginals: Mapping[Query, Counts], release: SyntheticSettings, plan: Plan) -> Codes:
    """The cells of rows that are drawn from a model of the noisy marginals."""
    mbi = _mbi()
    measured = [
        mbi.LinearMeasurement(counts.ravel(), _names(query), _deviation(query, plan))
        for query, counts in marginals.items()
    ]
    model = mbi.estimation.MirrorDescent().estimate(_domain(release), measured, iters=_STEPS)
    # The model's total is the noisy one, of all marginals together.
    count = release.rows or min(max(round(float(model.total)), 1), MAX_SYNTHETIC_ROWS)
    drawn = model.synthetic_data(rows=count).to_dict()
    return {name: np.asarray(drawn[name]).astype(np.int64) for name in release.columns}


def _values(codes: np.ndarray[Any, Any], axis: Axis, rng: np.random.Generator) -> pa.Array:
    labels = labels_of(axis)
    if axis.edges is None:
        return pa.array(labels).take(pa.array(codes))
    low, high = np.array(axis.edges[:-1]), np.array(axis.edges[1:])
    missing = codes >= axis.stated
    bins = np.where(missing, 0, codes)
    if all(edge.is_integer() and abs(edge) < 2**53 for edge in axis.edges):
        last = high - 1
        last[-1] = high[-1]
        numbers = rng.integers(low.astype(np.int64)[bins], last.astype(np.int64)[bins] + 1)
        return pa.array(numbers, pa.int64(), mask=missing)
    # Rounding must not leave the bin.
    spread = np.minimum(rng.uniform(low[bins], high[bins]), np.nextafter(high, low)[bins])
    return pa.array(spread, pa.float64(), mask=missing)


def _quality(codes: Codes, marginals: Mapping[Query, Counts], plan: Plan) -> list[dict[str, Any]]:
    """Total variation of the rows from each noisy marginal, and what noise alone makes of it.

    Counts below 0 are taken as 0, and both are scaled to add up to 1. Nothing of it sees the data.
    """
    found = []
    for query, noisy in marginals.items():
        names = _names(query)
        cells = np.ravel_multi_index([codes[name] for name in names], query.shape)
        rows = np.bincount(cells, minlength=noisy.size)
        positive = np.maximum(noisy.ravel(), 0.0)
        whole = float(positive.sum())
        scaled = positive / whole if whole else np.full(noisy.size, 1 / noisy.size)
        noise = _deviation(query, plan) * math.sqrt(2 / math.pi) * noisy.size / 2
        found.append(
            {
                "columns": list(names),
                "ways": len(names),
                "cells": noisy.size,
                "total_variation": float(np.abs(rows / rows.sum() - scaled).sum() / 2),
                "by_noise_alone": min(1.0, noise / max(float(noisy.sum()), 1.0)),
            }
        )
    return found
