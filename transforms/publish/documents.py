"""What a release says of itself, all of it from the manifest: made anew whenever that changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transforms.publish import croissant, data_card
from transforms.publish.manifest import Manifest

_RENDERERS: Mapping[str, Callable[[Manifest], str]] = {
    data_card.README: data_card.render,
    croissant.CROISSANT: croissant.render,
}

DOCUMENTS = frozenset(_RENDERERS)
"""Paths of the documents."""


def documents(manifest: Manifest) -> dict[str, str]:
    """The documents of the release that the manifest describes, by path."""
    return {path: render(manifest) for path, render in _RENDERERS.items()}
