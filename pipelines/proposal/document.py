"""The proposal as a configuration file: YAML with the reason beside each field."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from configs import PRESETS
from pipelines.proposal.propose import Proposal, Proposed
from transforms.fields import Role
from transforms.ingest.paths import without_indexes
from transforms.ingest.settings import SourceSettings

LOCALES = {"en": "en_GB", "de": "de_DE", "es": "es_ES"}
_COUNTRIES = {"en": ["GB", "US"], "de": ["DE"], "es": ["ES"]}
_WIDTH = 96
_SPACED = re.compile(
    r"^(\s*(?:format|encoding|csv|record_id|language|countries|locale): [^#]*?)\s+# "
)

_HEAD = """\
Proposed by `veilbeam init` from the first records of a source: from names, types and shares, and
what the detector found. Nobody has checked it: read every line before a release leaves the house.
What init was not sure of has role drop. Each line's meaning: telehealth.yaml among the presets.
"""

_TEMPLATE = """\
version: 1 # The version of this file's format.

source: {}

fields: {}

detect:
  language: en # Language of the texts.
  countries: [GB, US] # Whose numbers, addresses and phones are looked for: GB, US, DE, ES.
  policy: balanced # recall_first replaces more words, and misses fewer names.
  model: {kind: builtin} # Finds names and places by context, too.
  allow: {lists: [medical]} # Eponyms, drugs, scores, departments: what is inside of these stays.

pseudonymise:
  locale: en_GB # What made-up names look like.
  age_band: 10 # Ages in the texts: bands of ten years, 90+ from 90 on.
  project: my_project # Change it for each purpose, so that releases cannot be linked.
  entities:
    URL: redact # A link may hold a name or a number in any form.

publish:
  title: My data, pseudonymised # What the data card is headed with.
  licence: Internal use # Replace it by your terms.
  splits: {train: 0.8, validation: 0.1, test: 0.1} # Shares of the patients; they add up to 1.

quarantine:
  threshold: 0.01 # Exit code 3 if more than one record in a hundred is held back.
"""


def table_document(
    proposed: Proposed,
    source: SourceSettings,
    language: str,
    month_first: bool,
    remarks: list[str],
) -> str:
    """The configuration of a source with its own names."""
    tree = _yaml().load(_TEMPLATE)
    tree["source"] = _source(source, proposed.record_id)
    fields = CommentedMap()
    for number, proposal in enumerate(proposed.fields):
        fields[proposal.name] = _field(proposal)
        if number:
            fields.yaml_set_comment_before_after_key(proposal.name, before="\n")
    tree["fields"] = fields
    _set_language(tree, language, month_first)
    return _written(tree, remarks)


def consultation_document(
    seen: set[str],
    source: SourceSettings,
    language: str,
    by_consultation: bool,
    remarks: list[str],
) -> str:
    """The preset for canonical consultations with the fields that the source has.

    ``by_consultation``: nobody is known for the patient, so that each consultation is a person.
    """
    text = PRESETS["consultations"].read_text(encoding="utf-8")
    before, _, rest = text.partition("\nfields:\n")
    listed, _, after = rest.partition("\ndetect:\n")
    kept = [block for block in _blocks(listed) if _path_of(block) in seen]
    if by_consultation:
        kept = [block for block in kept if _path_of(block) != "patient.id"]
    document = f"{before[before.index('version:') :]}\nfields:\n{''.join(kept)}\ndetect:\n{after}"
    tree = _yaml().load(document)
    if by_consultation:
        tree["fields"]["consultation_id"] = _field_map(
            "id",
            Role.SUBJECT,
            {"treatment": "token"},
            "In the first consultations nobody could be told to be the patient, so each counts as "
            "a person of its own. Fill in `speakers` above, run init again with --force, or write "
            "a field patient_id with path patient.id and role subject, and role identifier here.",
        )
        names = list(tree["fields"])
        after_it = names.index("consultation_id") + 1
        if after_it < len(names):
            tree["fields"].yaml_set_comment_before_after_key(names[after_it], before="\n")
    _set_language(tree, language, False)
    if source.encoding != "utf-8":
        tree["source"]["encoding"] = source.encoding
    return _written(tree, remarks)


def _blocks(listed: str) -> list[str]:
    """The preset's fields, each with its comments; headings belong to nobody and are left out."""
    lines = [line for line in listed.splitlines(keepends=True) if not line.startswith("  # ---")]
    blocks = "".join(lines).split("\n\n")
    return [block.strip("\n") + "\n\n" for block in blocks if block.strip()]


def _path_of(block: str) -> str:
    tree = _yaml().load(block)
    ((name, field),) = tree.items()
    return without_indexes(field.get("path", name))


def _source(source: SourceSettings, record_id: str | None) -> CommentedMap:
    tree = CommentedMap()
    tree["format"] = str(source.format)
    tree.yaml_add_eol_comment(
        "Told from each file's content."
        if source.format == "auto"
        else "All files are read as this.",
        "format",
    )
    if source.encoding != "utf-8":
        tree["encoding"] = source.encoding
        tree.yaml_add_eol_comment("The files' encoding.", "encoding")
    if source.csv.delimiter != ",":
        tree["csv"] = _flow({"delimiter": source.csv.delimiter})
        tree.yaml_add_eol_comment("What stands between two fields.", "csv")
    if record_id is not None:
        tree["record_id"] = record_id
        tree.yaml_add_eol_comment(
            "Of records with one id only the first is published.", "record_id"
        )
    return tree


def _field(proposal: Proposal) -> CommentedMap:
    why = proposal.why
    missing = proposal.profile.missing
    if missing >= 0.01 and proposal.role is not Role.SUBJECT:
        why += f" Missing in {missing:.0%} of the records."
    path = proposal.path if proposal.path != proposal.name else None
    return _field_map(path, proposal.role, proposal.settings, why)


def _field_map(path: str | None, role: Role, settings: Mapping[str, Any], why: str) -> CommentedMap:
    tree = CommentedMap()
    if path is not None:
        tree["path"] = path
    tree["role"] = str(role)
    for key, value in settings.items():
        tree[key] = _flow(value) if isinstance(value, Mapping) else value
    tree.yaml_set_comment_before_after_key(
        next(iter(tree)), before="\n".join(textwrap.wrap(why, _WIDTH - 6)), indent=4
    )
    return tree


def _flow(value: Mapping[str, Any]) -> CommentedMap:
    tree = CommentedMap(value)
    tree.fa.set_flow_style()
    return tree


def _set_language(tree: CommentedMap, language: str, month_first: bool) -> None:
    detect, pseudonymise = tree["detect"], tree["pseudonymise"]
    detect["language"] = language
    countries = CommentedSeq(_COUNTRIES[language])
    countries.fa.set_flow_style()
    countries.ca.comment = detect["countries"].ca.comment
    detect["countries"] = countries
    locale = "en_US" if month_first and language == "en" else LOCALES[language]
    pseudonymise["locale"] = locale
    order = "the tenth of January" if locale == "en_US" else "the first of October"
    pseudonymise.yaml_add_eol_comment(
        f"What made-up names look like; 01/10/2024 is {order}.", "locale"
    )


def _written(tree: CommentedMap, remarks: list[str]) -> str:
    wrapped = [line for remark in remarks for line in textwrap.wrap(f"! {remark}", _WIDTH)]
    head = "".join(f"# {line}\n" for line in [*_HEAD.splitlines(), *wrapped])
    out = io.StringIO()
    _yaml().dump(tree, out)
    # ruamel puts comments that are added to a line in columns of their own.
    lines = (_SPACED.sub(r"\1 # ", line.rstrip()) for line in out.getvalue().splitlines())
    return head + "\n" + "\n".join(lines) + "\n"


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
