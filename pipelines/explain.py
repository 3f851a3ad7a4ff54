"""``veilbeam check``: what a configuration does with each field of a source, without running."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from pipelines.monitoring.watch import watching
from pipelines.settings import Settings
from transforms.aggregate.releaser import prepare
from transforms.aggregate.settings import Release
from transforms.detect import models
from transforms.detect.settings import DetectSettings
from transforms.fields import FieldSpec, Role, Treatment
from transforms.ingest.check import SourceReport, check_source
from transforms.progress import begin

_WHAT = {
    Treatment.SURROGATE: "replaced by a realistic stand-in",
    Treatment.TOKEN: "replaced by an opaque token",
    Treatment.ENCRYPT: "encrypted; the key's holder can open it",
    Treatment.FPE: "encrypted in its own format; the key's holder can open it",
    Treatment.SHIFT: "moved by the subject's own offset",
    Treatment.REDACT: "replaced by its entity's name",
    Treatment.KEEP: "published as it is",
}


def explain(settings: Settings, inputs: Sequence[str], console: Console) -> None:
    """Print the treatment of each field, the releases and, where inputs are given, what they hold.

    Raises UsageError where the source does not fit the configuration, or a model is not installed.
    """
    with watching():
        begin("reading the first records")
        source = check_source(inputs, settings.source, settings.specs) if inputs else None
        if settings.detect.model is not None:
            begin("loading the model")
            models.load(settings.detect.model, settings.detect.marking)
    console.print(_fields(settings.specs, source))
    console.print(_detection(settings.detect))
    if settings.aggregate is not None:
        prepare(settings.aggregate)
        console.print(_releases(settings.aggregate.releases))
        console.print(
            f"Budget of data set '{settings.aggregate.data_set}': "
            f"{settings.aggregate.budget.amount}"
        )
    if source is not None:
        _source(source, console)
    console.print("The configuration is valid.")


def treatment(field: FieldSpec) -> str:
    """What is done with a field, in words."""
    if field.role is Role.TEXT and field.treatment is not Treatment.DROP:
        return "identifiers in it are found and replaced"
    if field.treatment is Treatment.DROP:
        looked_for = field.role in (Role.SUBJECT, Role.IDENTIFIER)
        return "not published; looked for in the text" if looked_for else "not published"
    if field.treatment is Treatment.GENERALISE:
        assert field.generalise is not None
        how = field.generalise.model_dump(exclude_defaults=True)
        return "made coarser: " + ", ".join(f"{key} {value}" for key, value in how.items())
    if field.treatment is Treatment.MASK:
        kept = field.mask.model_dump(exclude_defaults=True) if field.mask else {}
        return "masked" + "".join(f", {key} {value}" for key, value in kept.items())
    return _WHAT[field.treatment]


def _fields(fields: Sequence[FieldSpec], source: SourceReport | None) -> Table:
    table = Table(title="Fields", title_justify="left")
    for column in ("field", "path", "role", "treatment"):
        table.add_column(column, overflow="fold")
    if source is not None:
        table.add_column(f"in {source.records:,} records", justify="right")
    for field in fields:
        row = [field.name, field.path, field.role.value, treatment(field)]
        if source is not None:
            row.append("" if field.role is Role.DROP else f"{source.found.get(field.name, 0):,}")
        table.add_row(*row)
    return table


def _detection(detect: DetectSettings) -> str:
    stay = len(set(detect.allow.terms))
    replaced = len({term for given in detect.deny for term in given.terms})
    return (
        f"Detection: policy {detect.policy}; {stay:,} terms stay, {replaced:,} are always replaced."
    )


def _releases(releases: Sequence[Release]) -> Table:
    table = Table(title="Tables with differential privacy", title_justify="left")
    for column in ("release", "grouped by", "keys", "measures", "spends"):
        table.add_column(column, overflow="fold")
    for release in releases:
        one = release.measured
        table.add_row(
            release.name,
            ", ".join(one.group_by) or "(all records)",
            "private, thresholded" if one.private else f"{one.public_groups:,} public",
            ", ".join(measure.column for measure in one.measures)
            if release.kind == "table"
            else f"synthetic rows: {', '.join(release.columns)}",
            str(release.amount),
        )
    return table


def _source(source: SourceReport, console: Console) -> None:
    formats = ", ".join(f"{count} {name}" for name, count in source.formats.items())
    console.print(f"Source: {source.files:,} files ({formats}), {source.size:,} bytes")
    if source.unassigned:
        console.print(
            "Dropped, since they have no role: " + ", ".join(source.unassigned), highlight=False
        )
    for reason, count in source.unusable.items():
        console.print(f"Would go to quarantine, of the records looked at: {count:,} ({reason})")
    for warning in source.warnings:
        console.print(f"Warning: {warning}", style="yellow")
