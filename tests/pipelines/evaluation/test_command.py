"""``veilbeam evaluate`` as a privacy officer runs it, with the real detector."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from rich.console import Console

from configs import PRESETS
from pipelines import cli, pictures
from pipelines.evaluation import evaluate as module
from pipelines.evaluation import picture, report, terminal
from pipelines.evaluation.compare import Measure
from pipelines.evaluation.gold import GoldText
from pipelines.settings import load
from transforms.detect.engine import DetectionError, Detector
from transforms.errors import UsageError, VeilbeamError

DATA = Path(__file__).parents[4] / "shared" / "data"
PLAIN = """\
version: 1
fields:
  patient: {role: subject}
  note: {role: text}
detect: {countries: [GB]}
"""

# Nobody's. Names beside which nothing tells that they are names are missed by patterns.
MISSED, FOUND, HALF = "Zorblatt", "Quillfeather", "Wexcombe-Aldous"
VALUES = (MISSED, FOUND, "Aldous", "9434765919", "Brimstone")
TEXTS: list[tuple[str, list[tuple[str, str]]]] = [
    (f"Seen by Dr {FOUND}. NHS number 943 476 5919.", [(FOUND, "NAME"), ("943 476 5919", "MRN")]),
    (f"rang {MISSED} about it", [(MISSED, "NAME")]),
    ("Take paracetamol twice a day.", []),
    ("Please thank Mrs Brimstone.", []),
    ("Mr Tane is a male patient.", [("Mr", "TITLE"), ("Tane", "NAME"), ("male", "SEX")]),
]


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def veilbeam(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["veilbeam", "evaluate", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        captured = capsys.readouterr()
        return Done(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    rows = [
        {
            "id": f"consultation of {FOUND}",
            "text": text,
            "spans": [
                {"start": text.index(value), "end": text.index(value) + len(value), "entity": label}
                for value, label in spans
            ],
        }
        for text, spans in TEXTS
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(PLAIN)
    return path


def test_figures_are_those_counted_by_hand(
    veilbeam: Callable[..., Done], gold: Path, config: Path, tmp_path: Path
) -> None:
    done = veilbeam("--gold", gold, "--config", config, "--json", tmp_path / "out.json")
    assert (done.code, done.err) == (0, "")
    found = json.loads((tmp_path / "out.json").read_text())
    # Patterns find Dr Quillfeather, the NHS number, Mrs Brimstone (a false alarm here) and Mr Tane.
    assert found["all"] | {"scores": 0} == {
        "gold": 4, "missed": 1, "partly_left": 0, "characters_left": len(MISSED), "marked": 4,
        "false_alarms": 1, "scores": 0,
    }  # fmt: skip
    overlap = found["all"]["scores"]["overlap"]
    assert overlap["recall"]["value"] == overlap["precision"]["value"] == 0.75
    assert overlap["f2"]["value"] == 0.75
    assert found["kinds"]["ID"]["gold"] == 1
    assert found["kinds"]["PERSON"]["gold"] == 3
    assert found["texts"]["all"] == 5
    assert found["texts"]["without_gold"] == 2
    assert found["texts"]["unchanged"]["value"] == 0.5
    assert found["labels"]["TITLE"]["kind"] is None
    (leak,) = found["leaks"]
    assert leak["place"] == f"{gold}:2"
    assert (leak["start"], leak["end"], leak["found"]) == (5, 5 + len(MISSED), False)
    (alarm,) = found["false_alarms"]
    assert (alarm["place"], alarm["kind"]) == (f"{gold}:4", "PERSON")
    assert found["config"]["digest"] == load(config).digest


def test_no_value_is_in_what_is_printed_or_written(
    veilbeam: Callable[..., Done], gold: Path, config: Path, tmp_path: Path
) -> None:
    outputs = [tmp_path / "out.json", tmp_path / "out.svg"]
    done = veilbeam("--gold", gold, "-c", config, "--json", outputs[0], "--picture", outputs[1])
    assert done.code == 0
    everything = [done.out, done.err, *(path.read_text() for path in outputs)]
    for value in VALUES:
        assert not any(value in text for text in everything), value


def test_values_are_shown_when_asked_for_on_the_terminal_alone(
    veilbeam: Callable[..., Done], gold: Path, config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = veilbeam("--gold", gold, "-c", config, "--json", out, "--show-values")
    assert f"missed in consultation of {FOUND}: '{MISSED}'" in done.out
    assert "1 × 'Brimstone'" in done.out
    assert not any(value in out.read_text() for value in VALUES)


def test_what_is_left_of_a_span_stands_in_brackets(
    veilbeam: Callable[..., Done], tmp_path: Path, config: Path
) -> None:
    text = "Dr Wexcombe and others"
    span = {"start": 3, "end": 22, "entity": "PERSON"}
    path = tmp_path / "half.jsonl"
    path.write_text(json.dumps({"text": text, "spans": [span]}))
    done = veilbeam("--gold", path, "-c", config, "--show-values")
    assert "left are 12-22: 'Wexcombe [and others]'" in done.out


def test_a_recall_that_is_too_low_is_exit_code_1(
    veilbeam: Callable[..., Done], gold: Path, config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    assert veilbeam("-g", gold, "-c", config, "--min-recall", "0.75").code == 0
    done = veilbeam("-g", gold, "-c", config, "--min-recall", "0.76", "--json", out)
    assert done.code == 1
    assert "recall 0.7500 is below 0.76" in done.err
    assert out.exists()


def test_a_recall_of_nothing_cannot_be_asked_for(
    veilbeam: Callable[..., Done], tmp_path: Path, config: Path
) -> None:
    path = tmp_path / "harmless.jsonl"
    path.write_text('{"text": "Rest and fluids.", "spans": []}\n')
    done = veilbeam("-g", path, "-c", config, "--min-recall", "0.5")
    assert (done.code, done.out.count("left unchanged 1.000")) == (2, 1)
    assert veilbeam("-g", path, "-c", config).code == 0


def test_several_files_of_any_format_are_one_sample(
    veilbeam: Callable[..., Done], gold: Path, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "brat").mkdir()
    (tmp_path / "brat" / "a.txt").write_text("Dr Ottoline rang.")
    (tmp_path / "brat" / "a.ann").write_text("T1\tDOCTOR 3 11\tOttoline\n")
    span = {
        "entity_type": "PERSON", "entity_value": "Percival", "start_position": 3, "end_position": 11
    }  # fmt: skip
    samples = tmp_path / "samples.json"
    samples.write_text(json.dumps([{"full_text": "Dr Percival rang.", "spans": [span]}]))
    out = tmp_path / "out.json"
    done = veilbeam(
        *("-g", gold, "-g", tmp_path / "brat", "-g", samples, "-c", config, "--json", out)
    )
    assert done.code == 0
    found = json.loads(out.read_text())
    assert [s["format"] for s in found["gold"]] == ["jsonl", "brat", "presidio-research"]
    assert found["all"]["gold"] == 6
    assert found["all"]["missed"] == 1


def test_labels_that_are_not_known_are_listed_and_can_be_mapped(
    veilbeam: Callable[..., Done], tmp_path: Path, config: Path
) -> None:
    path, own = tmp_path / "gold.jsonl", tmp_path / "labels.yaml"
    span = {"start": 3, "end": 11, "entity": "ARZT"}
    path.write_text(json.dumps({"text": "Dr Ottoline rang.", "spans": [span]}))
    done = veilbeam("-g", path, "-c", config)
    assert done.code == 2
    assert f"ARZT (first at {path}:1)" in done.err
    own.write_text("Arzt: PERSON\n")
    assert "PERSON" in veilbeam("-g", path, "-c", config, "--labels", own).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--gold", "nowhere.jsonl"), "nowhere.jsonl: no such file or folder"),
        (("--gold", "GOLD", "--format", "conll"), "--format conll: unknown"),
        (("--gold", "GOLD", "--config", "nowhere"), "no such configuration file"),
        (("--gold", "GOLD", "--json", "/nowhere/out.json"), "no folder /nowhere"),
        (("--gold", "GOLD", "--picture", "out.pdf"), "must end in .svg or .png"),
        (("--gold", "GOLD", "--labels", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    ],
)
def test_a_mistake_of_usage_is_exit_code_2_and_says_what_is_wrong(
    veilbeam: Callable[..., Done], gold: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = veilbeam(*(str(gold) if a == "GOLD" else a for a in arguments))
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_without_matplotlib_the_way_to_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match="pip install matplotlib"):
        pictures.check(Path("out.svg"))


def test_what_the_configuration_keeps_is_a_leak_as_in_a_run(
    veilbeam: Callable[..., Done], gold: Path, tmp_path: Path
) -> None:
    config, out = tmp_path / "keep.yaml", tmp_path / "out.json"
    config.write_text(PLAIN + "pseudonymise: {entities: {UK_NHS: keep}}\n")
    veilbeam("-g", gold, "-c", config, "--json", out)
    assert json.loads(out.read_text())["kinds"]["ID"]["missed"] == 1


def test_overlaps_are_resolved_as_a_run_resolves_them() -> None:
    detector = Detector(load(PRESETS["telehealth"]).detect)
    text = "Seen by Dr Jane Roe at 12 Oak Street, Leeds LS6 2AB, tel 07700 900123, on 3 May 2021."
    (spans,) = module.replaced(detector.detect, [GoldText("here", text, ())])
    assert len(spans) >= 4
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_a_text_that_cannot_be_searched_is_named_and_not_shown() -> None:
    def find(texts: Any) -> Any:
        if any(MISSED in text for text in texts):
            raise ValueError(f"failed on {MISSED}")
        return [[] for _ in texts]

    texts = [GoldText("a:1", "fine", ()), GoldText("a:2", MISSED, ())]
    with pytest.raises(VeilbeamError, match="a:2: the text cannot be searched") as caught:
        module.replaced(find, texts)
    assert MISSED not in str(caught.value)

    def slow(texts: Any) -> Any:
        raise DetectionError("a pattern took too long")

    with pytest.raises(VeilbeamError, match=r"a:1: .*a pattern took too long"):
        module.replaced(slow, texts)


def test_tables_are_readable_in_80_columns(gold: Path, config: Path) -> None:
    measured = module.evaluate([gold] * 2, None, str(config), None)
    # The widest that there is: many spans, all right.
    measured.comparison.counts[0, :, Measure.OVERLAP] = 12_345
    console = Console(width=80, file=io.StringIO(), soft_wrap=True)
    terminal.show(measured, console, values=False)
    assert isinstance(console.file, io.StringIO)
    tables = console.file.getvalue().partition("\nLeaks")[0].partition("By span")[2].splitlines()
    assert len(tables) > 12
    assert max(map(len, tables)) <= 80
    assert not any("…" in line for line in tables)


def test_the_json_has_the_shape_that_the_documentation_tells(gold: Path, config: Path) -> None:
    rate = {
        "type": "object",
        "required": ["value", "low", "high"],
        "properties": {
            k: {"type": ["number", "null"], "minimum": 0, "maximum": 1}
            for k in ("value", "low", "high")
        },
        "additionalProperties": False,
    }
    score = dict.fromkeys(("recall", "precision", "f2"), rate)
    measures = (
        "overlap", "overlap_named", "exact", "exact_named", "characters", "characters_named",
    )  # fmt: skip
    kind = {
        "gold": {"type": "integer"},
        "missed": {"type": "integer"},
        "partly_left": {"type": "integer"},
        "characters_left": {"type": "integer"},
        "marked": {"type": "integer"},
        "false_alarms": {"type": "integer"},
        "scores": _exactly({measure: _exactly(score) for measure in measures}),
    }
    place = {"place": {"type": "string"}, "kind": {"type": "string"}}
    ends = {"start": {"type": "integer"}, "end": {"type": "integer"}}
    shape = _exactly(
        {
            "format": {"const": 1},
            "veilbeam": {"type": "string"},
            "config": _exactly({"file": {}, "digest": {"pattern": "^[0-9a-f]{64}$"}, "detect": {}}),
            "gold": _each({"file": {}, "format": {}, "texts": {}, "spans": {}}),
            "intervals": _exactly({"level": {}, "method": {}, "resamples": {}, "seed": {}}),
            "texts": _exactly({"all": {}, "without_gold": {}, "unchanged": rate}),
            "all": _exactly(kind),
            "kinds": {"type": "object", "additionalProperties": _exactly(kind)},
            "labels": {
                "type": "object",
                "additionalProperties": _exactly({"kind": {}, "gold": {}, "found": {}}),
            },
            "leaks": _each(
                place | ends | {"label": {}, "found": {}, "left": {}, "characters_left": {}}
            ),
            "false_alarms": _each(place | ends | {"entity": {}, "score": {}, "recogniser": {}}),
        }
    )
    measured = module.evaluate([gold], None, str(config), None)
    written = json.loads(json.dumps(report.as_json(measured)))
    jsonschema.validate(written, shape)


def _exactly(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _each(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _exactly(properties)}


def test_words_of_the_configurations_lists_are_not_in_the_json(gold: Path, config: Path) -> None:
    deny = f"deny: [{{entity: PERSON, words: [{MISSED}]}}]"
    config.write_text(PLAIN.replace("[GB]", f"[GB], allow: [{FOUND}], {deny}"))
    measured = module.evaluate([gold], None, str(config), None)
    written = json.dumps(report.as_json(measured))
    assert MISSED not in written
    assert FOUND not in written


def test_one_evaluation_gives_one_picture(gold: Path, config: Path, tmp_path: Path) -> None:
    measured = module.evaluate([gold], None, str(config), None)
    for name in ("a.svg", "b.svg", "a.png"):
        picture.draw(measured, tmp_path / name)
    svg = (tmp_path / "a.svg").read_text()
    assert svg == (tmp_path / "b.svg").read_text()
    for text in ("PERSON  (3)", "all  (4)", "recall", "precision", "0.750"):
        assert text in svg
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_meddocan_is_measured_in_spanish(
    veilbeam: Callable[..., Done], config: Path, tmp_path: Path
) -> None:
    if not DATA.is_dir():
        pytest.skip(f"no {DATA}")
    config.write_text(PLAIN.replace("[GB]", "[ES], language: es"))
    pairs = sorted((DATA / "meddocan" / "dev").glob("*.txt"))[:12]
    out = tmp_path / "out.json"
    files = [argument for pair in pairs for argument in ("--gold", pair)]
    assert veilbeam(*files, "-c", config, "--json", out).code == 0
    found = json.loads(out.read_text())
    assert found["texts"]["all"] == 12
    assert found["kinds"]["PERSON"]["scores"]["overlap"]["recall"]["value"] > 0.9
    assert found["labels"]["SEXO_SUJETO_ASISTENCIA"]["kind"] is None
