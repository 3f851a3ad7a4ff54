"""Metrics for Prometheus: read back by its own parser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.monitoring.metrics import Metrics
from pipelines.monitoring.observers import observed
from tests.pipelines.monitoring.support import job_in
from transforms.errors import UsageError
from transforms.progress import begin


def read(file: Path) -> dict[tuple[str, ...], float]:
    """(name, labels' values but the project's) -> value."""
    return {
        (s.name, *(v for k, v in sorted(s.labels.items()) if k != "project")): s.value
        for family in text_string_to_metric_families(file.read_text())
        for s in family.samples
    }


def test_a_run_that_fails_says_so_and_how_long_it_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "nowhere"))
    file = tmp_path / "veilbeam.prom"
    file.write_text("veilbeam_run_success 1\n")
    with (
        pytest.raises(ZeroDivisionError),
        observed(job_in(tmp_path), io.StringIO(), [Metrics(file)], lambda: False),
    ):
        begin("records")
        assert file.read_text() == "veilbeam_run_success 1\n"
        raise ZeroDivisionError
    found = read(file)
    assert found["veilbeam_run_success",] == 0
    assert 0 < found["veilbeam_run_seconds", "records"] < 60
    assert found["veilbeam_budget_epsilon", "telehealth", "spent"] == 0
    assert found["veilbeam_budget_epsilon", "telehealth", "total"] == 4
    assert not any(name.startswith("veilbeam_records") for name, *_ in found)
    assert "Quackenbush" not in file.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["restricted", "veilbeam.prom"]


@pytest.mark.parametrize(
    ("name", "words"), [("metrics.txt", r"\.prom"), ("nowhere/m.prom", "no folder")]
)
def test_a_file_that_would_not_be_collected_is_refused(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        Metrics(tmp_path / name)
