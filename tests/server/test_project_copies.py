"""A project in a directory: whole, the same bytes each time, and back again."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

import wandql
from tests.artifact_samples import ArtifactWriter
from wandql.errors import DataDirectoryError, ExistingFileError, InvalidExportError, LocalFileError, UsageError
from wandql.server import Application, open_application, tables
from wandql.server.enrolment import enrol_team, enrol_user
from wandql.server.projects import exports as project_export
from wandql.server.projects.exports import export_project
from wandql.server.projects.imports import import_project
from wandql.server.projects.rows import exported_tables, owned_tables
from wandql.server.store import Store
from wandql.testing import Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SDK_SCRIPT = """
import pathlib, wandb
first = wandb.init(project="mnist", id="first", config={"lr": 0.1}, tags=["x"], notes="n", group="g")
for step in range(20):
    first.log({"loss": float("nan") if step == 3 else 1 / (step + 1), "a.b": step})
first.log({"table": wandb.Table(columns=["a"], data=[[1], [2]])})
print("printed")
part = wandb.Artifact("part", "dataset")
with part.new_file("a.txt") as file:
    file.write("content")
first.log_artifact(part, aliases=["best"], tags=["small"]).wait()
first.finish()
with wandb.init(project="mnist", id="second") as second:
    used = second.use_artifact("part:best")
    whole = wandb.Artifact("whole", "dataset", metadata={"rows": 1})
    whole.add(used.get("x.table.json"), "t") if "x.table.json" in used.manifest.entries else None
    whole.add_reference(used.get_entry("a.txt"), "inner.txt")
    second.log_artifact(whole).wait()
    second.link_artifact(whole, "chosen")
wandb.sweep({"method": "grid", "parameters": {"x": {"values": [1, 2]}}}, project="mnist")
"""


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def rows(directory: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (directory / "rows" / f"{table}.jsonl").read_text().splitlines()]


@pytest.fixture
def exported(sample_data: Path, tmp_path: Path) -> Path:
    """The sample project, exported."""
    data = shutil.copytree(sample_data, tmp_path / "sample")
    export_project(data, "alice", "mnist", tmp_path / "exported")
    return tmp_path / "exported"


def test_exporting_twice_gives_the_same_bytes_and_so_does_a_store_that_has_imported_it(exported: Path, tmp_path: Path):
    export_project(tmp_path / "sample", "alice", "mnist", tmp_path / "twice")
    assert tree(tmp_path / "twice") == tree(exported)
    done = import_project(tmp_path / "new", exported)
    assert (done.entity, done.project, done.rows["runs"], done.rows["artifacts"], done.rows["sweeps"]) == (
        "alice", "mnist", 3, 2, 1,
    )  # fmt: skip
    assert export_project(tmp_path / "new", "alice", "mnist", tmp_path / "again").rows == done.rows | {"users": 1}
    assert tree(tmp_path / "again") == tree(exported)


def test_exported_rows_name_nothing_that_stays_behind():
    people = {"entities", "users", "memberships", "organizations", "organization_teams", "api_keys", "project_members"}
    assert people.isdisjoint(exported_tables())
    for exported in exported_tables().values():
        for field in exported.fields:
            known = field.target is None or field.natural or field.is_blob or field.target.name in exported_tables()
            assert known, f"{exported.table.name}.{field.column.name}: export what it names, or see LEFT_OUT"


def test_what_was_imported_reads_as_what_was_exported(exported: Path, tmp_path: Path):
    def seen(data: Path) -> object:
        with wandql.local(data, entity="alice") as api:
            runs = [
                (run.path, run.id, run.storage_id, run.name, run.state, run.config, run.summary_metrics, run.created_at,
                 list(run.scan_history()), [line.content for line in run.console_logs()],
                 [(file.name, file.read()) for file in run.files()])
                for run in api.runs("alice/mnist")
            ]  # fmt: skip
            version = api.artifact("alice/mnist/digits:latest")
            reports = [(report.id, report.spec) for report in api.reports("alice/mnist")]
            sweep = api.sweep("alice/mnist/sweep-1")
            inside = [(file.name, file.read()) for file in version.files()]
            return runs, version.id, version.metadata, inside, reports, sweep.config, sorted(r.id for r in sweep.runs)

    import_project(tmp_path / "new", exported)
    assert seen(tmp_path / "new") == seen(tmp_path / "sample")


@pytest.mark.interop
def test_a_project_that_the_official_sdk_wrote_makes_the_round_trip(
    networked: tuple[Application, str], sdk: Any, tmp_path: Path
):
    application, _ = networked
    sdk.run(SDK_SCRIPT)
    export_project(application.directory, "alice", "mnist", tmp_path / "one")
    import_project(tmp_path / "new", tmp_path / "one")
    export_project(tmp_path / "new", "alice", "mnist", tmp_path / "two")
    assert tree(tmp_path / "two") == tree(tmp_path / "one")
    counts = {name: len(rows(tmp_path / "one", name)) for name in ("runs", "history", "aliases", "sweeps")}
    assert counts == {"runs": 2, "history": 21, "aliases": len(rows(tmp_path / "two", "aliases")), "sweeps": 1}
    # The same once more beside the original: there, references to versions follow their new ids.
    import_project(application.directory, tmp_path / "one", project="copy")
    with wandql.Api(base_url=networked[1], api_key=application.api_key) as api:
        whole = api.artifact("alice/copy/whole:latest")
        part = api.artifact("alice/copy/part:best")
        assert part.id != api.artifact("alice/mnist/part:best").id
        assert whole.manifest.entries["inner.txt"].ref == f"wandb-artifact://{base64.b64decode(part.id).hex()}/a.txt"
        assert (whole.download(root=tmp_path / "down") and tmp_path / "down" / "inner.txt").read_text() == "content"
        assert [run.id for run in part.used_by()] == ["second"]


def test_a_store_that_has_the_keys_already_gives_new_ones(exported: Path, tmp_path: Path):
    with Server() as server:
        server.add_runs("mnist", 5)
        writer = ArtifactWriter(server._application, "mnist")
        writer.write("mine", {"labels.csv": b"0,7\n1,2\n"}, run="run-0000")
        data = server._application.directory
        import_project(data, exported, project="copy")
        with server.api() as api:
            assert sorted(run.id for run in api.runs("alice/mnist")) == [f"run-{number:04}" for number in range(5)]
            copies = {run.id: [row["loss"] for row in run.scan_history()] for run in api.runs("alice/copy")}
            assert copies["run-1"] == [2.0, 1.0, 0.5, 0.25]
            used = api.run("alice/copy/run-1").used_artifacts()
            assert [artifact.name for artifact in used] == ["digits:v0"]
            assert used[0].logged_by().path == ["alice", "copy", "run-3"]
            assert {file.name: file.read() for file in used[0].files()} == {
                "labels.csv": b"0,7\n1,2\n",
                "train/images.bin": bytes(4),
            }
            api.artifact("alice/mnist/mine:latest").delete(delete_aliases=True)
            assert used[0].files()[0].read() == b"0,7\n1,2\n"
        export_project(data, "alice", "copy", tmp_path / "copied")
    assert len(rows(tmp_path / "copied", "history")) == len(rows(exported, "history"))
    assert tree(tmp_path / "copied" / "contents") == tree(exported / "contents")


def test_it_can_be_given_to_another_entity(exported: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="no entity 'crew'"):
        import_project(tmp_path / "new", exported, entity="crew")
    enrol_user(tmp_path / "new", "ben", api_key=None, admin=False, email=None)
    enrol_team(tmp_path / "new", "crew", {"ben": "admin"}, organization=None)
    import_project(tmp_path / "new", exported, entity="crew", project="digits")
    with wandql.local(tmp_path / "new", entity="ben") as api:
        assert [run.user.username for run in api.runs("crew/digits")] == ["alice"] * 3
    with pytest.raises(UsageError, match="is a project crew/digits already"):
        import_project(tmp_path / "new", exported, entity="crew", project="digits")


def test_a_team_and_its_users_are_made_where_they_are_missing(tmp_path: Path):
    with open_application(tmp_path / "data", entity="alice"):
        enrol_team(tmp_path / "data", "crew", {"alice": "admin"}, organization=None)
    with closing(Store(tmp_path / "data")) as store, store.write() as connection:
        team = connection.execute(select(tables.entities.c.key).where(tables.entities.c.name == "crew")).scalar_one()
        user = connection.execute(select(tables.users.c.key)).scalar_one()
        values = {"entity_key": team, "user_key": user, "name": "p", "access": "PRIVATE", "is_benchmark": False}
        connection.execute(insert(tables.projects).values(**values, created_at=1, updated_at=2))
    export_project(tmp_path / "data", "crew", "p", tmp_path / "one")
    import_project(tmp_path / "new", tmp_path / "one")
    export_project(tmp_path / "new", "crew", "p", tmp_path / "two")
    assert tree(tmp_path / "two") == tree(tmp_path / "one")
    enrol_team(tmp_path / "new", "crew", {"alice": "admin"}, organization=None)


def test_no_key_and_no_address_of_anybody_is_written_down(exported: Path, tmp_path: Path):
    enrol_user(tmp_path / "sample", "alice", api_key="k" * 40, admin=False, email="alice@example.org")
    export_project(tmp_path / "sample", "alice", "mnist", tmp_path / "after")
    assert tree(tmp_path / "after") == tree(exported)


def test_what_names_another_project_is_left_out_and_counted(tmp_path: Path):
    with Server() as server:
        server.add_run("one", "maker")
        server.add_run("other", "user")
        identity = ArtifactWriter(server._application, "one").write("digits", {"a": b"1"}, run="maker")
        ArtifactWriter(server._application, "other").use(identity, "user")
        data = server._application.directory
        for name in ("one", "other"):
            done = export_project(data, "alice", name, tmp_path / name)
            assert done.left_out == {"artifact_uses": 1}
    assert not (tmp_path / "other" / "rows" / "artifact_uses.jsonl").exists()
    import_project(tmp_path / "new", tmp_path / "other")


def test_it_is_exported_beside_a_server_that_replaces_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A content that is deleted under its hands is looked for again in the rows of that moment."""
    with Server() as server:
        server.add_run("p", "run", files={"a.txt": b"first", "b.txt": b"kept"})
        found, hits = project_export._Copies._copy, list[str]()

        def copy(self: object, content: str, *given: Any) -> str:
            if not hits:
                hits.append(content)
                server.add_run("p", "run", files={"a.txt": b"second", "b.txt": b"kept too"})
            return found(self, content, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(project_export._Copies, "_copy", copy)
        export_project(server._application.directory, "alice", "p", tmp_path / "out")
    assert sorted(tree(tmp_path / "out" / "contents").values()) == [b"kept too", b"second"]


def test_no_name_of_a_client_becomes_a_path(tmp_path: Path):
    with Server() as server:
        names = ["a/b.txt", "con", "x" * 1024, "\x1b[2J", ".hidden", "~", "ü"]
        server.add_run("p", ".. ..", files=dict.fromkeys(names, b"content"), config={"../k": 1})
        export_project(server._application.directory, "alice", "p", tmp_path / "out")
    assert all(part.isascii() and part.isprintable() for path in tree(tmp_path / "out") for part in path.split("/"))
    (content,) = (path for path in tree(tmp_path / "out") if path.startswith("contents/"))
    assert content == f"contents/{content[9:11]}/{hashlib.sha256(b'content').hexdigest()}"
    import_project(tmp_path / "new", tmp_path / "out")
    with wandql.local(tmp_path / "new", entity="alice") as api:
        assert sorted(file.name for file in api.run("alice/p/.. ..").files()) == sorted(names)


def test_the_directory_must_be_free_and_appears_when_it_is_whole(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(ExistingFileError, match="exists already"):
        export_project(tmp_path / "sample", "alice", "mnist", exported)
    monkeypatch.setattr(project_export, "content_path", lambda data, content: data / "nowhere" / content)
    with pytest.raises(LocalFileError):
        export_project(tmp_path / "sample", "alice", "mnist", tmp_path / "half")
    assert {path.name for path in tmp_path.iterdir()} == {"sample", "exported"}


def test_a_store_or_a_project_that_is_not_there_is_not_made(tmp_path: Path, exported: Path):
    with pytest.raises(DataDirectoryError, match="is not the data directory"):
        export_project(tmp_path / "nowhere", "alice", "mnist", tmp_path / "out")
    with pytest.raises(UsageError, match="no project alice/nothing"):
        export_project(tmp_path / "sample", "alice", "nothing", tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"sample", "exported"}


def test_a_content_that_has_rotted_in_the_store_is_not_exported_as_if_it_were_whole(tmp_path: Path):
    with Server() as server:
        server.add_run("p", "run", files={"a.txt": b"content"})
        data = server._application.directory
        (stored,) = (path for path in (data / "files").rglob("*") if path.is_file() and path.read_bytes() == b"content")
        stored.write_bytes(b"cOntent")
        with pytest.raises(DataDirectoryError, match="is damaged"):
            export_project(data, "alice", "p", tmp_path / "out")


def resealed(directory: Path, table: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the rows of a table, and let the first page say that this is how they were exported."""
    changed = rows(directory, table) if (directory / "rows" / f"{table}.jsonl").exists() else []
    change(changed)
    data = "".join(f"{json.dumps(row)}\n" for row in changed).encode()
    (directory / "rows" / f"{table}.jsonl").write_bytes(data)
    page = json.loads((directory / "project.json").read_text())
    page["rows"][table] = {"rows": len(changed), "sha256": hashlib.sha256(data).hexdigest()}
    (directory / "project.json").write_text(json.dumps(page))


def twice(found: list[dict[str, Any]]) -> None:
    found.append({**found[0], "key": found[-1]["key"] + 1})


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("runs", lambda found: found.append(found[0]), "has a key twice"),
        ("runs", twice, "UNIQUE constraint failed"),
        ("runs", lambda found: found[1].update(name="a/b"), "line 2: 'a/b' cannot name a run"),
        ("runs", lambda found: found[1].update(name=1), "line 2: 'name' is int"),
        ("runs", lambda found: found[1].update(nonsense=1), "line 2: there is no 'nonsense'"),
        ("runs", lambda found: found[1].pop("state"), "line 2: 'state' is missing"),
        ("runs", lambda found: found[1].update(exitcode=True), "line 2: 'exitcode' is bool"),
        ("runs", lambda found: found[1].update(exitcode=2**63), "line 2: 'exitcode' is int"),
        ("runs", lambda found: found[1].update(user="nobody"), "names 'nobody' of users"),
        ("history", lambda found: found[0].update(run_key=77), "names row 77 of runs, which is missing"),
        ("projects", lambda found: found.append({**found[0], "key": 9, "name": "b"}), "has not one row"),
        ("files", lambda found: found[0].update(name="../x"), "line 1: '../x' cannot name a file"),
        ("files", lambda found: found[0]["blob"].update(sha256="../../../etc/passwd"), "names no content"),
        ("files", lambda found: found[0]["blob"].update(sha256="0" * 64), "is missing"),
        ("files", lambda found: found[0]["blob"].update(size=1), "is not what was exported"),
        ("artifact_files", lambda found: found[0].update(content="AAAA"), "names 'AAAA' of contents"),
        ("users", lambda found: found.append(found[0]), "is not a user, or is there twice"),
        ("plans", lambda found: found.append({"a": 1}), "unknown table: plans"),
    ],
)
def test_a_mistaken_row_is_named_and_nothing_is_imported(
    exported: Path, tmp_path: Path, table: str, change: Callable[[list[dict[str, Any]]], object], message: str
):
    with open_application(tmp_path / "new", entity="alice"):
        pass
    resealed(exported, table, change)
    with pytest.raises(InvalidExportError) as caught:
        import_project(tmp_path / "new", exported)
    assert message in caught.value.message
    with closing(Store(tmp_path / "new")) as store, store.read() as connection:
        for table_ in [*owned_tables(), tables.contents, tables.blobs]:
            assert connection.execute(select(table_)).all() == []
    assert tree(tmp_path / "new" / "files") == {}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda root: (root / "project.json").unlink(), "it has no project.json"),
        (lambda root: (root / "project.json").write_text("{"), "is damaged"),
        (lambda root: (root / "rows" / "runs.jsonl").unlink(), "runs.jsonl is missing"),
        (lambda root: (root / "rows" / "runs.jsonl").write_bytes(b""), "is not what was exported"),
        (lambda root: (root / "rows" / "runs.jsonl").write_bytes(b"\xff\n"), "line 1: it is not a JSON object"),
        (lambda root: (root / "rows" / "history.jsonl").write_bytes(b"{}\n"), "is missing"),
        (lambda root: next((root / "contents").glob("*/*")).write_bytes(b"other"), "is not what was exported"),
        (lambda root: next((root / "contents").glob("*/*")).unlink(), "is missing"),
    ],
)
def test_a_damaged_directory_is_refused(exported: Path, tmp_path: Path, damage: Callable[[Path], object], message: str):
    damage(exported)
    with pytest.raises(InvalidExportError) as caught:
        import_project(tmp_path / "new", exported)
    assert message in caught.value.message


def test_an_older_export_gets_the_columns_that_have_come_since(exported: Path, tmp_path: Path):
    def age(found: list[dict[str, Any]]) -> None:
        for row in found:
            del row["digest_algorithm"]

    before = tree(exported)
    resealed(exported, "artifacts", age)
    page = json.loads((exported / "project.json").read_text())
    (exported / "project.json").write_text(json.dumps(page | {"store": 11}))
    import_project(tmp_path / "new", exported)
    export_project(tmp_path / "new", "alice", "mnist", tmp_path / "again")
    assert tree(tmp_path / "again") == before


@pytest.mark.parametrize("key", ["format", "store"])
def test_a_newer_export_is_refused(exported: Path, tmp_path: Path, key: str):
    page = json.loads((exported / "project.json").read_text())
    (exported / "project.json").write_text(json.dumps(page | {key: page[key] + 1}))
    with pytest.raises(InvalidExportError, match="written by a newer wandql"):
        import_project(tmp_path / "new", exported)
