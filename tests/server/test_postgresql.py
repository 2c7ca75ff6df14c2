"""A server whose rows are in PostgreSQL is the same server: one at a time, no row lost, none seen half."""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from typer.testing import CliRunner

from tests.databases import make_schema
from tests.server.conftest import Caller
from tests.server.test_project_copies import tree
from wandql.api.local import connect
from wandql.cli.commands import app
from wandql.errors import DataDirectoryError, UsageError
from wandql.server import Application, open_application, tables
from wandql.server.enrolment import enrol_user
from wandql.server.limits import refusal_of
from wandql.server.projects.exports import export_project
from wandql.server.projects.imports import import_project
from wandql.server.store import Store, add
from wandql.testing import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

COUNT = 'query ($filters: JSONString) { project(name: "p") { runCount(filters: $filters) } }'


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server be refused at once."""
    monkeypatch.setattr("wandql.server.databases.postgresql.HANDOVER", "50ms")


@pytest.fixture
def url(postgresql: str, request: pytest.FixtureRequest) -> str:
    """The URL of a schema of the test's own."""
    name = f"w{hashlib.md5(request.node.nodeid.encode()).hexdigest()}"
    return f"{make_schema(postgresql, name)}&application_name={name}"


@pytest.fixture
def moved(url: str, tmp_path: Path) -> Iterator[Application]:
    with open_application(tmp_path / "server", database=url, entity="alice") as opened:
        yield opened


@pytest.fixture
def asking(moved: Application) -> Caller:
    return Caller(moved, moved.api_key)


def count(caller: Caller, **filters: object) -> int:
    return caller.ask(COUNT, filters=json.dumps(filters))["project"]["runCount"]


def end_connections(url: str) -> None:
    """End every other connection of the test to the database, as its restart does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
        )


def test_a_second_server_on_the_same_database_is_refused(moved: Application, url: str, tmp_path: Path):
    with pytest.raises(DataDirectoryError, match="is in use by another server"):
        open_application(tmp_path / "other", database=url)
    moved.close()
    open_application(tmp_path / "other", database=url).close()


def test_a_command_writes_beside_the_server(asking: Caller, url: str, tmp_path: Path):
    key = enrol_user(tmp_path / "server", "ben", api_key=None, admin=False, email="ben@example.org", database=url)
    ben = Caller(asking.application, key)
    assert ben.ask("{ viewer { username email } }")["viewer"] == {"username": "ben", "email": "ben@example.org"}


def test_commands_find_the_database_by_the_environment(url: str, tmp_path: Path):
    def invoke(*arguments: str, database: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)], env={"WANDQL_DATABASE": database})

    added = invoke("users", "add", "ben", database=url)
    assert added.exit_code == 0, added.output
    with open_application(tmp_path, database=url, entity="alice") as opened:
        ben = Caller(opened, added.output.strip().partition("key=")[2])
        assert ben.ask("{ viewer { username } }")["viewer"] == {"username": "ben"}
        ben.upsert("run")
    exported = invoke("export", "ben/p", str(tmp_path / "out"), database=url)
    assert "runs=1" in exported.output
    imported = invoke("import", str(tmp_path / "out"), "--project", "q", database=url)
    assert "project=ben/q runs=1" in imported.output
    away = invoke("users", "add", "ben", database="postgresql://anna:tiger@127.0.0.1:1/x")
    assert (away.exit_code, "cannot be used" in away.output, "tiger" in away.output) == (1, True, False)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://anna:tiger@127.0.0.1:1/wandql", "postgresql://anna:***@127.0.0.1:1/wandql cannot be used"),
        ("mysql://anna:tiger@localhost/wandql", "begins with mysql://"),
        ("postgresql://anna:ti/ger@x:tiger/wandql", "cannot be read"),
        ("tiger", "cannot be read"),
    ],
)
def test_an_address_that_is_of_no_use_says_why_and_never_the_password(address: str, words: str, tmp_path: Path):
    with pytest.raises(DataDirectoryError) as caught:
        open_application(tmp_path / "data", database=address)
    assert words in str(caught.value)
    assert "tiger" not in str(caught.value)
    assert not (tmp_path / "data" / "wandql.db").exists()


def test_a_missing_driver_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"pip install 'wandql\[postgres\]'"):
        open_application(tmp_path / "data", database="postgresql://localhost/wandql")


def test_a_reader_sees_one_state_to_the_end(url: str, tmp_path: Path):
    names = select(tables.entities.c.name)
    with closing(Store(tmp_path, database=url)) as store, store.read() as connection:
        assert connection.execute(names).all() == []
        with store.write() as writing:
            add(writing, tables.entities, {"name": "later", "is_team": False, "created_at": 1})
        assert connection.execute(names).all() == []
        with pytest.raises(DBAPIError, match="read-only"):
            connection.execute(insert(tables.entities).values(name="no", is_team=False, created_at=1))


def test_a_key_is_given_once(url: str, tmp_path: Path):
    def make(name: str) -> int:
        with store.write() as connection:
            return add(connection, tables.entities, {"name": name, "is_team": False, "created_at": 1})

    with closing(Store(tmp_path, database=url)) as store:
        first = make("a")
        with store.write() as connection:
            connection.execute(tables.entities.delete())
        assert make("b") > first


def test_what_jsonb_and_text_lack_harms_no_run(asking: Caller):
    config = '{"x": {"value": "a\\u0000b"}, "y": {"value": NaN}, "z": {"value": 1e999999}}'
    asking.upsert("run", config=config)
    asking.upsert("other", config='{"x": {"value": "a\\u0000b"}, "y": {"value": 1}}', notes="a\0b")
    asking.stream(files={"output.log": {"offset": 0, "content": ["a\0b\n"]}}, name="other")
    assert asking.run("config")["config"] == config
    assert asking.run("notes", name="other")["notes"] == "a\ufffdb"
    assert count(asking, **{"config.x": "a\0b"}) >= 1
    assert count(asking, **{"config.y": {"$gte": 1}}) == 1


def test_a_pattern_that_postgresql_cannot_read_is_refused(asking: Caller):
    asking.upsert("run", displayName="Baseline")
    assert count(asking, display_name={"$regex": "(?i)^base"}) == 1
    status, message = asking.refused(COUNT, filters='{"display_name": {"$regex": "(?P<name>a)"}}')
    assert (status, "cannot read this pattern" in message) == (400, True)


def test_the_server_goes_on_after_the_database_was_away(asking: Caller, url: str):
    asking.upsert("before")
    end_connections(url)
    assert count(asking) == 1
    asking.upsert("after")
    assert count(asking) == 2


def test_a_server_that_has_lost_its_database_to_another_says_so(asking: Caller, url: str, tmp_path: Path):
    asking.upsert("before")
    end_connections(url)
    with closing(Store(tmp_path / "other", database=url)):
        status, message = asking.refused("mutation { updateUser(input: {}) { user { id } } }")
        assert (status, "in use by another server" in message) == (503, True)


def test_tables_of_an_older_version_get_what_has_come_since(url: str, tmp_path: Path):
    Store(tmp_path, database=url).close()
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE artifacts DROP COLUMN digest_algorithm")
        connection.execute("ALTER TABLE runs DROP COLUMN config_document")
        connection.execute("DROP TABLE registries")
        connection.execute("UPDATE wandql_version SET version = 7")
    Store(tmp_path, database=url).close()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT digest_algorithm FROM artifacts, registries").fetchall() == []
        assert connection.execute("SELECT config_document FROM runs").fetchall() == []
        assert connection.execute("SELECT version FROM wandql_version").fetchall() == [(tables.VERSION,)]
        connection.execute("UPDATE wandql_version SET version = version + 1")
    with pytest.raises(DataDirectoryError, match="newer wandql"):
        Store(tmp_path, database=url)


def test_a_project_moves_from_sqlite_and_back_without_a_change(url: str, tmp_path: Path):
    with Server() as server:
        server.add_runs("p", 3)
        server.add_run("p", "odd", config={"lr": float("nan"), "x": 0.1}, summary={"loss": float("inf")}, tags=["a"])
        server.add_artifact("p", "digits", {"a.csv": b"0,7"}, run="odd", used_by=["odd"], metadata={"rows": 2})
        server.add_sweep("p", {"method": "grid", "parameters": {"lr": {"values": [1, 2]}}}, train=lambda _: [{"l": 1}])
        directory = server._application.directory
        export_project(directory, "alice", "p", tmp_path / "one")
        expected = [(run.id, run.config, run.summary) for run in server.api().runs("p", {"config.x": 0.1})]
    import_project(tmp_path / "data", tmp_path / "one", database=url)
    export_project(tmp_path / "data", "alice", "p", tmp_path / "two", database=url)
    assert tree(tmp_path / "two") == tree(tmp_path / "one")
    with open_application(tmp_path / "data", database=url, entity="alice") as opened, connect(opened) as api:
        found = [(run.id, run.config, run.summary) for run in api.runs("p", {"config.x": 0.1})]
        assert repr(found) == repr(expected)
        before = {run.storage_id for run in api.runs("p")}
        Caller(opened, opened.api_key).upsert("new")
        assert api.run("p/new").storage_id not in before


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (psycopg.errors.DiskFull("full"), 507),
        (psycopg.errors.AdminShutdown("away"), 503),
        (psycopg.errors.LockNotAvailable("busy"), 503),
        (psycopg.OperationalError("connection refused"), 503),
        (psycopg.errors.InvalidRegularExpression("(?"), 400),
        (psycopg.errors.UndefinedTable("a fault of this server"), None),
    ],
)
def test_an_error_of_the_database_has_the_answer_of_its_kind(error: psycopg.Error, status: int | None):
    dialect = create_engine("postgresql+psycopg://").dialect
    raised = DBAPIError.instance("SELECT 1", None, error, psycopg.Error, dialect=dialect)
    refusal = refusal_of(raised)
    assert (refusal and refusal.status) == status


def test_a_connection_that_is_lost_within_a_request_is_no_fault_of_the_server(url: str, tmp_path: Path):
    with closing(Store(tmp_path, database=url)) as store, store.read() as connection:
        for _ in range(2):
            end_connections(url)
            with pytest.raises(SQLAlchemyError) as caught:
                connection.execute(select(tables.entities.c.name))
            refusal = refusal_of(caught.value)
            assert (refusal and refusal.status) == 503
