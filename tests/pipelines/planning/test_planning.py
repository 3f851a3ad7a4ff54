"""``veilbeam plan``: the release's own figures, from public sizes alone."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipelines.planning import picture, terminal
from pipelines.planning.figures import at_epsilon, cut, hidden, planned
from pipelines.planning.sizes import Group, Uniform, choose, of_releases, read
from tests.end_to_end.support import veilbeam
from transforms.aggregate.planning import plan
from transforms.aggregate.reading import error_of
from transforms.aggregate.settings import ReleaseSettings
from transforms.errors import UsageError

MINUTES = {"field": "minutes", "lower": 0, "upper": 60}
MEASURES: list[dict[str, Any]] = [
    {"kind": "count"},
    {"kind": "count_subjects"},
    {"kind": "sum", **MINUTES},
    {"kind": "mean", **MINUTES},
    {"kind": "variance", **MINUTES},
    {"kind": "standard_deviation", **MINUTES},
    {"kind": "median", **MINUTES},
    {"kind": "histogram", "field": "minutes", "edges": [0, 10, 60]},
    {"kind": "count_distinct", "field": "code"},
    {"kind": "top_k", "k": 2, "field": "code", "values": ["a", "b"]},
    {"kind": "sum", "field": "cost", "bounds": "auto"},
]
GROUPS = (Group("a", 4_000, 2_000), Group("b", 900, 600), Group("c", 8, 5))


def release(**changed: Any) -> ReleaseSettings:
    given: dict[str, Any] = {
        "name": "visits",
        "group_by": ["clinic"],
        "keys": "private",
        "measures": MEASURES,
        "epsilon": 1.0,
        "delta": 1e-6,
    }
    return ReleaseSettings.model_validate(given | changed)


def test_errors_and_threshold_are_those_of_the_release_itself() -> None:
    one, real = planned(release(), GROUPS), plan(release())
    assert one.plan == real
    for measure in release().measures:
        assert one.error(measure) == error_of(measure, release(), real)
    count, mean = release().measures[0], release().measures[3]
    size = error_of(count, release(), real).size
    assert size is not None
    assert one.relative(count, GROUPS[1]) == size / 900
    size = error_of(mean, release(), real).size
    assert size is not None
    assert one.relative(mean, GROUPS[1]) == pytest.approx(size / 900 / 60)
    assert one.middle == GROUPS[1]
    assert one.smallest == GROUPS[2]


def test_no_error_grows_with_epsilon() -> None:
    one = planned(release(), GROUPS)
    for measure in one.release.measures[:-1]:
        errors = [at_epsilon(one, e).error(measure).at(900) for e in (0.25, 0.5, 1.0, 2.0, 4.0)]
        sizes = [error for error in errors if error is not None]
        assert len(sizes) == 5
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[-1] < sizes[0]


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 50))
@example(0.5 * 10 ** (1 / 8))
def test_every_epsilon_can_be_planned(epsilon: float) -> None:
    one = planned(release(epsilon=epsilon, keys=["a", "b", "c"], delta=0.0), GROUPS)
    assert one.plan.loss.epsilon <= epsilon


def test_groups_far_from_the_threshold_are_told_from_those_that_noise_decides() -> None:
    one = planned(release(measures=[{"kind": "count_subjects"}]), GROUPS)
    threshold = one.plan.threshold
    assert threshold is not None
    near = Group("near", threshold, threshold)
    under, open_ = hidden(planned(one.release, [*GROUPS, near]))
    assert under == [GROUPS[2]]
    assert open_ == [near]
    assert hidden(planned(release(keys=["a", "b", "c"]), GROUPS)) == ([], [])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(1, 3),
    st.integers(1, 3),
    st.none() | st.integers(1, 5),
)
def test_bounding_cuts_within_what_is_told(
    rows: list[list[int]], groups: int, per_group: int, most: int | None
) -> None:
    """``rows`` of each subject in each group; whichever groups and rows the sample keeps."""
    sizes = [Group(str(g), sum(r[g] for r in rows), sum(r[g] > 0 for r in rows)) for g in range(3)]
    one = planned(
        release(
            measures=[{"kind": "count"}],
            max_groups=groups,
            max_rows_per_group=per_group,
            max_rows=most,
        ),
        sizes,
    )
    fewest, largest = cut(one)
    limit = one.release.contribution
    for best in (False, True):
        kept = 0
        for subject in rows:
            capped = sorted((min(n, per_group) for n in subject if n), reverse=best)
            kept += min(sum(capped[: limit.groups]), limit.rows)
        assert fewest <= sum(map(sum, rows)) - kept <= largest


def test_the_tables_fit_into_80_columns() -> None:
    out = io.StringIO()
    terminal.show([planned(release(), GROUPS)], Console(file=out, width=80))
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "threshold" in text
    assert "count_subjects" in text


@pytest.mark.parametrize("end", ["svg", "png"])
def test_the_picture_holds_every_measure_and_marks_the_own_epsilon(
    end: str, tmp_path: Path
) -> None:
    one = planned(release(measures=MEASURES[:4], epsilon=0.7), GROUPS)
    assert any(point.release.epsilon == 0.7 for point in picture.curve(one))
    file = tmp_path / f"plan.{end}"
    picture.draw([one], file)
    if end == "png":
        assert file.read_bytes().startswith(b"\x89PNG")
    else:
        text = "".join(ElementTree.parse(file).getroot().itertext())
        assert all(measure.column in text for measure in one.release.measures)
        assert "0.7" in text


def test_a_measure_whose_error_falls_to_nothing_is_still_drawn(tmp_path: Path) -> None:
    one = planned(release(measures=[{"kind": "count_subjects"}], epsilon=3.0), GROUPS)
    assert picture.curve(one)[-1].relative(one.release.measures[0], one.middle) == 0
    file = tmp_path / "plan.svg"
    picture.draw([one], file)
    assert "count_subjects" in "".join(ElementTree.parse(file).getroot().itertext())


def test_the_command_tells_all_and_needs_neither_data_nor_ledger(tmp_path: Path) -> None:
    out, drawn = tmp_path / "plan.json", tmp_path / "plan.svg"
    done = veilbeam(
        *("plan", "--config", "telehealth", "--groups", "9", "--rows", "200"),
        *("--subjects", "90", "--json", out, "--picture", drawn),
    )
    assert done.code == 0, done.err
    assert "no data was read" in done.out
    told = json.loads(out.read_text("utf-8"))["releases"]
    assert "consultations_by_specialty" in [one["metadata"]["release"] for one in told]
    assert all(one["errors"] and len(one["other_epsilons"]) == 5 for one in told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.svg"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("release,group,rows", "no column subjects"),
        ("release,group,rows,subjects\nvisits,a,many,1", ":2: rows must be a whole number"),
        ("release,group,rows,subjects\nvisits,a,-1,1", ":2: rows must be a whole number"),
        ("release,group,rows,subjects\nvisits,a,1", ":2: subjects must be a whole number"),
        ("release,group,rows,subjects\nvisits,a,1,2", ":2: more subjects than rows"),
        ("release,group,rows,subjects\nvisits,a,2,1\nvisits,a,2,1", ":3: group 'a' stands"),
        ("release,group,rows,subjects\nother,a,2,1", "no release 'other'"),
        ("release,group,rows,subjects", "no group of release 'visits'"),
        ("release,group,rows,subjects\nvisits,z,2,1", "no group 'z' among its keys"),
    ],
)
def test_a_wrong_file_of_sizes_gets_a_clear_answer(lines: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "sizes.csv"
    file.write_text(lines, "utf-8")
    with pytest.raises(UsageError) as caught:
        of_releases(read(file), [release(keys=["a", "b"])])
    assert said in str(caught.value)


def test_options_that_do_not_fit_together_get_a_clear_answer(tmp_path: Path) -> None:
    for options in (
        (None, None, None, None),
        (None, 3, 10, None),
        (None, None, 5, 6),
        (tmp_path / "sizes.csv", 1, None, None),
        (tmp_path / "absent.csv", None, None, None),
    ):
        with pytest.raises(UsageError):
            choose(*options)
    with pytest.raises(UsageError, match="--groups"):
        of_releases(Uniform(10, 5), [release()])
