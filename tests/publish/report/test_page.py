"""The page: self-contained, escaped, the same for the same facts, and small whatever the data."""

from __future__ import annotations

import itertools
import re
import time
from collections import Counter
from html.parser import HTMLParser

import pytest

from tests.publish.report.support import GATHERED, RISK, TABLE, report
from transforms.publish.report import page, pictures
from transforms.publish.report.facts import Gathered, Report

HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=y>{{ 7*7 }} $\\frac{1}{2}$ &amp; \x07"


class Parsed(HTMLParser):
    """Elements with their attributes, and the text of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def harmless(html: str) -> Parsed:
    """The page, after checking that it can do nothing and fetch nothing."""
    parsed = Parsed(html)
    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "embed", "link", "form", "base"})
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "xlink:href", "action", "data"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import", html)
    (policy,) = [m["content"] for m in parsed.named("meta") if m.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    return parsed


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    harmless(page.render(report()))


def test_whatever_a_configuration_or_a_value_says_is_text() -> None:
    facts = report(
        title=HOSTILE, description=HOSTILE, publisher=HOSTILE, url=HOSTILE, licence=HOSTILE,
        project=HOSTILE, veilbeam=HOSTILE, key_fingerprint=HOSTILE,
        columns=[{"name": HOSTILE, "type": HOSTILE, "role": "attribute", "treatment": "keep"}],
        risk=RISK | {"quasi": [HOSTILE], "uncounted": [HOSTILE], "population": {
            "size": 9, "uniques": 1, "share": 0.1, "model": HOSTILE}},
        aggregates=[TABLE | {"mechanism": HOSTILE, "explanation": [HOSTILE], "measures": [
            {"column": HOSTILE, "kind": "count", "error_95": 1}]}],
        fields=[{"name": HOSTILE, "role": "text", "treatment": "surrogate", "how": HOSTILE}],
        found=[{"entity": "ID", "recogniser": HOSTILE, "scores": [1] * 10}],
        contents={
            "lengths": [{"column": HOSTILE, "unit": "words", "bands": [
                {"least": 1, "most": 1, "records": 1}]}],
            "balance": [{"column": HOSTILE, "classes": [
                {"value": HOSTILE, "records": {"train": 12}}]}, {"column": HOSTILE, "many": True}],
        },
        changes=[{"column": HOSTILE, "values": 3, "lost": 1, "characters": 9, "replaced": 1,
                  "stand_ins": 2}],
        budget=GATHERED["budget"] | {"data_set": HOSTILE, "population": HOSTILE},
        example={"values": [{"field": HOSTILE, "before": HOSTILE, "after": HOSTILE}],
                 "texts": [{"field": HOSTILE, "before": [{"text": HOSTILE, "marked": True}],
                            "after": [{"text": HOSTILE}]}], "held_back": HOSTILE},
        software={HOSTILE: HOSTILE},
    )  # fmt: skip
    parsed = harmless(page.render(facts))
    # It is all there, as it was written; only pictures shorten it.
    assert parsed.text.count("<img src=x onerror=y>{{ 7*7 }} $\\frac{1}{2}$ &amp;") > 20
    assert "49" not in parsed.text.replace(facts.created.isoformat(), "")


@pytest.mark.parametrize(
    "facts",
    [
        report(),
        Report.of(report(risk=None, aggregates=(), sources={}, detections={}), Gathered()),
        report(encrypted=True, contents=None, budget=None, example=None),
    ],
    ids=["everything", "the manifest alone", "encrypted"],
)
def test_headings_tables_and_pictures_can_be_read_by_everybody(facts: Report) -> None:
    html = page.render(facts)
    parsed = harmless(html)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert len(parsed.named("caption")) == len(parsed.named("table")) > 0
    assert all(head.get("scope") in ("col", "row") for head in parsed.named("th"))
    assert parsed.named("html") == [{"lang": "en"}]
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in parsed.elements}
    ids = Counter(a["id"] for _, a in parsed.elements if "id" in a)
    assert [name for name, times in ids.items() if times > 1] == []
    for drawn in parsed.named("svg"):
        assert drawn["role"] == "img"
        assert set((drawn["aria-labelledby"] or "").split()) <= set(ids)


def test_pictures_are_the_pages_own() -> None:
    html = page.render(report())
    assert html.count("<svg") >= 5
    # No colour that the dark would swallow, no date, and letters that are letters.
    for svg in re.findall("<svg.*?</svg>", html, re.DOTALL):
        assert not re.search("#[0-9a-f]{6}|matplotlib.org|Date", svg)
        assert "<text" in svg
        # Nor so many digits that they could be taken for somebody's number.
        drawn = re.sub(r"<(title|desc|text)\b.*?</\1>", "", svg, flags=re.DOTALL)
        assert not re.search(r"\d{4}", re.sub(r"http://www\.w3\.org/\d{4}/\w+", "", drawn))


def test_what_a_label_holds_is_never_mathematics() -> None:
    drawn = pictures.bars("p", "t", "d", {"$\\frac{1}{2}$": 2, "a\x00b": 1, "c" * 99: 1})
    assert "$\\frac{1}{2}$" in drawn
    assert "a�b" in drawn
    assert "c" * 30 not in drawn


def test_encrypted_records_are_not_told_of() -> None:
    html = page.render(report(encrypted=True, contents=None))
    assert "The records are encrypted; what could be counted in them is not told here." in html
    assert "J06" not in html


def test_a_million_records_of_many_fields_make_a_small_page_soon() -> None:
    names = [f"a_rather_long_name_of_a_field_{number:03}" for number in range(300)]
    splits = {"train": 800_000, "test": 100_000, "validation": 100_000}
    bands = [{"least": n, "most": n, "records": 10_000} for n in range(100)]
    gathered = GATHERED | {
        "fields": [
            {"name": n, "role": "attribute", "treatment": "keep", "how": "as it is"} for n in names
        ],
        "found": [
            {"entity": f"E{e}", "recogniser": f"R{r}", "scores": [9] * 10}
            for e in range(40)
            for r in range(20)
        ],
        "contents": {
            "lengths": [{"column": n, "unit": "words", "bands": bands} for n in names],
            "balance": [
                {"column": n, "classes": [
                    {"value": f"value {v}", "records": dict.fromkeys(splits, 10_000)}
                    for v in range(20)]}
                for n in names[:200]
            ],
        },
        "budget": GATHERED["budget"] | {"points": GATHERED["budget"]["points"] * 100},
    }  # fmt: skip
    facts = report(
        aggregates=[TABLE | {"name": f"t{n}"} for n in range(100)],
        columns=[
            {"name": n, "type": "string", "role": "attribute", "treatment": "keep"} for n in names
        ],
        **gathered,
    )
    start = time.process_time()
    html = page.render(facts)
    assert time.process_time() - start < 10
    assert len(html.encode()) < 3_000_000
