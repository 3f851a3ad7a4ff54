"""Synthetic releases in a configuration: what is wrong is told with its line and field."""

from __future__ import annotations

import pytest

from pipelines.settings import parse
from transforms.aggregate.settings import SyntheticSettings
from transforms.errors import UsageError

CONFIG = """\
version: 1
fields:
  patient: {role: subject}
  sex: {role: attribute}
  age: {role: quasi, type: integer, generalise: {band: 10}}
  note: {role: text}
aggregate:
  budget: {epsilon: 2.0}
  releases:
    - name: rows
      kind: synthetic
      columns:
        sex: {values: [f, m], other: x}
        age: {edges: [0, 40, 120]}
      marginals: [[sex, age]]
      epsilon: 1.0
"""


def test_a_synthetic_release_is_read() -> None:
    aggregate = parse(CONFIG, "my.yaml").aggregate
    assert aggregate is not None
    [release] = aggregate.releases
    assert isinstance(release, SyntheticSettings)
    assert [m.column for m in release.measured.measures] == [
        "marginal_sex",
        "marginal_age",
        "marginal_sex_age",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("      epsilon: 1.0", "      epsilon: 0", 16, "releases[0].epsilon: Input should be"),
        ("        sex: {values", "        sexx: {values", 10, "'sex', which is none of 'columns'"),
        ("      marginals:", "      marginal:", 15, "releases[0].marginal: unknown key; did you"),
        ("edges: [0, 40, 120]", "edges: [0, 0]", 14, "columns.age.edges: edges of bins must"),
        ("edges: [0, 40, 120]", "bins: [0, 40]", 14, "columns.age.bins: unknown key"),
        ("kind: synthetic", "kind: synthetc", 10, "'synthetc'"),
        ("        age: {edges", "        old: {edges", 10, "'age', which is none of 'columns'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(CONFIG.replace(old, new), "my.yaml")
    assert said in str(caught.value), caught.value
    assert f"my.yaml:{line}: aggregate.releases[0]" in str(caught.value), caught.value


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("{nowhere: {values: [x]}, sex: {values: [f]}}", "'nowhere' is no field of this file"),
        ("{note: {values: [x]}, sex: {values: [f]}}", "'note' has treatment 'surrogate'"),
        ("{sex: {edges: [0, 1]}, age: {values: [40-49]}}", "'sex' is no number"),
    ],
)
def test_columns_must_be_fields_of_a_fitting_kind(columns: str, said: str) -> None:
    start = CONFIG.index("      columns:")
    text = CONFIG[:start] + f"      columns: {columns}\n      epsilon: 1.0\n"
    with pytest.raises(UsageError) as caught:
        parse(text, "my.yaml")
    assert said in str(caught.value), caught.value
    assert "my.yaml:12: aggregate.releases[0].columns" in str(caught.value)
