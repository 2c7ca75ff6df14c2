# Derived from tests/testing/_async/test_players.py by `make generate`: edit that file instead.
"""Cassettes: what was recorded is played again, without the server and without anything secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import wandql
from wandql import errors
from wandql.testing import Player, Recorder, Server

if TYPE_CHECKING:
    from collections.abc import Iterator


EMAIL = "somebody.else@lab.example.org"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as opened:
        opened.add_run(
            "mnist", "r", config={"lr": 0.1, "owner": EMAIL}, files={"bin": bytes(range(256)), "a.txt": b"text"}
        )
        yield opened


def online(server: Server, path: Path) -> wandql.Api:
    return wandql.Api(base_url=server.url, api_key=server.api_key, project=None, transport=Recorder(path))


def offline(server: Server, path: Path) -> wandql.Api:
    return wandql.Api(base_url=server.url, api_key="k" * 40, project=None, transport=Player(path))


def test_what_was_recorded_is_played_again(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "cassette.jsonl"
    seen = []
    for make in [online, offline]:
        with make(server, path) as api:
            run = api.run("alice/mnist/r")
            files = [(file.name, file.read()) for file in run.files()]
            seen.append((run.id, run.config["lr"], files))
    assert seen[0] == seen[1]
    asked = [exchange.operation for exchange in server.exchanges]
    assert asked == ["GetRun", "GetRunFiles", "GET /storage", "GET /storage"]


def test_nothing_secret_is_on_a_cassette(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with online(server, path) as api:
        _ = api.viewer
        run = api.run("alice/mnist/r")
        signed = [file.direct_url for file in run.files()]
        run.file("a.txt").read()
    text = path.read_text()
    queries = [url.partition("?")[2] for url in signed if url]
    assert all(queries)
    for secret in [server.api_key, EMAIL, "authorization", *queries]:
        assert secret not in text
    assert "someone@example.com" in text


def test_what_is_not_on_the_cassette_is_named(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with online(server, path) as api:
        api.run("alice/mnist/r")
    with offline(server, path) as api:
        with pytest.raises(errors.UsageError, match=r"no reply to GetRun with .*\"other\""):
            api.run("alice/mnist/other")
        with pytest.raises(errors.UsageError, match="no reply to GetViewer"):
            _ = api.viewer


def test_equal_requests_get_their_replies_in_order(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with online(server, path) as api:
        run = api.run("alice/mnist/r")
        run.notes = "new"
        run.update()
        api.flush()
        api.run("alice/mnist/r")
    with offline(server, path) as api:
        seen = []
        for _ in range(4):
            api.flush()
            seen.append(api.run("alice/mnist/r").notes)
    assert seen == [None, "new", "new", "new"]


def test_a_failure_is_played_as_it_was(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    server.faults.fail(404, "GetRun", message="Gone with the wind.")
    for make in [online, offline]:
        with make(server, path) as api:
            with pytest.raises(errors.NotFoundError, match="Gone with the wind"):
                api.run("alice/mnist/r")


@pytest.mark.parametrize("content", [None, "no json\n", '{"method": 1}\n'])
def test_a_file_that_is_no_cassette_is_an_error(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "cassette.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(errors.UsageError, match=r"cassette\.jsonl"):
        Player(path)


def test_a_cassette_is_json_in_lines(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with online(server, path) as api:
        api.run("alice/mnist/r")
    (line,) = path.read_text().splitlines()
    recorded = json.loads(line)
    assert (recorded["method"], recorded["path"], recorded["operation"]) == ("POST", "/graphql", "GetRun")
    assert recorded["variables"] == {"entity": "alice", "project": "mnist", "run": "r", "withHistoryKeys": True}
