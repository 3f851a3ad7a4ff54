"""Changes of a configuration's text that leave every other byte as it was.

ruamel.yaml tells where in the text each value stands; only there the text is changed, since even
its own round trip would lay out anew what nobody touched. What comes out is read again and held
against what was asked for: a change that did anything else is refused.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from transforms.errors import VeilbeamError

Location = tuple[str | int, ...]
Scalar = str | int | float | bool
Value = Scalar | Mapping[str, Scalar] | None


class Edit(NamedTuple):
    """One change."""

    at: Location
    """Keys and numbers (from 0) of list items."""
    value: Value
    """What is to stand there; None: nothing, the key goes away."""


class NotEditableError(VeilbeamError):
    """The file is written in a way that cannot be changed without touching more of it."""


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits in it; comments and all lines without an edit stay as they are.

    A comment behind a value that is removed becomes a line of its own. An edit that changes nothing
    leaves the text alone. Raises NotEditableError.
    """
    before = data(text)
    wanted = _unshared(before)
    changed = text
    for edit in edits:
        if _assign(wanted, edit):
            try:
                changed = _apply(changed, edit)
            except YAMLError:
                raise _refused(edit) from None
    try:
        is_right = _same(data(changed), wanted)
    except YAMLError:
        is_right = False
    if not is_right:
        raise _refused(edits[-1])
    return changed


def data(text: str) -> Any:
    """What a YAML text holds, as plain values. Raises YAMLError."""
    return YAML(typ="safe", pure=True).load(text)


def value_at(held: Any, at: Location) -> Any:
    """The value at a location; None where there is none."""
    for part in at:
        try:
            held = held[part]
        except (KeyError, IndexError, TypeError):
            return None
    return held


class DiffLine(NamedTuple):
    """A line of a comparison."""

    kind: str
    """``same``, ``old``, ``new``; or ``gap``, which says where the next lines stand."""
    text: str


def diff(old: str, new: str, context: int = 3) -> list[DiffLine]:
    """What differs between two texts, with some lines around it."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=context))
    kinds = {"-": "old", "+": "new", " ": "same"}
    return [
        DiffLine("gap", f"Line {re.findall(r'[0-9]+', line)[0]}")
        if line.startswith("@")
        else DiffLine(kinds[line[0]], line[1:])
        for line in lines[2:]
    ]


def _unshared(held: Any) -> Any:
    """A copy in which what an alias stands for is a value of its own."""
    if isinstance(held, dict):
        return {key: _unshared(value) for key, value in held.items()}
    return [_unshared(value) for value in held] if isinstance(held, list) else held


def _assign(held: Any, edit: Edit) -> bool:
    """Make the edit in plain values; False if it changes nothing."""
    *path, last = edit.at
    if edit.value is None and value_at(held, edit.at) is None:
        return False
    for part in path:
        if isinstance(held, dict) and held.get(part) is None:
            held[part] = {}
        try:
            held = held[part]
        except (KeyError, IndexError, TypeError):
            raise _refused(edit) from None
    if isinstance(held, dict) and edit.value is None:
        del held[last]
        return True
    in_list = isinstance(held, list) and isinstance(last, int) and 0 <= last < len(held)
    if edit.value is None or not (isinstance(held, dict) or in_list):
        raise _refused(edit)
    value = dict(edit.value) if isinstance(edit.value, Mapping) else edit.value
    if _same(value_at(held, (last,)), value):
        return False
    held[last] = value
    return True


def _same(one: Any, other: Any) -> bool:
    """Equal, types too, but for a whole number that is written as a float."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _apply(text: str, edit: Edit) -> str:
    root: Node | None = YAML(typ="rt", pure=True).compose(text)
    node, at = root, list(edit.at)
    owner: tuple[MappingNode, int] | None = None
    while at:
        pair = _pair(node, at[0])
        if pair is not None:
            assert isinstance(node, MappingNode)
            owner = node, pair
            node = node.value[pair][1]
        elif isinstance(node, SequenceNode) and isinstance(at[0], int):
            owner, node = None, node.value[at[0]]
        else:
            break
        at.pop(0)
    if edit.value is None:
        if owner is None or at:
            raise _refused(edit)
        return _without(text, *owner, edit)
    value: Any = edit.value
    for part in reversed(at[1:]):
        value = {str(part): value}
    if at and isinstance(node, MappingNode):
        return _with(text, node, str(at[0]), value)
    if at:
        value = {str(at[0]): value}
    if isinstance(node, CollectionNode) and not node.flow_style:
        return _rewritten(text, owner, value, edit)
    assert node is not None
    start, end = node.start_mark.index, node.end_mark.index
    if start == end and owner is not None:  # Left out: its place is right behind the colon.
        start = end = text.index(":", _end(text, owner[0].value[owner[1]][0])) + 1
        return f"{text[:start]} {_written(value)}{text[end:]}"
    if _comments(text, node):
        raise _refused(edit)
    return text[:start] + _written(value) + text[end:]


def _pair(node: Node | None, key: str | int) -> int | None:
    if not isinstance(node, MappingNode):
        return None
    return next((n for n, (k, _) in enumerate(node.value) if k.value == key), None)


def _with(text: str, mapping: MappingNode, key: str, value: Any) -> str:
    """The text with a new key at the mapping's end."""
    entry = f"{_written(key)}: {_written(value)}"
    if mapping.flow_style:
        if not mapping.value:
            start = mapping.start_mark.index + 1
            return text[:start] + entry + text[start:]
        end = _end(text, mapping.value[-1][1])
        return f"{text[:end]}, {entry}{text[end:]}"
    first, last = mapping.value[0][0], mapping.value[-1]
    line_end = _line_end(text, max(_end(text, last[0]), _end(text, last[1])))
    break_ = _line_break(text)
    head = text[:line_end] + ("" if text[:line_end].endswith("\n") else break_)
    return head + " " * first.start_mark.column + entry + break_ + text[line_end:]


def _without(text: str, mapping: MappingNode, number: int, edit: Edit) -> str:
    """The text without one of the mapping's keys."""
    key, value = mapping.value[number]
    if len(mapping.value) == 1:
        raise _refused(edit)
    start, end = key.start_mark.index, max(_end(text, key), _end(text, value))
    if mapping.flow_style:
        if number + 1 < len(mapping.value):
            end = mapping.value[number + 1][0].start_mark.index
        else:
            start = _end(text, mapping.value[number - 1][1])
        if any("#" in line for line in _residue(text, start, end, _leaves(mapping))):
            raise _refused(edit)
        return text[:start] + text[end:]
    line_start = text.rfind("\n", 0, start) + 1
    if text[line_start:start].strip():  # As in "- name: ...".
        raise _refused(edit)
    line_end = _line_end(text, end)
    indent = text[line_start:start]
    kept = [
        indent + line[line.index("#") :].rstrip() + _line_break(text)
        for line in _residue(text, line_start, line_end, [*_leaves(key), *_leaves(value)])
        if "#" in line
    ]
    return text[:line_start] + "".join(kept) + text[line_end:]


def _rewritten(text: str, owner: tuple[MappingNode, int] | None, value: Any, edit: Edit) -> str:
    """The text with another value for a key whose value spans lines of its own."""
    if owner is None:
        raise _refused(edit)
    without = _without(text, *owner, edit)
    return _apply(without, Edit(edit.at, value))


def _leaves(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _leaves(key)
            yield from _leaves(value)
    else:
        for item in node.value:
            yield from _leaves(item)


def _residue(text: str, start: int, end: int, leaves: Sequence[Node] | Iterator[Node]) -> list[str]:
    """The lines from start to end without what stands in scalars: a # in them is a comment."""
    parts, at = [], start
    for leaf in leaves:
        first, last = leaf.start_mark.index, leaf.end_mark.index
        if start <= first < last <= end:
            parts.append(text[at:first])
            at = last
    return "".join([*parts, text[at:end]]).splitlines()


def _comments(text: str, node: Node) -> bool:
    start, end = node.start_mark.index, node.end_mark.index
    return any("#" in line for line in _residue(text, start, end, _leaves(node)))


def _end(text: str, node: Node) -> int:
    """Where a node's text ends, without comments and blank lines behind it; 0 of one left out."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(_end(text, one) for one in (last if isinstance(last, tuple) else (last,)))
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return 0 if start == end else start + len(text[start:end].rstrip())


def _line_end(text: str, index: int) -> int:
    """Where the next line begins."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _written(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_written(key)}: {_written(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, float):
        mantissa, e, exponent = repr(value).partition("e")
        if not e:
            return mantissa
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent)}"
    if isinstance(value, str):
        is_plain = value.isascii() and value.replace("_", "").replace(".", "").isalnum()
        return value if is_plain and data(value) == value else json.dumps(value)
    return json.dumps(value)


def _refused(edit: Edit) -> NotEditableError:
    where = ".".join(map(str, edit.at))
    return NotEditableError(
        f"{where}: as it is written in the file, it cannot be changed here without touching more "
        "of the file: change it by hand"
    )
