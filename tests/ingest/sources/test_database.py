"""Tables and queries of a real PostgreSQL server and of SQLite files."""

from __future__ import annotations

import pickle
import sqlite3
import tracemalloc

import psycopg
import pytest

from tests.ingest.support import ingest, rows, specs
from tests.postgres import Server
from tests.postgres import postgres as postgres
from transforms.errors import UsageError
from transforms.ingest.check import check_source
from transforms.ingest.databases import PASSWORD, DatabaseError, database_of, held, shown
from transforms.ingest.find import find_files
from transforms.ingest.plan import plan
from transforms.ingest.quarantine import Reject
from transforms.ingest.read import content, read
from transforms.ingest.settings import SourceSettings

FIELDS = specs(
    patient={"role": "subject", "path": "Patient No"},
    note={"role": "text"},
    day={"role": "date", "path": "seen on", "type": "datetime"},
)
SEEN = 5_000


def source(**given) -> SourceSettings:
    return SourceSettings(database=given)


@pytest.fixture(scope="module")
def clinic(postgres: Server) -> Server:
    postgres.execute(
        'CREATE TABLE visits (id integer PRIMARY KEY, "Patient No" text, note text, "seen on" '
        "timestamptz, bp numeric(5,2), tags text[], details jsonb, token uuid, addr inet)",
        f"""INSERT INTO visits SELECT i, lpad((i % 700)::text, 6, '0'), 'note ' || i,
        '2024-03-05 10:15:00+00'::timestamptz + i * interval '1 minute', 120.5, ARRAY['a', 'b'],
        '{{"by": {{"name": "Jane Patel"}}}}', gen_random_uuid(), '10.0.0.1'
        FROM generate_series(1, {SEEN}) i""",
        "CREATE TABLE flat AS SELECT id, note, id / 100 AS ward FROM visits",
        "CREATE TABLE gaps AS SELECT NULLIF(id, 7) AS id, note FROM visits WHERE id < 50",
        "CREATE SCHEMA other",
        "CREATE VIEW other.seen AS SELECT id, note FROM visits WHERE id < 10",
    )
    return postgres


@pytest.fixture
def sqlite(tmp_path):
    path = tmp_path / "clinic.db"
    with sqlite3.connect(path) as db:
        db.execute('CREATE TABLE visits (id INTEGER PRIMARY KEY, "Patient No", note, "seen on")')
        db.executemany(
            "INSERT INTO visits VALUES (?, ?, ?, ?)",
            [(i, f"{i % 700:06}", f"note {i}", "2024-03-05T10:15:00") for i in range(1, SEEN + 1)],
        )
    db.close()
    return path


def all_rows(url: str, settings: SourceSettings):
    return list(rows(url, settings))


def ranges(url: str, settings: SourceSettings):
    (file,) = find_files([url], settings).files
    return list(plan(file, settings))


def test_a_table_of_postgresql_is_read_by_ranges_of_its_primary_key(clinic):
    settings = source(table="visits")
    parts = ranges(clinic.url(), settings)
    assert [(part.start, part.end) for part in parts] == [(0, 2000), (2000, 4000), (4000, SEEN)]
    found = all_rows(clinic.url(), settings)
    assert [row.position for row in found] == list(range(1, SEEN + 1))
    assert [row.record["id"] for row in found] == list(range(1, SEEN + 1))
    first = found[0].record
    assert first["Patient No"] == "000001"
    assert first["seen on"].startswith("2024-03-05T10:16:00+")
    assert float(first["bp"]) == 120.5
    assert (first["tags"], first["details"]["by"]["name"]) == (["a", "b"], "Jane Patel")
    assert (len(first["token"]), first["addr"]) == (36, "10.0.0.1")
    assert found[0].original()


def test_rows_that_share_a_key_are_in_one_range(clinic):
    settings = source(query="SELECT * FROM flat", key="ward")
    parts = ranges(clinic.url(), settings)
    assert len(parts) > 2
    assert all(part.start % 100 in (0, 99) for part in parts)
    found = all_rows(clinic.url(), settings)
    assert sorted(row.record["id"] for row in found) == list(range(1, SEEN + 1))


@pytest.mark.parametrize(
    ("key", "order"),
    [("note", "note"), ('"seen on"', "seen on"), ("bp + id", "k"), ("token", "token")],
)
def test_a_key_may_be_of_any_type_that_can_be_ordered(clinic, key, order):
    query = f"SELECT id, {key} AS k FROM visits;"
    found = all_rows(clinic.url(), source(query=query, key="k"))
    assert sorted(row.record["id"] for row in found) == list(range(1, SEEN + 1))


def test_colons_and_percent_signs_of_a_query_are_the_query_s_own(clinic, sqlite):
    query = "SELECT id, '10:15' AS t, ':x' AS x, 5 % 3 AS m FROM visits WHERE note LIKE 'note 1%'"
    for url, cast in ((clinic.url(), ", id::text AS c"), (f"sqlite:///{sqlite}", "")):
        (row, *_) = all_rows(url, source(query=query.replace(" FROM", f"{cast} FROM"), key="id"))
        assert (row.record["t"], row.record["x"], row.record["m"]) == ("10:15", ":x", 2)


def test_all_ranges_see_one_state_however_much_is_written_meanwhile(clinic):
    settings = source(table="flat", key="id")
    file = database_of(clinic.url(), settings)
    with held(file) as steady:
        parts = list(plan(steady, settings))
        clinic.execute(
            "UPDATE flat SET note = 'changed'", f"INSERT INTO flat VALUES ({SEEN + 1}, 'new', 0)"
        )
        found = [row for part in parts for row in read(part, settings, FIELDS)]
    assert len(found) == SEEN
    assert {row.record["note"][:4] for row in found} == {"note"}
    assert any(row.record["note"] == "changed" for row in all_rows(clinic.url(), settings))
    clinic.execute(f"DELETE FROM flat WHERE id > {SEEN}")
    with pytest.raises(DatabaseError, match="the state that was held is gone"):
        list(read(parts[0], settings, FIELDS))


def test_nothing_can_be_written(clinic, sqlite):
    clinic.execute("CREATE SEQUENCE IF NOT EXISTS numbers")
    for url, query in (
        (clinic.url(), "SELECT nextval('numbers') AS n"),
        (clinic.url(), "SELECT 1 AS n) x; DROP TABLE visits; --"),
        (f"sqlite:///{sqlite}", "SELECT 1 AS n) x; DROP TABLE visits; --"),
    ):
        with pytest.raises(DatabaseError):
            all_rows(url, source(query=query))
    assert len(all_rows(clinic.url(), source(table="visits"))) == SEEN
    assert len(all_rows(f"sqlite:///{sqlite}", source(table="visits"))) == SEEN


def test_a_table_of_sqlite_is_read_by_ranges_and_told_by_its_file_too(sqlite, tmp_path):
    settings = source(table="visits")
    found = all_rows(f"sqlite:///{sqlite}", settings)
    assert [row.record["id"] for row in found] == list(range(1, SEEN + 1))
    assert len(ranges(f"sqlite:///{sqlite}", settings)) == 3
    assert len(all_rows(sqlite, settings)) == SEEN  # as a path, by its content
    assert find_files([str(tmp_path)], settings).taken() == {"database": 1}
    (problem,) = all_rows(sqlite, SourceSettings())
    assert "check source.database" in problem.reason


def test_text_that_is_no_utf_8_goes_to_quarantine(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)")
        db.execute("INSERT INTO t VALUES (1, 'good'), (2, CAST(X'ff41' AS TEXT)), (3, 'good')")
    db.close()
    one, two, three = all_rows(f"sqlite:///{path}", source(table="t"))
    assert (two.position, two.reason) == (2, "not valid utf-8")
    assert (one.record["note"], three.record["note"]) == ("good", "good")


def test_a_row_over_the_limit_goes_to_quarantine(clinic):
    query = "SELECT i, repeat('x', CASE WHEN i = 3 THEN 200000 ELSE 5 END) AS t FROM "
    query += "generate_series(1, 5) i"
    settings = SourceSettings(max_record_bytes=100_000, database={"query": query, "key": "i"})
    found = all_rows(clinic.url(), settings)
    assert [isinstance(row, Reject) for row in found] == [False, False, True, False, False]


def test_large_rows_are_never_held_together(clinic):
    query = "SELECT i, repeat('x', 1000000) AS t FROM generate_series(1, 150) i"
    (part,) = ranges(clinic.url(), source(query=query, key="i"))
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(part, source(query=query, key="i"), FIELDS)) == 150
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_rows_that_come_or_go_between_plan_and_reading_are_an_error(sqlite):
    settings = source(table="visits")
    parts = ranges(f"sqlite:///{sqlite}", settings)
    with sqlite3.connect(sqlite) as db:
        db.execute("DELETE FROM visits WHERE id = 4100")
    db.close()
    assert len(list(read(parts[0], settings, FIELDS))) == 2000
    with pytest.raises(DatabaseError, match="its rows changed while they were read"):
        list(read(parts[-1], settings, FIELDS))


def test_through_the_runner_and_beside_files(clinic, tmp_path):
    (tmp_path / "own.jsonl").write_text('{"Patient No": "7", "note": "x"}\n{"note": "y"}\n')
    settings = SourceSettings(record_id="note", database={"table": "visits"})
    outcome = ingest(tmp_path, [clinic.url(), str(tmp_path / "own.jsonl")], settings, FIELDS)
    assert (outcome.read, len(outcome.records), outcome.reasons) == (
        SEEN + 2,
        SEEN + 1,
        ["no subject"],
    )
    assert outcome.left_out["field", "bp"] > 0


def test_the_digest_of_a_database_is_that_of_its_rows(sqlite):
    settings = source(table="visits")
    (file,) = find_files([f"sqlite:///{sqlite}"], settings).files
    before = b"".join(content(file, settings))
    assert before.count(b"\n") == SEEN
    assert b"".join(content(file, settings)) == before


def message(url: str, **given) -> str:
    with pytest.raises((UsageError, DatabaseError)) as caught:
        check_source([url], source(**given), FIELDS)
    return str(caught.value)


def test_errors_say_what_to_do(clinic, sqlite, tmp_path):
    here, file = clinic.url(), f"sqlite:///{sqlite}"
    assert "It has: flat, gaps, visits" in message(here)
    assert "Did you mean 'visits'" in message(here, table="visit")
    assert "Did you mean 'visits'" in message(file, table="visit")
    assert "there is no table 'nowhere.visits'" in message(here, table="nowhere.visits")
    assert "column 'id' of postgresql://owner@/postgres is NULL in 1 rows of 49" in message(
        here, table="gaps", key="id"
    )
    assert "Did you mean 'note'" in message(here, table="visits", key="notes")
    assert "called 'id': name one by AS" in message(
        here, query="SELECT a.id, b.id FROM visits a JOIN visits b USING (id)"
    )
    assert "the query cannot be run" in message(here, query="SELEC 1")
    assert "the query cannot be run" in message(file, query="SELEC 1")
    assert "there is no such database" in message(clinic.url("nothing"), table="visits")
    assert "No such file" in message(f"sqlite:///{tmp_path}/none.db", table="visits")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("this is no database at all")
    assert "not an SQLite database" in message(f"sqlite:///{tmp_path}/text.db", table="visits")
    assert "cannot be reached" in message("postgresql://u@127.0.0.1:1/x", table="visits")
    assert "pip install 'pymysql'" in message("mysql://u@db.example/x", table="visits")
    with pytest.raises(UsageError, match="a database, but source"):
        find_files([here], SourceSettings(format="csv"))
    with pytest.raises(UsageError, match="given twice"):
        find_files([here, here], source(table="visits"))


def test_another_schema_and_views(clinic):
    assert len(all_rows(clinic.url(), source(table="other.seen"))) == 9


SECRET = "s3cr3t/w@rd"


@pytest.fixture
def guarded(clinic):
    clinic.execute(
        "DROP ROLE IF EXISTS reader",
        f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'",
        "GRANT SELECT ON flat TO reader",
    )
    clinic.allow("local all reader scram-sha-256")
    yield clinic
    clinic.execute("REVOKE ALL ON flat FROM reader", "DROP ROLE reader")


def test_a_password_is_never_shown_and_may_come_from_the_environment(
    guarded, monkeypatch, tmp_path, capfd
):
    quoted = SECRET.replace("/", "%2F").replace("@", "%40")
    bare = guarded.url().replace("owner@", "reader@")
    whole = guarded.url().replace("owner@", f"reader:{quoted}@")
    settings = source(table="flat", key="id")
    said = [message(bare, table="flat")]
    assert f"the password in ${PASSWORD}" in said[0]
    said.append(message(whole.replace(quoted, "wrong"), table="flat"))
    assert "the login was refused" in said[1]
    said.append(message(whole, table="visits"))
    assert "grant SELECT" in said[2]
    said.append(message(whole.replace(quoted, SECRET), table="flat"))
    said.append(shown(whole))
    (file,) = find_files([whole], settings).files
    parts = list(plan(file, settings))
    assert sum(1 for part in parts for _ in read(part, settings, FIELDS)) == SEEN
    said += [repr(file), str(parts)]
    assert pickle.loads(pickle.dumps(parts)) == parts
    monkeypatch.setenv(PASSWORD, SECRET)
    assert len(all_rows(bare, settings)) == SEEN
    monkeypatch.delenv(PASSWORD)
    outcome = ingest(
        tmp_path, [whole], settings, specs(id={"role": "subject"}, note={"role": "text"})
    )
    assert len(outcome.records) == SEEN
    said += [str({row["_file"] for row in outcome.records}), *capfd.readouterr()]
    for text in said:
        assert SECRET not in text
        assert quoted not in text
        assert "s3cr3t" not in text


def test_a_damaged_sqlite_file_ends_the_reading(sqlite):
    data = bytearray(sqlite.read_bytes())
    data[8192:16384] = bytes(8192)
    sqlite.write_bytes(data)
    with pytest.raises(DatabaseError):
        all_rows(f"sqlite:///{sqlite}", source(table="visits"))


def test_a_server_that_is_lost_is_an_error_and_not_an_end(clinic):
    settings = source(table="flat", key="id")
    (part, *_) = ranges(clinic.url(), settings)
    reading = read(part, settings, FIELDS)
    next(reading)
    with psycopg.connect(clinic.url(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND application_name = 'veilbeam'"
        )
    with pytest.raises(DatabaseError, match="was lost"):
        list(reading)
