"""``veilbeam init``: from files that nobody described to a configuration that runs at once."""

import csv
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines import settings as configuration
from pipelines.cli import app
from pipelines.proposal.initialise import initialise
from pipelines.proposal.source import delimiter_of
from tests.end_to_end.support import manifest_of, records_of, texts_of, veilbeam
from tests.ingest.sources import samples
from transforms.errors import UsageError
from transforms.fields import Role

FIRST = "Anna Ben Clara David Emma Felix Greta Hans Ida Jonas Karl Lena Max Nina Otto".split()
LAST = "Quarzberg Nebelthal Trommsdorf Wiesenroth Zachert Ingenhoven Pfützner Lübbesmeyer".split()
STREETS = "Lindenweg Hauptstraße Bachgasse Rosenallee Bergstraße".split()
TOWNS = [("Köln", "50667"), ("Leipzig", "04109"), ("Ulm", "89073"), ("Bremen", "28195")]
NOTES = (
    "{n} klagt seit einer Woche über Kopfschmerzen und Schwindel. Kontrolle in zwei Wochen.",
    "Frau {n} berichtet über Husten und Fieber, erreichbar unter {t}. Krankmeldung bis Freitag.",
    "Sprechstunde mit {v} {n}: Rezept verlängert, keine weiteren Beschwerden.",
)
HEADER = [
    "Lfd. Nr.", "Pat.-Nr.", "Nachname", "Vorname", "Geb.-Datum", "Straße / Hausnr.", "PLZ", "Ort",
    "Tel.", "Geschl.", "Termin", "Dauer (min)", "Gewicht [kg]", "Behandelnder Arzt", "Kanal",
    "Notiz", "Zufriedenheit", "x1", "x2", "Beruf",
]  # fmt: skip


def german_rows(count=150):
    """What a practice's program could export; nobody's data."""
    draw = random.Random(3)
    patients = []
    for i in range(40):
        town = draw.choice(TOWNS)
        patients.append(
            {
                "nr": f"PX-{71000 + i}",
                "v": draw.choice(FIRST),
                "n": draw.choice(LAST),
                "geb": f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{1940 + i}",
                "str": f"{draw.choice(STREETS)} {draw.randint(1, 90)}",
                "ort": town[0],
                "plz": town[1],
                "t": f"0171 {draw.randint(1000000, 9999999)}",
                "g": draw.choice("mw"),
            }
        )
    rows = []
    for i in range(count):
        p = draw.choice(patients)
        when = f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.2024 {draw.randint(8, 17):02}:15"
        rows.append(
            [
                i + 1, p["nr"], p["n"], p["v"], p["geb"], p["str"], p["plz"], p["ort"], p["t"],
                p["g"], when, draw.randint(5, 45), f"{draw.randint(50, 99)},{draw.randint(0, 9)}",
                draw.choice(["Dr. Petra Langhammer", "Dr. Uwe Steinweg"]),
                draw.choice(["Video", "Telefon", "Chat"]), draw.choice(NOTES).format(**p),
                draw.randint(1, 5), f"{draw.choice(FIRST)} {draw.choice(LAST)}",
                draw.choice(["A1", "B2"]), draw.choice(["Lehrerin", "Bäckerin"]),
            ]
        )  # fmt: skip
    return rows


def write_csv(path, header, rows, **how):
    encoding = how.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **how)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def roles_of(made):
    return {path: str(role) for path, role in made.roles.items()}


def field_of(made, path):
    settings = configuration.parse(made.text, "veilbeam.yaml")
    return next(f for f in settings.specs if f.path == path)


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """The command on a German export: semicolons, cp1252, odd names. What it said and wrote."""
    folder = tmp_path_factory.mktemp("practice")
    rows = german_rows()
    source = write_csv(folder / "export.csv", HEADER, rows, delimiter=";", encoding="cp1252")
    config = folder / "mine.yaml"
    said = CliRunner().invoke(app, ["init", "--input", str(source), "--output", str(config)])
    assert said.exit_code == 0, said.output
    return source, config, said.output, rows


@pytest.fixture(scope="module")
def proposed(practice):
    return configuration.load(practice[1])


def test_roles_are_proposed_from_names_and_values(proposed):
    assert {f.path: str(f.role) for f in proposed.specs} == {
        "Lfd. Nr.": "drop",
        "Pat.-Nr.": "subject",
        "Nachname": "identifier",
        "Vorname": "identifier",
        "Geb.-Datum": "identifier",
        "Straße / Hausnr.": "identifier",
        "PLZ": "quasi",
        "Ort": "identifier",
        "Tel.": "identifier",
        "Geschl.": "attribute",
        "Termin": "date",
        "Dauer (min)": "attribute",
        "Gewicht [kg]": "attribute",
        "Behandelnder Arzt": "identifier",
        "Kanal": "attribute",
        "Notiz": "text",
        "Zufriedenheit": "attribute",
        "x1": "identifier",
        "x2": "attribute",
        "Beruf": "drop",
    }
    by_path = {f.path: f for f in proposed.specs}
    assert (by_path["x1"].entity, str(by_path["x1"].treatment)) == ("PERSON", "drop")
    assert by_path["Geb.-Datum"].entity == "DATE_OF_BIRTH"
    assert by_path["PLZ"].generalise.prefix == 2
    assert (str(by_path["Termin"].type), str(by_path["Dauer (min)"].type)) == (
        "datetime",
        "integer",
    )


def test_how_the_file_is_written_and_its_language_are_told(proposed):
    assert (proposed.source.encoding, proposed.source.csv.delimiter) == ("cp1252", ";")
    assert (proposed.detect.language, proposed.detect.countries) == ("de", ("DE",))
    assert proposed.pseudonymise.locale == "de_DE"


def test_each_field_has_its_reason_beside_it(practice):
    lines = practice[1].read_text().split("fields:\n")[1].split("\ndetect:")[0].split("\n")
    names = [i for i, line in enumerate(lines) if line[:3].strip() and not line.startswith("   ")]
    assert len(names) == len(HEADER)
    assert all(lines[i + 1].startswith("    # ") and len(lines[i + 1]) > 20 for i in names)


def test_no_value_is_written_or_said(practice):
    """Neither names, numbers, addresses and dates nor the words of a category."""
    _, config, said, rows = practice
    written = config.read_text() + said
    for row in rows:
        for column in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 17, 19):
            assert str(row[column]) not in written, HEADER[column]
    assert not any(name in written for name in [*LAST, *STREETS, "Langhammer", "Steinweg"])


def test_what_is_written_runs_at_once(practice, tmp_path):
    source, config, _, rows = practice
    release = tmp_path / "release"
    done = veilbeam(
        "run", "--config", config, "--input", source,
        "--release", release, "--restricted", tmp_path / "restricted",
    )  # fmt: skip
    assert done.code == 0, done.text
    assert manifest_of(release)["counts"]["published"] == len(rows)
    texts = " ".join(texts_of(records_of(release).to_pylist()))
    assert not any(row[1] in texts or row[8] in texts for row in rows)
    assert not any(f" {name}" in texts for name in ("Trommsdorf", "Wiesenroth", "Ingenhoven"))


def test_a_file_that_is_there_is_not_written_over(practice):
    source, config, _, _ = practice
    before = config.read_bytes()
    said = CliRunner().invoke(app, ["init", "--input", str(source), "--output", str(config)])
    assert isinstance(said.exception, UsageError)
    assert "--force" in str(said.exception)
    assert config.read_bytes() == before


def test_a_fault_is_told_without_what_it_failed_on(practice, tmp_path, monkeypatch):
    def fail(self, texts):
        raise ValueError(texts[0])

    monkeypatch.setattr("transforms.detect.engine.Detector.detect", fail)
    output = tmp_path / "x.yaml"
    said = CliRunner().invoke(app, ["init", "--input", str(practice[0]), "--output", str(output)])
    assert str(said.exception).startswith("init failed (ValueError)")
    assert said.exception.__suppress_context__
    assert not output.exists()


UNSURE = ["ref", "x1", "x2", "x3", "patient_satisfaction", "age", "edad", "notes", "when"]


def unsure_rows(count=120):
    draw = random.Random(5)
    for i in range(count):
        yield [
            f"R{900000 + i}", f"0{7700900000 + i}", draw.randint(1, 10**6), draw.random(),
            draw.randint(1, 5), f"19{draw.randint(40, 99)}-01-07", draw.randint(20, 95),
            f"Better since last week, take it {i} times more and rest at home.",
            f"2024-03-{i % 9 + 1:02}",
        ]  # fmt: skip


def test_what_it_is_not_sure_of_is_dropped_and_each_record_is_a_person(tmp_path):
    made = initialise([str(write_csv(tmp_path / "a.csv", UNSURE, unsure_rows()))], tmp_path)
    roles = roles_of(made)
    assert roles["patient_satisfaction"] == "attribute"  # a patient's, but no patient
    assert roles["age"] == "identifier" and field_of(made, "age").entity == "DATE_OF_BIRTH"
    assert (roles["edad"], roles["notes"], roles["when"]) == ("quasi", "text", "date")
    assert (roles["x1"], field_of(made, "x1").entity) == ("identifier", "PHONE_NUMBER")
    assert roles["x3"] == "drop"
    # Nobody's number is in it.
    assert roles["ref"] == "subject"
    assert "No field tells one patient from another" in made.text
    assert any("Each record counts as a person" in remark for remark in made.remarks)


def test_a_patients_name_is_the_subject_where_no_number_is(tmp_path):
    draw = random.Random(2)
    rows = [
        [f"{draw.choice(FIRST)} {draw.choice(LAST)}", draw.randint(20, 80), "video"]
        for _ in range(60)
    ]
    made = initialise(
        [str(write_csv(tmp_path / "a.csv", ["Patient Name", "age", "channel"], rows))], tmp_path
    )
    subject = field_of(made, "Patient Name")
    assert (subject.role, subject.entity) == (Role.SUBJECT, "PERSON")


def test_a_table_without_anything_that_tells_records_apart_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["age", "sex"], [[40 + i % 5, "f"] for i in range(30)])
    with pytest.raises(UsageError, match="call it patient_id"):
        initialise([str(path)], tmp_path)


def test_a_table_without_names_of_columns_is_refused_and_not_quoted(tmp_path):
    rows = [[f"p{i % 9}", f"{FIRST[i % 9]} {LAST[i % 8]}", f"{i}@mail.example"] for i in range(40)]
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:])
    with pytest.raises(UsageError, match="first row") as problem:
        initialise([str(path)], tmp_path)
    assert LAST[0] not in str(problem.value)


def test_keys_that_are_data_are_not_named(tmp_path):
    lines = [
        {"patient_id": f"p{i % 10}", "note": "a b c d e f", f"jo{i}@mail.example": 1}
        for i in range(30)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    made = initialise([str(path)], tmp_path)
    assert "@" not in made.text
    assert any("names of fields look like data" in remark for remark in made.remarks)


def test_keys_that_nearly_each_record_has_anew_are_not_named(tmp_path):
    lines = [
        {"patient_id": f"p{i % 10}", "by": {f"{LAST[i % 8]}{'abcdefgh'[i // 8]}": {"n": i}}}
        for i in range(64)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    made = initialise([str(path)], tmp_path)
    assert not any(name in made.text for name in LAST)
    assert roles_of(made) == {"patient_id": "subject"}


def test_nested_parquet_is_described_by_its_paths(tmp_path):
    table = pa.Table.from_pylist(
        [
            {
                "visit": {"id": f"V{70000 + i}", "patient": f"P{i % 12 + 500}"},
                "turns": [{"speaker": "doctor", "text": f"How is it after {i} days of rest now?"}],
            }
            for i in range(40)
        ]
    )
    pq.write_table(table, tmp_path / "a.parquet")
    made = initialise([str(tmp_path / "a.parquet")], tmp_path)
    assert roles_of(made) == {
        "visit.id": "identifier",
        "visit.patient": "subject",
        "turns[].speaker": "attribute",
        "turns[].text": "text",
    }
    assert configuration.parse(made.text, "x").source.record_id == "visit_id"


def test_transcripts_and_chats_get_the_preset_with_the_fields_they_have(tmp_path):
    for name in ("GMT20240305-101500_Recording.transcript.vtt", "WhatsApp Chat with Sam Lee.txt"):
        content = samples.ALL.get(name, samples.WHATSAPP_ANDROID)
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name).write_bytes(data)
    made = initialise([str(tmp_path)], tmp_path / "x.yaml")
    settings = configuration.parse(made.text, "x.yaml")
    assert settings.source.records == "consultation"
    assert {"turns[].text", "turns[].speaker", "started_at"} <= set(made.roles)
    assert "billing[].code" not in made.roles
    assert "Sam Lee" not in made.text and "Patel" not in made.text
    # The preset's own comments are there.
    assert "What is found in it is replaced." in made.text


def test_where_nobody_is_told_to_be_the_patient_each_consultation_is_a_person(tmp_path):
    (tmp_path / "a.vtt").write_text(samples.WEBEX_VTT)
    made = initialise([str(tmp_path)], tmp_path / "x.yaml")
    assert made.roles["id"] is Role.SUBJECT
    assert "patient.id" not in made.roles
    assert any("staff" in remark for remark in made.remarks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", (",", 2)),
        ("a;b;c\n1,5;2;3\n", (";", 3)),
        ("a\tb\n1\t2\n", ("\t", 2)),
        ('a|b\n"x|y, z"|2\n', ("|", 2)),
        ("one\n1\n", (",", 1)),
        ('a;b\n"x\n;y";2\n3;4\ncut', (";", 2)),
    ],
)
def test_the_delimiter_is_told_by_even_rows(text, expected):
    assert delimiter_of(text) == expected
