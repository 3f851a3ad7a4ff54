"""The facts of a report as ``report.html``: one self-contained page without any script."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.fields import Role, Treatment
from transforms.publish import data_card
from transforms.publish.manifest import Aggregate, Measure
from transforms.publish.report import pictures, words
from transforms.publish.report.contents import MOST_VALUES
from transforms.publish.report.facts import LEAST_RECORDS, Balance, Length, Report
from transforms.verify.risk.report import Attacker, RiskReport

_T = TypeVar("_T", Length, Balance)

_MOST_BARS = 12
_MOST_PICTURES = 12
"""Of one kind: what has more columns has tables."""


class Table(NamedTuple):
    """A table of the page. Cells are text, and escaped, unless they are Markup."""

    name: str
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    """Columns that are aligned as numbers."""


def render(report: Report) -> str:
    """The page, from the facts alone."""
    return _environment().get_template("report.html.j2").render(_View(report).all())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("transforms.publish.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": _number,
        "percent": words.percent,
        "one_in": words.one_in,
        "listed": words.listed,
    }
    environment.globals |= {"many": words.many}
    return environment


class _View:
    """What the template shows, made of the facts."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def all(self) -> dict[str, Any]:
        """Everything by the name that the template calls it by."""
        report = self._report
        return {
            "report": report,
            "title": report.title or data_card.TITLE,
            "limits": data_card.limits(report),
            "sources": self._sources(),
            "groups": self._groups(),
            "kinds": self._kinds(),
            "texts": self._has(Role.TEXT),
            "loss": self._loss,
            "who": list(self._who()),
            "answers": list(self._answers()),
            "example_rows": self._example_rows(),
            "fields": self._fields(),
            "found": self._found(),
            "quarantine": self._quarantine(),
            "risk": self._risk(),
            "tables": self._tables(),
            "budget": self._budget(),
            "made_by": self._made_by(),
            "schema": self._schema(),
            "splits": self._splits(),
            "lengths": self._lengths(),
            "balance": self._balance(),
            "utility": self._utility(),
            "most_values": MOST_VALUES,
            "least_records": LEAST_RECORDS,
            "not_counted": "The records are encrypted; what could be counted in them is not told "
            "here."
            if report.encrypted
            else "There is none.",
        }

    # --- for everyone -----------------------------------------------------------------------------

    def _sources(self) -> Table | None:
        sources = sorted(self._report.sources.items())
        if not sources:
            return None
        heads = {
            "files": "Files",
            "read": "Records",
            "published": "In the release",
            "quarantined": "Held back",
            "joined": "Joined with others",
            "merged": "Copies of others",
        }
        # Few sources come in parts or twice.
        shown = [
            name
            for name in heads
            if name not in ("joined", "merged") or any(getattr(of, name) for _, of in sources)
        ]
        return Table(
            "sources",
            "What came in, by kind of file",
            ("Kind", *(heads[name] for name in shown)),
            [
                (_code(kind), *(_number(getattr(of, name)) for name in shown))
                for kind, of in sources
            ],
            frozenset(range(1, len(shown) + 1)),
        )

    def _groups(self) -> list[tuple[str, str]]:
        """What happens to fields: in words, and how many."""
        published = Counter(field.treatment for field in self._report.fields)
        counted = (
            (words.many(sum(published[t] for t in treatments), "field"), what)
            for what, treatments in words.GROUPS.items()
        )
        return [(number, what) for number, what in counted if not number.startswith("0 ")]

    def _kinds(self) -> dict[str, Any] | None:
        found = words.by_kind(self._report.places or self._report.detections)
        if not found:
            return None
        most = ", ".join(f"{kind} {number:,}" for kind, number in list(found.items())[:3])
        return {
            "total": sum(found.values()),
            "table": Table(
                "kinds",
                "What was found in free text, by kind",
                ("Kind", "Found"),
                [(kind, _number(number)) for kind, number in found.items()],
                frozenset({1}),
            ),
            "picture": pictures.bars(
                "kinds-picture",
                "What was found in free text, by kind",
                f"Bars, the longest first: {most}. The table has all numbers.",
                found,
            ),
        }

    @property
    def _loss(self) -> float:
        return math.fsum(table.epsilon for table in self._report.aggregates)

    def _has(self, *wanted: Role | Treatment) -> bool:
        columns = self._report.columns
        return any(column.role in wanted or column.treatment in wanted for column in columns)

    def _example_rows(self) -> list[tuple[str | Markup, str, str | Markup]]:
        example = self._report.example
        gone = Markup("<em>not published</em>")
        return [
            (_code(one.field), one.before, gone if one.after is None else one.after)
            for one in (example.values if example else ())
        ]

    def _who(self) -> Iterator[tuple[str, str]]:
        """Who could still learn what."""
        risk = self._report.risk
        if self._report.encrypted:
            yield (
                "Somebody who finds the files, without their key",
                "The tables and this report. The records are encrypted.",
            )
        yield (
            "Somebody who reads the records and does not know you",
            "What consultations are about, not whose they are"
            + (
                ", unless a name, number or address was missed in the text. Software misses some."
                if self._has(Role.TEXT)
                else "."
            ),
        )
        if risk is not None and risk.records:
            yield (
                f"Somebody who knows your {words.listed(list(risk.quasi))}, and that you are in it",
                f"{words.percent(risk.sample_uniques)} of the patients share these with nobody: "
                "which records are theirs can be told. In the smallest group of patients who are "
                f"alike {_are(risk.smallest_class)}; wanted were {risk.k}. Over all patients, "
                f"{words.percent(risk.prosecutor.average)} of such guesses would be right.",
            )
        if self._has(Treatment.SHIFT):
            yield (
                "Somebody who knows when you were seen, several times",
                "Perhaps which records are yours: days are moved, but the time between two visits, "
                "and the time of day, are kept.",
            )
        if self._has(Role.TEXT):
            yield (
                "Somebody who knows your story",
                "Perhaps which records are yours, if you told of something that happened to few. "
                "No software takes that out.",
            )
        yield (
            "The organisation that holds the key",
            "Which records are yours. It needs that to take them out if you ask. Whoever uses the "
            "key must give a reason, which is logged first.",
        )
        if self._report.aggregates:
            yield (
                "Somebody who reads the tables alone",
                "Whether you are in them and what your records say, only within a bound: noise "
                "was added, so that the odds of any guess about one person change by a factor of "
                f"{_odds(self._loss)} at most (ε = {self._loss:g}).",
            )

    def _answers(self) -> Iterator[tuple[str, str]]:
        """What to tell a patient who asks."""
        report = self._report
        risk = report.risk
        yield (
            "Is my name in it?",
            "Your name, numbers and addresses were taken out or replaced by made-up ones, in the "
            "fields and wherever they were found in the text. Each record was searched again "
            "afterwards. Software does not find everything, so a slip is possible.",
        )
        yield (
            "Could somebody find out which record is mine?",
            "Not by your name. Somebody who already knows a lot about you might"
            + (
                f": by {words.listed(list(risk.quasi))} alone, "
                f"{words.percent(risk.sample_uniques)} of the patients can be told from all others."
                if risk is not None and risk.records
                else "."
            )
            + " Whoever gets the data is asked not to try.",
        )
        yield (
            "What is it for, and who may use it?",
            (report.description or "The publisher says what it is for.").rstrip(".")
            + "."
            + (f" Terms: {report.licence}." if report.licence else ""),
        )
        yield (
            "Can I have my records taken out?",
            "Yes. The organisation can find and remove them with its key, and publish the release "
            "again without them. Copies that others have already must be replaced by the new one"
            + (
                ". The tables stay: their noise bounds what they tell of any one person."
                if report.aggregates
                else "."
            ),
        )
        if report.publisher or report.url:
            yield "Whom can I ask?", ", ".join(filter(None, (report.publisher, report.url))) + "."
        yield (
            "What should I quote?",
            f"Run {report.run_id}, of {report.created:%Y-%m-%d}.",
        )

    # --- for the officer --------------------------------------------------------------------------

    def _fields(self) -> Table | None:
        if not self._report.fields:
            return None
        rows = [
            (
                _code(field.name),
                field.role + (f" ({field.entity})" if field.entity else ""),
                field.how,
            )
            for field in self._report.fields
        ]
        return Table("fields", "What becomes of each field", ("Field", "Role", "Treatment"), rows)

    def _found(self) -> dict[str, Any] | None:
        report = self._report
        if not report.found:
            return None
        rows = [
            (
                _code(one.entity),
                one.recogniser,
                _number(one.total),
                _scores(one.scores),
                f"{report.thresholds[one.entity]:g}" if one.entity in report.thresholds else "",
            )
            for one in report.found
        ]
        recognisers: dict[str, list[int]] = {}
        for one in report.found:
            row = recognisers.setdefault(one.recogniser, [0] * len(one.scores))
            recognisers[one.recogniser] = [a + b for a, b in zip(row, one.scores, strict=True)]
        most = dict(sorted(recognisers.items(), key=lambda item: -sum(item[1]))[:_MOST_BARS])
        return {
            "table": Table(
                "found",
                "Entities by recogniser and score",
                ("Entity", "Recogniser", "Found", "Scores", "Counts from"),
                rows,
                frozenset({2, 4}),
            ),
            "shown": len(most),
            "recognisers": len(recognisers),
            "picture": pictures.scores(
                "scores-picture",
                "How sure the recognisers were",
                f"A grid of circles: a row for each of the {len(most)} recognisers that found "
                "most, a column for each tenth of the score. A larger circle stands for more. The "
                "table has the numbers.",
                most,
            ),
        }

    def _quarantine(self) -> Table | None:
        reasons = sorted(self._report.quarantine.items(), key=lambda item: (-item[1], item[0]))
        if not reasons:
            return None
        rows = [(reason, _number(number)) for reason, number in reasons]
        return Table(
            "quarantine", "Records held back, by reason", ("Reason", "Records"), rows,
            frozenset({1}),
        )  # fmt: skip

    def _risk(self) -> dict[str, Any] | None:
        risk = self._report.risk
        if risk is None:
            return None
        sizes = {_band(s.subjects_from, s.subjects_to): s.subjects for s in risk.sizes}
        small = frozenset(
            _band(s.subjects_from, s.subjects_to) for s in risk.sizes if s.subjects_from < risk.k
        )
        alone = words.percent(risk.sample_uniques)
        return {
            "problems": list(risk.problems()),
            "figures": Table(
                "risk",
                "Risk of being recognised by what others may know",
                ("Figure", "Value", "What it means"),
                list(_figures(risk)),
            ),
            "sizes": Table(
                "sizes",
                "How many patients share the values of the quasi-identifiers",
                ("Patients in the class", "Classes", "Patients", "Records"),
                [
                    (
                        _band(s.subjects_from, s.subjects_to),
                        *map(_number, (s.classes, s.subjects, s.records)),
                    )
                    for s in risk.sizes
                ],
                frozenset({1, 2, 3}),
            ),
            "picture": sizes
            and pictures.columns(
                "sizes-picture",
                "Patients by the size of their class",
                f"A histogram. {alone} of the patients are alone in their class. Classes smaller "
                f"than k = {risk.k} are hatched. The table has the numbers.",
                sizes,
                alarm=small,
                across="patients in the class",
                up="patients",
            ),
        }

    def _tables(self) -> dict[str, Any] | None:
        tables = self._report.aggregates
        if not tables:
            return None
        spending = [
            (
                _code(table.name),
                "synthetic rows" if table.kind == "synthetic" else "numbers",
                f"{table.epsilon:g}",
                f"{table.delta:g}",
                table.mechanism,
                f"{table.max_groups:,} × {table.max_rows_per_group:,}",
            )
            for table in tables
        ]
        errors = [
            (_code(table.name), _code(measure.column), *self._error(table, measure))
            for table in tables
            for measure in table.measures
        ]
        return {
            "spending": Table(
                "spending",
                "What each table spends",
                ("Table", "Holds", "ε", "δ", "Noise", "A patient counts in at most"),
                spending,
                frozenset({2, 3}),
            ),
            "errors": Table(
                "errors",
                "How far off the numbers are",
                ("Table", "Column", "Error, 95 times in 100", "Median", "Error / median"),
                errors,
                frozenset({3, 4}),
            ),
        }

    def _error(self, table: Aggregate, measure: Measure) -> tuple[str, str, str]:
        median = self._report.medians.get(table.name, {}).get(measure.column)
        shown = "" if median is None else f"{median:,.4g}"
        if measure.error_95 is not None:
            part = words.percent(measure.error_95 / abs(median)) if median else ""
            return f"± {measure.error_95:,.4g}", shown, part
        if measure.error_95_times_values is not None:
            times = f"± {measure.error_95_times_values:,.4g} / the group's number of values"
            return times, shown, ""
        if measure.error_95_squared_times_values is not None:
            squared = f"{measure.error_95_squared_times_values:,.4g}"
            return f"± √({squared} / the group's number of values)", shown, ""
        if measure.error_95_rank is not None:
            return f"± {measure.error_95_rank:,.4g} places in the values' order", shown, ""
        return "not known beforehand", shown, ""

    def _budget(self) -> dict[str, Any] | None:
        budget = self._report.budget
        if budget is None:
            return None
        last = budget.points[-1]
        left = max(last.epsilon_total - last.epsilon_spent, 0)
        days = [point.day for point in budget.points]
        return {
            "left": left,
            "last": last,
            "table": Table(
                "budget",
                "The account at the end of each day on which it changed",
                ("Day", "ε spent", "ε budget", "δ spent", "δ budget"),
                [
                    (
                        point.day.isoformat(),
                        f"{point.epsilon_spent:g}",
                        f"{point.epsilon_total:g}",
                        f"{point.delta_spent:g}",
                        f"{point.delta_total:g}",
                    )
                    for point in budget.points
                ],
                frozenset({1, 2, 3, 4}),
            ),
            "picture": pictures.steps(
                "budget-picture",
                "Privacy budget over time",
                f"Steps: what was spent of ε, below the budget of that time. On {last.day} "
                f"{last.epsilon_spent:g} of {last.epsilon_total:g} were spent.",
                days,
                [point.epsilon_spent for point in budget.points],
                [point.epsilon_total for point in budget.points],
                up="ε",
            ),
        }

    def _made_by(self) -> Table:
        report = self._report
        rows = [
            ("Run", _code(report.run_id)),
            ("Made", f"{report.created:%Y-%m-%d %H:%M} UTC"),
            *([("Records taken out", f"{report.revised:%Y-%m-%d}")] if report.revised else []),
            ("SHA-256 of the configuration", _code(report.config_digest)),
            ("Fingerprint of the key", _code(report.key_fingerprint)),
            ("Project", report.project),
            *([("Head of the privacy ledger", _code(h))] if (h := report.ledger_head) else []),
            ("Veilbeam", report.veilbeam),
            *sorted(report.software.items()),
        ]
        return Table("made-by", "What made the release", ("What", "Value"), rows)

    # --- for the ML team --------------------------------------------------------------------------

    def _schema(self) -> Table:
        rows = [
            (_code(c.name), _code(c.type), str(c.role), data_card.treatment(c))
            for c in self._report.columns
        ]
        heads = ("Column", "Type", "Role", "Treatment")
        return Table("schema", "Columns of the records", heads, rows)

    def _splits(self) -> Table:
        splits, total = self._report.splits, max(self._report.counts.published, 1)
        rows = [
            (_code(name), _number(splits[name]), words.percent(splits[name] / total))
            for name in self._split_names
        ]
        heads = ("Split", "Records", "Share")
        return Table("splits", "Records by split", heads, rows, frozenset({1, 2}))

    @property
    def _split_names(self) -> list[str]:
        """The largest first, as everybody looks for training first."""
        splits = self._report.splits
        return sorted(splits, key=lambda name: (-splits[name], name))

    def _lengths(self) -> dict[str, Any] | None:
        lengths = self._ordered(self._report.contents.lengths if self._report.contents else ())
        if not lengths:
            return None
        rows = [
            (
                _code(length.column),
                length.unit,
                _number(length.total) if length.total is not None else "",
                _number(length.characters) if length.characters is not None else "",
                *(_quantile(length, at) for at in (0.5, 0.95, 1.0)),
            )
            for length in lengths
        ]
        return {
            "table": Table(
                "lengths",
                "How long the values of a record are",
                ("Column", "In", "Words", "Characters", "Half up to", "95% up to", "All up to"),
                rows,
                frozenset(range(2, 7)),
            ),
            "pictures": [
                pictures.columns(
                    f"length-{number}",
                    f"{length.column}: records by {length.unit}",
                    f"A histogram. Half of the records have at most {_quantile(length, 0.5)} "
                    f"{length.unit}, 95% at most {_quantile(length, 0.95)}.",
                    _histogram(length),
                    across=f"{length.unit} in {length.column}",
                    up="records",
                )
                for number, length in enumerate(lengths[:_MOST_PICTURES])
            ],
        }

    def _balance(self) -> dict[str, Any] | None:
        contents = self._report.contents
        balances = self._ordered(contents.balance if contents else ())
        if not balances:
            return None
        shown = [one for one in balances if one.classes]
        return {
            "tables": [
                (one.column, self._classes(number, one), self._classes_picture(number, one))
                for number, one in enumerate(shown)
            ],
            "many": [one.column for one in balances if one.many],
            "rare": [one.column for one in balances if not one.many and not one.classes],
        }

    def _classes(self, number: int, one: Balance) -> Table:
        splits = self._split_names
        rows = [(each.value, each.records) for each in one.classes]
        if one.rarer:
            rows.append(("(rarer values, together)", one.rarer))
        return Table(
            f"balance-{number}",
            f"{one.column}: records by value",
            ("Value", *splits, "All"),
            [
                (value, *(_number(of.get(s, 0)) for s in splits), _number(sum(of.values())))
                for value, of in rows
            ],
            frozenset(range(1, len(splits) + 2)),
        )

    def _classes_picture(self, number: int, one: Balance) -> Markup | None:
        if number >= _MOST_PICTURES:
            return None
        most = one.classes[0]
        return pictures.bars(
            f"balance-{number}-picture",
            f"{one.column}: records by value",
            f"Bars, the longest first: {most.value} {sum(most.records.values()):,}. The table has "
            "all numbers.",
            {each.value: sum(each.records.values()) for each in one.classes},
        )

    def _utility(self) -> Table:
        report = self._report
        counts, risk = report.counts, report.risk
        rows: list[tuple[str, str, str]] = []
        if counts.read:
            kept = (counts.published + counts.erased) / counts.read
            rows.append(
                ("Records kept", words.percent(kept), "of what was read; the rest is in quarantine")
            )
        for change in report.changes:
            if change.characters:
                part = words.percent((change.stand_ins or 0) / change.characters)
                rows.append(
                    (
                        f"{change.column}: stand-ins",
                        part,
                        f"of the characters, in {change.replaced or 0:,} places; all other text is "
                        "as it was written",
                    )
                )
        for change in report.changes:
            if change.lost:
                part = words.percent(change.lost / max(change.values, 1))
                rows.append(
                    (
                        f"{change.column}: values lost",
                        part,
                        f"{change.lost:,} of {change.values:,} values could not be treated or were "
                        "left out as too telling; they are empty",
                    )
                )
        if risk is not None and risk.loss is not None:
            rows.append(
                (
                    "Loss by making coarser",
                    words.percent(risk.loss),
                    "0% is as configured, 100% as good as empty (Iyengar 2002)",
                )
            )
        heads = ("Figure", "Value", "What it means")
        return Table("utility", "What the treatment left of the data", heads, rows)

    def _ordered(self, some: Sequence[_T]) -> list[_T]:
        """In the order of the release's columns."""
        names = [column.name for column in self._report.columns]
        place = {name: number for number, name in reversed(list(enumerate(names)))}
        for number, column in enumerate(self._report.columns):
            if column.nested_in is not None:
                place.setdefault(column.nested_in, number)
        return sorted(some, key=lambda one: place.get(one.column, len(names)))


def _figures(risk: RiskReport) -> Iterator[tuple[str, str, str]]:
    yield "k", str(risk.smallest_class), f"patients in the smallest class; wanted: {risk.k}"
    yield (
        "Records in classes below k",
        _number(risk.below_k),
        f"of {risk.records:,} records of {risk.subjects:,} patients in {risk.classes:,} classes",
    )
    yield (
        "Alone in their class",
        words.percent(risk.sample_uniques),
        "of the patients; nobody else has their values here",
    )
    yield from _attacker("Prosecutor", risk.prosecutor, "knows that a certain patient is in it")
    if risk.journalist is not None:
        yield from _attacker("Journalist", risk.journalist, "does not know who is in it")
    yield (
        "Marketer, average",
        words.percent(risk.marketer),
        "of the patients are picked out by who tries it with all of them",
    )
    if risk.population is not None:
        yield (
            "Unique among all people",
            _number(round(risk.population.uniques)),
            f"of {risk.population.size:,}, estimated ({risk.population.model})",
        )
    for one in risk.sensitive:
        yield (
            f"{one.field}: distinct l · entropy l · t",
            f"{one.distinct_l} · {one.entropy_l:.3g} · {one.t:.3g}",
            "in the worst class: different values, their evenness, distance from the whole",
        )
    if risk.linked is not None:
        yield (
            "Alone by all their records",
            words.percent(risk.linked.alone),
            "of the patients, for who knows the values of several of their visits",
        )
    for coarser in risk.generalised:
        yield f"{coarser.field}: made coarser", coarser.how, "so that the thresholds are met"
    if risk.held_back:
        yield "Held back for it", _number(risk.held_back), "records, so that thresholds are met"


def _attacker(name: str, of: Attacker, who: str) -> Iterator[tuple[str, str, str]]:
    yield (
        f"{name}, highest",
        words.percent(of.highest),
        f"chance of the right record in the worst class, for who {who}",
    )
    yield f"{name}, average", words.percent(of.average), "the same over all patients"
    yield f"{name}, at risk", words.percent(of.at_risk), "of the patients are in classes below k"


def _are(patients: int) -> str:
    return "is 1" if patients == 1 else f"are {patients:,}"


def _odds(epsilon: float) -> str:
    """By what factor a loss may change the odds of a guess."""
    return f"{math.exp(min(epsilon, 700)):,.3g}"


def _scores(tenths: Sequence[int]) -> str:
    """The range of the scores that were given."""
    given = [tenth for tenth, number in enumerate(tenths) if number]
    return f"{given[0] / 10:g}–{(given[-1] + 1) / 10:g}" if given else ""


def _quantile(length: Length, share: float) -> str:
    """Upper end of the band in which so large a share of the records is reached."""
    wanted = share * sum(band.records for band in length.bands)
    reached = 0
    for band in length.bands:
        reached += band.records
        if reached >= wanted:
            return _number(band.most)
    return ""


def _histogram(length: Length) -> dict[str, int]:
    """Records by band; by octave, where there are many bands."""
    if len(length.bands) <= _MOST_BARS:
        return {_band(band.least, band.most): band.records for band in length.bands}
    octaves: Counter[int] = Counter()
    for band in length.bands:
        octaves[band.least.bit_length()] += band.records
    return {
        _band((1 << bits) // 2, max((1 << bits) - 1, 0)): octaves[bits]
        for bits in range(min(octaves), max(octaves) + 1)
    }


def _band(low: int, high: int | None) -> str:
    if high is None:
        return f"{low:,}+"
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _number(number: float) -> str:
    return f"{number:,}"


def _code(text: str) -> Markup:
    """A name as code, which may break after a dot or underscore."""
    parts = Markup("<wbr>").join(re.split(r"(?<=[._])", text))
    return Markup("<code>{}</code>").format(parts)
