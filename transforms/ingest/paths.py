"""Where a value stands in a record: ``a.b[0].c`` and ``a[].b`` over parsed JSON objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d*)\])?")
_ALL = -1

Steps = tuple[tuple[str, int | None], ...]


class PathError(Exception):
    """The record's shape contradicts the path; the text is a predicate without a value."""


def accessor(path: str) -> Callable[[Mapping[str, Any]], Any]:
    """A function from a record to the value at ``path``, ``None`` where there is none.

    With ``[]`` in the path the value is a list, with ``None`` for each element without the rest of
    the path, so that lists from sibling paths stay aligned. A key of the record that is literally
    the whole path comes first: CSV headers have dots in them.

    Raises (when called): PathError, where ``[]`` stands at something that is not a list.
    """
    steps = _steps(path)
    if len(steps) == 1 and steps[0][1] is None:
        return lambda record: record.get(path)

    def get(record: Mapping[str, Any]) -> Any:
        if path in record:
            return record[path]
        return _walk(record, steps)

    return get


def leaves(record: Any, prefix: str = "") -> Iterator[str]:
    """The paths of a record's scalars, ``[]`` for elements of lists; may repeat."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if type(value) is dict or type(value) is list:
                yield from leaves(value, f"{prefix}.{key}" if prefix else key)
            else:
                yield f"{prefix}.{key}" if prefix else key
    elif isinstance(record, list):
        for value in record:
            yield from leaves(value, prefix + "[]")
    else:
        yield prefix


def schema_paths(columns: Iterable[pa.Field], prefix: str = "") -> Iterator[str]:
    """The path of every column that holds values, as ``leaves`` writes them."""
    for column in columns:
        path, kind = prefix + column.name, column.type
        while pa.types.is_list(kind) or pa.types.is_large_list(kind):
            path, kind = path + "[]", kind.value_type
        if pa.types.is_struct(kind):
            yield from schema_paths(kind, path + ".")
        else:
            yield path


def without_indexes(path: str) -> str:
    """``a[0].b`` as ``a[].b``: how ``leaves`` writes it."""
    return re.sub(r"\[\d+\]", "[]", path)


def _steps(path: str) -> Steps:
    def selector(text: str | None) -> int | None:
        return None if text is None else int(text) if text else _ALL

    return tuple((m[1], selector(m[2])) for m in _STEP.finditer(path))


def _walk(value: Any, steps: Steps) -> Any:
    for number, (key, selector) in enumerate(steps):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
        if value is None:
            return None
        if selector is None:
            continue
        if not isinstance(value, list):
            if selector == _ALL:
                raise PathError("is not a list, but its path has []")
            return None
        if selector == _ALL:
            rest = steps[number + 1 :]
            return [_walk(element, rest) for element in value] if rest else value
        if selector >= len(value):
            return None
        value = value[selector]
    return value
