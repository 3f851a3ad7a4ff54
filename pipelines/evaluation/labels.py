"""Label sets and the few kinds under which labels are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from transforms.errors import UsageError

SHIPPED = Path(__file__).with_name("labels.yaml")

Kind = str | None
"""What a label is counted as; None is what is no identifier."""

_KIND = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_BETWEEN = re.compile(r"[\W_]+")
_MOST_NAMED = 30


def normal(label: str) -> str:
    """A label as the table has it: ``street-address`` and ``Street Address`` are one."""
    return _BETWEEN.sub("_", label.strip()).upper()


class Labels:
    """Maps labels, of annotated texts and of the detector alike, to kinds."""

    def __init__(self, table: Mapping[str, Kind]) -> None:
        """``table``: the kind of each label in its normal form."""
        self._table = dict(table)

    @classmethod
    def load(cls, own: Path | None = None) -> Labels:
        """The shipped table, with the user's own laid over it.

        Raises UsageError where the user's is no table of labels and kinds.
        """
        return cls(_read(SHIPPED) | (_read(own) if own is not None else {}))

    @property
    def kinds(self) -> list[str]:
        """All kinds, in the table's order."""
        return list(dict.fromkeys(kind for kind in self._table.values() if kind is not None))

    def of_gold(self, label: str) -> Kind:
        """The kind of a label of an annotated text; raises KeyError for one that is unknown."""
        return self._table[normal(label)]

    def of_entity(self, entity: str) -> Kind:
        """The kind of an entity of the detector; one that the table lacks is its own kind."""
        return self._table.get(normal(entity), entity)

    def check(self, given: Mapping[str, str]) -> None:
        """Raise UsageError if some labels are unknown; ``given``: the place where each is met."""
        unknown = sorted(label for label in given if normal(label) not in self._table)
        if not unknown:
            return
        named = [f"  {label} (first at {given[label]})" for label in unknown[:_MOST_NAMED]]
        more = [f"  and {len(unknown) - _MOST_NAMED:,} more"] if len(unknown) > _MOST_NAMED else []
        raise UsageError(
            "\n".join(["labels that are not known:", *named, *more])
            + "\nSay what each is in a file of lines like these, and give it by --labels:\n"
            f"  {unknown[0]}: PERSON   # or {', '.join(k for k in self.kinds if k != 'PERSON')}\n"
            f"  {unknown[-1]}: null   # no identifier: neither a miss nor a false alarm"
        )


def _read(file: Path) -> dict[str, Kind]:
    try:
        tree = YAML(typ="rt", pure=True).load(file.read_bytes().decode("utf-8-sig"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"{file}:{line}: not valid YAML: {error.problem}") from None
    except YAMLError:
        raise UsageError(f"{file}: not valid YAML") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({type(error).__name__})") from None
    if not isinstance(tree, CommentedMap):
        raise UsageError(f"{file}:1: lines of the form 'LABEL: KIND' or 'LABEL: null' are expected")
    table: dict[str, Kind] = {}
    for label, kind in tree.items():
        if kind is not None and not (isinstance(kind, str) and _KIND.fullmatch(kind)):
            line = tree.lc.key(label)[0] + 1
            raise UsageError(
                f"{file}:{line}: {label}: a kind such as PERSON (capitals, figures, _) or null "
                "is expected"
            )
        table[normal(str(label))] = str(kind) if kind is not None else None
    return table
