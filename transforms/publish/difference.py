"""What changed from one release to another, as their manifests tell it: no record is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from transforms.publish.manifest import Manifest

_KEYED_BY = {"columns": "name", "aggregates": "name", "measures": "column"}
"""Lists whose members have a name, by which they are compared."""


class Change(BaseModel):
    """One thing that is not the same. Holds names, settings and counts; no value of a record."""

    model_config = ConfigDict(frozen=True)

    section: str
    """The manifest's own word: ``columns``, ``splits``, ``aggregates`` ..."""
    what: str
    """Within the section, dots between: ``age.generalise``."""
    before: Any = None
    """None: it was not there."""
    after: Any = None
    """None: it is not there any more."""


class Difference(BaseModel):
    """What changed from release ``before`` to release ``after``, both named by their run."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str
    changes: tuple[Change, ...]


def difference(before: Manifest, after: Manifest) -> Difference:
    """Compare two manifests.

    Files of records are compared by split, in number, rows and bytes: their names are made anew by
    each run, and every run stands in its files.
    """
    one, other = dict(_facts(before)), dict(_facts(after))
    places = [*one, *(place for place in other if place not in one)]
    order = list(Manifest.model_fields)
    changes = [
        Change(
            section=place[0],
            what=".".join(place[1:]),
            before=one.get(place),
            after=other.get(place),
        )
        for place in places
        if one.get(place) != other.get(place)
    ]
    changes.sort(key=lambda change: order.index(change.section))
    return Difference(before=before.run_id, after=after.run_id, changes=tuple(changes))


def _facts(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], Any]]:
    content = manifest.model_dump(mode="json", exclude={"files"}, exclude_none=True)
    yield from _flat((), content)
    for path, sha256 in sorted((f.path, f.sha256) for f in manifest.files if f.split is None):
        yield ("files", path), sha256
    for split in manifest.splits:
        files = [file for file in manifest.files if file.split == split]
        yield ("files", split, "number"), len(files)
        yield ("files", split, "bytes"), sum(file.bytes for file in files)


def _flat(place: tuple[str, ...], node: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The leaves of a tree, with their places."""
    key = _KEYED_BY.get(place[-1]) if place else None
    if key is not None:
        for member in node:
            rest = {name: value for name, value in member.items() if name != key}
            yield from _flat((*place, member[key]), rest)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from _flat((*place, name), value)
    elif isinstance(node, list) and any(isinstance(member, Mapping) for member in node):
        for number, member in enumerate(node):
            yield from _flat((*place, str(number)), member)
    else:
        yield place, node
