"""Users, teams, members and projects: the official client makes and changes them here, and both clients read the same.

What differs: `flags` is an object here and JSON text there, and times are times. The key of a service account that was
just made is told here; there it is what the server keeps of it, and this one keeps none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import ENTITY, Server, serve

pytestmark = pytest.mark.interop

USER = ("id", "name", "username", "email", "admin", "entity", "teams", "api_keys")
TEAM = (
    "id", "name", "available", "photo_url", "read_only", "read_only_admin", "is_team", "private_only", "storage_bytes",
    "code_saving_enabled", "default_access", "is_paid",
)  # fmt: skip
MEMBER = ("id", "name", "username", "email", "admin", "pending", "photo_url", "account_type")
PROJECT = ("id", "name", "entity", "path", "url", "is_benchmark")

OFFICIAL = f"""
import json, wandb
def read(record, names):
    return {{name: getattr(record, name) for name in names}}
api = wandb.Api()
made = {{}}
bob, ann = api.create_user("bob@example.org"), api.create_user("ann@example.org", admin=True)
team = api.create_team("vision")
invited = [team.invite("bob"), team.invite("ann@example.org", admin=True)]
made["invited"] = [*invited, team.invite("nobody"), team.invite("bob")]
made["service"] = read(team.create_service_account("nightly job"), {MEMBER})
key = api.viewer.generate_api_key("for a while")
made["key opens"] = wandb.Api(api_key=key).viewer.username
api = wandb.Api()
made["deleted"] = [api.viewer.delete_api_key(api.viewer.api_keys[-1])]
api.create_team("audio")
api.team("audio").invite("bob")
made["left"] = [member.delete() for member in api.team("audio").members if member.username == "bob"]
api.create_project("speech", "audio")
api.create_project("speech", "audio")
api = wandb.Api()
viewer = api.viewer
print(json.dumps({{
    **made,
    "viewer": {{**read(viewer, {USER}), "flags": viewer.flags, "deleted_at": viewer.deleted_at}},
    "users": [read(user, {USER}) for user in api.users("example.org")],
    "user": [read(api.user("bob"), {USER}), api.user("nobody")],
    "teams": [read(api.team(name), {TEAM}) for name in ("vision", "audio", "alice")],
    "members": [[read(member, {MEMBER}) for member in api.team(name).members] for name in ("vision", "audio", "alice")],
    "projects": [{{**read(each, {PROJECT}), "created_at": each.created_at, "owner": each.owner.username,
                  "types": [type.name for type in each.artifacts_types()], "collections": len(each.collections())}}
                 for each in api.projects("audio")],
}}))
"""


class Made:
    """What the official client made, and what it reads of it."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        path = directory / "script.py"
        path.write_text(OFFICIAL)
        done = subprocess.run(
            [sys.executable, path],
            env=server.environment(directory), cwd=directory, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.official: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    directory = tmp_path_factory.mktemp("people")
    with serve(directory / "data") as server:
        yield Made(server, directory)


@pytest.fixture
def api(made: Made) -> Iterator[wandql.Api]:
    with made.server.api() as opened:
        yield opened


def read(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def test_what_the_official_client_changes_is_changed(made: Made) -> None:
    assert made.official["invited"] == [True, True, False, False]
    assert made.official["service"]["account_type"] == "SERVICE"
    assert made.official["key opens"] == ENTITY
    assert made.official["deleted"] == [True]
    assert made.official["left"] == [True]


def test_all_that_a_user_says_is_the_same(made: Made, api: wandql.Api) -> None:
    theirs = made.official["viewer"]
    assert read(api.viewer, USER) == {name: theirs[name] for name in USER}
    assert api.viewer.flags == json.loads(theirs["flags"])
    assert api.viewer.deleted_at is theirs["deleted_at"] is None
    assert [read(user, USER) for user in api.users("example.org")] == made.official["users"]
    bob = api.user("bob")
    assert bob is not None
    assert [read(bob, USER), api.user("nobody")] == made.official["user"]


def test_all_that_teams_and_members_say_is_the_same(made: Made, api: wandql.Api) -> None:
    teams = [api.team(name) for name in ("vision", "audio", "alice")]
    assert [read(team, TEAM) for team in teams] == made.official["teams"]
    assert [[read(member, MEMBER) for member in team.members] for team in teams] == made.official["members"]
    assert [member.name for member in teams[0].members if member.account_type == "SERVICE"] == ["nightly job"]


def test_all_that_a_project_says_is_the_same(made: Made, api: wandql.Api) -> None:
    [project] = api.projects("audio")
    [theirs] = made.official["projects"]
    assert read(project, PROJECT) == {name: theirs[name] for name in PROJECT}
    assert project.created_at == datetime.fromisoformat(theirs["created_at"])
    assert project.owner.username == theirs["owner"]
    assert [each.name for each in project.artifacts_types()] == theirs["types"] == []
    assert len(project.collections()) == theirs["collections"] == 0
