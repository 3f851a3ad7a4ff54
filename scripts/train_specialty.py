"""Train a small transformer on a release: which specialty was a consultation of, by its note?

    python scripts/train_specialty.py out/release [--steps 20] [--batch 32] [--seed 0]

Where an ML team may begin. From scratch and on a CPU, by JAX and Optax alone: nothing is
downloaded. Words are hashed to ids, so there is no vocabulary to keep. Two layers of attention, a
mean over the words, one linear layer. Prints the loss as it falls, and the accuracy on
``validation`` beside that of always saying the commonest specialty.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pyarrow.dataset

WORDS, LENGTH, WIDTH, HEADS, LAYERS = 4096, 128, 64, 4, 2

Parameters = dict[str, Any]


class Split(NamedTuple):
    """Notes as ids of words (n, LENGTH), 0 where a note has ended, and their specialties (n)."""

    words: np.ndarray
    labels: np.ndarray


def load(release: str, split: str, specialties: dict[str, int]) -> Split:
    """A split of a release; ``specialties`` numbers those that it does not know yet."""
    records = pyarrow.dataset.dataset(f"{release}/records", partitioning="hive").to_table(
        columns=["note", "specialty"], filter=pyarrow.dataset.field("split") == split
    )
    words = np.zeros((records.num_rows, LENGTH), np.int32)
    for row, note in enumerate(records["note"].to_pylist()):
        found = re.findall(r"\w+", (note or "").lower())[:LENGTH]
        words[row, : len(found)] = [1 + zlib.crc32(w.encode()) % (WORDS - 1) for w in found]
    labels = [specialties.setdefault(s, len(specialties)) for s in records["specialty"].to_pylist()]
    return Split(words, np.array(labels, np.int32))


def batches(split: Split, size: int, rng: np.random.Generator) -> Iterator[Split]:
    """Without end, each record once in a round."""
    while True:
        order = rng.permutation(len(split.labels))
        for first in range(0, len(order) - size + 1, size):
            picked = order[first : first + size]
            yield Split(split.words[picked], split.labels[picked])


def initial(key: jax.Array, classes: int) -> Parameters:
    """Random parameters."""
    keys = iter(jax.random.split(key, 3 + 4 * LAYERS))

    def matrix(rows: int, columns: int) -> jax.Array:
        return jax.random.normal(next(keys), (rows, columns)) / np.sqrt(rows)

    return {
        "word": 0.1 * jax.random.normal(next(keys), (WORDS, WIDTH)),
        "place": 0.1 * jax.random.normal(next(keys), (LENGTH, WIDTH)),
        "layers": [
            {
                "attend": matrix(WIDTH, 3 * WIDTH), "join": matrix(WIDTH, WIDTH),
                "wide": matrix(WIDTH, 4 * WIDTH), "narrow": matrix(4 * WIDTH, WIDTH),
            }
            for _ in range(LAYERS)
        ],
        "head": matrix(WIDTH, classes),
    }  # fmt: skip


def logits(parameters: Parameters, words: jax.Array) -> jax.Array:
    """(batch, LENGTH) ids of words -> (batch, classes)."""
    is_word = words > 0
    x = parameters["word"][words] + parameters["place"]
    for layer in parameters["layers"]:
        query, key, value = (
            part.reshape(*words.shape, HEADS, WIDTH // HEADS)
            for part in jnp.split(_normal(x) @ layer["attend"], 3, axis=-1)
        )
        mask = is_word[:, None, None, :]
        seen = jax.nn.dot_product_attention(query, key, value, mask=mask)
        x = x + seen.reshape(x.shape) @ layer["join"]
        x = x + jax.nn.gelu(_normal(x) @ layer["wide"]) @ layer["narrow"]
    mean = (_normal(x) * is_word[..., None]).sum(1) / jnp.maximum(is_word.sum(1), 1)[:, None]
    return mean @ parameters["head"]


def _normal(x: jax.Array) -> jax.Array:
    return jax.nn.standardize(x, axis=-1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("release", help="folder of a release")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    specialties: dict[str, int] = {}
    training = load(given.release, "train", specialties)
    validation = load(given.release, "validation", specialties)
    optimiser = optax.adamw(3e-3)
    parameters = initial(jax.random.key(given.seed), len(specialties))
    state = optimiser.init(parameters)

    def loss(parameters: Parameters, batch: Split) -> jax.Array:
        told = logits(parameters, batch.words)
        return optax.softmax_cross_entropy_with_integer_labels(told, batch.labels).mean()

    @jax.jit
    def step(parameters: Parameters, state: Any, batch: Split) -> tuple[Parameters, Any, jax.Array]:
        value, gradient = jax.value_and_grad(loss)(parameters, batch)
        change, state = optimiser.update(gradient, state, parameters)
        return optax.apply_updates(parameters, change), state, value

    rows = batches(
        training, min(given.batch, len(training.labels)), np.random.default_rng(given.seed)
    )
    for number in range(1, given.steps + 1):
        parameters, state, value = step(parameters, state, next(rows))
        print(f"step {number}: loss {value:.3f}")
    right = np.argmax(logits(parameters, validation.words), axis=1) == validation.labels
    common = np.bincount(training.labels).argmax()
    print(
        f"validation, {len(validation.labels)} records: accuracy {right.mean():.2f}; always saying "
        f"the commonest: {(validation.labels == common).mean():.2f}"
    )


if __name__ == "__main__":
    main()
