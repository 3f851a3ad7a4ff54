"""OpenLineage events of a run: it began (START), and how it ended (COMPLETE, FAIL, ABORT).

The standard client's transports are used without its ``OpenLineageClient``, which would read
variables, files in the working folder and the version control's remote, and send some of them.

Names: a file of the source may be called after a patient, so the source is named by what the user
says, else by the project. The release is named by its place.

Source: OpenLineage specification 2-0-2, https://openlineage.io/spec/2-0-2/OpenLineage.json
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from transforms.errors import UsageError
from transforms.publish.manifest import Column, Manifest
from transforms.version import VERSION

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, Run
    from openlineage.client.event_v2 import Job as LineageJob
    from openlineage.client.facet_v2 import schema_dataset
    from openlineage.client.transport import Transport

    from pipelines.monitoring.observers import Ending
    from pipelines.training_set import Job

TOKEN_VARIABLE = "VEILBEAM_LINEAGE_TOKEN"  # noqa: S105
"""Bearer token for the server, where it wants one."""

PRODUCER = f"urn:veilbeam:{VERSION}"
_ENDPOINT = "/api/v1/lineage"
_TIMEOUT_SECONDS = 5.0
_RETRIES = {"total": 2, "connect": 1, "read": 1}


class Name(NamedTuple):
    """A data set's name, as OpenLineage's naming has it."""

    namespace: str
    name: str

    @classmethod
    def of(cls, place: str) -> Name:
        """Of a place: a path, or a URL of any file system."""
        if "://" not in place:
            return cls("file", str(Path(place).resolve()))
        parts = urlsplit(place)
        # Not who logs in, nor by what.
        return cls(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", parts.path.strip("/"))


class Lineage:
    """Sends a run's events; an ``Observer``."""

    name = "--lineage"

    def __init__(self, transport: Transport, source: str | None) -> None:
        self._transport = transport
        self._source = source

    @classmethod
    def to(cls, target: str, source: str | None = None) -> Lineage:
        """To a server's URL, or appended to a file of JSON lines. ``source`` names the input.

        Raises UsageError where the client library is not installed, or the target cannot be one.
        """
        if find_spec("openlineage") is None:
            raise UsageError("--lineage needs openlineage: pip install 'veilbeam[lineage]'")
        if "://" in target:
            return cls(_http(target), source)
        from openlineage.client.transport.file import FileConfig, FileTransport

        file = Path(target)
        if not file.parent.is_dir():
            raise UsageError(f"--lineage {target}: no folder {file.parent}")
        return cls(FileTransport(FileConfig(str(file), append=True)), source)

    def started(self, job: Job) -> None:
        """Send START."""
        self._emit(job, "START")

    def ended(self, job: Job, ending: Ending) -> None:
        """Send how it ended."""
        self._emit(job, ending.state.upper(), ending)

    def _emit(self, job: Job, state: str, ending: Ending | None = None) -> None:
        from openlineage.client.event_v2 import RunEvent, RunState

        event = RunEvent(
            eventType=RunState[state],
            eventTime=datetime.now(UTC).isoformat(),
            run=_run(job, ending),
            job=_job(job),
            inputs=[self._input(job, ending)],
            outputs=list(_outputs(job, ending.manifest if ending else None)),
            producer=PRODUCER,
        )
        try:
            self._transport.emit(event)
        except RuntimeError as error:  # The file's transport wraps what went wrong.
            raise OSError from error

    def _input(self, job: Job, ending: Ending | None) -> InputDataset:
        from openlineage.client.event_v2 import InputDataset
        from openlineage.client.facet_v2 import input_statistics_input_dataset as statistics

        project = job.settings.pseudonymise.project
        name = Name.of(self._source) if self._source else Name("veilbeam", f"{project}/source")
        read = ending.manifest.counts.read if ending and ending.manifest else None
        facet = statistics.InputStatisticsInputDatasetFacet(
            rowCount=read,
            size=job.input_bytes,
            fileCount=sum(job.taken.values()),
            producer=PRODUCER,
        )
        return InputDataset(*name, inputFacets={"inputStatistics": facet})


def _http(url: str) -> Transport:
    from openlineage.client.transport.http import (
        ApiKeyTokenProvider,
        HttpConfig,
        HttpTransport,
        TokenProvider,
    )
    from requests import Session

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("--lineage: give the http:// or https:// URL of a server, or a file")
    session = Session()
    # Neither ~/.netrc nor variables of proxies decide where it goes, nor the server.
    session.trust_env = False
    session.max_redirects = 0
    token = os.environ.get(TOKEN_VARIABLE)
    return HttpTransport(
        HttpConfig(
            url=url,
            endpoint=parts.path if parts.path.strip("/") else _ENDPOINT,
            timeout=_TIMEOUT_SECONDS,
            auth=ApiKeyTokenProvider({"apiKey": token}) if token else TokenProvider({}),
            session=session,
            retry=dict(_RETRIES),
        )
    )


def _run(job: Job, ending: Ending | None) -> Run:
    from openlineage.client.event_v2 import Run
    from openlineage.client.facet_v2 import RunFacet, error_message_run, processing_engine_run

    facets: dict[str, Any] = {
        "veilbeam": RunFacet(producer=PRODUCER).with_additional_properties(
            runId=job.run_id, configDigest=job.settings.digest
        ),
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            version=version("apache-beam"),
            name="Apache Beam",
            openlineageAdapterVersion=VERSION,
            producer=PRODUCER,
        ),
    }
    if ending is not None and ending.error is not None:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=f"{ending.error}: nothing was published",
            programmingLanguage="Python",
            producer=PRODUCER,
        )
    return Run(str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:veilbeam:run:{job.run_id}")), facets)


def _job(job: Job) -> LineageJob:
    from openlineage.client.event_v2 import Job
    from openlineage.client.facet_v2 import job_type_job

    facet = job_type_job.JobTypeJobFacet(
        processingType="BATCH", integration="VEILBEAM", jobType="PIPELINE", producer=PRODUCER
    )
    return Job("veilbeam", f"{job.settings.pseudonymise.project}.release", {"jobType": facet})


def _outputs(job: Job, manifest: Manifest | None) -> Iterator[OutputDataset]:
    from openlineage.client.event_v2 import OutputDataset
    from openlineage.client.facet_v2 import (
        output_statistics_output_dataset as statistics,
    )
    from openlineage.client.facet_v2 import (
        schema_dataset,
    )

    namespace, folder = Name.of(job.release)
    if manifest is None:
        yield OutputDataset(namespace, f"{folder}/records")
        return
    size = {file.path: file.bytes for file in manifest.files}
    parts = [file for file in manifest.files if file.split is not None]
    yield OutputDataset(
        namespace,
        f"{folder}/records",
        facets={
            "schema": schema_dataset.SchemaDatasetFacet(fields=_fields(manifest), producer=PRODUCER)
        },
        outputFacets={
            "outputStatistics": statistics.OutputStatisticsOutputDatasetFacet(
                rowCount=manifest.counts.published,
                size=sum(file.bytes for file in parts),
                fileCount=len(parts),
                producer=PRODUCER,
            )
        },
    )
    for table in manifest.aggregates:
        yield OutputDataset(
            namespace,
            f"{folder}/{table.file}",
            outputFacets={
                "outputStatistics": statistics.OutputStatisticsOutputDatasetFacet(
                    rowCount=table.rows, size=size[table.file], fileCount=1, producer=PRODUCER
                )
            },
        )


def _fields(manifest: Manifest) -> list[schema_dataset.SchemaDatasetFacetFields]:
    from openlineage.client.facet_v2 import schema_dataset

    nested: dict[str, list[Column]] = {}
    for column in manifest.columns:
        nested.setdefault(column.nested_in or column.name, []).append(column)

    def field(name: str, column: Column) -> schema_dataset.SchemaDatasetFacetFields:
        return schema_dataset.SchemaDatasetFacetFields(
            name, column.type, f"{column.role}: {column.treatment}"
        )

    return [
        field(name, columns[0])
        if columns[0].nested_in is None
        else schema_dataset.SchemaDatasetFacetFields(
            name, "list", fields=[field(c.name.removeprefix(f"{name}."), c) for c in columns]
        )
        for name, columns in nested.items()
    ]
