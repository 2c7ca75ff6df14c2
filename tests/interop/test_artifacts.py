"""Artifacts: the official SDK logs them, and both clients read the same.

What is not compared: `source_artifact` and `linked_artifacts`, which are artifacts; `url`, which the official client
makes of an address of its own; `use_as`, `incremental` and `distributed_id`, which are for drafts.

What differs: `name` and `qualified_name` have the version here, and there the alias that the version was asked for by,
so that one version has many names.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import ENTITY, Server, serve

pytestmark = pytest.mark.interop

PLAIN = (
    "id", "name", "version", "entity", "project", "type", "description", "metadata", "state", "digest", "size",
    "file_count", "commit_hash", "history_step", "qualified_name", "source_name", "source_version", "source_entity",
    "source_project", "source_qualified_name", "is_link",
)  # fmt: skip
PATHS = ["data:v0", "data:v1", "data:best", "model:latest", "gold:latest", "far:latest", "fast:latest"]

WRITE = """
import pathlib, sys, wandb
from datetime import timedelta

def make(name, type, files, **arguments):
    artifact = wandb.Artifact(name, type, **arguments)
    for path, text in files.items():
        with artifact.new_file(path) as file:
            file.write(text)
    return artifact

with wandb.init(project="art", id="writer") as run:
    first = make("data", "dataset", {"a.txt": "a", "sub/b.txt": "b" * 70_000}, metadata={"rows": 1})
    run.log_artifact(first).wait()
    run.log({"x": 1})
    files = {"a.txt": "A", "sub/b.txt": "b" * 70_000}
    second = make("data", "dataset", files, description="More.", metadata={"n": [1]})
    logged = run.log_artifact(second, aliases=["best"], tags=["clean"]).wait()
    logged.link("alice/art/gold", aliases=["approved"])
    model = make("model", "model", {"weights.bin": "w" * 10})
    model.ttl = timedelta(days=3)
    run.log_artifact(model).wait()
    far = wandb.Artifact("far", "dataset")
    local = pathlib.Path("local.txt")
    local.write_text("local")
    far.add_reference(local.absolute().as_uri(), name="local.txt")
    far.add_reference("ftp://host/key.bin", name="key.bin")
    far.add_reference(logged.get_entry("a.txt").ref_url(), name="borrowed.txt")
    run.log_artifact(far).wait()
    run.log_artifact(make("fast", "dataset", {"a.txt": "fast"}, digest_algorithm="XXH128")).wait()
with wandb.init(project="art", id="reader") as run:
    run.use_artifact("data:best")
"""
READ = """
import json, sys, wandb
names, paths = json.loads(sys.argv[1])
api = wandb.Api()

def read(artifact):
    return {name: getattr(artifact, name) for name in names} | {
        "state": str(getattr(artifact.state, "value", artifact.state)),
        "aliases": sorted(artifact.aliases),
        "tags": sorted(artifact.tags),
        "created_at": artifact.created_at,
        "updated_at": artifact.updated_at,
        "entries": {path: [e.digest, e.size, e.ref] for path, e in artifact.manifest.entries.items()},
        "files": sorted([file.name, file.size] for file in artifact.files()),
        "logged_by": artifact.logged_by().id,
        "used_by": sorted(run.id for run in artifact.used_by()),
    }

def of(collection):
    return {
        "id": collection.id, "name": collection.name, "type": collection.type, "description": collection.description,
        "aliases": sorted(collection.aliases), "tags": sorted(collection.tags), "created_at": collection.created_at,
        "is_sequence": collection.is_sequence(), "versions": [each.name for each in collection.artifacts()],
    }

runs = [api.run(f"art/{name}") for name in ["writer", "reader"]]
report = {
    "artifacts": {path: read(api.artifact(f"art/{path}")) for path in paths},
    "types": sorted([each.id, each.name] for each in api.artifact_types("art")),
    "collections": {each.name: of(each) for each in api.artifact_collections("art", "dataset")},
    "exists": [api.artifact_exists("art/data:v0"), api.artifact_exists("art/data:v9")],
    "logged": [sorted(each.name for each in run.logged_artifacts()) for run in runs],
    "used": [sorted(each.name for each in run.used_artifacts()) for run in runs],
    "ttl": api.artifact("art/model").ttl.total_seconds(),
    "path": api.artifact("art/data:v1").download("official"),
}
print("REPORT" + json.dumps(report))
"""


def run_script(script: str, server: Server, directory: Path, *arguments: str) -> str:
    environment = server.environment(directory)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("artifacts") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def directory(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the official SDK has logged artifacts from."""
    folder = tmp_path_factory.mktemp("scripts")
    run_script(WRITE, server, folder)
    return folder


@pytest.fixture(scope="module")
def official(server: Server, directory: Path) -> dict[str, Any]:
    """What the official client reads."""
    out = run_script(READ, server, directory, json.dumps([PLAIN, PATHS]))
    (line,) = [line for line in out.splitlines() if line.startswith("REPORT")]
    report: dict[str, Any] = json.loads(line.removeprefix("REPORT"))
    return report


@pytest.fixture
def api(server: Server) -> Iterator[wandql.Api]:
    with server.api(project="art") as opened:
        yield opened


def moment(text: str) -> datetime:
    """Read a time as the official client gives it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(artifact: wandql.Artifact) -> dict[str, Any]:
    logged_by = artifact.logged_by()
    assert logged_by is not None
    return {name: getattr(artifact, name) for name in PLAIN} | {
        "state": artifact.state.value,
        "aliases": sorted(artifact.aliases),
        "tags": sorted(artifact.tags),
        "created_at": artifact.created_at,
        "updated_at": artifact.updated_at,
        "entries": {path: [each.digest, each.size, each.ref] for path, each in artifact.manifest.entries.items()},
        "files": sorted([file.name, file.size] for file in artifact.files()),
        "logged_by": logged_by.id,
        "used_by": sorted(run.id for run in artifact.used_by()),
    }


@pytest.mark.parametrize("path", PATHS)
def test_both_clients_read_the_same_of_a_version(api: wandql.Api, official: dict[str, Any], path: str) -> None:
    theirs = official["artifacts"][path]
    collection, _, alias = path.partition(":")
    assert theirs["name"] == path
    version = theirs["version"]
    named = {"name": f"{collection}:{version}", "qualified_name": f"{ENTITY}/art/{collection}:{version}"}
    times = {name: moment(theirs[name]) for name in ["created_at", "updated_at"]}
    assert read(api.artifact(f"art/{collection}:{alias}")) == {**theirs, **named, **times}


def test_both_clients_find_the_same_types_and_collections(api: wandql.Api, official: dict[str, Any]) -> None:
    assert sorted([each.id, each.name] for each in api.artifact_types("art")) == official["types"]
    assert {
        each.name: {
            "id": each.id,
            "name": each.name,
            "type": each.type,
            "description": each.description,
            "aliases": sorted(each.aliases),
            "tags": sorted(each.tags),
            "created_at": each.created_at,
            "is_sequence": each.is_sequence(),
            "versions": [version.name for version in each.artifacts()],
        }
        for each in api.artifact_collections("art", "dataset")
    } == {name: {**each, "created_at": moment(each["created_at"])} for name, each in official["collections"].items()}
    assert [api.artifact_exists("data:v0"), api.artifact_exists("data:v9")] == official["exists"]


def test_both_clients_find_the_same_lineage_and_lifetime(api: wandql.Api, official: dict[str, Any]) -> None:
    runs = [api.run(f"art/{name}") for name in ["writer", "reader"]]
    assert [sorted(each.name for each in run.logged_artifacts()) for run in runs] == official["logged"]
    assert [sorted(each.name for each in run.used_artifacts()) for run in runs] == official["used"]
    ttl = api.artifact("model").ttl
    assert ttl is not None
    assert ttl.total_seconds() == official["ttl"]


def test_both_clients_download_the_same(
    api: wandql.Api, official: dict[str, Any], directory: Path, tmp_path: Path
) -> None:
    root = api.artifact("data:v1").download(tmp_path)
    theirs = directory / official["path"]
    files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert files == {path.relative_to(theirs): path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    api.artifact("data:v1").verify(theirs)


def test_files_that_are_known_by_xxh128_are_verified(api: wandql.Api, official: dict[str, Any], tmp_path: Path) -> None:
    artifact = api.artifact("fast")
    entry = artifact.manifest.entries["a.txt"]
    assert (entry.md5, entry.checksum and entry.checksum.algorithm.name) == (None, "xxh128")
    assert official["artifacts"]["fast:latest"]["digest"] == artifact.digest
    root = artifact.download(tmp_path)
    artifact.verify(root)
    (root / "a.txt").write_text("slow")
    with pytest.raises(wandql.WandqlError, match="differs"):
        artifact.verify(root)


def test_references_that_the_official_sdk_made_are_fetched(
    api: wandql.Api, official: dict[str, Any], tmp_path: Path
) -> None:
    assert official["artifacts"]["far:latest"]["entity"] == ENTITY
    root = api.artifact("far").download(tmp_path, allow_missing_references=True)
    files = {path.name: path.read_text() for path in root.iterdir()}
    assert files == {"local.txt": "local", "borrowed.txt": "A"}
