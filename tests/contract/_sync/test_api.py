# Derived from tests/contract/_async/test_api.py by `make generate`: edit that file instead.
"""An Api: who it asks, as whom, and until when."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import wandql
from tests.contract._sync.asking import Wire, open_wire
from tests.contract.seam_sync import at_once, open_local
from wandql.errors import ClosedError, DataDirectoryError
from wandql.graphql.generated import operations

if TYPE_CHECKING:
    from tests.contract.places import Place


def test_a_request_tells_who_asks(api: wandql.Api, wire: Wire) -> None:
    api.run("lab/small/r001")
    (request,) = wire.sent
    assert request.url == f"{wire.base_url}/graphql"
    assert request.headers["user-agent"] == api.user_agent
    assert api.user_agent.startswith(f"wandql/{wandql.__version__} ")
    assert request.headers["authorization"] == f"Basic {b64encode(f'api:{wire.api_key}'.encode()).decode()}"


def test_the_viewer_is_asked_for_once(api: wandql.Api, wire: Wire) -> None:
    viewer = api.viewer
    assert api.viewer is viewer
    assert api.default_entity == viewer.entity == "lab"
    assert wire.operations == ["GetViewer"]


def test_the_viewer_query_is_what_is_sent(api: wandql.Api, wire: Wire) -> None:
    viewer = operations.get_viewer()
    assert viewer.document == api.VIEWER_QUERY == wandql.Api.VIEWER_QUERY
    assert api.client.execute(viewer)
    assert wire.operations == ["GetViewer"]


def test_the_web_address_ends_with_a_slash(wire: Wire) -> None:
    with wandql.Api() as api:
        assert api.client.app_url == "https://wandb.ai/"
    with wandql.Api(base_url="https://api.example.com/") as api:
        assert api.client.app_url == "https://app.example.com/"
    with wire.api() as api:
        assert api.client.app_url == f"{wire.base_url}/"


def test_settings_tell_where_they_come_from(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_PROJECT", "small")
    with wire.api(entity="lab") as api:
        assert (api.settings.entity, api.settings["project"]) == ("lab", "small")
        explained = {line.split()[0]: line for line in api.settings.explain().splitlines() if line}
        assert "overrides" in explained["entity"]
        assert "WANDB_PROJECT" in explained["project"]
        assert "overrides" in explained["api_key"]
        assert api.run("r001").path == ["lab", "small", "r001"]


def test_older_scripts_give_overrides(wire: Wire) -> None:
    overrides = {"base_url": wire.base_url, "api_key": wire.api_key, "entity": "lab", "project": "small"}
    with wandql.Api(overrides, transport=wire) as api:
        assert api.runs().count() == 5
    with pytest.warns(DeprecationWarning, match="entity"):
        api = wire.api(username="lab")
    assert api.settings.entity == "lab"


def test_every_operation_is_a_method_of_the_client(api: wandql.Api, wire: Wire) -> None:
    fetched = api.client.get_run_state(entity="lab", project="small", run="r004")
    executed = api.client.execute(operations.get_run_state(entity="lab", project="small", run="r004"))
    assert fetched == executed
    assert fetched.project is not None
    assert fetched.project.run is not None
    assert fetched.project.run.state == "finished"
    assert wire.operations == ["GetRunState"] * 2


def test_leaving_the_context_closes(wire: Wire) -> None:
    with wire.api() as api:
        assert api.run("lab/small/r001")
    with pytest.raises(ClosedError):
        api.run("lab/small/r002")


def test_an_error_leaves_the_context_unchanged(wire: Wire) -> None:
    with pytest.raises(ZeroDivisionError):
        with wire.api():
            raise ZeroDivisionError


def test_two_apis_with_two_servers_never_mix(make_place: Callable[[str], Place]) -> None:
    with (
        open_wire(make_place("alice")) as one,
        open_wire(make_place("bob")) as other,
        one.api() as alice,
        other.api() as bob,
    ):
        for name, api in [("alice", alice), ("bob", bob)]:
            api.client.upsert_run(entity=name, project="p", run="r", name=name)

        def read() -> list[str | None]:
            names = []
            for api in [alice, bob] * 5:
                names += [api.run("p/r").name, api.default_entity]
                api.flush()
            return names

        assert at_once(4, read) == [["alice", "alice", "bob", "bob"] * 5] * 4
        for wire in [one, other]:
            credentials = b64encode(f"api:{wire.api_key}".encode()).decode()
            assert {request.headers["authorization"] for request in wire.sent} == {f"Basic {credentials}"}
            assert {request.url for request in wire.sent} == {f"{wire.base_url}/graphql"}
        assert one.api_key != other.api_key


def test_a_local_server_needs_no_settings(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    with open_local() as api:
        assert [project for project in api.projects()] == []
        assert api.default_entity == api.viewer.username
    assert not recwarn.list


def test_a_local_server_ignores_the_settings_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"ENTITY": "somebody", "PROJECT": "p", "BASE_URL": "https://example.com", "API_KEY": "k" * 40}
    for name, value in settings.items():
        monkeypatch.setenv(f"WANDB_{name}", value)
    with open_local(entity="alice") as api:
        assert (api.settings.entity, api.settings.project, api.settings.run) == ("alice", None, None)
        assert api.viewer.entity == "alice"


def test_a_local_server_keeps_its_directory(tmp_path: Path) -> None:
    with open_local(tmp_path / "data", entity="alice") as api:
        api.client.upsert_run(entity="alice", project="p", run="r", name="kept")
    with open_local(str(tmp_path / "data")) as api:
        assert api.run("p/r").name == "kept"


def test_a_local_server_has_its_directory_for_itself_until_it_is_closed(tmp_path: Path) -> None:
    api = open_local(tmp_path)
    with pytest.raises(DataDirectoryError, match=str(tmp_path)):
        open_local(tmp_path)
    api.close()
    open_local(tmp_path).close()
