"""Lists of terms in the configuration: where their files are looked for, and what is said of
mistakes in them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from rich.console import Console

from configs import PRESETS
from pipelines.explain import explain
from pipelines.settings import Settings, json_schema, load
from transforms.errors import UsageError
from transforms.fields import Treatment

FIELDS = """\
version: 1
fields:
  patient: {role: subject}
  note: {role: text}
detect:
"""


def written(folder: Path, detect: str, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content, "utf-8")
    file = folder / "my.yaml"
    file.write_text(FIELDS + detect, "utf-8")
    return file


def test_a_plain_list_of_what_stays_is_a_list_of_words(tmp_path: Path) -> None:
    plain = load(written(tmp_path, "  allow: [Denies, Dr Scholl's]\n"))
    full = load(written(tmp_path, "  allow: {words: [Denies, Dr Scholl's]}\n"))
    assert list(plain.detect.allow.terms) == ["Denies", "Dr Scholl's"]
    assert plain.digest == full.digest


def test_files_are_relative_to_the_configuration_and_not_to_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(
        tmp_path,
        "  allow: {files: [ours.txt]}\n  deny: [{entity: PERSON, files: [staff.txt]}]\n",
        ours="Telehealth\n",
        staff="Zoë Müller\n",
    )
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for path in (file, Path("..", "my.yaml")):
        detect = load(path).detect
        assert list(detect.allow.terms) == ["Telehealth"]
        assert [(d.entity, list(d.terms)) for d in detect.deny] == [("PERSON", ["Zoë Müller"])]


def test_the_digest_changes_with_a_list_and_not_with_its_order_or_comments(tmp_path: Path) -> None:
    config = "  deny: [{entity: PERSON, files: [staff.txt]}]\n"
    first = load(written(tmp_path, config, staff="Zoë Müller\nAnn Bee\n"))
    same = load(written(tmp_path, config, staff="# staff\nAnn Bee\nZoë Müller\n"))
    other = load(written(tmp_path, config, staff="Ann Bee\n"))
    assert first.digest == same.digest != other.digest
    # Lists shape no row of which aggregates are made: a longer one must not spend the budget anew.
    assert first.rows_digest == other.rows_digest


def test_settings_that_were_sent_need_no_files(tmp_path: Path) -> None:
    file = written(tmp_path, "  allow: {files: [ours.txt], lists: [medical]}\n", ours="Denies\n")
    settings = load(file)
    (tmp_path / "ours.txt").unlink()
    sent = pickle.loads(pickle.dumps(settings))
    assert sent == settings and "Denies" in set(sent.detect.allow.terms)
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("detect", "line", "field", "what"),
    [
        ("  allow: [Denies, '--']", 6, "detect.allow[1]", "a term needs a letter or digit"),
        ("  allow:\n    words:\n      - ''", 8, "detect.allow.words[0]", "needs a letter"),
        ("  allow:\n    files: [none.txt]", 7, "detect.allow.files[0]", "none.txt: no such file"),
        ("  allow: {files: [bad.txt]}", 6, "detect.allow.files[0]", "bad.txt:2: a term needs"),
        ("  allow: {files: [3]}", 6, "detect.allow.files[0]", "the path of a file"),
        ("  allow: {lists: [medicine]}", 6, "detect.allow.lists[0]", "'medical'"),
        ("  allow: {word: [x]}", 6, "detect.allow.word", "did you mean 'words'?"),
        ("  deny:\n    - words: [Ann Bee]", 7, "detect.deny[0].entity", "is missing"),
        ("  deny:\n    - {entity: PERSON}", 7, "detect.deny[0]", "give 'words' or 'files'"),
        (
            "  deny:\n    - entity: PERSON\n      words: [Ann Bee, Jo]",
            8,
            "detect.deny[0].words[1]",
            "fewer than 3 letters and digits",
        ),
        (
            "  deny:\n    - entity: PERSON\n      files: [short.txt]",
            8,
            "detect.deny[0].files[0]",
            "short.txt:3: a term of fewer than 3",
        ),
        ("  policy: careful", 6, "detect.policy", "'recall_first'"),
        ("  model: {kind: gliner}", 6, "detect.model", "give 'name'"),
        ("  model: {kind: builtin, labels: {A: PERSON}}", 6, "detect.model", "not for builtin"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(
    detect: str, line: int, field: str, what: str, tmp_path: Path
) -> None:
    file = written(tmp_path, detect + "\n", bad="Denies\n...\n", short="# x\nAnn Bee\nJo\n")
    with pytest.raises(UsageError) as raised:
        load(file)
    (said,) = str(raised.value).splitlines()
    assert said.startswith(f"{file}:{line}: {field}: ")
    assert what in said
    assert "Jo" not in said


def test_a_list_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, "  allow: {files: [old.txt]}\n")
    (tmp_path / "old.txt").write_bytes(b"Denies\nZo\xeb\n")
    with pytest.raises(UsageError, match=r"my\.yaml:6: .*old\.txt:2: not UTF-8"):
        load(file)


def test_check_says_how_many_terms_stay_and_are_replaced(tmp_path: Path) -> None:
    config = "  allow: [Denies]\n  deny: [{entity: PERSON, files: [staff.txt]}]\n"
    console = Console(record=True, width=120)
    explain(load(written(tmp_path, config, staff="Zoë Müller\nAnn Bee\n")), [], console)
    shown = console.export_text()
    assert "policy balanced; 1 terms stay, 2 are always replaced" in shown
    assert "Zoë" not in shown


def test_the_schema_knows_both_forms_and_says_what_the_policies_trade() -> None:
    detect = json_schema()["$defs"]["DetectSettings"]["properties"]
    assert {"array"} <= {form.get("type") for form in detect["allow"]["anyOf"]}
    definitions = json_schema()["$defs"]
    assert definitions["AllowSettings"]["properties"]["files"]["items"] == {"type": "string"}
    assert definitions["DenySettings"]["properties"]["files"]["items"] == {"type": "string"}
    for policy in ("balanced", "recall_first"):
        assert policy in detect["policy"]["description"]


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_let_the_medical_vocabulary_stay(name: str) -> None:
    settings = load(name)
    assert settings.detect.allow.lists == ("medical",)
    assert settings.detect.threshold is None
    assert Treatment.KEEP not in settings.pseudonymise.entities.values()
