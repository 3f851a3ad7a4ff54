"""Hook of MkDocs: the reference pages, made from the code while the site is built.

The command comes from the command itself, the configuration from its JSON Schema, presets and other
files from themselves, so that no page can differ from what runs.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

Schema = Mapping[str, Any]

OUTSIDE = {
    "transforms/detect/ner/model/README.md": "reference/model-card.md",
    "transforms/publish/report/report.schema.json": "reference/report-schema.md",
    "pipelines/evaluation/labels.yaml": "reference/labels.md",
}
"""Files of the repository that pages link to, and the page that shows each."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference pages."""
    from configs import PRESETS
    from pipelines.settings import json_schema

    pages = {
        "reference/command.md": "\n".join(command_pages()),
        "reference/configuration.md": "\n".join(configuration_page(json_schema())),
        "reference/presets.md": "\n".join(
            [
                "# Presets\n\nGive one by its name (`--config telehealth`), or copy and tune it.\n",
                *(f"## {name}\n\n{fenced(file, 'yaml')}\n" for name, file in PRESETS.items()),
            ]
        ),
        "reference/model-card.md": (ROOT / "transforms/detect/ner/model/README.md").read_text(),
        "reference/report-schema.md": "# JSON Schema of report.json\n\n"
        + fenced(ROOT / "transforms/publish/report/report.schema.json", "json"),
        "reference/labels.md": "# What labels of annotations mean\n\n"
        + fenced(ROOT / "pipelines/evaluation/labels.yaml", "yaml"),
    }
    for uri, text in pages.items():
        files.append(File.generated(config, uri, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links to files of the repository at their pages, and set lists apart from the paragraph
    before, as GitHub does by itself."""
    for path, uri in OUTSIDE.items():
        markdown = markdown.replace(f"](../{path})", f"]({uri})")
    return "\n".join(_lists_apart(markdown))


def fenced(file: Path, language: str) -> str:
    """A file as a block of code."""
    return f"````{language}\n{file.read_text(encoding='utf-8').rstrip()}\n````\n"


def _lists_apart(markdown: str) -> Iterator[str]:
    item = re.compile(r"([-*+]|\d+\.) ")
    is_code = False
    before = ""
    for line in markdown.splitlines():
        is_code ^= line.lstrip().startswith("```")
        if not is_code and item.match(line) and before.strip() and not _in_list(before):
            yield ""
        yield line
        before = line


def _in_list(line: str) -> bool:
    return line.startswith(" ") or re.match(r"([-*+]|\d+\.) ", line) is not None


def command_pages() -> Iterator[str]:
    """The command and all its subcommands, as their own help says."""
    import typer

    from pipelines.cli import app

    root = typer.main.get_command(app)
    yield f"# Command\n\n{_help(root)}\n"
    yield from _commands(root, "veilbeam")


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        whole = f"{path} {name}"
        if getattr(command, "commands", None):
            if not getattr(command, "no_args_is_help", False):
                yield from _command(command, whole)
            yield from _commands(command, whole)
        else:
            yield from _command(command, whole)


def _command(command: Any, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"## {path}\n\n{_help(command)}\n\n```text\n{usage}\n```\n"
    rows = [_row(parameter, context) for parameter in command.params if parameter.name != "help"]
    if rows:
        yield "| name | what it is | |\n| --- | --- | --- |"
        yield from rows
        yield ""


def _row(parameter: Any, context: click.Context) -> str:
    is_option = parameter.param_type_name == "option"
    names = (
        [*parameter.opts, *parameter.secondary_opts]
        if is_option
        else [parameter.metavar or parameter.name.upper()]
    )
    notes = []
    if parameter.required:
        notes.append("needed")
    if parameter.multiple or parameter.nargs == -1:
        notes.append("repeatable")
    default = parameter.get_default(context)
    if default not in (None, False, ()) and not callable(default):
        notes.append(f"default `{getattr(default, 'value', default)}`")
    told = _cell(getattr(parameter, "help", None) or "")
    return f"| {', '.join(f'`{name}`' for name in names)} | {told} | {', '.join(notes)} |"


def _help(command: Any) -> str:
    return (command.help or "").replace("\b", "").strip()


def configuration_page(schema: Schema) -> Iterator[str]:
    """The configuration's keys: a section of the file, a heading."""
    yield (
        "# Configuration\n\nA YAML file. `veilbeam check --schema` prints the JSON Schema of which "
        "this page is made, for completion in an editor; `veilbeam check --config FILE` names "
        "file, line and field of a mistake.\n"
    )
    yield "## The file\n"
    yield from _keys(schema)
    for name, section in sorted(schema["$defs"].items()):
        yield f"## {name}\n\n{_text(section)}\n"
        if "properties" in section:
            yield from _keys(section)
        elif "enum" in section:
            yield "One of: " + ", ".join(f"`{value}`" for value in section["enum"]) + ".\n"
        else:
            yield f"{_type(section)}.\n"


def _keys(section: Schema) -> Iterator[str]:
    yield "| key | type | default | what it is |\n| --- | --- | --- | --- |"
    needed = section.get("required", ())
    for key, value in section.get("properties", {}).items():
        default = "needed" if key in needed else _default(value)
        yield f"| `{key}` | {_cell(_type(value))} | {default} | {_cell(_text(value))} |"
    yield ""


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, [], {}) or isinstance(default, dict | list):
        return ""
    return f"`{json.dumps(default)}`".replace('"', "")


def _type(value: Schema) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for of in ("anyOf", "oneOf"):
        if of in value:
            return " or ".join(dict.fromkeys(_type(one) for one in value[of]))
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{one}`" for one in value["enum"])
    kind = value.get("type", "any")
    if kind == "array":
        return f"list of {_type(value.get('items', {}))}"
    if kind == "object":
        inner = [*value.get("patternProperties", {}).values(), value.get("additionalProperties")]
        return f"mapping to {_type(inner[0])}" if isinstance(inner[0], dict) else "mapping"
    bounds = {
        "minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "to {}",
        "exclusiveMaximum": "below {}",
    }  # fmt: skip
    told = [how.format(value[key]) for key, how in bounds.items() if key in value]
    return " ".join([str(kind), *told])


def _text(value: Schema) -> str:
    return re.sub(r"``([^`]+)``", r"`\1`", " ".join(value.get("description", "").split()))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
