"""The official SDK, unmodified, logs, uses, links, changes, downloads and deletes artifacts."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.server.conftest import SDK
from wandql.server import Application, open_application, run_in_thread
from wandql.server.signing import LIFETIME, Signer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.interop

# What every script begins with: `report` collects what the test reads, and `make` drafts an artifact from texts.
HEAD = """
import json, pathlib, sys, wandb
from datetime import timedelta
report = {}
project = sys.argv[1]

def make(name, files, type="dataset", **arguments):
    artifact = wandb.Artifact(name, type, **arguments)
    for path, text in files.items():
        with artifact.new_file(path) as file:
            file.write(text)
    return artifact

def refusal(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None

def tree(root):
    root = pathlib.Path(root)
    return {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}
"""
TAIL = """
print("REPORT" + json.dumps(report))
"""


def told(sdk: SDK, script: str, project: str) -> dict[str, Any]:
    out = sdk.run(HEAD + script + TAIL, project)
    (line,) = (line for line in out.splitlines() if line.startswith("REPORT"))
    return json.loads(line.removeprefix("REPORT"))


def md5_of(text: str) -> str:
    return base64.b64encode(hashlib.md5(text.encode()).digest()).decode()


LOG = """
run = wandb.init(project=project, id="writer")
pathlib.Path("folder/sub").mkdir(parents=True)
pathlib.Path("folder/a.txt").write_text("aaa")
pathlib.Path("folder/sub/b.txt").write_text("b" * 100_000)
draft = wandb.Artifact("data", "dataset", description="What it is", metadata={"rows": 3, "nested": {"x": [1]}})
draft.add_dir("folder")
draft.add_reference("https://example.org/x.bin", name="far/x.bin", checksum=False)
draft.ttl = timedelta(days=30)
artifact = run.log_artifact(draft, aliases=["best"], tags=["raw", "big one"]).wait()
report["logged"] = [artifact.name, artifact.version, sorted(artifact.aliases), sorted(artifact.tags), artifact.state]
report["sizes"] = [artifact.size, artifact.file_count, len(artifact.commit_hash)]
report["digest"] = artifact.digest == draft.manifest.digest()
report["ttl"] = artifact.ttl.total_seconds()
run.finish()

api = wandb.Api()
read = api.artifact(f"{project}/data:best", type="dataset")
report["read"] = [read.qualified_name, read.description, read.metadata]
report["same"] = [read.id == artifact.id, read.digest == artifact.digest]
report["files"] = [[file.name, file.size, file.digest, file.mimetype] for file in read.files()]
report["named"] = [file.name for file in read.files(names=["sub/b.txt", "nothing"])]
report["length"] = len(read.files(per_page=2))
report["entries"] = sorted(read.manifest.entries)
(report["by"],) = [[run.id, run.state] for run in [read.logged_by()]]
report["names"] = [api.artifact(f"{project}/data:{name}").version for name in ("latest", "v0", read.digest)]
root = read.download(path_prefix="sub")
report["part"] = {name: len(text) for name, text in tree(root).items()}
report["outputs"] = [output.name for output in api.run(f"{project}/writer").logged_artifacts()]
report["exists"] = [api.artifact_exists(f"{project}/{name}") for name in ("data", "data:v0", "data:v1", "none")]
report["missing"] = refusal(lambda: api.artifact(f"{project}/none:v0"))
"""


def test_a_logged_artifact_is_read_back_whole(sdk: SDK):
    report = told(sdk, LOG, "log")
    assert report["logged"] == ["data:v0", "v0", ["best", "latest"], ["big one", "raw"], "COMMITTED"]
    assert report["sizes"] == [100_003, 3, 20]
    assert report["digest"] is True
    assert report["ttl"] == 30 * 86400
    assert report["read"] == ["alice/log/data:best", "What it is", {"rows": 3, "nested": {"x": [1]}}]
    assert report["same"] == [True, True]
    assert report["files"] == [
        ["a.txt", 3, md5_of("aaa"), "text/plain"],
        ["far/x.bin", 0, "https://example.org/x.bin", "application/octet-stream"],
        ["sub/b.txt", 100_000, md5_of("b" * 100_000), "text/plain"],
    ]
    assert report["named"] == ["sub/b.txt"]
    assert report["length"] == 3
    assert report["entries"] == ["a.txt", "far/x.bin", "sub/b.txt"]
    assert report["by"] == ["writer", "finished"]
    assert report["names"] == ["v0", "v0", "v0"]
    assert report["part"] == {"sub/b.txt": 100_000}
    assert report["outputs"] == ["data:v0"]
    assert report["exists"] == [True, True, False, False]
    assert "not found" in report["missing"]


VERSIONS = """
run = wandb.init(project=project, id="writer")
log = lambda *args, **kw: run.log_artifact(make("data", *args, **kw)).wait()
one, two = log({"a": "1", "b": "2"}), log({"a": "1", "b": "3"})
again = log({"a": "1", "b": "2"})
report["deduplicated"] = [again.version, again.id == one.id, again.aliases]
added = log({"c": "4"}, incremental=True)
report["incremental"] = [added.version, sorted(added.manifest.entries), added.digest == added.manifest.digest()]
for name in ("other", "another"):
    run.log_artifact(make(name, {"a": "1", "b": "2"})).wait()
report["others"] = [tree(wandb.Api().artifact(f"{project}/{name}:v0").download()) for name in ("other", "another")]
replaced = log({"c": "5"}, incremental=True)
report["replaced"] = [replaced.version, tree(replaced.download())]
run.finish()
for name in ("w1", "w2"):
    with wandb.init(project=project, id=name, group="group") as writer:
        writer.upsert_artifact(make("shared", {name: name}))
with wandb.init(project=project, id="w3", group="group") as writer:
    report["pending"] = wandb.Api().artifact_exists(f"{project}/shared:latest")
    shared = writer.finish_artifact(make("shared", {"w3": "w3"})).wait()
report["shared"] = [shared.version, tree(shared.download()), shared.digest == shared.manifest.digest(), shared.size]
draft = shared.new_draft()
draft.remove("w1")
with draft.new_file("w4") as file:
    file.write("w4")
draft.save(project=project)
draft.wait()
report["draft"] = [draft.version, tree(draft.download())]
versions = wandb.Api().artifacts("dataset", f"{project}/data", per_page=2)
report["versions"] = [[version.version, version.aliases] for version in versions]
report["count"] = len(versions)
report["ordered"] = [v.version for v in wandb.Api().artifacts("dataset", f"{project}/data", order="+createdAt")]
"""


def test_versions_are_numbered_deduplicated_added_to_and_shared(sdk: SDK):
    report = told(sdk, VERSIONS, "versions")
    assert report["deduplicated"] == ["v0", True, ["latest"]]
    assert report["others"] == [{"a": "1", "b": "2"}] * 2
    assert report["incremental"] == ["v2", ["a", "b", "c"], True]
    assert report["replaced"] == ["v3", {"a": "1", "b": "2", "c": "5"}]
    assert report["pending"] is False
    assert report["shared"] == ["v0", {"w1": "w1", "w2": "w2", "w3": "w3"}, True, 6]
    assert report["draft"] == ["v1", {"w2": "w2", "w3": "w3", "w4": "w4"}]
    assert report["versions"] == [["v3", ["latest"]], ["v2", []], ["v1", []], ["v0", []]]
    assert report["count"] == 4
    assert report["ordered"] == ["v0", "v1", "v2", "v3"]


LINEAGE = """
with wandb.init(project=project, id="maker") as run:
    made = run.log_artifact(make("data", {"a": "1"})).wait()
with wandb.init(project=project, id="user") as run:
    used = run.use_artifact("data:latest")
    report["used"] = [used.name, used.version, tree(used.download())]
    run.use_artifact(used)
    own = run.use_artifact(make("own", {"b": "2"}))
    nothing = wandb.Artifact("model", "model")
    nothing.add_reference(made.get_entry("a"), "linked")
    model = run.log_artifact(nothing).wait()
    report["reference"] = [model.size, tree(model.download())]
api = wandb.Api()
with wandb.init(project=f"{project}-2", id="far") as run:
    run.use_artifact(f"alice/{project}/data:v0")
run = api.run(f"{project}/user")
report["inputs"] = [artifact.name for artifact in run.used_artifacts()]
report["outputs"] = [artifact.name for artifact in run.logged_artifacts()]
report["users"] = sorted(run.id for run in api.artifact(f"{project}/data:v0").used_by())
report["maker"] = api.artifact(f"{project}/data:v0").logged_by().id
public = api.run(f"{project}/maker")
public.use_artifact(api.artifact(f"{project}/own:v0"))
public.log_artifact(api.artifact(f"{project}/own:v0"), aliases=["again"], tags=["seen"])
report["public"] = [[a.name for a in public.used_artifacts()], [a.name for a in public.logged_artifacts()]]
again = api.artifact(f"{project}/own:again")
report["again"] = [again.version, again.tags, again.logged_by()]
"""


def test_runs_know_what_they_used_and_logged(sdk: SDK):
    report = told(sdk, LINEAGE, "lineage")
    assert report["used"] == ["data:latest", "v0", {"a": "1"}]
    assert report["reference"] == [0, {"linked": "1"}]
    assert report["inputs"] == ["data:v0", "own:v0"]
    assert report["outputs"] == ["model:v0"]
    assert report["users"] == ["far", "user"]
    assert report["maker"] == "maker"
    assert report["public"] == [["own:v0"], ["data:v0", "own:v0"]]
    assert report["again"] == ["v0", ["seen"], None]  # what is only used was made by a user, not by a run


DIGESTS = """
with wandb.init(project=project, id="writer") as run:
    first = make("fast", {"a": "1", "sub/b": "2"}, digest_algorithm="XXH128")
    first.add(wandb.Table(columns=["a"], data=[[1]]), "t")
    run.log_artifact(first).wait()
    same = make("fast", {"a": "1", "sub/b": "2"}, digest_algorithm="XXH128")
    same.add(wandb.Table(columns=["a"], data=[[1]]), "t")
    report["same"] = run.log_artifact(same).wait().version
    added = run.log_artifact(make("fast", {"c": "3"}, digest_algorithm="XXH128", incremental=True)).wait()
    run.log_artifact(make("slow", {"a": "1"})).wait()
    back = run.log_artifact(make("slow", {"a": "2"}, digest_algorithm="XXH128")).wait()
    run.log_artifact(first, aliases=["again"])
api = wandb.Api()
read = [api.artifact(f"{project}/{name}") for name in ("fast:v0", "fast:v1", "slow:v1")]
report["algorithms"] = [artifact.digest_algorithm.value for artifact in read]
report["digests"] = [artifact.digest == artifact.manifest.digest() for artifact in read]
roots = [artifact.download(skip_cache=True) for artifact in read]
report["verified"] = [artifact.verify(root) for artifact, root in zip(read, roots)]
report["trees"] = [sorted(tree(root)) for root in roots]
report["again"] = api.artifact(f"{project}/fast:again").version
"""


def test_versions_are_known_by_xxh128_where_their_collection_began_so(sdk: SDK):
    report = told(sdk, DIGESTS, "digests")
    assert report["same"] == "v0"
    assert report["algorithms"] == ["MANIFEST_XXH128", "MANIFEST_XXH128", "MANIFEST_MD5"]
    assert report["digests"] == [True, True, True]
    assert report["verified"] == [None, None, None]
    assert report["trees"] == [["a", "sub/b", "t.table.json"], ["a", "c", "sub/b", "t.table.json"], ["a"]]
    assert report["again"] == "v0"


CHANGES = """
with wandb.init(project=project, id="writer") as run:
    for text in ("0", "1", "2"):
        run.log_artifact(make("data", {"a": text}), aliases=[f"the{text}", "moved"]).wait()
api = wandb.Api()
artifact = api.artifact(f"{project}/data:v1")
report["aliases"] = list(artifact.aliases)
artifact.description, artifact.metadata = "new", {"changed": True}
artifact.aliases += ["moved", "another"]
artifact.aliases.remove("the1")
artifact.tags = ["x", "y"]
artifact.ttl = timedelta(hours=1)
artifact.save()
artifact.tags = ["y", "z"]
artifact.ttl = None
artifact.save()
read = wandb.Api().artifact(f"{project}/data:v1")
report["saved"] = [read.description, read.metadata, sorted(read.aliases), sorted(read.tags), read.ttl]
report["moved"] = [api.artifact(f"{project}/data:{name}").version for name in ("moved", "latest", "the0")]
report["number"] = refusal(lambda: (read.aliases.append("v7"), read.save()))
report["tagged"] = [a.version for a in api.artifacts("dataset", f"{project}/data", tags=["z"])]
report["kept"] = refusal(api.artifact(f"{project}/data:v2").delete)
api.artifact(f"{project}/data:v2").delete(delete_aliases=True)
report["latest"] = api.artifact(f"{project}/data:latest").version
report["left"] = [a.version for a in api.artifacts("dataset", f"{project}/data")]
with wandb.init(project=project, id="writer", resume="allow") as run:
    report["next"] = run.log_artifact(make("data", {"a": "2"})).wait().version
"""


def test_versions_are_changed_and_deleted(sdk: SDK):
    report = told(sdk, CHANGES, "changes")
    assert report["aliases"] == ["the1"]
    assert report["saved"] == ["new", {"changed": True}, ["another", "moved"], ["y", "z"], None]
    assert report["moved"] == ["v1", "v2", "v0"]
    assert "the number of a version" in report["number"]
    assert report["tagged"] == ["v1"]
    assert "aliases (latest, the2)" in report["kept"] or "aliases (the2, latest)" in report["kept"]
    assert report["latest"] == "v1"
    assert report["left"] == ["v1", "v0"]
    assert report["next"] == "v3"


LINKS = """
with wandb.init(project=project, id="writer") as run:
    one = run.log_artifact(make("data", {"a": "1"})).wait()
    two = run.log_artifact(make("data", {"a": "2"})).wait()
    link = run.link_artifact(two, f"{project}-shelf/best", aliases=["staging"])
    drafted = run.link_artifact(make("fresh", {"f": "1"}), f"alice/{project}-shelf/fresh")
report["linked"] = [link.qualified_name, link.version, sorted(link.aliases), link.is_link, link.source_qualified_name]
report["drafted"] = [drafted.version, drafted.is_link, drafted.source_name]
report["second"] = [one.link(f"alice/{project}-shelf/best").version, one.link(f"alice/{project}-shelf/best").version]
api = wandb.Api()
shelf = f"{project}-shelf"
names = ("v0", "v1", "latest", "staging")
report["names"] = {name: api.artifact(f"{shelf}/best:{name}").source_version for name in names}
read = api.artifact(f"{shelf}/best:staging")
report["content"] = tree(read.download())
report["files"] = [file.name for file in read.files()]
report["links"] = [[a.qualified_name, sorted(a.aliases)] for a in api.artifact(f"{project}/data:v1").linked_artifacts]
report["when"] = read.linked_at is not None and read.linked_at >= read.created_at
read.aliases.append("production")
read.save()
report["production"] = api.artifact(f"{shelf}/best:production").source_version
report["source"] = api.artifact(f"{project}/data:v1").aliases
report["clash"] = refusal(lambda: one.link(f"alice/{project}/data"))
api.artifact(f"{shelf}/best:latest").unlink()
report["after"] = [api.artifact(f"{shelf}/best:latest").version, api.artifact_exists(f"{shelf}/best:v1")]
api.artifact(f"{shelf}/best:v0").delete()
report["kept"] = [api.artifact_exists(f"{shelf}/best:v0"), api.artifact_exists(f"{project}/data:v1")]
"""


def test_versions_are_linked_into_portfolios_and_out_again(sdk: SDK):
    report = told(sdk, LINKS, "links")
    assert report["linked"] == ["alice/links-shelf/best:v0", "v0", ["latest", "staging"], True, "alice/links/data:v1"]
    assert report["drafted"] == ["v0", True, "fresh:v0"]
    assert report["second"] == ["v1", "v1"]
    assert report["names"] == {"v0": "v1", "v1": "v0", "latest": "v0", "staging": "v1"}
    assert report["content"] == {"a": "2"}
    assert report["files"] == ["a"]
    assert report["links"] == [["alice/links-shelf/best:v0", ["staging", "v0"]]]
    assert report["when"] is True
    assert report["production"] == "v1"
    assert report["source"] == ["latest"]
    assert "is a sequence" in report["clash"]
    assert report["after"] == ["v0", False]
    assert report["kept"] == [False, True]


COLLECTIONS = """
with wandb.init(project=project, id="writer") as run:
    for name, kind in (("b", "dataset"), ("a", "dataset"), ("m", "model")):
        made = run.log_artifact(make(name, {"x": name}, kind), aliases=["first"]).wait()
    made.link(f"alice/{project}/shelf")
api = wandb.Api()
path = f"alice/{project}"
report["types"] = [kind.name for kind in api.artifact_types(path)]
report["collections"] = [c.name for c in api.artifact_collections(path, "dataset", per_page=1)]
ordered = lambda order, filters=None: [c.name for c in api.artifact_type("dataset", path).collections(filters, order)]
report["ordered"] = [ordered("name"), ordered("-name"), ordered("createdAt"), ordered("+name", {"name": {"$ne": "a"}})]
report["all"] = sorted(c.name for c in api.project(project, "alice").collections())
shelf = api.artifact_collection("model", f"{path}/shelf")
report["shelf"] = [shelf.is_sequence(), shelf.type, shelf.aliases, [a.version for a in shelf.artifacts()]]
collection = api.artifact_type("dataset", path).collection("a")
collection.name, collection.description, collection.tags = "renamed", "About it", ["t1", "t2"]
collection.save()
collection.type, collection.tags = "other", ["t2", "t3"]
collection.save()
read = wandb.Api().artifact_collection("other", f"{path}/renamed")
report["saved"] = [read.description, sorted(read.tags), sorted(read.aliases)]
report["moved"] = wandb.Api().artifact(f"{path}/renamed:v0").type
report["exists"] = [api.artifact_collection_exists(f"{path}/{name}", kind)
                    for name, kind in (("renamed", "other"), ("a", "dataset"), ("b", "dataset"))]
def clash():
    read.name = "b"
    read.save()
report["clash"] = refusal(clash)
report["none"] = refusal(lambda: api.artifact_type("none", path))
api.artifact_collection("dataset", f"{path}/b").delete()
shelf.description = "Shelf"
shelf.save()
report["shelf described"] = wandb.Api().artifact_collection("model", f"{path}/shelf").description
shelf.delete()
report["left"] = sorted(c.name for c in api.project(project, "alice").collections())
report["kept"] = api.artifact_exists(f"{path}/m:v0")
report["registries"] = refusal(lambda: list(api.registries(organization="org")))
"""


def test_collections_are_listed_changed_and_deleted(sdk: SDK):
    report = told(sdk, COLLECTIONS, "collections")
    assert report["types"] == ["dataset", "model"]
    assert report["collections"] == ["a", "b"]
    assert report["ordered"] == [["a", "b"], ["b", "a"], ["b", "a"], ["b"]]
    assert report["all"] == ["a", "b", "m", "shelf"]
    assert report["shelf"] == [False, "model", ["latest"], ["v0"]]
    assert report["saved"] == ["About it", ["t2", "t3"], ["first", "latest"]]
    assert report["moved"] == "other"
    assert report["exists"] == [True, False, True]
    assert "another collection" in report["clash"]
    assert "none" in report["none"]
    assert report["shelf described"] == "Shelf"
    assert report["left"] == ["m", "renamed"]
    assert report["kept"] is True
    assert report["registries"] is not None


TABLES = """
with wandb.init(project=project, id="writer") as run:
    table = wandb.Table(columns=["a", "b"], data=[[1, "x"], [2, "y"]])
    run.log({"t": table, "loss": 1.0})
    run.log({"t": wandb.Table(columns=["a", "b"], data=[[3, "z"]])})
    holder = wandb.Artifact("holder", "dataset")
    holder.add(table, "again")
    run.log_artifact(holder).wait()
api = wandb.Api()
run = api.run(f"{project}/writer")
report["logged"] = sorted(artifact.name for artifact in run.logged_artifacts())
report["first"] = api.artifact(f"{project}/run-writer-t:v0").get("t").data
report["latest"] = api.artifact(f"{project}/run-writer-t:latest", type="run_table").get("t").data
report["again"] = api.artifact(f"{project}/holder:v0").get("again").data
(row, _) = run.history(pandas=False)
report["history"] = row["t"]["artifact_path"].startswith("wandb-client-artifact://")
with wandb.init(project=project, id="reader") as run:
    report["step"] = [run.use_artifact(f"run-writer-t:v{n}").history_step for n in range(2)]
"""


def test_a_logged_table_is_an_artifact_that_others_refer_to(sdk: SDK):
    report = told(sdk, TABLES, "tables")
    assert report["logged"] == ["holder:v0", "run-writer-t:v0", "run-writer-t:v1"]
    assert report["first"] == [[1, "x"], [2, "y"]]
    assert report["latest"] == [[3, "z"]]
    assert report["again"] == [[1, "x"], [2, "y"]]
    assert report["history"] is True
    assert len(report["step"]) == 2


COMMAND = """
import os, sys
os.environ["WANDB_SILENT"] = "false"
sys.stderr = sys.stdout
from wandb.cli.cli import cli
cli(sys.argv[1:])
"""


def test_the_command_line_puts_gets_and_lists(sdk: SDK, tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("from the command line")
    sdk.run(
        COMMAND, "artifact", "put", str(source), "--name", "alice/cli/folder", "--type", "dataset", "--alias", "mine"
    )
    sdk.run(COMMAND, "artifact", "get", "alice/cli/folder:mine", "--root", str(tmp_path / "target"))
    assert (tmp_path / "target" / "a.txt").read_text() == "from the command line"
    assert "folder" in sdk.run(COMMAND, "artifact", "ls", "alice/cli")


OFFLINE = """
with wandb.init(project=project, id="writer", mode="offline") as run:
    run.log_artifact(make("data", {"a": "offline"}), aliases=["synced"])
report["directory"] = str(pathlib.Path(run.dir).parent)
"""

SYNCED = """
artifact = wandb.Api().artifact(f"{project}/data:synced")
report["content"] = tree(artifact.download())
report["by"] = artifact.logged_by().id
"""


def test_an_artifact_of_an_offline_run_is_synced(sdk: SDK):
    directory = told(sdk, OFFLINE, "offline")["directory"]
    sdk.run(COMMAND, "sync", directory)
    assert told(sdk, SYNCED, "offline") == {"content": {"a": "offline"}, "by": "writer"}


EXPIRED = """
with wandb.init(project=project, id="writer") as run:
    run.log_artifact(make("data", {"a": "1", "sub/b c.txt": "2"})).wait()
    made = run.log_artifact(make("data", {"a": "1", "sub/b c.txt": "3"})).wait()
    made.link(f"alice/{project}/shelf")
for name in ("data:v0", "data:v1", "shelf:latest"):
    report[name] = tree(wandb.Api().artifact(f"{project}/{name}").download(skip_cache=True))
"""


def test_a_download_goes_on_with_the_key_when_its_url_has_expired(
    sdk: SDK, networked: tuple[Application, str], monkeypatch: pytest.MonkeyPatch
):
    original = Signer.path

    def expired(self: Signer, method: Literal["GET", "PUT"], token: str, name: str, moment: int) -> str:
        late = method == "GET" and "manifest" not in name
        return original(self, method, token, name, moment - 2 * LIFETIME if late else moment)

    monkeypatch.setattr(Signer, "path", expired)
    two, three = ({"a": "1", "sub/b c.txt": text} for text in "23")
    assert told(sdk, EXPIRED, "expired") == {"data:v0": two, "data:v1": three, "shelf:latest": three}


DELETED = """
with wandb.init(project=project, id="writer") as run:
    for text in ("1", "2"):
        run.log_artifact(make("data", {"same": "same" * 1000, "own": text * 1000})).wait()
wandb.Api().run(f"{project}/writer").delete(delete_artifacts=True)
report["left"] = [wandb.Api().artifact_exists(f"{project}/data:v{n}") for n in range(2)]
"""


def test_what_a_deleted_run_has_logged_goes_with_it_and_frees_its_place(tmp_path: Path):
    with open_application(tmp_path / "data", entity="alice") as application, run_in_thread(application) as url:
        sdk = SDK(url, application.api_key, tmp_path / "sdk")
        assert told(sdk, DELETED, "deleted") == {"left": [False, False]}
        assert [path for path in (application.directory / "files").rglob("*") if path.is_file()] == []
