"""The trained network as the package carries it: 8-bit embeddings, a graph with 8-bit weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from scripts.detector.network import WIDTH, Network, vocabulary
from scripts.detector.train import load
from transforms.detect.ner.builtin import EMBEDDINGS, VOCABULARY, Tier
from transforms.detect.ner.tokens import WINDOW_PIECES


class _Reader(nn.Module):
    """The network without its embeddings of words, which all tiers share."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, words: Tensor, shapes: Tensor) -> Tensor:
        return self.network.read(words, shapes)


def export(checkpoint: Path, to: Path, tier: Tier) -> None:
    """Write the graph of a checkpoint, the embeddings and the vocabulary into the folder ``to``."""
    (graph,) = tier.graphs
    network = load(checkpoint)
    # A window holds no more places than these.
    network.places = nn.Embedding.from_pretrained(network.places.weight[:WINDOW_PIECES].detach())
    to.mkdir(parents=True, exist_ok=True)
    _write_embeddings(network.words.weight.detach().numpy(), to / EMBEDDINGS)
    (to / VOCABULARY).write_text("\n".join(vocabulary()) + "\n", "utf-8")
    example = (torch.zeros((1, 16, WIDTH)), torch.ones((1, 16), dtype=torch.int64))
    with tempfile.TemporaryDirectory() as folder:
        whole, ready = Path(folder) / "whole.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            _Reader(network).eval(),
            example,
            str(whole),
            input_names=["words", "shapes"],
            output_names=["scores"],
            dynamic_axes={name: {1: "places"} for name in ("words", "shapes", "scores")},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(whole), str(ready), skip_symbolic_shape=True)
        # Weights of 7 bits: products of 8 by 8 bits overflow on processors without VNNI.
        quantize_dynamic(
            str(ready),
            str(to / graph),
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    (to / graph).chmod(0o644)


def _write_embeddings(table: np.ndarray, to: Path) -> None:
    """8 bits a number, with one scale a word."""
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    np.savez(to, table=np.round(table / scales).astype(np.int8), scales=scales.astype(np.float32))
