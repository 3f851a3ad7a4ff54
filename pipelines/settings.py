"""The configuration file: YAML in, typed and validated settings out.

Every error names the file, the line, the field and the mend.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from configs import PRESETS
from transforms import fields as vocabulary
from transforms.aggregate.needs import axes_of, hidden_fields, published_fields
from transforms.aggregate.settings import AggregateSettings
from transforms.detect.settings import DetectSettings
from transforms.errors import UsageError
from transforms.fields import FOLDER, FieldSettings, FieldSpec, FieldType, Name, Role, Treatment
from transforms.ingest.settings import SourceSettings
from transforms.pseudonymise.settings import PseudonymiseSettings
from transforms.publish.settings import PublishSettings
from transforms.verify.risk.settings import contradictions
from transforms.verify.settings import VerifySettings

Location = tuple[str | int, ...]


class QuarantineSettings(vocabulary.Settings):
    """When a run with quarantined records is worth an alarm."""

    threshold: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of the records above which the command exits with 3."""


class Settings(vocabulary.Settings):
    """A whole configuration: what is read, what each field is, what is done with it."""

    version: Literal[1]
    """Version of the configuration's format."""
    fields: Annotated[dict[Name, FieldSettings], Field(min_length=1)]
    """The fields of a record, by the name under which they are published. A field of the source
    that is not listed is dropped, and its name reported in the restricted zone."""
    source: SourceSettings = SourceSettings()
    """How the input is read."""
    detect: DetectSettings = DetectSettings()
    """What is looked for in free text."""
    pseudonymise: PseudonymiseSettings = PseudonymiseSettings()
    """What identifiers are replaced with."""
    verify: VerifySettings = VerifySettings()
    """The last look at what is about to be published."""
    aggregate: AggregateSettings | None = None
    """Tables with differential privacy, and the budget that they spend."""
    publish: PublishSettings = PublishSettings()
    """Splits, files and data card."""
    quarantine: QuarantineSettings = QuarantineSettings()
    """When quarantined records are worth an alarm."""

    @cached_property
    def specs(self) -> list[FieldSpec]:
        """The fields with their defaults filled in, in the file's order."""
        return [FieldSpec.of(name, given) for name, given in self.fields.items()]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the settings in canonical form: the same for the same meaning."""
        return _digest(self.model_dump(mode="json"))

    @cached_property
    def rows_digest(self) -> str:
        """The same of those settings alone that shape the rows of which aggregates are made."""
        return _digest(self.model_dump(mode="json", include={"source", "fields"}))


def _digest(settings: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


class Problem(NamedTuple):
    """What is wrong at one place of the file."""

    at: Location
    what: str


class InvalidError(UsageError):
    """A configuration is not valid; its text has a line for each problem."""

    def __init__(self, text: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(text)
        self.problems = tuple(problems)


def load(path: str | Path) -> Settings:
    """Read and validate a configuration file, or a preset by its name (``telehealth``).

    Raises UsageError, with one line for each problem found.
    """
    file = Path(path)
    if not file.exists() and str(path) in PRESETS:
        file = PRESETS[str(path)]
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            f"{file}: no such configuration file. Presets: {', '.join(PRESETS)}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    return parse(text, str(file))


def parse(text: str, file: str) -> Settings:
    """Validate the text of a configuration; ``file`` is what error messages call it.

    Raises UsageError, with one line for each problem found.
    """
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"{file}:{line}: not valid YAML: {error.problem}") from None
    except YAMLError as error:
        raise UsageError(f"{file}: not valid YAML: {error}") from None
    if not isinstance(tree, CommentedMap):
        raise UsageError(f"{file}:1: a mapping is expected, beginning with 'version: 1'")
    try:
        settings = Settings.model_validate(_plain(tree), context={FOLDER: Path(file).parent})
    except ValidationError as error:
        problems = [
            problem._replace(at=_as_written(tree, problem.at))
            for problem in map(_problem, error.errors(include_url=False))
        ]
    else:
        problems = list(_contradictions(settings))
        if not problems:
            return settings
    lines = [f"{file}:{_line(tree, p.at)}: {_dotted(p.at)}: {p.what}" for p in problems]
    raise InvalidError("\n".join(lines), problems)


def json_schema() -> dict[str, Any]:
    """JSON Schema of the configuration file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(),
    }


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    # ruamel keeps how a number or string was written in subclasses of its own.
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _contradictions(settings: Settings) -> Iterator[Problem]:
    """What no section can see alone."""
    subjects = [name for name, f in settings.fields.items() if f.role is Role.SUBJECT]
    if len(subjects) != 1:
        given = f"these have it: {', '.join(subjects)}" if subjects else "none has it"
        yield Problem(
            ("fields",), f"exactly one field must have 'role: subject' (the patient); {given}"
        )
    record_id = settings.source.record_id
    if record_id is not None:
        yield from _named(settings, record_id, ("source", "record_id"))
    yield from _lists(settings.specs)
    yield from _revealed_offsets(settings.specs, settings.pseudonymise)
    if len(subjects) == 1:
        for inside, what in contradictions(settings.verify.risk, settings.specs):
            yield Problem(("verify", "risk", *inside), what)
    if settings.aggregate is None:
        return
    releases = settings.aggregate.measured
    shown = {name for release in releases for name in published_fields(release)}
    for number, release in enumerate(releases):
        at: Location = ("aggregate", "releases", number)
        synthetic = settings.aggregate.releases[number].kind == "synthetic"
        measures = (*at, "columns" if synthetic else "measures")
        for name, axis in axes_of(release).items():
            yield from _named(
                settings, name, measures, may_group if axis.edges is None else may_be_measured
            )
        for name in release.group_by:
            may = may_be_bucketed if name in release.periods else may_group
            may = may_be_measured if name in release.bins else may
            yield from _named(settings, name, (*at, "group_by"), may)
        for measure in release.measures:
            measured: str | None = getattr(measure, "field", None)
            if measured is not None:
                may = _OBJECTIONS.get(measure.kind, may_be_measured)
                yield from _named(settings, measured, measures, may)
        for name in hidden_fields(release):
            spec = settings.fields.get(name)
            if name in shown and spec is not None and spec.generalise is not None:
                yield Problem(
                    measures,
                    f"'{name}' makes groups in its generalised form, so it cannot be measured: "
                    "list its path under a second name for that",
                )


def may_group(field: FieldSpec) -> str | None:
    """Why a field's values cannot make the groups of a release; None if they can."""
    if field.is_list:
        return "holds lists"
    if field.treatment not in (Treatment.KEEP, Treatment.GENERALISE):
        return f"has treatment '{field.treatment}': group by what is kept or generalised"
    return None


def may_be_measured(field: FieldSpec) -> str | None:
    """Why a field cannot be summed; None if it can."""
    if field.is_list or field.type not in (FieldType.INTEGER, FieldType.NUMBER):
        return "is no number: give it 'type: number' or 'type: integer'"
    return None


def may_be_bucketed(field: FieldSpec) -> str | None:
    """Why a field's values cannot be put in time buckets; None if they can."""
    if field.is_list:
        return "holds lists"
    return None if field.role is Role.DATE else "is no date: give it 'role: date'"


def may_be_counted(field: FieldSpec) -> str | None:
    """Why a field's distinct values cannot be counted; None if they can."""
    if field.is_list:
        return "holds lists"
    if field.role is Role.SUBJECT:
        return "is the subject: use 'kind: count_subjects'"
    if field.role is Role.TEXT or field.type is FieldType.NUMBER:
        return "is free text or a number: nearly each of its values is another"
    return None


_OBJECTIONS = {"top_k": may_group, "count_distinct": may_be_counted}


def _named(
    settings: Settings, name: str, at: Location, objection: Any = lambda field: None
) -> Iterator[Problem]:
    spec = next((s for s in settings.specs if s.name == name), None)
    if spec is None or spec.role is Role.DROP:
        yield Problem(
            at, f"'{name}' is no field of this file{_did_you_mean(name, settings.fields)}"
        )
    elif (why := objection(spec)) is not None:
        yield Problem(at, f"field '{name}' {why}")


def _lists(specs: Sequence[FieldSpec]) -> Iterator[Problem]:
    """Columns of one list are published as one: its name must be free."""
    names = {spec.name for spec in specs}
    for spec in specs:
        prefix, _, rest = spec.path.partition("[]")
        if spec.is_list and rest and prefix in names:
            yield Problem(
                ("fields", spec.name), f"'{prefix}' is published as a list; rename field '{prefix}'"
            )


def _revealed_offsets(
    specs: Sequence[FieldSpec], pseudonymise: PseudonymiseSettings
) -> Iterator[Problem]:
    """A date that is published both shifted and cut tells the subject's offset."""
    shifted = {s.path for s in specs if s.treatment is Treatment.SHIFT}
    for spec in specs:
        if spec.generalise is not None and spec.generalise.period and spec.path in shifted:
            yield Problem(
                ("fields", spec.name),
                "the same date is published shifted as well: the two together tell the offset of "
                "all the subject's dates; drop one of them",
            )
    for entity, how in pseudonymise.generalise.items():
        if how.period and shifted:
            yield Problem(
                ("pseudonymise", "generalise", entity),
                f"dates in text would be true while {', '.join(sorted(shifted))} is shifted: the "
                "two together tell the offset of all the subject's dates; redact these, or "
                "generalise both",
            )


def _problem(detail: Any) -> Problem:
    at: Location = tuple(p for p in detail["loc"] if p != "[key]")
    kind = detail["type"]
    model, at = _follow(at)
    if kind == "extra_forbidden" and model is not None:
        return Problem(at, f"unknown key{_did_you_mean(str(at[-1]), model.model_fields)}")
    if kind == "missing":
        return Problem(at, "is missing; add it")
    what = str(detail["msg"]).removeprefix("Value error, ")
    given = detail.get("input")
    if kind != "value_error" and isinstance(given, str | int | float):
        what += f" (given: {given!r})"
    return Problem(at, what)


def _follow(at: Location) -> tuple[type[BaseModel] | None, Location]:
    """The model whose key the location's last part is, and the location in the file: pydantic
    puts the tags of unions between."""
    model: type[BaseModel] | None = Settings
    node: Any = Settings
    real: list[str | int] = []
    for part in at:
        models = _models(node)
        if isinstance(part, int):
            real.append(part)
            node = _argument(node, -1)
            continue
        owner = next((m for m in models if part in m.model_fields), None)
        if owner is not None:
            real.append(part)
            model, node = owner, owner.model_fields[part].annotation
        elif typing.get_origin(node) is dict:
            real.append(part)
            node = _argument(node, -1)
        elif (tagged := _tagged(part, models)) is not None:
            node = tagged
        elif part is at[-1] and models:
            real.append(part)
            model = models[0]
    return model, tuple(real)


def _tagged(part: str, models: Sequence[type[BaseModel]]) -> type[BaseModel] | None:
    """The model of a union that has the given ``kind``."""
    for model in models:
        kind = model.model_fields.get("kind")
        if kind is not None and part in typing.get_args(kind.annotation):
            return model
    return None


def _argument(annotation: Any, position: int) -> Any:
    arguments = [one for one in typing.get_args(annotation) if one is not Ellipsis]
    return arguments[position] if arguments else None


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation may hold, unions and wrappers opened."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _models(typing.get_args(annotation)[0])
    if origin in (typing.Union, UnionType):
        return [m for a in typing.get_args(annotation) for m in _models(a)]
    return []


def _did_you_mean(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(known)}"


def _as_written(tree: Any, at: Location) -> Location:
    """A location without the keys that the file leaves out, where it has a plain list in place of
    a mapping (``allow: [a, b]`` for ``allow: {words: [a, b]}``)."""
    real: list[str | int] = []
    node = tree
    for part in at:
        if isinstance(node, CommentedSeq) and isinstance(part, str):
            continue
        real.append(part)
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
    return tuple(real)


def _dotted(at: Location) -> str:
    text = ""
    for part in at:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text or "(the file)"


def _line(tree: Any, at: Location) -> int:
    """The line (from 1) of the deepest part of a location that the file holds."""
    line, node = 0, tree
    for part in at:
        try:
            if isinstance(node, CommentedMap) and part in node:
                line = node.lc.key(part)[0]
                node = node[part]
            elif isinstance(node, CommentedSeq) and isinstance(part, int):
                line = node.lc.item(part)[0]
                node = node[part]
            else:
                break
        except (KeyError, IndexError):
            break
    return line + 1
