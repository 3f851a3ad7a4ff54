"""The main job: consultations in, a release out.

The pipeline below is the drawing in the README: ingest, detect, pseudonymise, verify, publish, with
the aggregates as a branch. What a runner may repeat is above ``run``; what must happen once (noise,
the ledger, the commit) is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipelines import releases, report, risk, taken
from pipelines.example import example
from pipelines.launch import pipeline
from pipelines.ledgers import open_ledger
from pipelines.outcome import Outcome, collect
from pipelines.settings import Settings
from pipelines.zones import PRIVATE, RestrictedZone, new_run_id
from transforms.aggregate.ledger import Head
from transforms.aggregate.releaser import prepare
from transforms.detect.transform import FOUND, PEOPLE, PLACES, Detect
from transforms.errors import VeilbeamError
from transforms.ingest.transform import Ingest
from transforms.progress import begin, counted_in
from transforms.pseudonymise.keys import KeySource
from transforms.pseudonymise.transform import Pseudonymise
from transforms.publish.documents import documents
from transforms.publish.manifest import Counts, Manifest, columns_of
from transforms.publish.release import ReleaseFolder
from transforms.publish.schema import release_schema
from transforms.publish.split import Split
from transforms.publish.transform import (
    QUARANTINE,
    Count,
    CountChanges,
    ReleaseKeys,
    WriteQuarantine,
    WriteRecords,
)
from transforms.quarantine import QUARANTINED
from transforms.verify.risk.report import RiskReport
from transforms.verify.transform import Verify
from transforms.version import VERSION


@dataclass(frozen=True)
class Job:
    """What one run is given."""

    settings: Settings
    inputs: Sequence[str]
    input_bytes: int
    release: str
    restricted: RestrictedZone
    key: KeySource
    beam_options: Sequence[str] = ()
    run_id: str = field(default_factory=new_run_id)
    taken: Mapping[str, int] = field(default_factory=dict)
    """Number of files of the input by what they were taken for (``SourceReport.formats``)."""
    remarks: list[str] = field(default_factory=list)
    """What the user should know of a run that has published."""

    @cached_property
    def folder(self) -> Path:
        """The run's own folder in the restricted zone."""
        return self.restricted.run(self.run_id)

    @cached_property
    def progress(self) -> Path:
        """Where worker processes count (see ``transforms.progress``)."""
        folder = self.folder / "progress"
        folder.mkdir(mode=PRIVATE)
        return folder


def build(root: beam.Pipeline, job: Job, work: str) -> None:
    """Add the main job's steps to a pipeline.

    Records are written below ``work``; quarantined ones and the outcome into the run's folder.
    """
    settings, fields = job.settings, job.settings.specs
    progress, run_folder = str(job.progress), str(job.folder)
    metadata = {
        "run_id": job.run_id,
        "config_digest": settings.digest,
        "version": VERSION,
        "key_fingerprint": job.key.read().fingerprint,
    }

    reading = Ingest(job.inputs, settings.source, fields, progress)
    source = root | "Ingest" >> reading
    detected = source.batches | "Detect" >> beam.ParDo(
        Detect(settings.detect, fields, progress)
    ).with_outputs(QUARANTINED, FOUND, PLACES, PEOPLE, main="out")
    treated = detected.out | "Pseudonymise" >> beam.ParDo(
        Pseudonymise(job.key, settings.pseudonymise, fields)
    ).with_outputs(QUARANTINED, main="out")
    verified = treated.out | "Verify" >> beam.ParDo(
        Verify(settings.verify, settings.detect, fields)
    ).with_outputs(QUARANTINED, main="out")
    protected = risk.expand(verified.out, settings, job.folder)
    records = protected.out | "Split" >> beam.ParDo(
        Split(settings.publish.splits, job.key, settings.pseudonymise, fields)
    )
    written = records | "Publish" >> WriteRecords(
        work,
        fields,
        metadata,
        settings.publish,
        ReleaseKeys(job.key, settings.pseudonymise.project),
    )

    (job.folder / QUARANTINE).mkdir(mode=PRIVATE)
    # One sink for each stage that refuses: joined first, the records would wait in memory.
    refused = {
        "ingest": source.quarantined,
        "detect": detected[QUARANTINED],
        "pseudonymise": treated[QUARANTINED],
        "verify": verified[QUARANTINED],
        **protected.refused,
    }
    results: dict[str, Sequence[Any]] = {
        "files": [written],
        **{
            f"{QUARANTINE} {stage}": [
                records | f"Quarantine {stage}" >> WriteQuarantine(run_folder)
            ]
            for stage, records in refused.items()
        },
        "read": [source.read],
        "merged": [source.merged],
        "left_out": [source.left_out],
        "found": [detected[FOUND]],
        "places": [detected[PLACES]],
        "people": [detected[PEOPLE]],
        "contents": [records | "Count" >> Count(fields)],
        "changes": [protected.out | "Count changes" >> CountChanges(fields)],
        "formats": [
            taken.published(protected.out, reading.formats),
            *(
                taken.quarantined(stage, batches, reading.formats)
                for stage, batches in refused.items()
            ),
        ],
        **protected.results,
    }
    if settings.aggregate is not None:
        results["exact"] = [source.batches | "Aggregates" >> releases.Exact(settings, job.key)]
        digest = beam.Map(releases.sha256_of, settings.source)
        results["inputs"] = [source.files | "Digest" >> digest]
    collect(results, job.folder)


def run(job: Job) -> Manifest:
    """Run the job and publish its release.

    Raises VeilbeamError: the count is not closed, the budget does not suffice, a disk is full ...
    Nothing is published then.
    """
    begin("records")
    counted_in(job.progress, job.input_bytes)
    ledger = None
    if job.settings.aggregate is not None:
        prepare(job.settings.aggregate)
        ledger = open_ledger(job.restricted.folder, job.settings.aggregate)
        ledger.events()  # One that is out of reach is told before the work is done.
    with ReleaseFolder(job.release, job.run_id) as folder, risk.waiting_room(job.folder):
        with pipeline(job.input_bytes, job.beam_options) as root:
            build(root, job, folder.work)
        begin("verify")
        outcome = Outcome.read_from(job.folder)
        left = risk.require_fulfilled(outcome, job.settings, job.folder)
        require_closed(outcome)
        made_up = example(job.settings)
        tables, head = [], None
        if ledger is not None:
            begin("aggregate")
            tables = releases.release(job.settings, outcome, job.folder, ledger, folder.work)
            head = ledger.head()
        begin("publish")
        manifest = _manifest(job, outcome, tables, head, left)
        gathered = report.gather(job.settings, outcome, made_up, tables, ledger)
        manifest = folder.commit(manifest, documents(manifest, gathered))
    if ledger is not None and (remark := releases.published(tables, ledger)) is not None:
        job.remarks.append(remark)
    return manifest


def require_closed(outcome: Outcome) -> None:
    """Nothing lost: records in = records out + quarantined + merged as copies.

    Raises VeilbeamError otherwise.
    """
    if outcome.read != outcome.published + outcome.quarantined + outcome.merged:
        raise VeilbeamError(
            f"The count is not closed: {outcome.read:,} records were read, {outcome.published:,} "
            f"written, {outcome.quarantined:,} quarantined and {outcome.merged:,} merged. Nothing "
            "was published. This is a fault of Veilbeam: please report it."
        )


def _manifest(
    job: Job,
    outcome: Outcome,
    tables: Sequence[releases.Table],
    head: Head | None,
    left: RiskReport | None,
) -> Manifest:
    settings = job.settings
    splits = Counter(dict.fromkeys(settings.publish.splits, 0))
    for file in outcome.files:
        splits[str(file.split)] += file.rows or 0
    columns = columns_of(release_schema(settings.specs, {}))
    return Manifest(
        veilbeam=VERSION,
        run_id=job.run_id,
        created=datetime.now(UTC),
        config_digest=settings.digest,
        key_fingerprint=job.key.read().fingerprint,
        project=settings.pseudonymise.project,
        title=settings.publish.title,
        description=settings.publish.description,
        licence=settings.publish.licence,
        publisher=settings.publish.publisher,
        url=settings.publish.url,
        citation=settings.publish.citation,
        collection=settings.publish.collection,
        language=settings.detect.language,
        encrypted=settings.publish.encrypt,
        counts=Counts(
            read=outcome.read,
            published=outcome.published,
            quarantined=outcome.quarantined,
            merged=outcome.merged,
        ),
        sources=taken.table(job.taken, outcome),
        splits=splits,
        quarantine=outcome.reasons,
        detections=outcome.found,
        people=outcome.people,
        risk=left,
        columns=columns,
        aggregates=tuple(table.entry for table in tables),
        ledger_head=None if head is None else head.hash,
        dropped_fields=len(settings.specs) - len(columns) + outcome.unassigned_fields,
        files=(*outcome.files, *(file for table in tables for file in table.files)),
    )
