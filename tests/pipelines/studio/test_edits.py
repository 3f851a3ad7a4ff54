"""Changes of a configuration's text: what was not edited stays, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs import PRESETS
from pipelines import settings as configuration
from pipelines.studio import form
from pipelines.studio.edits import Edit, Location, NotEditableError, apply, data, diff, value_at


@dataclass
class Leaf:
    """A value of a document: where it is, and what stands there in its line."""

    at: Location
    written: str
    in_flow: bool
    alone: bool = False
    """The only one in its mapping."""


@dataclass
class Document:
    """A YAML text that was made line by line."""

    lines: list[str] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    mappings: list[Location] = field(default_factory=list)
    """Block mappings."""
    comments: list[str] = field(default_factory=list)
    end: str = "\n"
    is_ended: bool = True

    @property
    def text(self) -> str:
        return self.end.join(self.lines) + (self.end if self.is_ended else "")


KEYS = st.lists(st.sampled_from(["a", "b2", "c_d", "e.f", "long key"]), min_size=1, unique=True)
COMMENTS = st.sampled_from(["# plain", "# a: {b: c} # twice", "#", '# "it\'s" – ε 😀'])


@st.composite
def documents(draw: Any) -> Document:
    made = Document(end=draw(st.sampled_from(["\n", "\r\n"])), is_ended=draw(st.booleans()))
    _mapping(draw, made, (), 0, draw(st.integers(1, 3)), None)
    return made


def _mapping(
    draw: Any, made: Document, at: Location, indent: int, depth: int, dash: str | None
) -> None:
    made.mappings.append(at)
    keys = draw(KEYS)
    for number, key in enumerate(keys):
        lead = dash if dash is not None and number == 0 else " " * indent
        if lead is not dash:
            _between(draw, made, indent)
        kind = draw(st.sampled_from(["plain", "quoted", "flow", *["block", "items"] * (depth > 0)]))
        here: Location = (*at, key)
        behind = draw(st.just("") | COMMENTS)
        if behind:
            made.comments.append(behind)
            behind = f"  {behind}"
        token = f"v{len(made.leaves)}v"
        alone = len(keys) == 1
        match kind:
            case "plain" | "quoted":
                written = token if kind == "plain" else f'"{token} # no comment"'
                made.leaves.append(Leaf(here, written, False, alone))
                made.lines.append(f"{lead}{key}: {written}{behind}")
            case "flow":
                made.leaves.append(Leaf((*here, "x"), f"'{token}x'", True))
                made.leaves.append(Leaf((*here, "y", 0), f"{token}y", True))
                made.lines.append(f"{lead}{key}: {{x: '{token}x', y: [ {token}y ]}}{behind}")
            case "block":
                made.lines.append(f"{lead}{key}:{behind}")
                _mapping(
                    draw, made, here, indent + draw(st.sampled_from([1, 2, 4])), depth - 1, None
                )
            case "items":
                made.lines.append(f"{lead}{key}:{behind}")
                shift = draw(st.sampled_from([0, 2]))
                for item in range(draw(st.integers(1, 2))):
                    _between(draw, made, indent + shift)
                    start = " " * (indent + shift) + "- "
                    _mapping(draw, made, (*here, item), indent + shift + 2, depth - 1, start)


def _between(draw: Any, made: Document, indent: int) -> None:
    for comment in draw(st.lists(st.just("") | COMMENTS, max_size=2)):
        made.lines.append(comment and " " * indent + comment)
        made.comments += [comment] * bool(comment)


@settings(max_examples=60, deadline=None)
@given(documents(), st.data())
def test_a_new_value_changes_its_own_place_and_no_other_byte(made: Document, choice: Any) -> None:
    leaf = choice.draw(st.sampled_from(made.leaves))
    value, written = choice.draw(
        st.sampled_from([("token", "token"), (0.25, "0.25"), (1e-6, "1.0e-6"), ("1.5", '"1.5"')])
    )
    changed = apply(made.text, [Edit(leaf.at, value)])
    assert changed == made.text.replace(leaf.written, written, 1)
    assert value_at(data(changed), leaf.at) == value


@settings(max_examples=60, deadline=None)
@given(documents(), st.data())
def test_a_removed_value_leaves_its_comment_and_all_other_lines(
    made: Document, choice: Any
) -> None:
    leaf = choice.draw(st.sampled_from(made.leaves))
    try:
        changed = apply(made.text, [Edit(leaf.at, None)])
    except NotEditableError:
        # The only key of a mapping, or the first after a dash: its line is more than itself.
        [line] = [one for one in made.lines if leaf.written in one]
        assert leaf.alone or leaf.at[-1] == 0 or line.lstrip().startswith("- ")
        return
    assert value_at(data(changed), leaf.at) is None
    at = 0
    for comment in made.comments:
        at = changed.index(comment, at) + len(comment)
    kept = iter(changed.split(made.end))
    others = [line for line in made.lines if leaf.written not in line]
    assert all(line in kept for line in others), "lines are the same, in the same order"


@settings(max_examples=60, deadline=None)
@given(documents(), st.data())
def test_a_new_key_is_one_more_line(made: Document, choice: Any) -> None:
    at = (*choice.draw(st.sampled_from(made.mappings)), "new")
    changed = apply(made.text, [Edit(at, {"prefix": 2})])
    assert value_at(data(changed), at) == {"prefix": 2}
    lines = changed.split(made.end if made.end in made.text else "\n")
    [added] = [line for line in lines if line.strip() == "new: {prefix: 2}"]
    lines.remove(added)
    assert [line for line in lines if line] == [line for line in made.lines if line]


@settings(max_examples=25, deadline=None)
@given(documents())
def test_what_is_there_already_changes_nothing(made: Document) -> None:
    held = data(made.text)
    same = [Edit(leaf.at, value_at(held, leaf.at)) for leaf in made.leaves]
    absent = [Edit((*at, "absent"), None) for at in made.mappings]
    assert apply(made.text, [*same, *absent]) == made.text


@pytest.mark.parametrize("preset", PRESETS)
def test_all_numbers_of_a_preset_can_be_edited_at_once_and_nothing_else_changes(
    preset: str,
) -> None:
    text = PRESETS[preset].read_text("utf-8")
    loaded = configuration.load(preset)
    wanted = []
    for name, given_field in loaded.fields.items():
        if given_field.generalise is not None and given_field.generalise.prefix:
            wanted.append(Edit(("fields", name, "generalise", "prefix"), 1))
    if loaded.aggregate is not None:
        numbers = [
            number
            for release in form.releases(loaded.aggregate)
            for number in (*release.budget, *release.bounds)
        ]
        wanted += [
            Edit(one.at, one.value * 0.5)
            for one in numbers
            if one.value and one.at[-1] in ("epsilon", "upper")
        ]
    assert all(form.is_editable(edit.at) for edit in wanted)
    changed = apply(text, wanted)
    configuration.parse(changed, str(PRESETS[preset]))
    shown = diff(text, changed, context=0)
    old, new = ([line.text for line in shown if line.kind == kind] for kind in ("old", "new"))
    assert len(old) == len(new)
    assert [line.partition("#")[2] for line in old] == [line.partition("#")[2] for line in new]
    assert bool(old) == bool(wanted)


def test_a_key_without_a_place_is_put_into_a_section_of_its_own() -> None:
    changed = apply("version: 1 # of the format\n", [Edit(("verify", "risk", "k"), 11)])
    assert changed == "version: 1 # of the format\nverify: {risk: {k: 11}}\n"


def test_a_value_that_was_left_out_is_filled_in() -> None:
    assert apply("a:\nb: 1\n", [Edit(("a",), "x")]) == "a: x\nb: 1\n"
    assert apply("a: {}\n", [Edit(("a", "b"), 1)]) == "a: {b: 1}\n"


def test_a_value_over_several_lines_becomes_one_and_keeps_its_comments() -> None:
    text = "age:\n  role: quasi\n  generalise: # why\n    band: 10 # ten\n  # after\nsex: 1\n"
    changed = apply(text, [Edit(("age", "generalise"), {"prefix": 1})])
    assert data(changed)["age"] == {"role": "quasi", "generalise": {"prefix": 1}}
    assert all(comment in changed for comment in ("# why", "# ten", "# after"))
    assert changed.endswith("sex: 1\n")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: &x 1\nb: *x\n", Edit(("b",), 2)),
        ("a: &x {c: 1}\nb: *x\n", Edit(("b", "c"), 2)),
        ("a: [1, 2]\n", Edit(("a", 5), 2)),
        ("a: 1\n", Edit(("a", "b"), 2)),
        ("a: {b: 1}\n", Edit(("a",), None)),
        ("a: {b: 1, # why\n  c: 2}\nd: 1\n", Edit(("a",), "x")),
        ("- a: 1\n", Edit((0, "a"), None)),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, edit: Edit) -> None:
    with pytest.raises(NotEditableError, match="by hand"):
        apply(text, [edit])


def test_a_comparison_tells_old_and_new_lines_apart() -> None:
    shown = diff("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 5\nc: 3\n")
    assert [(line.kind, line.text) for line in shown[1:]] == [
        ("same", "a: 1"),
        ("old", "b: 2"),
        ("new", "b: 5"),
        ("same", "c: 3"),
    ]
    assert diff("a: 1\n", "a: 1\n") == []
