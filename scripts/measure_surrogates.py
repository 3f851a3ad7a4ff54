"""Measure what surrogates keep: who is who, what a text is good for, intervals, and at what cost.

    python scripts/measure_surrogates.py consistency [--subjects 10000]
    python scripts/measure_surrogates.py utility [--records 3000] [--fhir ../shared/data/fhir-bulk]
    python scripts/measure_surrogates.py show [--check]

``utility`` measures intervals and cost in the same pass. All in one process; the figures stand in
``docs/pseudonyms.md``.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa
import typer
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines import sample, sample_people
from pipelines.settings import Settings, load
from transforms.batches import Batch
from transforms.detect.batch import Detected, detect_batch
from transforms.detect.engine import Detector
from transforms.detect.spans import Span
from transforms.fields import FieldSettings, FieldSpec, Role, source_schema, subject_of
from transforms.ingest.transform import Ingest
from transforms.pseudonymise import diminutives, slips
from transforms.pseudonymise.batch import Treated, treat
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.lexicon import fold
from transforms.pseudonymise.people import culture_of, home_of
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings

ROOT = Path(__file__).resolve().parent.parent
KEY = RootKey(b"a key for measurements, no more!")
_SEED = 20_261
app = typer.Typer(add_completion=False, help=__doc__)


# Who is who

VISITS = 5
_FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "id": {"role": "subject"},
        "name": {"role": "identifier", "entity": "PERSON"},
        "clinician": {"role": "identifier", "entity": "PERSON"},
        "day": {"role": "date", "type": "date"},
        "note": {"role": "text"},
    }.items()
]


class Person(NamedTuple):
    """A person by given and family name."""

    given: str
    family: str


def _full(who: Person) -> str:
    return f"{who.given} {who.family}"


_FORMS = {
    "full": _full,
    "surname first": lambda who: f"{who.family}, {who.given}",
    "title": lambda who: f"Mr {who.family}",
    "initials": lambda who: f"{who.given[0]}. {who.family}",
    "given": lambda who: who.given,
    "family": lambda who: who.family,
    "capitals": lambda who: _full(who).upper(),
    "lower case": lambda who: _full(who).lower(),
    "possessive": lambda who: f"{_full(who)}'s",
}
"""How a person is written; what a surrogate person is called is asked of the same functions."""


_NEEDS_A_NAME = ("initials", "misspelt")
"""Forms that say who it is only beside the name itself: in a field, or before in the same note."""


class Mention(NamedTuple):
    """A place in a note: who it is, in which form, as it was written."""

    who: Person
    form: str
    text: str


def mention(rng: Random, who: Person, home: str) -> Mention:
    """A person in one of the forms, sometimes by a short form or misspelt."""
    drawn = rng.random()
    usual = [
        short for short in diminutives.shorts(fold(who.given), home)
        if diminutives.formal(fold(short), home) == fold(who.given)
    ]  # fmt: skip
    if drawn < 0.08 and usual:
        return Mention(who, "short", rng.choice(usual))
    if drawn < 0.12 and len(who.family) > slips.SHORTEST and who.family.isalpha():
        place = rng.randrange(1, len(who.family) - 1)
        wrong = who.family[:place] + who.family[place + 1] + who.family[place]
        wrong += who.family[place + 2 :]
        if wrong != who.family:
            return Mention(who, "misspelt", f"Mr {wrong}")
    form = rng.choice([*_FORMS])
    return Mention(who, form, _FORMS[form](who))


def is_form_of(said: Mention, new: str, who: Person) -> bool:
    """Whether ``new`` names the surrogate person ``who`` as the mention named the real one."""
    if said.form == "short":
        shorts = {s for c in ("English", "German", "Spanish") for s in
                  diminutives.shorts(fold(who.given), c)}  # fmt: skip
        return new == who.given or new in shorts
    if said.form == "misspelt":
        family = new.removeprefix("Mr ")
        return family == who.family or slips.slip_between(who.family, family) is not None
    return new == _FORMS[said.form](who)


class Cast(NamedTuple):
    """The people of one subject's records."""

    subject: Person
    relative: Person
    """Of the same family name."""
    neighbour: Person
    """In no field."""


def casts(count: int, country: str) -> Iterator[tuple[Cast, list[Person]]]:
    """``count`` casts, with the clinicians of each visit: names as those of ``veilbeam sample``,
    and one in twenty that stands on no list."""
    rng = Random(_SEED)
    locales, weights = sample_people._LOCALES[country]

    def name(family: str | None = None) -> Person:
        names = sample_people.names_of(rng.choices(locales, weights)[0])
        given = rng.choice(names.female if rng.random() < 0.5 else names.male)
        last = family or rng.choice(names.last)
        if rng.random() < 0.05:
            given = _made_up(rng, given)
        if family is None and rng.random() < 0.05:
            last = _made_up(rng, last)
        return Person(given, last)

    clinicians = [name() for _ in range(300)]
    for _ in range(count):
        subject = name()
        relative = name(subject.family)
        # Of two of one family name and initial nobody can tell whose "J. Smith" is.
        while relative.given[0] == subject.given[0]:
            relative = name(subject.family)
        yield Cast(subject, relative, name()), rng.choices(clinicians, k=VISITS)


def _made_up(rng: Random, name: str) -> str:
    letters = [c for c in name if c.isalpha()]
    rng.shuffle(letters)
    return "".join(letters).capitalize()


@app.command()
def consistency(subjects: int = 10_000, locale: str = "en_GB", failures: bool = False) -> None:
    """How often all mentions of one person name one surrogate person, and those of two name two."""
    rng = Random(_SEED + 1)
    home = home_of(locale)
    stage = Pseudonymiser(KEY, PseudonymiseSettings(locale=locale), _FIELDS)
    found: dict[tuple[int, Person], list[tuple[int, Mention, str]]] = defaultdict(list)
    clinicians: dict[Person, list[tuple[int, Mention, str]]] = defaultdict(list)
    began = time.process_time()
    for number, (cast, doctors) in enumerate(casts(subjects, locale[3:])):
        rows, spans, said = [], [], []
        for visit, doctor in enumerate(doctors):
            people = [cast.subject, cast.subject, cast.relative, cast.neighbour, doctor]
            mentions = []
            for who in people:
                one = mention(rng, who, home)
                in_fields = who in (cast.subject, doctor)
                if one.form in _NEEDS_A_NAME and not in_fields:
                    mentions.append(Mention(who, "full", _full(who)))
                mentions.append(one)
            text, places = "", []
            for one in mentions:
                text += " Seen with " if text else "Seen: "
                places.append(Span(len(text), len(text) + len(one.text), "PERSON", 1.0, "x"))
                text += one.text
            rows.append({
                "id": str(number), "name": _full(cast.subject), "clinician": f"Dr {_full(doctor)}",
                "day": str(date(2024, 1, 1) + timedelta(days=30 * visit)), "note": text,
            })  # fmt: skip
            spans.append(places)
            said.append(mentions)
        schema = source_schema(_FIELDS)
        batch = pa.RecordBatch.from_pylist(
            [{name: row.get(name) for name in schema.names} for row in rows], schema
        )
        treated = treat(stage, Detected(batch, {"note": spans}, Counter()), "id")
        notes = treated.published.column("note").to_pylist()
        for visit, (note, places, mentions) in enumerate(
            zip(notes, treated.places["note"], said, strict=True)
        ):
            for one, (start, end) in zip(mentions, places, strict=True):
                of = clinicians[one.who] if one.who == doctors[visit] else found[number, one.who]
                of.append((visit, one, note[start:end]))
    seconds = time.process_time() - began

    right, mapped = Counter[str](), {}
    total = Counter[str]()
    for who, many in found.items():
        surrogate = _named_most(many)
        mapped[who] = surrogate
        for _, one, new in many:
            total[one.form] += 1
            right[one.form] += surrogate is not None and is_form_of(one, new, surrogate)
    print(f"{subjects:,} subjects, {subjects * VISITS:,} records, {total.total():,} mentions")
    print(f"{seconds / subjects / VISITS * 1e3:.2f} ms a record")
    print(f"one person, one surrogate: {right.total() / total.total():.3%} of mentions")
    if failures:
        for who, many in list(found.items()):
            surrogate = _named_most(many)
            for _, one, new in many:
                if surrogate is None or not is_form_of(one, new, surrogate):
                    print("    ", who[1], one.form, one.text, "->", new, "not", surrogate)
    for form in total:
        print(f"  {form:14} {right[form] / total[form]:.3%} of {total[form]:,}")
    doctors_total = sum(map(len, clinicians.values()))
    doctors_right = sum(
        surrogate is not None and is_form_of(one, new, surrogate)
        for many in clinicians.values()
        for surrogate in [_named_most(many)]
        for _, one, new in many
    )
    print(
        f"clinicians, over all subjects: {doctors_right / doctors_total:.3%} of {doctors_total:,}"
    )
    _collisions(mapped, home)


def _named_most(many: Sequence[tuple[int, Mention, str]]) -> Person | None:
    """The surrogate person that most of the mentions name: the names most often said of them."""
    given, family = Counter[str](), Counter[str]()
    for _, one, new in many:
        said = new.removesuffix("'s").removeprefix("Mr ")
        if one.form == "surname first":
            last, first = said.split(", ")
        elif one.form in ("title", "family", "initials"):
            first, last = "", said.removeprefix(said[0] + ". ") if one.form == "initials" else said
        elif one.form == "given":
            first, last = said, ""
        elif one.form in ("full", "possessive", "capitals", "lower case"):
            words = said.split() if one.form in ("full", "possessive") else said.title().split()
            count = len(one.who.given.split())
            first, last = " ".join(words[:count]), " ".join(words[count:])
        else:
            continue
        given.update([first] if first else [])
        family.update([last] if last else [])
    if not given and not family:
        return None
    return Person(*(names.most_common(1)[0][0] if names else "?" for names in (given, family)))


def _collisions(mapped: Mapping[tuple[int, Person], Person | None], home: str) -> None:
    """What share of pairs of people with two names has one surrogate's name."""
    pairs = same = 0
    by_subject: dict[int, list[tuple[Person, Person]]] = defaultdict(list)
    people: dict[Person, Person] = {}
    for (number, who), new in mapped.items():
        if new is not None and "?" not in new:
            by_subject[number].append((who, new))
            people[who] = new
    for own in by_subject.values():
        for i, (who, new) in enumerate(own):
            for other, another in own[:i]:
                pairs += who != other
                same += who != other and new == another
    print(f"two people of one subject's records, one surrogate: {same:,} of {pairs:,} pairs")
    count, shared = len(people), Counter(people.values())
    same = sum(n * (n - 1) // 2 for n in shared.values())
    alike = sum(n for n in shared.values() if n > 1)
    pairs = count * (count - 1) // 2
    print(
        f"two people of the run, one surrogate: {same:,} of {pairs:,} pairs ({same / pairs:.7%}); "
        f"{alike / count:.2%} of {count:,} names share theirs with another"
    )
    real = set(people)
    hits = sum(new in real for new in people.values())
    # By chance: given and family names of the surrogates of one culture, put together at random.
    alike_by: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for who, new in people.items():
        names = (who.given.split()[0], who.family.split()[-1])
        alike_by[tuple(culture_of(fold(name), home) for name in names)].append(new)
    rng = np.random.default_rng(_SEED)
    rounds = [
        sum(
            Person(new.given, group[j].family) in real
            for group in alike_by.values()
            for new, j in zip(group, rng.permutation(len(group)), strict=True)
        )
        for _ in range(20)
    ]
    low, high = np.percentile(rounds, [2.5, 97.5])
    print(
        f"surrogate full names that are real ones of the run: {hits:,} of {count:,}; by chance "
        f"{np.mean(rounds):.1f} (95% of draws: {low:.0f} to {high:.0f})"
    )


# What a text is good for

_SPLITS = 20


class Pass(NamedTuple):
    """Batches before and after, and the seconds that each stage took."""

    treated: list[Treated]
    detecting: float
    pseudonymising: float


def run(settings: Settings, batches: Sequence[pa.RecordBatch]) -> Pass:
    """Detect and pseudonymise, in this process."""
    fields = settings.specs
    detector, stage = Detector(settings.detect), Pseudonymiser(KEY, settings.pseudonymise, fields)
    subject = subject_of(fields).name
    # What is loaded once is no cost of a record.
    treat(stage, detect_batch(detector, batches[0].slice(0, 20), fields), subject)
    treated: list[Treated] = []
    detecting = pseudonymising = 0.0
    for batch in batches:
        start = time.process_time()
        detected = detect_batch(detector, batch, fields)
        middle = time.process_time()
        treated.append(treat(stage, detected, subject))
        detecting += middle - start
        pseudonymising += time.process_time() - middle
    return Pass(treated, detecting, pseudonymising)


class _Keep(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def process(self, batch: Batch) -> Iterator[None]:
        path = self._folder / f"{time.monotonic_ns()}.arrow"
        with (
            pa.OSFile(str(path), "wb") as sink,
            pa.ipc.new_stream(sink, batch.data.schema) as writer,
        ):
            writer.write_batch(batch.data)
        yield None


def ingested(settings: Settings, patterns: Sequence[str]) -> list[pa.RecordBatch]:
    """What ingest makes of files."""
    with tempfile.TemporaryDirectory() as folder:
        with beam.Pipeline(runner=FnApiRunner()) as root:
            batches = (root | Ingest(patterns, settings.source, settings.specs)).batches
            batches | beam.ParDo(_Keep(folder))
        found = []
        for path in sorted(Path(folder).iterdir()):
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                found += [batch for batch in reader if batch.num_rows]
    return found


def texts_of(batch: pa.RecordBatch, fields: Sequence[FieldSpec]) -> list[str]:
    """The texts of each record as one."""
    columns = [batch.column(f.name).to_pylist() for f in fields if f.role is Role.TEXT]
    return [
        "\n".join(
            item
            for value in row
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        )
        for row in zip(*columns, strict=True)
    ]


def f1_of(texts: Sequence[str], labels: np.ndarray, test: np.ndarray) -> float:
    """Macro-F1 on ``test`` of TF-IDF and logistic regression that learned from the rest; ``labels``
    are classes, or a column of 0 and 1 for each."""
    vectors = TfidfVectorizer(sublinear_tf=True)
    kind = LogisticRegression(max_iter=1_000, C=10, class_weight="balanced")
    model = OneVsRestClassifier(kind) if labels.ndim == 2 else kind
    model.fit(vectors.fit_transform([t for t, own in zip(texts, test, strict=True) if not own]),
              labels[~test])  # fmt: skip
    told = model.predict(vectors.transform([t for t, own in zip(texts, test, strict=True) if own]))
    return float(f1_score(labels[test], told, average="macro", zero_division=0))


def _compare(
    what: str, done: Pass, settings: Settings, labels: np.ndarray, by: str, learn: float = 0.7
) -> None:
    before = [t for one in done.treated for t in texts_of(one.source, settings.specs)]
    after = [t for one in done.treated for t in texts_of(one.published, settings.specs)]
    groups = [v for one in done.treated for v in one.source.column(by).to_pylist()]
    losses, sources = [], []
    for seed in range(_SPLITS):
        rng = Random(f"{_SEED} {seed}")
        drawn = {group: rng.random() >= learn for group in sorted(set(groups))}
        test = np.array([drawn[group] for group in groups])
        sources.append(f1_of(before, labels, test))
        losses.append(100 * (sources[-1] - f1_of(after, labels, test)))
    margin = 1.96 * np.std(losses, ddof=1) / len(losses) ** 0.5
    print(
        f"{what}, macro-F1 over {_SPLITS} splits: source {np.mean(sources):.3f}, lost "
        f"{np.mean(losses):+.2f} points (95%: {np.mean(losses) - margin:+.2f} to "
        f"{np.mean(losses) + margin:+.2f})"
    )


def _intervals(done: Pass, field: str, subject: str) -> None:
    pairs = kept = 0
    before, after = defaultdict(list), defaultdict(list)
    for one in done.treated:
        for who, old, new in zip(
            *(one.source.column(n).to_pylist() for n in (subject, field)),
            one.published.column(field).to_pylist(),
            strict=True,
        ):
            before[who].append(datetime.fromisoformat(old))
            after[who].append(datetime.fromisoformat(new))
    for who, days in before.items():
        for i in range(1, len(days)):
            pairs += 1
            kept += days[i] - days[0] == after[who][i] - after[who][0]
    print(f"intervals between a subject's {field}: {kept:,} of {pairs:,} kept exactly")


def _cost(done: Pass) -> None:
    share = done.pseudonymising / done.detecting
    records = sum(one.source.num_rows for one in done.treated)
    print(
        f"{records:,} records: detection {1e3 * done.detecting / records:.2f} ms, pseudonymising "
        f"{1e3 * done.pseudonymising / records:.2f} ms a record: {share:.1%} of detection"
    )


@app.command()
def utility(
    records: int = 3_000,
    fhir: Annotated[Path | None, typer.Option(help="FHIR bulk export of the second task")] = None,
    config: Path = ROOT / "configs" / "telehealth.yaml",
) -> None:
    """What classifiers lose on a release, whether intervals are kept, and what it costs."""
    settings = load(config)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.jsonl"
        sample.write(path, records, _SEED)
        done = run(settings, ingested(settings, [str(path)]))
    labels = np.array(
        [v for one in done.treated for v in one.source.column("specialty").to_pylist()]
    )
    _compare("specialty from text", done, settings, labels, "patient_id")
    # With so much to learn from nothing is missed: what little there is to learn tells more.
    _compare("the same, 2% to learn from", done, settings, labels, "patient_id", learn=0.02)
    _intervals(done, "started_at", "patient_id")
    _cost(done)
    if fhir is not None:
        _fhir(fhir)


def _fhir(folder: Path) -> None:
    settings = load(ROOT / "configs" / "fhir.yaml")
    done = run(settings, ingested(settings, [str(folder)]))
    diagnosed: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.glob("Condition*.ndjson")):
        for line in file.read_text().splitlines():
            one = json.loads(line)
            encounter = one["encounter"]["reference"].rpartition("/")[2]
            diagnosed[encounter].add(one["code"]["coding"][0]["display"])
    names = [
        name for name, n in Counter(n for s in diagnosed.values() for n in s).most_common(15)
        if n >= 8
    ]  # fmt: skip
    ids = [v for one in done.treated for v in one.source.column("consultation_id").to_pylist()]
    labels = np.array([[name in diagnosed[one] for name in names] for one in ids], dtype=int)
    what = f"{len(names)} conditions of {len(ids):,} FHIR encounters from notes"
    _compare(what, done, settings, labels, "consultation_id")
    _intervals(done, "started_at", "patient_id")
    _cost(done)


PAGE = ROOT / "docs" / "pseudonyms-sample.md"
_INTRODUCTION = """\
# Five consultations before and after

From `samples/consultations.jsonl` (nobody in it exists) with `configs/telehealth.yaml`. This page
is written by

    python scripts/measure_surrogates.py show

Lines that changed are in bold. The texts alone: fields are treated beside them, and agree. Ages
are bands by choice, so that they contradict no date of birth: "a 39-year-old" is "a
30-39-year-old", and "I'm 39" is "I'm between 30 and 39".
"""


def page(numbers: Sequence[int], config: Path) -> str:
    """Consultations of ``samples/consultations.jsonl`` before and after, as a page in Markdown."""
    settings = load(config)
    lines = (ROOT / "samples" / "consultations.jsonl").read_text().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.jsonl"
        path.write_text("\n".join(lines[number - 1] for number in numbers))
        done = run(settings, ingested(settings, [str(path)]))
    (one,) = done.treated
    texts = (texts_of(batch, settings.specs) for batch in (one.source, one.published))
    out = [_INTRODUCTION]
    for number, before, after in zip(numbers, *texts, strict=True):
        out.append(f"\n## Consultation {number}\n\n| before | after |\n| --- | --- |\n")
        for old, new in zip(before.split("\n"), after.split("\n"), strict=True):
            out.append(f"| {old} | {new if old == new else f'**{new}**'} |\n")
    return "".join(out)


@app.command()
def show(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="which of the sample's consultations")
    ] = None,
    config: Path = ROOT / "configs" / "telehealth.yaml",
    check: Annotated[bool, typer.Option(help="write nothing: does the page still hold?")] = False,
) -> None:
    """Write ``docs/pseudonyms-sample.md``."""
    new = page(numbers or (3, 4, 7, 8, 9), config)
    if check and new != PAGE.read_text(encoding="utf-8"):
        print(f"{PAGE.name} is not what the code makes now: run it without --check")
        raise typer.Exit(1)
    if not check:
        PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    app()
