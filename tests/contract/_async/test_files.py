"""Files of runs: they are listed, come and go whole, and never leave the directory that they belong to."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract.logged import FILES, place, served_runs, written_runs  # noqa: F401 - fixtures
from wandql.client.transfers.digests import Digest
from wandql.errors import (
    DecodeError,
    ExistingFileError,
    IntegrityError,
    LocalFileError,
    NotFoundError,
    ReplyError,
    UnsafeNameError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.anyio


@pytest.fixture
async def dense(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    """A run with files. Its request is not counted."""
    run = await api.run("lab/logged/dense")
    wire.sent.clear()
    return run


@pytest.fixture
async def own(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    """A run of the test's own, without files. What made it is not counted."""
    run = await api.create_run(project="writes")
    wire.sent.clear()
    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, where the test stands."""
    directory = tmp_path / "here"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


def answer(run: Mapping[str, Any] | None) -> httpx.Response:
    return httpx.Response(200, json={"data": {"project": {"run": run}}})


def listing(*files: Mapping[str, Any]) -> httpx.Response:
    """Return a reply with files, whose other fields are made up."""
    made_up = {"id": "RmlsZTox", "url": None, "mimetype": None, "updatedAt": None, "directUrl": "http://x.invalid/f"}
    edges = [{"cursor": str(number), "node": {**made_up, **file}} for number, file in enumerate(files)]
    page = {"edges": edges, "pageInfo": {"endCursor": None, "hasNextPage": False}}
    return answer({"fileCount": len(files), "files": page})


# Listing


async def test_the_files_of_a_run_are_listed_by_name(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    files = dense.files()
    assert {file.name: file.size async for file in files} == {name: len(content) for name, content in FILES.items()}
    assert [file.name async for file in files] == sorted(FILES)
    assert await files.count() == len(FILES)
    assert repr(files).endswith("Files of lab/logged/dense>")
    assert wire.operations == ["GetRunFiles"]


async def test_files_come_page_by_page(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    assert [len(page) async for page in dense.files(per_page=4).pages()] == [4, 2]
    assert wire.operations == ["GetRunFiles"] * 2


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({"names": ["b.json", "a.json"]}, ["a.json", "b.json"]),
        ({"names": ("a.json", "nosuchfile")}, ["a.json"]),
        ({"names": ["nosuchfile"]}, []),
        ({"names": []}, sorted(FILES)),
        ({"pattern": "%.json"}, ["a.json", "b.json", "wandb-metadata.json"]),
        ({"pattern": "_.json"}, ["a.json", "b.json"]),
        ({"pattern": "checkpoints/%"}, ["checkpoints/last.bin"]),
    ],
)
async def test_files_are_chosen_by_names_or_by_a_pattern(
    dense: wandql.AsyncRun, chosen: dict[str, Any], names: list[str]
) -> None:
    files = dense.files(**chosen)
    assert [file.name async for file in files] == names
    assert await files.count() == len(names)
    assert await dense.files(**chosen).count() == len(names)


async def test_a_wrong_choice_fails_before_any_request(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    for wrong in [{"names": "a.json"}, {"names": [1]}, {"names": ["a.json"], "pattern": "%"}]:
        with pytest.raises(UsageError):
            dense.files(**wrong)
    with pytest.raises(ValueError, match="per_page"):
        dense.files(per_page=0)
    assert wire.sent == []


async def test_a_file_has_what_the_server_knows_of_it(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    file = await dense.file("a.json")
    assert (file.name, file.size, file.mimetype) == ("a.json", 8, "application/json")
    assert file.md5 == Digest.of(FILES["a.json"]).base64
    assert file.updated_at is not None
    assert file.identity == "lab/logged/dense/a.json"
    assert repr(file) == "<File a.json (8 bytes)>"
    assert wire.operations == ["GetRunFiles"]


async def test_a_file_is_a_value_whatever_its_address_is(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    file = await dense.file("a.json")
    moved = file.model_copy(update={"url": "http://elsewhere", "direct_url": "http://elsewhere"})
    assert moved == file
    assert hash(moved) == hash(file)
    assert file != await dense.file("b.json")
    restored = pickle.loads(pickle.dumps(file))
    assert restored == file
    with pytest.raises(UsageError, match="no client"):
        await restored.read()


@pytest.mark.parametrize("name", ["nosuchfile", "last.bin", "checkpoints", "%.json"])
async def test_a_file_that_is_not_there_is_an_error(dense: wandql.AsyncRun, name: str) -> None:
    with pytest.raises(NotFoundError, match="lab/logged/dense") as caught:
        await dense.file(name)
    assert caught.value.path == f"lab/logged/dense/{name}"


async def test_a_file_that_a_server_makes_up_is_not_there(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    wire.replies = {number: listing({"name": "made up", "size": 0, "md5": None}) for number in [1, 2]}
    with pytest.raises(NotFoundError, match="made up"):
        await dense.file("made up")
    assert [file async for file in dense.files(names=["made up"])] == []


async def test_files_of_a_run_that_is_not_there_are_an_error(dense: wandql.AsyncRun) -> None:
    gone = dense.model_copy(update={"id": "gone"})
    with pytest.raises(NotFoundError, match="lab/logged/gone"):
        await gone.files().count()
    with pytest.raises(NotFoundError, match="lab/logged/gone"):
        await gone.file("a.json")


# Downloading


@pytest.mark.parametrize("name", FILES)
async def test_a_file_is_read_as_it_was_uploaded(dense: wandql.AsyncRun, wire: AsyncWire, name: str) -> None:
    file = await dense.file(name)
    assert await file.read() == FILES[name]
    assert wire.operations == ["GetRunFiles", "GET file"]


async def test_every_file_is_downloaded_below_its_root(dense: wandql.AsyncRun, here: Path) -> None:
    async for file in dense.files():
        path = await file.download("into")
        assert path == Path("into", file.name)
        assert path.read_bytes() == FILES[file.name]
    assert len([path for path in (here / "into").rglob("*") if path.is_file()]) == len(FILES)


async def test_a_file_goes_where_the_script_stands_by_default(dense: wandql.AsyncRun, here: Path) -> None:
    assert await (await dense.file("a.json")).download() == Path("a.json")
    assert (here / "a.json").read_bytes() == FILES["a.json"]


async def test_a_file_that_is_there_is_an_error_unless_it_may_stay_or_go(
    dense: wandql.AsyncRun, wire: AsyncWire, here: Path
) -> None:
    file = await dense.file("a.json")
    (here / "a.json").write_bytes(b"mine")
    wire.sent.clear()
    with pytest.raises(ExistingFileError, match=r"a\.json"):
        await file.download()
    assert await file.download(exist_ok=True) == Path("a.json")
    assert (here / "a.json").read_bytes() == b"mine"
    assert wire.operations == []
    assert await file.download(replace=True) == Path("a.json")
    assert (here / "a.json").read_bytes() == FILES["a.json"]
    assert wire.operations == ["GET file"]


@pytest.mark.parametrize("name", ["../x", "/abs", "a/../../b", "..", "a/..", "", "a/", "a\0b"])
async def test_a_name_that_leads_out_of_the_root_writes_nothing(
    dense: wandql.AsyncRun, wire: AsyncWire, here: Path, name: str
) -> None:
    file = (await dense.file("a.json")).model_copy(update={"name": name})
    wire.sent.clear()
    with pytest.raises(UnsafeNameError):
        await file.download("into")
    assert wire.operations == []
    assert [path for path in here.parent.rglob("*") if path.name in {"x", "abs", "b"}] == []


async def test_what_is_not_what_the_server_promised_is_not_kept(
    dense: wandql.AsyncRun, wire: AsyncWire, here: Path
) -> None:
    file = await dense.file("a.json")
    wrong = httpx.Response(200, content=b"x" * file.size)
    known = listing({"name": "a.json", "size": file.size, "md5": file.md5, "directUrl": file.direct_url})
    wire.replies = {2: wrong, 3: known, 4: wrong}
    with pytest.raises(IntegrityError, match=r"a\.json"):
        await file.download()
    assert not (here / "a.json").exists()


async def test_an_address_that_has_expired_is_asked_for_again(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    file = await dense.file("a.json")
    wire.replies = {2: httpx.Response(403)}
    assert await file.read() == FILES["a.json"]
    assert wire.operations == ["GetRunFiles", "GET file", "GetRunFiles", "GET file"]


# Uploading and deleting


async def test_an_uploaded_file_is_there_and_costs_four_requests(
    own: wandql.AsyncRun, wire: AsyncWire, here: Path
) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "größe.txt").write_bytes(b"one")
    first = await own.upload_file("sub/größe.txt")
    assert (first.name, first.size) == ("sub/größe.txt", 3)
    upload = ["CreateRunFiles", "PUT file", "MarkRunFilesUploaded", "GetRunFiles"]
    assert wire.operations == [*upload[:2], "GetServerFeatures", *upload[2:]]
    wire.sent.clear()
    (here / "sub" / "größe.txt").write_bytes(b"another")
    again = await own.upload_file(Path("sub", "größe.txt"))
    assert wire.operations == upload
    assert await again.read() == b"another"
    assert [file.name async for file in own.files()] == ["sub/größe.txt"]


@pytest.mark.parametrize("content", [b"", b"\0", bytes(range(256)) * 9000])
async def test_contents_of_any_size_go_up_and_come_down(own: wandql.AsyncRun, here: Path, content: bytes) -> None:
    (here / "f.bin").write_bytes(content)
    assert await (await own.upload_file("f.bin")).read() == content


async def test_the_name_is_the_path_below_the_root(own: wandql.AsyncRun, here: Path) -> None:
    (here / "a" / "b").mkdir(parents=True)
    (here / "a" / "b" / "f").write_bytes(b"x")
    assert (await own.upload_file("a/b/f", root="a")).name == "b/f"
    assert (await own.upload_file(here / "a" / "b" / "f", root=here / "a" / "b")).name == "f"
    assert (await own.upload_file("a/../a/b/f")).name == "a/b/f"


async def test_what_cannot_be_uploaded_fails_before_any_request(
    own: wandql.AsyncRun, wire: AsyncWire, here: Path
) -> None:
    (here.parent / "outside").write_bytes(b"x")
    (here / "directory").mkdir()
    with pytest.raises(UsageError, match="outside"):
        await own.upload_file("../outside")
    for unreadable in ["nosuchfile", "directory"]:
        with pytest.raises(LocalFileError, match=unreadable):
            await own.upload_file(unreadable)
    assert wire.operations == []


async def test_a_server_without_the_feature_is_not_told(own: wandql.AsyncRun, wire: AsyncWire, here: Path) -> None:
    (here / "f").write_bytes(b"x")
    wire.replies = {3: httpx.Response(200, json={"data": {"serverInfo": {"features": []}}})}
    assert (await own.upload_file("f")).size == 1
    assert "MarkRunFilesUploaded" not in wire.operations


async def test_a_server_that_says_no_address_is_reported(own: wandql.AsyncRun, wire: AsyncWire, here: Path) -> None:
    (here / "f").write_bytes(b"x")
    made = {"runID": "x", "uploadHeaders": [], "files": [{"name": "f", "uploadUrl": None}]}
    wire.replies = {1: httpx.Response(200, json={"data": {"createRunFiles": made}})}
    with pytest.raises(ReplyError, match="'f'"):
        await own.upload_file("f")


async def test_a_deleted_file_is_gone(own: wandql.AsyncRun, wire: AsyncWire, here: Path) -> None:
    (here / "f").write_bytes(b"x")
    file = await own.upload_file("f")
    wire.sent.clear()
    await file.delete()
    assert wire.operations == ["DeleteFiles"]
    assert wire.sent[0].variables["projectId"] == own.project_id
    assert [each async for each in own.files()] == []
    with pytest.raises(NotFoundError):
        await own.file("f")
    with pytest.raises(NotFoundError):
        await file.read()


# Metadata


async def test_metadata_is_fetched_once(dense: wandql.AsyncRun, wire: AsyncWire) -> None:
    expected = json.loads(FILES["wandb-metadata.json"])
    assert await dense.metadata == expected
    assert await dense.metadata == expected
    assert wire.operations == ["GetRunFiles", "GET file"]
    await dense.load(force=True)
    assert await dense.metadata == expected
    assert wire.operations == ["GetRunFiles", "GET file", "GetRun", "GetRunFiles", "GET file"]


async def test_metadata_that_is_not_there_is_none(own: wandql.AsyncRun) -> None:
    assert await own.metadata is None
    await own.delete()
    with pytest.raises(NotFoundError, match=own.identity):
        _ = await own.metadata


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff"])
async def test_metadata_that_is_no_object_is_an_error(own: wandql.AsyncRun, here: Path, content: bytes) -> None:
    (here / "wandb-metadata.json").write_bytes(content)
    await own.upload_file("wandb-metadata.json")
    with pytest.raises(DecodeError, match="wandb-metadata"):
        _ = await own.metadata
