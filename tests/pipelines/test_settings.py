"""The configuration file: what is accepted, and what is said of each mistake, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from configs import PRESETS
from pipelines.settings import Settings, json_schema, load, parse
from transforms.errors import UsageError

FIELDS = """\
version: 1
fields:
  patient: {role: subject}
  name: {role: identifier, entity: PERSON}
  age: {role: quasi, type: integer, generalise: {band: 10}}
  note: {role: text}
  channel: {role: attribute}
  minutes: {role: attribute, type: integer}
  tags: {role: attribute, path: "tags[]"}
  secret: {role: drop}
"""

AGGREGATE = """\
aggregate:
  budget: {epsilon: 2.0}
  releases:
    - name: first
      group_by: [channel]
      keys: [video, phone]
      measures: [{kind: count}]
      epsilon: 1.0
    - name: second
      group_by: [channel]
      keys: [video, phone]
      measures:
        - {kind: count}
        - {kind: mean, field: minutes, lower: 0, upper: 60}
      epsilon: 1.0
"""

GOOD = FIELDS + AGGREGATE
HERE = "  # HERE"
LOOP = "version: 1\nfields: &loop\n  a: *loop\n"


def changed(old: str, new: str, text: str = GOOD) -> str:
    """``text`` with the first ``old`` replaced; an error is expected at the line with HERE."""
    assert old in text
    return text.replace(old, new, 1)


def errors(text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        parse(text, "my.yaml")
    return str(caught.value).splitlines()


def test_the_file_that_the_cases_are_made_of_is_good() -> None:
    settings = parse(GOOD, "my.yaml")
    assert [spec.name for spec in settings.specs] == [*settings.fields]
    assert settings.aggregate is not None


# (what is wrong, the file, the field that is named, words of the error)
MISTAKES: list[tuple[str, str, str, list[str]]] = [
    (
        "unknown section",
        GOOD + "quarantin:  # HERE\n  threshold: 0.1\n",
        "quarantin",
        ["unknown key", "did you mean 'quarantine'?"],
    ),
    (
        "unknown key of a field",
        changed("name: {role: identifier, entity: PERSON}", "name: {rol: identifier}" + HERE),
        "fields.name.rol",
        ["unknown key", "did you mean 'role'?"],
    ),
    (
        "unknown key that is like none",
        GOOD + "publish:\n  zzz: 1  # HERE\n",
        "publish.zzz",
        ["unknown key", "known:", "licence", "splits"],
    ),
    (
        "unknown key in a nested section",
        GOOD + "source:\n  csv:\n    delimeter: ';'  # HERE\n",
        "source.csv.delimeter",
        ["did you mean 'delimiter'?"],
    ),
    (
        "unknown key in a list of a union",
        changed(
            "{kind: mean, field: minutes, lower: 0, upper: 60}",
            "{kind: mean, field: minutes, lower: 0, uper: 60}" + HERE,
        ),
        "aggregate.releases[1].measures[1].uper",
        ["did you mean 'upper'?"],
    ),
    (
        "missing key in a list of a union",
        changed("field: minutes, lower: 0, ", "field: minutes, ").replace(
            "upper: 60}", "upper: 60}" + HERE
        ),
        "aggregate.releases[1].measures[1]",
        ["give both 'lower' and 'upper'", "bounds: auto"],
    ),
    (
        "missing required key in a list of a union",
        changed("field: minutes, lower: 0, ", "lower: 0, ").replace(
            "upper: 60}", "upper: 60}" + HERE
        ),
        "aggregate.releases[1].measures[1].field",
        ["is missing"],
    ),
    (
        "time buckets of what is no date",
        changed(
            "      keys: [video, phone]\n",
            "      periods: {channel: month}\n      keys: private\n",
        )
        .replace("group_by: [channel]", "group_by: [channel]" + HERE, 1)
        .replace("epsilon: 1.0\n", "epsilon: 1.0\n      delta: 1.0e-6\n", 1)
        .replace("{epsilon: 2.0}", "{epsilon: 2.0, delta: 1.0e-6}"),
        "aggregate.releases[0].group_by",
        ["field 'channel' is no date"],
    ),
    (
        "bins of what is no number",
        changed("      keys: [video, phone]\n", "      bins: {channel: [0, 1]}\n").replace(
            "group_by: [channel]", "group_by: [channel]" + HERE, 1
        ),
        "aggregate.releases[0].group_by",
        ["field 'channel' is no number"],
    ),
    (
        "the most frequent values of an identifier",
        changed(
            "measures: [{kind: count}]",
            "measures: [{kind: top_k, k: 3, field: name, values: [a]}]" + HERE,
        ),
        "aggregate.releases[0].measures",
        ["field 'name'", "kept or generalised"],
    ),
    (
        "distinct values of the subject",
        changed(
            "measures: [{kind: count}]",
            "measures: [{kind: count_distinct, field: patient}]" + HERE,
        ),
        "aggregate.releases[0].measures",
        ["use 'kind: count_subjects'"],
    ),
    (
        "an epsilon above the ceiling",
        changed("aggregate:", "aggregate:" + HERE)
        .replace("{epsilon: 2.0}", "{epsilon: 20.0}")
        .replace("epsilon: 1.0", "epsilon: 11.0", 1),
        "aggregate",
        ["'first' has epsilon 11, above max_epsilon (10)"],
    ),
    (
        "a delta above one in the number of subjects",
        changed("aggregate:", "aggregate:" + HERE)
        .replace("{epsilon: 2.0}", "{epsilon: 2.0, delta: 0.01}\n  subjects: 1000")
        .replace("epsilon: 1.0\n", "epsilon: 1.0\n      delta: 0.002\n", 1),
        "aggregate",
        ["delta 0.002, above one in 1,000 subjects"],
    ),
    (
        "wrong type deep in a list",
        changed("lower: 0, upper: 60}", "lower: low, upper: 60}" + HERE),
        "aggregate.releases[1].measures[1].lower",
        ["number", "'low'"],
    ),
    (
        "unknown kind of a union",
        changed("{kind: count}]", "{kind: average}]" + HERE),
        "aggregate.releases[0].measures[0]",
        ["average", "count_subjects"],
    ),
    (
        "missing kind of a union",
        changed("        - {kind: count}\n", "        - {}  # HERE\n"),
        "aggregate.releases[1].measures[0]",
        ["kind"],
    ),
    (
        "text where a number is due",
        GOOD + "detect:\n  threshold: high  # HERE\n",
        "detect.threshold",
        ["number", "'high'"],
    ),
    (
        "a number out of its range",
        GOOD + "quarantine:\n  threshold: 1.5  # HERE\n",
        "quarantine.threshold",
        ["less than or equal to 1"],
    ),
    (
        "a word that is none of the choices",
        changed("channel: {role: attribute}", "channel: {role: atribute}" + HERE),
        "fields.channel.role",
        ["'attribute'", "'atribute'"],
    ),
    (
        "one of a list that is none of the choices",
        GOOD + "detect:\n  countries:\n    - GB\n    - FR  # HERE\n",
        "detect.countries[1]",
        ["'GB'", "'FR'"],
    ),
    (
        "a list where a mapping is due",
        GOOD + "source: [a, b]  # HERE\n",
        "source",
        ["dictionary"],
    ),
    ("a version to come", changed("version: 1", "version: 2" + HERE), "version", ["1", "2"]),
    (
        "a name that is none",
        changed("  channel:", "  1channel:", FIELDS).replace(
            "1channel: {role: attribute}", "1channel: {role: attribute}" + HERE
        ),
        "fields.1channel",
        ["1channel"],
    ),
    (
        "an encoding that is none",
        GOOD + "source:\n  encoding: utf-9  # HERE\n",
        "source.encoding",
        ["utf-9", "try utf-8"],
    ),
    (
        "a treatment that contradicts the role",
        changed("{role: attribute}", "{role: attribute, treatment: surrogate}" + HERE),
        "fields.channel",
        ["contradicts role 'attribute'", "keep"],
    ),
    (
        "an identifier kept as it is",
        changed("entity: PERSON}", "entity: PERSON, treatment: keep}" + HERE),
        "fields.name",
        ["contradicts role 'identifier'", "drop", "surrogate", "token"],
    ),
    (
        "an identifier without its entity",
        changed(", entity: PERSON}", "}" + HERE),
        "fields.name",
        ["needs 'entity'", "entity: PERSON"],
    ),
    (
        "an entity where none is due",
        changed("{role: text}", "{role: text, entity: PERSON}" + HERE),
        "fields.note",
        ["takes no 'entity'"],
    ),
    (
        "a quasi-identifier without how",
        changed(", generalise: {band: 10}}", "}" + HERE),
        "fields.age",
        ["say how", "band: 10"],
    ),
    (
        "two ways to generalise",
        changed("{band: 10}}", "{band: 10, prefix: 3}}" + HERE),
        "fields.age.generalise",
        ["exactly one of"],
    ),
    (
        "a text that is a number",
        changed("{role: text}", "{role: text, type: integer}" + HERE),
        "fields.note",
        ["always of type string"],
    ),
    (
        "a path that is none",
        changed('"tags[]"', '"a[].b[]"').replace('b[]"}', 'b[]"}' + HERE),
        "fields.tags",
        ["not of the form"],
    ),
    (
        "a list of subjects",
        changed("{role: subject}", "{role: subject, path: 'p[]'}" + HERE),
        "fields.patient",
        ["one value"],
    ),
    (
        "no subject",
        changed("fields:", "fields:" + HERE).replace("{role: subject}", "{role: attribute}"),
        "fields",
        ["exactly one field must have 'role: subject'", "none has it"],
    ),
    (
        "two subjects",
        changed("fields:", "fields:" + HERE).replace("{role: attribute}", "{role: subject}", 1),
        "fields",
        ["exactly one field", "patient, channel"],
    ),
    (
        "a record id that is no field",
        GOOD + "source:\n  record_id: patiant  # HERE\n",
        "source.record_id",
        ["'patiant' is no field", "did you mean 'patient'?"],
    ),
    (
        "a record id that is dropped",
        GOOD + "source:\n  record_id: secret  # HERE\n",
        "source.record_id",
        ["'secret'"],
    ),
    (
        "a budget below zero",
        changed("{epsilon: 2.0}", "{epsilon: -1}" + HERE),
        "aggregate.budget.epsilon",
        ["greater than 0", "-1"],
    ),
    (
        "a budget of nothing",
        changed("{epsilon: 2.0}", "{epsilon: 0}" + HERE),
        "aggregate.budget.epsilon",
        ["greater than 0"],
    ),
    (
        "a budget that is no number",
        changed("{epsilon: 2.0}", "{epsilon: .nan}" + HERE),
        "aggregate.budget.epsilon",
        ["finite"],
    ),
    (
        "a release that costs less than nothing",
        changed("      epsilon: 1.0\n", "      epsilon: -0.5  # HERE\n"),
        "aggregate.releases[0].epsilon",
        ["greater than 0"],
    ),
    (
        "releases that add up to more than the budget",
        changed("aggregate:", "aggregate:" + HERE).replace("{epsilon: 2.0}", "{epsilon: 1.999999}"),
        "aggregate",
        ["add up to ε=2", "more than the budget of ε=1.999999", "raise the budget"],
    ),
    (
        "a delta that nothing pays for",
        changed("keys: [video, phone]", "keys: private\n      delta: 1.0e-6").replace(
            "aggregate:", "aggregate:" + HERE
        ),
        "aggregate",
        ["δ=1e-06", "more than the budget"],
    ),
    (
        "private keys without delta",
        changed("- name: first", "- name: first" + HERE).replace("[video, phone]", "private", 1),
        "aggregate.releases[0]",
        ["need 'delta'"],
    ),
    (
        "groups without keys",
        changed("- name: first", "- name: first" + HERE).replace(
            "      keys: [video, phone]\n", "", 1
        ),
        "aggregate.releases[0]",
        ["give 'keys'"],
    ),
    (
        "two releases of one name",
        changed("aggregate:", "aggregate:" + HERE).replace("name: second", "name: First"),
        "aggregate",
        ["names must differ", "first"],
    ),
    (
        "groups by an unknown field",
        changed("group_by: [channel]", "group_by: [chanel]" + HERE),
        "aggregate.releases[0].group_by",
        ["'chanel' is no field", "did you mean 'channel'?"],
    ),
    (
        "groups by an identifier",
        changed("group_by: [channel]", "group_by: [name]" + HERE),
        "aggregate.releases[0].group_by",
        ["field 'name'", "surrogate", "kept or generalised"],
    ),
    (
        "groups by the subject",
        changed("group_by: [channel]", "group_by: [patient]" + HERE),
        "aggregate.releases[0].group_by",
        ["field 'patient'", "token"],
    ),
    (
        "groups by a text",
        changed("group_by: [channel]", "group_by: [note]" + HERE),
        "aggregate.releases[0].group_by",
        ["field 'note'"],
    ),
    (
        "groups by a list",
        changed("group_by: [channel]", "group_by: [tags]" + HERE),
        "aggregate.releases[0].group_by",
        ["field 'tags' holds lists"],
    ),
    (
        "groups by what is dropped",
        changed("group_by: [channel]", "group_by: [secret]" + HERE),
        "aggregate.releases[0].group_by",
        ["'secret'"],
    ),
    (
        "a mean of what is no number",
        changed("      measures:\n", "      measures:  # HERE\n").replace(
            "field: minutes", "field: channel"
        ),
        "aggregate.releases[1].measures",
        ["field 'channel' is no number", "type: integer"],
    ),
    (
        "a mean of an unknown field",
        changed("      measures:\n", "      measures:  # HERE\n").replace(
            "field: minutes", "field: minuets"
        ),
        "aggregate.releases[1].measures",
        ["'minuets' is no field", "did you mean 'minutes'?"],
    ),
    (
        "bounds the wrong way round",
        changed("lower: 0, upper: 60}", "lower: 60, upper: 0}" + HERE),
        "aggregate.releases[1].measures[1]",
        ["lower (60) must be less than upper (0)"],
    ),
    (
        "shares that do not add up",
        GOOD + "publish:\n  splits: {train: 0.8, test: 0.3}  # HERE\n",
        "publish.splits",
        ["add up to 1.1"],
    ),
    (
        "a treatment of an entity that is for fields",
        GOOD + "pseudonymise:\n  entities:\n    PERSON: drop\n".replace(
            "  entities:", "  entities:" + HERE
        ),
        "pseudonymise.entities",
        ["'drop' of PERSON", "redact"],
    ),
    (
        "a locale that Faker lacks",
        GOOD + "pseudonymise:\n  locale: en_XX  # HERE\n",
        "pseudonymise.locale",
        ["'en_XX'", "en_GB"],
    ),
    (
        "a list's column that hides another",
        changed('{role: attribute, path: "tags[]"}', '{role: text, path: "note[].said"}' + HERE),
        "fields.tags",
        ["published as a list", "rename"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [mistake[1:] for mistake in MISTAKES],
    ids=[mistake[0].replace(" ", "_") for mistake in MISTAKES],
)
def test_a_mistake_is_told_with_file_line_field_and_mend(
    text: str, field: str, words: list[str]
) -> None:
    lines = text.splitlines()
    (line,) = [number for number, line in enumerate(lines, 1) if "# HERE" in line]
    found = errors(text)
    place = f"my.yaml:{line}: {field}: "
    told = [error for error in found if error.startswith(place)]
    assert told, found
    assert [word for word in words if word not in told[0]] == [], told


def test_each_mistake_of_a_file_is_told_at_once() -> None:
    text = changed("{role: text}", "{rol: text}").replace("epsilon: 2.0", "epsilon: -2")
    found = errors(text)
    assert any(": fields.note.rol: unknown key" in error for error in found), found
    assert any(": fields.note.role: is missing" in error for error in found), found
    assert any(": aggregate.budget.epsilon: " in error for error in found), found


def test_a_field_that_generalises_into_groups_is_not_measured() -> None:
    text = FIELDS + AGGREGATE.replace("[channel]", "[age]").replace("minutes", "age")
    assert any("generalised form" in error for error in errors(text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version: 1\nfields:\n  a: {role: text\n  b: {role: text}\n", 4),
        ("version: 1\nfields: [\n", 3),
        ("version: 1\n\tfields: 1\n", 2),
        ("version: 1\nfields:\n  a: {role: text}\n  a: {role: text}\n", 4),
        ("a: *nowhere\n", 1),
    ],
    ids=["bracket", "end", "tab", "twice", "alias"],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int) -> None:
    (error,) = errors(text)[:1]
    assert error.startswith(f"my.yaml:{line}: not valid YAML: "), error


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n", "42\n", "# nothing\n"])
def test_what_is_no_mapping_is_told(text: str) -> None:
    assert errors(text) == ["my.yaml:1: a mapping is expected, beginning with 'version: 1'"]


@pytest.mark.parametrize(
    "text",
    ["version: 1\n--- \nversion: 1\n", "version: 1\x00\n", "? [a, b]\n: 1\n", "1: 2\n", LOOP],
    ids=["two_documents", "NUL", "list_as_key", "number_as_key", "loop"],
)
def test_odd_yaml_is_refused_like_any_other(text: str) -> None:
    assert all(error.startswith("my.yaml:") for error in errors(text)[:1])


def test_a_missing_file_names_the_presets(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "none.yaml")
    assert f"{tmp_path}/none.yaml: no such configuration file" in str(caught.value)
    for preset in PRESETS:
        assert preset in str(caught.value)


def test_a_folder_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("version: 1 # é\n".encode("latin-1"))
    for path in (tmp_path, tmp_path / "latin.yaml"):
        with pytest.raises(UsageError, match="cannot be read"):
            load(path)


def test_a_file_goes_before_a_preset_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load("telehealth") == load(PRESETS["telehealth"])
    Path("telehealth").write_text(GOOD)
    assert load("telehealth") == parse(GOOD, "telehealth")


# The digest


def digest(text: str) -> str:
    return parse(text, "my.yaml").digest


def test_comments_order_and_spelling_do_not_change_the_digest() -> None:
    lines = FIELDS.splitlines()
    turned = [*lines[:1], *AGGREGATE.splitlines(), *lines[1:]]
    turned = [line.replace("{kind: count}", "{kind: 'count'}") + "  # so" for line in turned]
    assert digest("\n".join(turned)) == digest(GOOD)
    defaults = "publish:\n  splits: {test: 0.1, validation: 0.1, train: 0.8}\n"
    assert digest(GOOD + defaults) == digest(GOOD)
    assert digest(changed("epsilon: 2.0", "epsilon: 2")) == digest(GOOD)
    block = "{role: quasi, type: integer, generalise: {band: 10}}"
    long = "\n    generalise:\n      band: 10\n    type: integer\n    role: quasi"
    assert digest(changed(block, long)) == digest(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("entity: PERSON}", "entity: PERSON, treatment: token}"),
        ("{band: 10}", "{band: 5}"),
        ("{role: text}", "{role: text, path: notes}"),
        ("epsilon: 2.0", "epsilon: 2.5"),
        ("upper: 60", "upper: 61"),
        ("[video, phone]", "[phone, video]"),
        ("secret: {role: drop}", "hidden: {role: drop}"),
    ],
)
def test_another_meaning_is_another_digest(old: str, new: str) -> None:
    assert digest(changed(old, new)) != digest(GOOD)


def test_the_digest_is_the_same_in_another_process() -> None:
    import subprocess
    import sys

    code = "from pipelines.settings import load; print(load('telehealth').digest)"
    done = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert done == [load("telehealth").digest + "\n"] * 2


# The JSON Schema: a draft 2020-12 schema that accepts what ``load`` accepts


def plain(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def test_the_schema_is_one_and_accepts_the_presets_alone() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for file in PRESETS.values():
        validator.validate(plain(file))
    for change in ({"sourc": {}}, {"version": 2}, {"fields": {}}, {"detect": {"threshold": "x"}}):
        assert not validator.is_valid(plain(PRESETS["telehealth"]) | change)


def test_the_schema_refers_to_what_it_defines_and_explains_every_setting() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(Settings.model_fields)
    assert schema["additionalProperties"] is False
    referred: set[str] = set()
    bare: list[str] = []

    def walk(node: Any, where: str) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                referred.add(node["$ref"])
            for name, inner in node.get("properties", {}).items():
                explained = "description" in inner or "const" in inner or "$ref" in inner
                if not explained:
                    bare.append(f"{where}.{name}")
            for key, inner in node.items():
                walk(inner, f"{where}.{key}")
        elif isinstance(node, list):
            for inner in node:
                walk(inner, where)

    walk(schema, "")
    assert referred <= {f"#/$defs/{name}" for name in schema["$defs"]}
    assert all(d.get("additionalProperties") is False or "enum" in d for d in
               schema["$defs"].values())  # fmt: skip
    # Roles, types and kinds of a field explain themselves by their choices.
    known = {".role", ".type", ".csv", ".kind", ".model"}
    assert {place[place.rindex(".") :] for place in bare} <= known


def test_what_does_not_shape_the_rows_makes_no_new_release_of_an_aggregate() -> None:
    before = parse(GOOD, "my.yaml")
    retitled = parse(GOOD + "publish:\n  title: Another\n", "my.yaml")
    assert retitled.digest != before.digest
    assert retitled.rows_digest == before.rows_digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("entity: PERSON}", "entity: PERSON, treatment: fpe}", "fields.name: treatment 'fpe' is"),
        ("entity: PERSON}", "entity: PERSON, mask: {}}", "fields.name: 'mask' contradicts"),
        ("role: subject}", "role: subject, treatment: mask}", "fields.patient: treatment 'mask'"),
        ("{band: 10}", "{icd10: blocks}", "fields.age.generalise.icd10: Input should be"),
    ],
)
def test_a_treatment_that_does_not_fit_is_named_at_its_line(old: str, new: str, told: str) -> None:
    text = changed(old, new)
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if new in row)
    assert any(error.startswith(f"my.yaml:{line}: {told}") for error in errors(text))


def test_true_dates_in_text_beside_shifted_ones_in_a_field_are_refused() -> None:
    text = changed("  note: {role: text}\n", "  note: {role: text}\n  seen: {role: date}\n") + (
        "pseudonymise:\n  entities: {DATE_TIME: generalise}\n"
        "  generalise: {DATE_TIME: {period: month}}\n"
    )
    (error,) = errors(text)
    assert "pseudonymise.generalise.DATE_TIME: dates in text would be true while seen" in error
    parse(
        text.replace(
            "{role: date}", "{role: date, generalise: {period: month}, treatment: generalise}"
        ),
        "y",
    )
