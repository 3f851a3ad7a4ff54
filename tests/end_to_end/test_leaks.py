"""No structured identifier of any record is in any byte of a release, nor in what a run says.

Two sets: the sample, whose identifiers ``planted`` lists; and people of this file alone, whose
names and numbers are like nobody's, so that they can be told from stand-ins, written in the texts
in many forms.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq
import pytest

from pipelines import training_set
from pipelines.launch import pipeline
from pipelines.sample import consultations, planted, write
from pipelines.settings import load
from pipelines.zones import RestrictedZone
from transforms.pseudonymise.keys import KeySource

from .support import TWO_PROCESSES, Done, everything_in, holding, texts_of, veilbeam, write_jsonl


class Person(NamedTuple):
    first: str
    last: str
    phone: str
    abroad: str
    email: str
    ident: str
    nhs: str
    street: str
    postcode: str
    city: str
    born: date
    clinician: str
    licence: str


PEOPLE = [
    Person("Zephyrine", "Quackenbush", "07911 446208", "+44 7911 446208",
           "zq.wrothsley@borogove.co.uk", "QKB-774-0213", "4505577104", "17 Wrothsley Fold",
           "LS11 4QZ", "Mimsyborough", date(1911, 8, 29), "Dr Thaddeus Vorpalski", "6114457"),
    Person("Iphigeneia", "Mugglewort-Oyelarin", "(0161) 850-2345", "+44 161 850 2345",
           "iphi_mw.1917@slithytoves.org.uk", "MWO/55120/9", "9434765870", "Flat 3, 208 Gimbal Way",
           "M21 8XW", "Outgrabeton", date(1917, 12, 3), "Dr Bandersnatch Okwuosah", "7220981"),
    Person("Xanthippe", "O'Jabberwock", "020 8123 4567", "0044 20 8123 4567",
           "xantha@tulgeywood.net", "JBW 0099 1827", "6328801931", "The Old Tumtum, Frumious Lane",
           "NW10 7YQ", "Tulgeyham", date(1923, 2, 14), "Dr Callooh Frabjouszek", "5009312"),
    Person("Brillig", "Mömeräthe", "+49 30 901820447", "0049 30 901820447",
           "b.moemeraethe@raths.example.de", "RTH55X2091", "7180332274", "Schnatterratzstraße 48b",
           "10999", "Schnatterratz", date(1926, 5, 31), "Dr. Uffish Käsebier-Snark", "8810056"),
]  # fmt: skip
"""Born so far apart that no one's shifted date is another's own."""


def forms(p: Person) -> list[str]:
    """What is said of a person, each in a sentence."""
    d = p.born
    month = f"{d:%B}"
    name = f"{p.first} {p.last}"
    said = [
        f"My name is {name}.", f"{name.upper()} speaking", f"is this {name.lower()}?",
        f"{p.last}, {p.first}", f"Mrs {p.last} is here", f"Hi {p.first}, how are you?",
        f"that's {p.first}'s chart", f"{p.first[0]}. {p.last} attended", f"({p.last})",
        f"Please call {p.phone}.", f"on {p.abroad} after six", f"or {squeezed(p.phone)}",
        f"{dotted(p.phone)} is the number", f"mail {p.email}", f"<{p.email.upper()}>",
        f"it's {p.email.split('@')[0]} at work", f"Record {p.ident}.", f"ID {squeezed(p.ident)}",
        f"id {p.ident.lower()} noted", f"NHS {p.nhs}", f"{p.nhs[:3]} {p.nhs[3:6]} {p.nhs[6:]}",
        f"{p.nhs[:3]}-{p.nhs[3:6]}-{p.nhs[6:]}", f"I live at {p.street}.", p.street.upper(),
        f"postcode {p.postcode}", f"{squeezed(p.postcode)}, as before", f"here in {p.city}",
        f"DOB {d:%d/%m/%Y}", f"dob {d:%d.%m.%y}", f"born {d.day} {month} {d.year}",
        f"on {month} {d.day}, {d.year}", f"{d:%Y-%m-%d}", f"the {d.day}th of {month} {d.year}",
        f"{d.day}-{d.month}-{d.year}", f"{d.day:02} {month[:3]} {d.year}", f"seen by {p.clinician}",
        f"{p.clinician.split()[-1]} will ring back", f"GMC {p.licence}", f"no. {p.licence}",
    ]  # fmt: skip
    return said


def squeezed(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c == "+")


def dotted(text: str) -> str:
    return ".".join(text.replace("(", "").replace(")", "").replace("-", " ").split())


def secrets(p: Person) -> list[str]:
    """What must be nowhere; whole values, and the parts by which one would know them."""
    d = p.born
    return [
        p.first, *p.last.split("-"), p.phone, p.abroad, squeezed(p.phone), dotted(p.phone),
        squeezed(p.phone)[-7:], p.email, p.email.split("@")[0], p.email.split("@")[1],
        p.ident, squeezed(p.ident), p.nhs, f"{p.nhs[:3]} {p.nhs[3:6]} {p.nhs[6:]}", p.nhs[-6:],
        p.street, p.street.split()[-2] if " " in p.street else p.street,
        *([p.postcode, squeezed(p.postcode)] if " " in p.postcode else []), p.city,
        p.clinician.split()[-1], p.licence,
        f"{d:%d/%m/%Y}", f"{d:%d.%m.%y}", f"{d.day} {d:%B} {d.year}", f"{d:%B} {d.day}, {d.year}",
        f"{d:%Y-%m-%d}", f"{d.day}th of {d:%B} {d.year}", f"{d.day}-{d.month}-{d.year}",
        f"{d.day:02} {d:%b} {d.year}",
    ]  # fmt: skip


def records() -> Iterator[dict[str, Any]]:
    """Each person in some consultations; the talk and note say all that ``forms`` lists."""
    base = list(consultations(len(PEOPLE) * 6, 3))
    for number, record in enumerate(base):
        p = PEOPLE[number % len(PEOPLE)]
        said = forms(p)
        record["patient"] |= {
            "id": p.ident, "name": f"{p.first} {p.last}", "date_of_birth": p.born.isoformat(),
            "nhs_number": p.nhs, "phone": p.phone, "email": p.email, "address": p.street,
            "postcode": p.postcode, "city": p.city,
        }  # fmt: skip
        record["clinician"] = {"name": p.clinician, "licence": p.licence}
        record["turns"] = [
            {"speaker": "patient", "text": text} for text in said[number % 6 :: 6]
        ] + [{"speaker": "clinician", "text": " ".join(said[number % 5 :: 5])}]
        record["note"] = "\n".join(said[number % 3 :: 3])
        yield record


class Leaks(NamedTuple):
    done: Done
    release: Path
    restricted: Path
    found: dict[str, bytes]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Leaks:
    """The people of this file, in worker processes; some records cannot be published."""
    folder = tmp_path_factory.mktemp("own")
    good = list(records())
    leaking = good[0] | {"consultation_id": "VC-1", "specialty": f"for {PEOPLE[0].last}"}
    nobody = good[1] | {"consultation_id": "VC-2", "patient": good[1]["patient"] | {"id": None}}
    twice = good[2]
    (folder / "tmp").mkdir()
    path = write_jsonl(folder / "own.jsonl", [*good, leaking, nobody, twice])
    with path.open("ab") as file:
        file.write(b'{"patient": {"name": "Zephyrine Quackenbush", "phone": "07911 446208"\n')
    done = veilbeam(
        "run", "-c", "telehealth", "-i", path, "--release", folder / "release",
        "--restricted", folder / "restricted", *TWO_PROCESSES, TMPDIR=str(folder / "tmp"),
    )  # fmt: skip
    release = folder / "release"
    return Leaks(done, release, folder / "restricted", everything_in(release))


def test_what_leaks_is_held_back_and_the_rest_is_published(own: Leaks) -> None:
    assert own.done.code == 3, own.done
    assert "28 consultations read: 24 published, 4 quarantined." in own.done.out
    for reason in ("specialty", "subject", "JSON"):
        assert reason in own.done.out


def test_the_search_would_find_a_leak(own: Leaks) -> None:
    """What is published as it is, is found in values, bytes and statistics."""
    rows = pq.read_table(own.release / "records").to_pylist()
    text = rows[0]["turns"][0]["text"]
    assert any("values of" in place for place in holding(text, own.found))
    places = holding("duration_minutes", own.found)
    assert "manifest.json" in places and any("metadata of" in place for place in places)
    assert holding(rows[0]["specialty"], own.found)


@pytest.mark.parametrize("person", PEOPLE, ids=[p.last for p in PEOPLE])
def test_nothing_of_a_person_is_in_any_byte_of_the_release(own: Leaks, person: Person) -> None:
    leaks = {secret: places for secret in secrets(person) if (places := holding(secret, own.found))}
    assert leaks == {}


def test_nothing_of_a_person_is_in_what_the_command_says(own: Leaks) -> None:
    said = {"stdout": own.done.out.encode(), "stderr": own.done.err.encode()}
    for person in PEOPLE:
        assert [s for s in secrets(person) if holding(s, said)] == []


def test_reasons_and_counts_hold_no_value(own: Leaks) -> None:
    """Of what is kept in the restricted zone only the quarantined records themselves are raw."""
    files = [p for p in own.restricted.rglob("*") if p.is_file() and p.suffix != ".parquet"]
    told = {p.name: p.read_bytes() for p in files}
    assert {"outcome.json", "run.log", "key", "ledger.sqlite"} <= set(told)
    for part in own.restricted.rglob("*.parquet"):
        reasons = pq.read_table(part).column("reason").to_pylist()
        told[str(part)] = "\n".join(reasons).encode()
    assert any(name.endswith(".parquet") for name in told)
    for person in PEOPLE:
        assert [s for s in secrets(person) if holding(s, told)] == []


def test_the_quarantine_has_the_record_its_place_and_reason(own: Leaks) -> None:
    rows = [
        r for part in own.restricted.rglob("*.parquet") for r in pq.read_table(part).to_pylist()
    ]
    assert sorted(row["position"] for row in rows) == [25, 26, 27, 28]
    by_line = {row["position"]: row for row in rows}
    assert {row["file"].rpartition("/")[2] for row in rows} == {"own.jsonl"}
    assert by_line[25]["stage"] == "verify"
    assert b"Quackenbush" in by_line[25]["record"]
    assert b"Quackenbush" in by_line[28]["record"]


def test_the_restricted_zone_is_for_its_owner_alone(own: Leaks) -> None:
    assert stat.S_IMODE(own.restricted.stat().st_mode) == 0o700
    raw = [own.restricted / "key", own.restricted / "ledger.sqlite"]
    raw += own.restricted.rglob("*.parquet")
    raw += own.restricted.rglob("run.log")
    assert [str(p) for p in raw if stat.S_IMODE(p.stat().st_mode) != 0o600] == []


def test_no_temporary_file_is_left(own: Leaks) -> None:
    assert list((own.release.parent / "tmp").iterdir()) == []


def test_each_file_and_folder_in_it_is_too(own: Leaks) -> None:
    """As they would be wherever they are moved or copied to."""
    wanted = {path: 0o700 if path.is_dir() else 0o600 for path in own.restricted.rglob("*")}
    assert [
        f"{path.relative_to(own.restricted)}: {stat.S_IMODE(path.stat().st_mode):o}"
        for path, mode in wanted.items()
        if stat.S_IMODE(path.stat().st_mode) != mode
    ] == []


def test_no_identifier_of_the_sample_is_in_any_byte_of_its_release(tmp_path: Path) -> None:
    write(tmp_path / "sample.csv", 150, 23)
    with (tmp_path / "sample.csv").open("a") as file:
        file.write("one ragged row\n")
    done = veilbeam(
        "run", "-c", _for_csv(tmp_path), "-i", tmp_path / "sample.csv",
        "--release", tmp_path / "release", "--restricted", tmp_path / "restricted",
    )  # fmt: skip
    # One of 151 is below the default threshold of one in a hundred: no alarm.
    assert done.code == 0, done
    assert "151 consultations read: 150 published, 1 quarantined." in done.out
    found = everything_in(tmp_path / "release") | {"said": done.text.encode()}
    unique = {"ID", "UK_NHS", "PHONE_NUMBER", "EMAIL_ADDRESS", "STREET_ADDRESS", "LICENCE_NUMBER"}
    values = {v for r in consultations(150, 23) for entity, v in planted(r) if entity in unique}
    assert len(values) > 500
    everything = b"\n".join(found.values())
    suspects = [v for v in values if holding(v, {"all": everything})]
    assert {value: holding(value, found) for value in suspects} == {}


def _for_csv(folder: Path) -> Path:
    """A configuration for the sample as CSV: dotted columns, the talk as one text."""
    fields = {
        "consultation_id": "{role: identifier, entity: ID, treatment: token}",
        "patient.id": "{role: subject}",
        "patient.name": "{role: identifier, entity: PERSON}",
        "patient.date_of_birth": "{role: identifier, entity: DATE_OF_BIRTH, treatment: drop}",
        "patient.nhs_number": "{role: identifier, entity: UK_NHS}",
        "patient.phone": "{role: identifier, entity: PHONE_NUMBER}",
        "patient.email": "{role: identifier, entity: EMAIL_ADDRESS}",
        "patient.address": "{role: identifier, entity: STREET_ADDRESS}",
        "patient.postcode": "{role: quasi, generalise: {prefix: 2}}",
        "patient.city": "{role: identifier, entity: LOCATION}",
        "clinician.name": "{role: identifier, entity: PERSON}",
        "clinician.licence": "{role: identifier, entity: LICENCE_NUMBER}",
        "dialogue": "{role: text}",
        "note": "{role: text}",
        "specialty": "{role: attribute}",
    }
    lines = ["version: 1", "fields:", *(f"  {name}: {how}" for name, how in fields.items())]
    lines.append("detect: {countries: [GB, US, DE, ES]}")
    path = folder / "csv.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_metrics_hold_no_value(tmp_path: Path) -> None:
    """What Beam reports of a pipeline: a runner may show it to anybody."""
    path = write_jsonl(tmp_path / "own.jsonl", list(records()))
    zone = RestrictedZone(tmp_path / "restricted", str(tmp_path / "release"))
    job = training_set.Job(
        settings=load("telehealth"), inputs=[str(path)], input_bytes=1,
        release=str(tmp_path / "release"), restricted=zone, key=KeySource.choose(None, zone.key),
    )  # fmt: skip
    with pipeline(1, []) as root:
        training_set.build(root, job, str(tmp_path / "work"))
    metrics = root.result.metrics().query()
    infos = root.result.monitoring_infos()
    assert infos
    told = {"metrics": repr(metrics).encode(), "infos": repr(list(infos)).encode()}
    assert b"Pseudonymise" in told["infos"]
    for person in PEOPLE:
        assert [s for s in secrets(person) if holding(s, told)] == []


def test_what_is_looked_for_is_in_the_input() -> None:
    """So that the tests above are known to look for what was there."""
    said = {"input": "\n".join(t for r in records() for t in texts_of(r)).encode()}
    raw = {"input": b"\n".join(orjson.dumps(r) for r in records())}
    for person in PEOPLE:
        there = [s for s in secrets(person) if holding(s, said) or holding(s, raw)]
        assert len(there) > 0.9 * len(secrets(person)), set(secrets(person)) - set(there)
