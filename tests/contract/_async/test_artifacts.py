"""Artifacts: what was logged is read back as it was, few requests bring it, and no name leaves its directory."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from base64 import b64encode
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

import wandql
from tests.artifact_samples import md5
from tests.contract._async.asking import AsyncWire
from tests.contract.shelved import (  # noqa: F401 - fixtures
    FIRST,
    MANY,
    S3,
    SECOND,
    SHARDS,
    own_place,
    place,
    served_artifacts,
    written_artifacts,
)
from wandql.client import bars
from wandql.errors import (
    DecodeError,
    IntegrityError,
    InvalidPathError,
    LocalFileError,
    NotFoundError,
    ServerError,
    UnsafeNameError,
    UsageError,
)

pytestmark = pytest.mark.anyio

URLS, FILE, MANIFEST = "GetArtifactFileUrls", "GET file", "GetArtifactManifest"


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a directory, hidden ones included."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def manifest_reply(contents: dict[str, Any], version: int = 1) -> httpx.Response:
    return httpx.Response(200, json={"version": version, "contents": contents})


@pytest.fixture
async def digits(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncArtifact:
    """The second version of a dataset. Its request is not counted."""
    artifact = await api.artifact("lab/shelf/digits:latest")
    wire.sent.clear()
    return artifact


async def test_a_version_says_what_was_logged(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    assert (digits.name, digits.version, digits.collection_name) == ("digits:v1", "v1", "digits")
    assert (digits.entity, digits.project, digits.type) == ("lab", "shelf", "dataset")
    assert digits.qualified_name == digits.source_qualified_name == "lab/shelf/digits:v1"
    assert sorted(digits.aliases) == ["best", "latest"]
    assert sorted(digits.tags) == ["clean", "small"]
    assert digits.metadata == {"rows": 2, "nested": {"x": [1, None]}}
    assert (digits.description, digits.history_step, digits.ttl, digits.state) == ("Two rows.", 2, None, "COMMITTED")
    assert (digits.size, digits.file_count) == (sum(map(len, SECOND.values())), len(SECOND))
    assert digits.created_at.utcoffset() is not None
    assert digits.url.endswith("/lab/shelf/artifacts/dataset/digits/v1")
    assert not digits.is_link
    assert wire.sent == []


@pytest.mark.parametrize("name", ["digits", "digits:latest", "digits:best", "digits:v1", "digits:v0"])
async def test_a_version_is_found_by_each_of_its_names_with_one_request(wire: AsyncWire, name: str) -> None:
    async with wire.api(entity="lab", project="shelf") as api:
        artifact = await api.artifact(name)
    assert artifact.version == ("v0" if name.endswith("v0") else "v1")
    assert wire.operations == ["GetArtifact"]


async def test_a_version_is_asked_for_anew_each_time_since_aliases_move(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    first = await api.artifact("lab/shelf/digits")
    assert first == await api.artifact("lab/shelf/digits:v1", type="dataset")
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("name", "type_name"),
    [("digits:v9", None), ("nothing", None), ("digits", "model")],
)
async def test_a_version_that_is_not_there_is_not_found(api: wandql.AsyncApi, name: str, type_name: str | None) -> None:
    with pytest.raises(NotFoundError) as caught:
        await api.artifact(f"lab/shelf/{name}", type_name)
    assert caught.value.path is not None
    assert caught.value.path.startswith(f"lab/shelf/{name}")
    assert not await api.artifact_exists(f"lab/shelf/{name}", type_name)


async def test_what_exists_is_true_only_where_the_server_says_so(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    assert await api.artifact_exists("lab/shelf/digits:v0", "dataset")
    assert await api.artifact_collection_exists("lab/shelf/digits", "dataset")
    assert not await api.artifact_collection_exists("lab/shelf/digits", "model")
    assert not await api.artifact_collection_exists("lab/nowhere/digits", "dataset")
    for ask in [lambda: api.artifact_exists("lab/shelf/d"), lambda: api.artifact_collection_exists("lab/shelf/d", "x")]:
        wire.replies[len(wire.sent) + 1] = httpx.Response(500)
        with pytest.raises(ServerError):
            await ask()


async def test_bad_paths_fail_before_any_request(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for ask in [lambda: api.artifact("a/b/c/d:v1"), lambda: api.artifact(""), lambda: api.artifact_type("x", "a/b/c")]:
        with pytest.raises(InvalidPathError):
            await ask()
    with pytest.raises(InvalidPathError, match="one version"):
        api.artifacts("dataset", "lab/shelf/digits:v0")
    with pytest.raises(InvalidPathError, match="one version"):
        await api.artifact_collection("dataset", "lab/shelf/digits:v0")
    with pytest.raises(InvalidPathError):
        api.artifact_types("a/b/c")
    assert wire.sent == []


async def test_the_types_of_a_project_lead_to_its_versions(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    types = {each.name: each async for each in api.artifact_types("lab/shelf")}
    assert sorted(types) == ["dataset", "model"]
    assert types["model"] == await api.artifact_type("model", "lab/shelf")
    assert [each.name async for each in types["model"].collections()] == ["weights"]
    weights = await types["model"].collection("weights")
    assert [each.name async for each in weights.artifacts()] == ["weights:v0"]
    assert [each.name async for each in weights.versions(per_page=1)] == ["weights:v0"]
    assert wire.operations == [
        "GetArtifactTypes",
        "GetArtifactType",
        "GetCollections",
        "GetCollection",
        *["GetArtifactVersions"] * 2,
    ]


async def test_collections_say_what_they_are(api: wandql.AsyncApi) -> None:
    collections = {each.name: each async for each in api.artifact_collections("lab/shelf", "dataset", per_page=2)}
    assert sorted(collections) == ["digits", "gold", "mixed", "shards"]
    assert await api.artifact_collections("lab/shelf", "dataset").count() == 4
    digits, gold = collections["digits"], collections["gold"]
    assert (digits.entity, digits.project, digits.type, digits.tags) == ("lab", "shelf", "dataset", [])
    assert digits.is_sequence()
    assert not gold.is_sequence()
    assert sorted(await digits.aliases) == ["best", "latest"]
    assert digits == await api.artifact_collection("dataset", "lab/shelf/digits")
    assert digits == await (await api.artifact("lab/shelf/digits:v0")).collection


async def test_versions_come_page_by_page(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    versions = api.artifacts("dataset", "lab/shelf/digits", order="+created_at", per_page=1)
    assert await versions.count() == 2
    assert [version.version async for version in versions] == ["v0", "v1"]
    assert wire.operations == ["GetArtifactVersions"] * 2
    assert await versions.first() == await api.artifact("lab/shelf/digits:v0")


async def test_versions_are_chosen_by_all_of_their_tags(api: wandql.AsyncApi) -> None:
    for tags, chosen in {("small",): ["v0", "v1"], ("small", "clean"): ["v1"], ("large",): []}.items():
        versions = api.artifacts("dataset", "lab/shelf/digits", order="+created_at", tags=tags)
        assert [version.version async for version in versions] == chosen
        assert await versions.count() == len(chosen)


async def test_the_old_name_of_artifacts_warns(api: wandql.AsyncApi) -> None:
    with pytest.warns(DeprecationWarning, match=r"Api\.artifacts"):
        versions = api.artifact_versions("dataset", "lab/shelf/digits")
    assert await versions.count() == 2


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda api: api.artifacts("dataset", "lab/none/digits").first(), "lab/none"),
        (lambda api: api.artifacts("dataset", "lab/shelf/none").first(), "lab/shelf/none"),
        (lambda api: api.artifacts("none", "lab/shelf/digits").first(), "lab/shelf/digits"),
        (lambda api: api.artifact_types("lab/none").first(), "lab/none"),
        (lambda api: api.artifact_type("dataset", "lab/none"), "lab/none"),
        (lambda api: api.artifact_type("none", "lab/shelf"), "lab/shelf/none"),
        (lambda api: api.artifact_collections("lab/none", "dataset").first(), "lab/none"),
        (lambda api: api.artifact_collections("lab/shelf", "none").first(), "lab/shelf/none"),
        (lambda api: api.artifact_collection("dataset", "lab/none/digits"), "lab/none"),
        (lambda api: api.artifact("lab/none/digits"), "lab/none"),
    ],
)
async def test_what_is_not_there_is_named(api: wandql.AsyncApi, ask: Any, path: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        await ask(api)
    assert caught.value.path == path


async def test_a_link_has_names_of_its_own_and_those_of_its_source(api: wandql.AsyncApi) -> None:
    link, source = await api.artifact("lab/shelf/gold"), await api.artifact("lab/shelf/digits:v1")
    assert link.is_link
    assert (link.name, link.aliases, link.id) == ("gold:v0", ["latest"], source.id)
    assert (link.source_name, link.source_project, link.source_entity) == ("digits:v1", "shelf", "lab")
    assert link != source
    assert [each.name async for each in api.artifacts("dataset", "lab/shelf/gold")] == ["gold:v0"]


async def test_runs_tell_what_they_logged_and_used(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    writer, reader, idle = [await api.run(f"lab/shelf/{run}") for run in ["writer", "reader", "idle"]]
    wire.sent.clear()
    logged = [each.name async for each in writer.logged_artifacts(per_page=2)]
    assert sorted(logged) == ["digits:v0", "digits:v1", "shards:v0", "weights:v0"]
    assert [each.name async for each in reader.used_artifacts()] == ["digits:v1"]
    assert wire.operations == ["GetRunOutputArtifacts"] * 2 + ["GetRunInputArtifacts"]
    assert await idle.logged_artifacts().count() == await idle.used_artifacts().count() == 0


async def test_a_version_knows_the_runs_around_it(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    logged_by = await digits.logged_by()
    assert logged_by is not None
    assert logged_by.path == ["lab", "shelf", "writer"]
    assert [run.path for run in await digits.used_by()] == [["lab", "shelf", "reader"]]
    assert wire.operations == ["GetArtifactCreatedBy", "GetArtifactUsedBy"]
    mixed = await api.artifact("lab/shelf/mixed")
    assert await mixed.logged_by() is None
    assert await mixed.used_by() == []


async def test_a_manifest_is_fetched_once(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    manifest = await digits.manifest
    assert await digits.manifest is manifest
    assert {path: (entry.digest, entry.size) for path, entry in manifest.entries.items()} == {
        path: (md5(content), len(content)) for path, content in SECOND.items()
    }
    assert wire.operations == [MANIFEST, FILE]


async def test_references_are_listed(api: wandql.AsyncApi) -> None:
    mixed = await api.artifact("lab/shelf/mixed")
    entry = await mixed.get_entry("far/key.bin")
    assert (entry.ref, entry.digest, entry.size, entry.extra) == (S3["ref"], "etag", 9, S3["extra"])
    assert entry.ref_target() == S3["ref"]
    assert sorted(each.path for each in (await mixed.manifest).references) == ["borrowed.csv", "far/key.bin"]
    with pytest.raises(UsageError, match="reference"):
        await entry.read()
    with pytest.raises(ValueError, match="not a reference"):
        (await mixed.get_path("own.txt")).ref_target()
    with pytest.raises(NotFoundError, match="no file") as caught:
        await mixed.get_entry("nothing.txt")
    assert isinstance(caught.value, KeyError), "Scripts look entries up as in a dict"


async def test_files_come_page_by_page_and_by_name(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    files = digits.files(per_page=2)
    assert await files.count() == 4
    assert {file.name: file.size async for file in files} == {name: len(data) for name, data in SECOND.items()}
    assert wire.operations == ["GetArtifactFiles"] * 2
    assert [file.name async for file in digits.files(names=["labels.csv"])] == ["labels.csv"]


async def test_a_file_is_read_and_downloaded(digits: wandql.AsyncArtifact, tmp_path: Path, wire: AsyncWire) -> None:
    file = await digits.files(names=["train/images.bin"]).at(0)
    wire.sent.clear()
    assert await file.read() == SECOND["train/images.bin"]
    path = await file.download(tmp_path / "out")
    assert path == tmp_path / "out/train/images.bin"
    assert path.read_bytes() == SECOND["train/images.bin"]
    assert wire.operations == [FILE, FILE]
    with pytest.raises(FileExistsError):
        await file.download(tmp_path / "out")
    assert await file.download(tmp_path / "out", exist_ok=True) == path
    assert await file.download(tmp_path / "out", replace=True) == path
    assert pickle.loads(pickle.dumps(file)) == file


async def test_an_expired_address_of_a_file_is_asked_for_anew(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    file = await digits.files(names=["labels.csv"]).at(0)
    wire.sent.clear()
    wire.replies[1] = httpx.Response(403)
    assert await file.read() == SECOND["labels.csv"]
    assert wire.operations == [FILE, URLS, FILE]
    assert wire.sent[1].variables["names"] == ["labels.csv"]


async def test_a_download_brings_every_file_with_one_request_for_addresses(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path
) -> None:
    shards = await api.artifact("lab/shelf/shards")
    wire.sent.clear()
    told: list[tuple[int, int | None]] = []
    root = await shards.download(tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert root == tmp_path / "out"
    assert contents(root) == SHARDS
    assert sorted(wire.operations) == sorted([MANIFEST, URLS, *[FILE] * (MANY + 1)])
    assert told[-1] == (shards.size, shards.size)


@pytest.mark.parametrize("is_terminal", [True, False])
async def test_only_who_watches_a_terminal_is_shown_a_bar(
    api: wandql.AsyncApi,
    wire: AsyncWire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,
) -> None:
    shards = await api.artifact("lab/shelf/shards")
    seen = StringIO()
    monkeypatch.setattr(seen, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setattr(bars, "DELAY", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    root = await shards.download(tmp_path / "out", skip_cache=True)
    assert contents(root) == SHARDS
    assert ("shards:v0" in seen.getvalue()) == is_terminal
    assert is_terminal or not seen.getvalue()


async def test_a_second_download_asks_for_nothing(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    await digits.download(tmp_path)
    wire.sent.clear()
    await digits.download(tmp_path)
    assert wire.sent == []


async def test_what_was_downloaded_once_is_in_the_cache(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    await digits.download(tmp_path / "one")
    wire.sent.clear()
    await digits.download(tmp_path / "two")
    assert contents(tmp_path / "two") == SECOND
    assert wire.sent == []
    await (await api.artifact("lab/shelf/digits:v0")).download(tmp_path / "three")
    assert contents(tmp_path / "three") == FIRST
    assert wire.operations == ["GetArtifact", MANIFEST, FILE, URLS, FILE]


async def test_a_file_that_differs_is_fetched_anew_though_its_size_is_right(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    await digits.download(tmp_path)
    assert api.client.transfers.cache is not None
    api.client.transfers.cache.prune()
    (tmp_path / "labels.csv").write_bytes(b"x" * len(SECOND["labels.csv"]))
    (tmp_path / "mine.txt").write_text("stays")
    wire.sent.clear()
    await digits.download(tmp_path)
    assert contents(tmp_path) == {**SECOND, "mine.txt": b"stays"}
    assert wire.operations == [URLS, FILE]


async def test_a_prefix_chooses_what_to_download(api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path) -> None:
    shards = await api.artifact("lab/shelf/shards")
    wire.sent.clear()
    await shards.download(tmp_path, path_prefix="shards/00")
    assert contents(tmp_path) == {name: data for name, data in SHARDS.items() if name.startswith("shards/00")}
    assert sorted(wire.operations) == sorted([MANIFEST, URLS, *[FILE] * 11])
    (urls,) = [request for request in wire.sent if request.operation == URLS]
    assert urls.variables["names"] == [f"shards/00{number}.bin" for number in range(10)]


async def test_the_default_directory_is_named_by_the_version(wire: AsyncWire, tmp_path: Path) -> None:
    async with wire.api(artifact_dir=str(tmp_path / "shelf")) as api:
        artifact = await api.artifact("lab/shelf/digits:latest")
        assert await artifact.download() == tmp_path / "shelf/digits:v1"
        assert contents(tmp_path / "shelf/digits:v1") == SECOND
        await artifact.verify()
        entry = await artifact.get_entry("labels.csv")
        assert await entry.download() == tmp_path / "shelf/digits:v1/labels.csv"


async def test_a_name_that_leads_out_is_refused_and_nothing_is_written(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    for name in ["../out.txt", "/out.txt", "a/../../out.txt"]:
        wire.sent.clear()
        fresh = copy.deepcopy(digits)
        wire.replies[2] = manifest_reply({name: {"digest": md5(b"x"), "size": 1}, "a": {"digest": md5(b"y")}})
        with pytest.raises(UnsafeNameError):
            await fresh.download(tmp_path / "root")
        assert contents(tmp_path) == {}
        assert wire.operations == [MANIFEST, FILE]


@pytest.mark.parametrize(
    "reply",
    [httpx.Response(200, text="<html>"), manifest_reply({}, version=2), manifest_reply({"a": {"size": 1}})],
    ids=["no JSON", "another version", "no digest"],
)
async def test_a_manifest_that_cannot_be_read_is_refused(
    digits: wandql.AsyncArtifact, wire: AsyncWire, reply: httpx.Response
) -> None:
    wire.replies[2] = reply
    with pytest.raises(DecodeError, match="lab/shelf/digits:v1"):
        _ = await digits.manifest


async def test_a_file_that_is_not_what_was_promised_is_not_kept(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    wire.replies[2] = manifest_reply({"labels.csv": {"digest": md5(b"other"), "size": 8}})
    with pytest.raises(IntegrityError):
        await digits.download(tmp_path)
    assert "labels.csv" not in contents(tmp_path)


async def test_references_to_files_of_this_machine_are_copied(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    source = tmp_path / "with blank.bin"
    source.write_bytes(b"local")
    good = {"digest": md5(b"local"), "size": 5, "ref": source.as_uri()}
    unchecked = {"digest": source.as_uri(), "ref": source.as_uri()}
    wire.replies[2] = manifest_reply({"a/copy.bin": good, "b.bin": unchecked})
    await digits.download(tmp_path / "out")
    await digits.download(tmp_path / "out")
    assert contents(tmp_path / "out") == {"a/copy.bin": b"local", "b.bin": b"local"}
    assert wire.operations == [MANIFEST, FILE]
    source.write_bytes(b"LOCAL")
    with pytest.raises(IntegrityError, match="digest"):
        await digits.download(tmp_path / "anew")
    source.unlink()
    with pytest.raises(LocalFileError, match="cannot be read"):
        await digits.download(tmp_path / "again")
    assert contents(tmp_path / "anew") == contents(tmp_path / "again") == {}


async def test_references_by_http_are_fetched_without_the_key(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    wire.replies[2] = manifest_reply({"web.txt": {"digest": "etag", "size": 3, "ref": "http://example.test/web.txt"}})
    wire.replies[3] = httpx.Response(200, content=b"web")
    await digits.download(tmp_path)
    assert contents(tmp_path) == {"web.txt": b"web"}
    assert wire.sent[2].url == "http://example.test/web.txt"
    assert "authorization" not in wire.sent[2].headers


async def test_references_that_cannot_be_fetched_are_an_error_or_left_out(api: wandql.AsyncApi, tmp_path: Path) -> None:
    mixed = await api.artifact("lab/shelf/mixed")
    with pytest.raises(UsageError, match="s3://bucket"):
        await mixed.download(tmp_path)
    assert contents(tmp_path) == {}
    await mixed.download(tmp_path, allow_missing_references=True)
    assert contents(tmp_path) == {"own.txt": b"own", "borrowed.csv": SECOND["labels.csv"]}


async def test_a_reference_to_an_artifact_that_is_gone_is_not_found(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    gone = b64encode(b"Artifact:999").decode()
    for there in ["no hex", b"Artifact:999".hex()]:
        wire.sent.clear()
        wire.replies[2] = manifest_reply({"x": {"digest": "x", "ref": f"wandb-artifact://{there}/x"}})
        with pytest.raises(NotFoundError, match=f"{gone}|no hex"):
            await copy.deepcopy(digits).download(tmp_path)


async def test_the_only_file_of_an_artifact_is_downloaded(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, tmp_path: Path
) -> None:
    path = await (await api.artifact("lab/shelf/weights")).file(tmp_path)
    assert path == tmp_path / "weights.bin"
    assert path.read_bytes() == b"w" * 10
    with pytest.raises(ValueError, match="4 files"):
        await digits.file(tmp_path)


async def test_an_entry_is_read_and_downloaded_alone(
    digits: wandql.AsyncArtifact, wire: AsyncWire, tmp_path: Path
) -> None:
    entry = await digits.get_entry("labels.csv")
    wire.sent.clear()
    assert await entry.read() == SECOND["labels.csv"]
    assert await entry.download(tmp_path) == tmp_path / "labels.csv"
    assert contents(tmp_path) == {"labels.csv": SECOND["labels.csv"]}
    assert wire.operations == [URLS, FILE] * 2
    assert entry == await digits.get_entry("labels.csv")
    assert entry != await digits.get_entry("empty.txt")
    assert entry.artifact is digits


async def test_a_directory_is_compared_with_the_manifest(digits: wandql.AsyncArtifact, tmp_path: Path) -> None:
    await digits.download(tmp_path)
    await digits.verify(tmp_path)
    (tmp_path / "strange.txt").write_text("x")
    with pytest.raises(IntegrityError, match="none of its files"):
        await digits.verify(tmp_path)
    assert await digits.checkout(tmp_path) == tmp_path
    assert contents(tmp_path) == SECOND
    (tmp_path / "labels.csv").write_bytes(b"x" * 8)
    with pytest.raises(IntegrityError, match="differs"):
        await digits.verify(tmp_path)
    (tmp_path / "labels.csv").unlink()
    with pytest.raises(IntegrityError, match="missing"):
        await digits.verify(tmp_path)


async def test_a_checkout_makes_the_directory_another_version(api: wandql.AsyncApi, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(outside)
    for version, files in {"v1": SECOND, "v0": FIRST}.items():
        await (await api.artifact(f"lab/shelf/digits:{version}")).checkout(root)
        assert contents(root) == files
    assert not (root / "link").is_symlink()
    assert contents(outside) == {"kept.txt": b"kept"}


async def test_versions_compare_hash_copy_and_pickle_by_their_data(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact
) -> None:
    other = await api.artifact("lab/shelf/digits:v0")
    assert digits != other
    assert len({digits, copy.deepcopy(digits), other}) == 2
    unpickled = pickle.loads(pickle.dumps(digits))
    assert unpickled == digits
    assert unpickled.metadata == digits.metadata
    with pytest.raises(UsageError, match="no client"):
        await unpickled.logged_by()


async def test_a_version_without_a_page_of_files_is_not_found(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    wire.replies[1] = httpx.Response(200, content=json.dumps({"data": {"project": None}}))
    with pytest.raises(NotFoundError):
        await digits.files().first()


async def test_a_page_that_is_not_found_does_not_tell_that_an_artifact_is_not_there(
    api: wandql.AsyncApi, wire: AsyncWire
) -> None:
    lost = httpx.Response(404, text="no such page")
    wire.replies = {len(wire.sent) + 1: lost, len(wire.sent) + 2: lost}
    with pytest.raises(NotFoundError):
        await api.artifact_exists("lab/shelf/digits:v0")
    with pytest.raises(NotFoundError):
        await api.artifact_collection_exists("lab/shelf/digits", "dataset")
    assert await api.artifact_exists("lab/shelf/digits:v0")
