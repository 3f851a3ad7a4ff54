"""Plant identifiers in real consultations, run the main job on them, and count what comes out.

    python scripts/count_leaks.py --data ../shared/data --work WORK [--config telehealth]

The consultations are PriMock57's, which hold almost no identifiers. What is planted are turns of
talk and sentences of notes by two hands that the detector's training used nothing of: those of
``veilbeam sample`` and those of ``scripts/detector/gold``. Nothing of it stands in a field, so
that detection alone must find it. A value counts as leaked where it stands, whole and whatever
its case, in the published text of its record.

Four in five of the consultations themselves were trained on, with other identifiers planted by
``scripts/detector/realtext.py``. The others, of which training saw nothing, say what to expect.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated, Any, NamedTuple

import pyarrow.parquet as pq
import typer
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines import sample
from pipelines.evaluation.labels import Labels
from scripts.detector import realtext
from transforms.detect.ner.labels import ENTITIES

ROOT = Path(__file__).resolve().parent.parent
_SEED = 20_261
_PEOPLE = 1000
_TURN = re.compile(r"^(Doctor|Patient): ", re.MULTILINE)


class Planted(NamedTuple):
    """A consultation with foreign passages, and the (kind, value) of what identifies in them."""

    record: dict[str, Any]
    unseen: bool
    """Whether training saw nothing of the consultation."""
    values: list[tuple[str, str]]


def consultations(data: Path, kinds: Labels, rounds: int) -> Iterator[Planted]:
    """PriMock57's consultations, ``rounds`` times, each with what one synthetic consultation and
    two hand-written passages tell of people."""
    random = Random(_SEED)
    passages = _passages(kinds)
    notes = {key.removesuffix("_note"): text for key, text in realtext.primock_notes(data)}
    talks = list(realtext.primock_dialogues(data)) * rounds
    for number, (key, talk) in enumerate(talks):
        turns = [
            {"speaker": speaker.lower(), "text": text.strip()}
            for speaker, text in _pairs(talk)
            if text.strip()
        ]
        note = notes.get(key, "").split("\n")
        before = "\n".join([talk, *note]).casefold()
        other = sample.compose(number, _SEED, _PEOPLE)
        values = [(kinds.of_entity(m.entity) or "", m.value) for m in other.mentions]
        for turn in other.record["turns"]:
            if any(value in turn["text"] for _, value in values):
                turns.insert(random.randrange(len(turns) + 1), turn)
        note.insert(random.randrange(len(note) + 1), other.record["note"])
        for text, found in random.sample(passages, 2):
            turns.insert(random.randrange(len(turns) + 1), {"speaker": "patient", "text": text})
            values.extend(found)
        record = {
            "number": number,
            "consultation": f"{key}-{number}",
            "turns": turns,
            "note": "\n".join(note),
        }
        yield Planted(
            record,
            realtext.held_out(key),
            # What the real text says too, it says of nobody. A band may name an age.
            [
                (k, v)
                for k, v in dict.fromkeys(values)
                if k and k != "AGE" and not _stands(v, before)
            ],
        )


def _pairs(talk: str) -> Iterator[tuple[str, str]]:
    parts = _TURN.split(talk)
    return zip(parts[1::2], parts[2::2], strict=True)


def _passages(kinds: Labels) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for line in (ROOT / "scripts/detector/gold/mixed.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        values = [
            (kinds.of_gold(s["entity"]) or "", row["text"][s["start"] : s["end"]])
            for s in row["spans"]
        ]
        if values:
            found.append((row["text"], values))
    return found


def _stands(value: str, text: str) -> bool:
    pattern = rf"(?<!\w){re.escape(value.casefold())}(?!\w)"
    return re.search(pattern, text.casefold()) is not None


def settings_of(config: Path) -> dict[str, Any]:
    """The preset's detection, for these records."""
    given = YAML(typ="safe").load(config.read_text("utf-8"))
    return {
        "version": 1,
        "source": {"format": "jsonl"},
        "fields": {
            "consultation": {"role": "subject", "treatment": "token"},
            "number": {"role": "attribute", "type": "integer"},
            "turns.text": {"path": "turns[].text", "role": "text"},
            "note": {"role": "text"},
        },
        "detect": given["detect"],
        # Taken out, since a surrogate may by chance be another planted value (a town's name).
        "pseudonymise": {"entities": dict.fromkeys(ENTITIES, "redact")},
        # What the leak check would hold back is published here, and counted.
        "verify": {"score": 1.0},
        "publish": {"title": "Planted", "licence": "CC BY 4.0"},
    }


def main(
    data: Annotated[Path, typer.Option(help="Folder that holds primock57.")],
    work: Annotated[Path, typer.Option(help="A new folder for the source and the release.")],
    rounds: Annotated[int, typer.Option(help="How often each consultation is used.")] = 4,
    config: Annotated[str, typer.Option(help="Preset whose detection is used.")] = "telehealth",
    show: Annotated[bool, typer.Option(help="Print the leaked values, which are made up.")] = False,
) -> None:
    """Plant, run, count."""
    work.mkdir(parents=True)
    planted = list(consultations(data, Labels.load(), rounds))
    source = work / "planted.jsonl"
    source.write_text("".join(json.dumps(p.record) + "\n" for p in planted), "utf-8")
    with (work / "config.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(settings_of(ROOT / "configs" / f"{config}.yaml"), file)
    subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "run", "-c", work / "config.yaml", "-i", source,
         "--release", work / "release", "--restricted", work / "restricted"],
        check=True,
    )  # fmt: skip
    rows = pq.read_table(work / "release" / "records").to_pylist()
    texts = {row["number"]: "\n".join([*_texts(row)]) for row in rows}
    print(f"{len(rows)} of {len(planted)} consultations published")
    for unseen in (True, False):
        total: Counter[str] = Counter()
        leaked: Counter[str] = Counter()
        for number, text in sorted(texts.items()):
            if planted[number].unseen is not unseen:
                continue
            for kind, value in planted[number].values:
                total[kind] += 1
                if _stands(value, text):
                    leaked[kind] += 1
                    if show:
                        print(f"  {kind}: {value}")
        print(f"\nIn consultations that training {'never saw' if unseen else 'saw'}:")
        for kind in [*sorted(total), "all"]:
            out, of = (sum(c.values()) if kind == "all" else c[kind] for c in (leaked, total))
            print(f"{kind:16} planted {of:5}  leaked {out:4}  {out / max(of, 1):7.2%}")


def _texts(value: Any) -> Iterator[str]:
    """All texts in a published record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


if __name__ == "__main__":
    typer.run(main)
