"""Fine-tuning: batches of windows of like length, AdamW, a learning rate that falls to nothing."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from scripts.detector.dataset import Texts, Windowed, as_windows
from scripts.detector.network import Network, pretrained, vocabulary
from transforms.detect.ner.tokens import Encoder

BATCH_PIECES = 4096
_MASKED = 0.03
"""Share of pieces that are hidden, so that context is learnt as well as words."""

_TEXTS_AT_ONCE = 4000


class Batch(NamedTuple):
    pieces: Tensor
    shapes: Tensor
    mask: Tensor
    labels: Tensor


def batches(windowed: Windowed, random: np.random.Generator) -> Iterator[Batch]:
    """All windows, in random batches of at most ``BATCH_PIECES`` pieces with their padding."""
    lengths = np.diff(windowed.offsets)
    order = np.argsort(lengths + random.uniform(0, 8, len(lengths)))
    groups: list[list[int]] = [[]]
    for index in order:
        longest = max(int(lengths[index]), *(int(lengths[i]) for i in groups[-1]), 1)
        if groups[-1] and longest * (len(groups[-1]) + 1) > BATCH_PIECES:
            groups.append([])
        groups[-1].append(int(index))
    for number in random.permutation(len(groups)):
        yield _batch(windowed, groups[number])


def _batch(windowed: Windowed, group: list[int]) -> Batch:
    width = max(int(windowed.offsets[i + 1] - windowed.offsets[i]) for i in group)
    pieces = np.zeros((len(group), width), np.int64)
    shapes = np.zeros_like(pieces)
    mask = np.zeros((len(group), width), np.float32)
    labels = np.full_like(pieces, -1)
    for row, index in enumerate(group):
        start, end = windowed.offsets[index], windowed.offsets[index + 1]
        size = int(end - start)
        pieces[row, :size] = windowed.pieces[start:end]
        shapes[row, :size] = windowed.shapes[start:end]
        labels[row, :size] = windowed.labels[start:end]
        mask[row, :size] = 1
    return Batch(*(torch.from_numpy(x) for x in (pieces, shapes, mask, labels)))


def train(
    data: Path | None,
    folder: Path,
    seed: int,
    layers: int,
    steps: int,
    rate: float,
    half: bool,
    every: int,
) -> Network:
    """Train for ``steps`` batches and return the network.

    ``half``: multiply in bfloat16 (fast on processors with AMX). ``folder`` gets a checkpoint
    ``every`` so many steps, from which an interrupted training goes on, and a log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    network = pretrained(layers)
    # Words that training never meets keep their place among those that it does.
    network.words.weight.requires_grad_(False)
    fresh = [*network.head.parameters(), *network.shapes.parameters()]
    known = {id(p) for p in fresh}
    rest = [p for p in network.parameters() if p.requires_grad and id(p) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": rest, "lr": rate}, {"params": fresh, "lr": rate * 5}],
        weight_decay=0.01,
        fused=True,
    )
    warm = min(100, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
    )
    first = 0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    network.train()
    encoder = Encoder(vocabulary())
    # Each stretch of training has texts of its own, so that going on repeats none.
    stream = _stream(data, seed * 1000 + first, encoder)
    unknown = encoder.unknown
    started, losses, seen = time.monotonic(), [], 0
    for step in range(first, steps):
        batch = next(stream)
        hidden = (torch.rand(batch.pieces.shape) < _MASKED) & (batch.pieces != encoder.opening)
        pieces = torch.where(hidden & (batch.mask > 0), unknown, batch.pieces)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            scores = network(pieces, batch.shapes, batch.mask)
        loss = torch.nn.functional.cross_entropy(
            scores.float().flatten(0, 1), batch.labels.flatten(), ignore_index=-1
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*rest, *fresh], 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        schedule.step()
        losses.append(loss.item())
        seen += batch.pieces.numel()
        if (step + 1) % 20 == 0:
            speed = seen / (time.monotonic() - started)
            line = f"step {step + 1} loss {np.mean(losses[-50:]):.4f} pieces/s {speed:.0f}"
            print(line, flush=True)
            with (folder / "log.txt").open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        if (step + 1) % every == 0 or step + 1 == steps:
            state = {
                "network": network.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step + 1,
                "layers": layers,
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
    return network.eval()


def load(checkpoint: Path) -> Network:
    """The network of a checkpoint."""
    state = torch.load(checkpoint, weights_only=True)
    network = Network(state["layers"], len(state["network"]["words.weight"]))
    network.load_state_dict(state["network"])
    return network.eval()


def _stream(data: Path | None, seed: int, encoder: Encoder) -> Iterator[Batch]:
    texts = iter(Texts(data, seed))
    random = np.random.default_rng(seed)
    while True:
        some = list(itertools.islice(texts, _TEXTS_AT_ONCE))
        yield from batches(as_windows(some, encoder), random)
