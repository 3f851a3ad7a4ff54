"""What a release says of itself, from the manifest and what a run gathered: made anew whenever they
change."""

from __future__ import annotations

from transforms.publish import croissant, data_card
from transforms.publish.manifest import Manifest
from transforms.publish.report import page
from transforms.publish.report.facts import FACTS, HTML, Gathered, Report

DOCUMENTS = {
    HTML: "Report, for people",
    FACTS: "Report, for machines",
    data_card.README: "Data card",
    croissant.CROISSANT: "Data card, for machines",
}
"""What the documents are, by path."""


def documents(manifest: Manifest, gathered: Gathered | None = None) -> dict[str, str]:
    """The documents of the release that the manifest describes, by path.

    Without what the run ``gathered`` the report says what the manifest does.
    """
    report = Report.of(manifest, gathered or Gathered())
    return {
        data_card.README: data_card.render(manifest),
        croissant.CROISSANT: croissant.render(manifest),
        FACTS: report.to_json(),
        HTML: page.render(report),
    }
