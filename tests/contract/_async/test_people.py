"""Users, teams and members, and what can be made and changed of them."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Callable

import pytest

import wandql
from tests.contract._async.asking import AsyncWire, open_wire
from tests.contract.places import Place
from wandql.errors import (
    AuthenticationError,
    ConflictError,
    GraphQLError,
    InvalidPathError,
    NotFoundError,
    PermissionDeniedError,
    UsageError,
)
from wandql.server.enrolment import enrol_organization, enrol_team

pytestmark = pytest.mark.anyio


@pytest.fixture
async def wire(make_place: Callable[[str], Place]) -> AsyncIterator[AsyncWire]:
    """The way to an empty server, whose only user, `lab`, administers it."""
    async with open_wire(make_place("lab")) as wire:
        yield wire


@pytest.fixture
async def api(wire: AsyncWire) -> AsyncIterator[wandql.AsyncApi]:
    async with wire.api() as api:
        yield api


async def test_users_are_found_by_parts_of_their_names(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    bob = await api.create_user("bob.b@example.org")
    assert (bob.username, bob.email, bob.admin) == ("bob-b", "bob.b@example.org", False)
    await api.create_team("vision")
    assert await (await api.team("vision")).invite("bob-b")
    wire.sent.clear()
    assert [user.username for user in await api.users("bob")] == ["bob-b"]
    found = await api.user("bob.b@example.org")
    assert found is not None
    assert (found.id, found.teams) == (bob.id, ["vision"])
    assert await api.user("nobody") is None
    assert wire.operations == ["GetUsers"] * 3


async def test_an_exact_name_comes_before_those_that_hold_it(api: wandql.AsyncApi) -> None:
    await api.create_team("vision")
    team = await api.team("vision")
    for name in ["al", "alice", "alan"]:
        await api.create_user(f"{name}@example.org")
        assert await team.invite(name)
    found = await api.user("alan")
    assert found is not None
    assert found.username == "alan"
    assert len(await api.users("al")) == 3


async def test_a_team_has_members_with_roles(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    team = await api.create_team("vision")
    assert (team.name, team.is_team, team.entity_type) == ("vision", True, "team")
    await api.create_user("ann@example.org")
    assert await team.invite("ann@example.org", admin=True)
    wire.sent.clear()
    team = await team.load()
    assert [(each.username, each.role, each.admin) for each in team.members] == [
        ("lab", "admin", True),
        ("ann", "admin", True),
    ]
    assert wire.operations == ["GetTeam"]
    assert await team.members[1].delete()
    assert [each.username for each in (await team.load()).members] == ["lab"]


async def test_an_invitation_that_the_server_refuses_is_false(api: wandql.AsyncApi) -> None:
    team = await api.create_team("vision")
    assert [await team.invite(whom) for whom in ["nobody", "no@", "lab"]] == [False, False, False]


async def test_a_team_is_administered_by_whom_its_maker_names(api: wandql.AsyncApi) -> None:
    await api.create_user("ann@example.org")
    await api.create_team("audio", "ann")
    # Whoever administers the server sees to its people, and to nothing that belongs to them.
    (member,) = (await api.team("audio")).members
    assert (member.username, member.admin) == ("ann", True)
    with pytest.raises(PermissionDeniedError):
        await api.create_project("p", "audio")


async def test_names_are_taken_once(api: wandql.AsyncApi) -> None:
    await api.create_team("vision")
    await api.create_user("ann@example.org")
    with pytest.raises(ConflictError, match="taken"):
        await api.create_team("vision")
    with pytest.raises(ConflictError, match="already"):
        await api.create_user("ann@example.org")
    assert (await api.create_user("ann@example.com")).username == "ann-2"


async def test_a_generated_key_opens_the_server_until_it_is_deleted(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    viewer = await api.viewer
    key = await viewer.generate_api_key("for a test")
    assert str(key) not in repr(key)
    assert (await wire.api(api_key=str(key)).viewer).username == "lab"
    api.flush()
    viewer = await api.viewer
    assert len(viewer.api_keys) == 2
    assert str(key) not in str(viewer.api_keys)
    assert await viewer.delete_api_key(viewer.api_keys[-1])
    with pytest.raises(AuthenticationError):
        _ = await wire.api(api_key=str(key)).viewer


async def test_a_key_that_is_not_listed_cannot_be_deleted(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    viewer = await api.viewer
    wire.sent.clear()
    with pytest.raises(UsageError, match="no API key of that name"):
        await viewer.delete_api_key("none")
    assert wire.sent == []


async def test_a_secret_is_in_no_repr(api: wandql.AsyncApi) -> None:
    made = (await api.client.generate_api_key(description="d")).generate_api_key
    assert made is not None
    assert made.api_key is not None
    assert made.api_key.secret not in repr(made)
    assert "description='d'" in repr(made)


async def test_only_who_administers_a_team_or_the_server_changes_it(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    await api.create_user("ann@example.org")
    team = await api.create_team("vision")
    assert await team.invite("ann")
    program = wire.api(api_key=str((await team.create_service_account("nightly")).api_key))
    me, ann, _ = (await team.load()).members
    with pytest.raises(PermissionDeniedError):
        await (await program.team("vision")).members[0].delete()
    assert not await (await program.team("vision")).invite("lab")
    assert await me.delete()
    assert await ann.delete()
    assert await team.invite("lab")


async def test_an_address_that_nobody_has_is_a_pending_member(api: wandql.AsyncApi) -> None:
    team = await api.create_team("vision")
    assert [await team.invite("ann@example.org"), await team.invite("ann@example.org")] == [True, False]
    _, ann = (await team.load()).members
    assert (ann.username, ann.email, ann.pending) == (None, "ann@example.org", True)
    assert await ann.delete()
    assert len((await team.load()).members) == 1
    assert await team.invite("ann@example.org", admin=True)
    await api.create_user("ann@example.org")
    _, ann = (await team.load()).members
    assert (ann.username, ann.admin, ann.pending) == ("ann", True, False)


async def test_people_are_pickled_without_their_client(api: wandql.AsyncApi) -> None:
    user, team = await api.viewer, await api.team("lab")
    for record in [user, team, team.members[0]]:
        copied = pickle.loads(pickle.dumps(record))
        assert copied == record
        assert hash(copied) == hash(record)
        assert repr(copied) == repr(record)
    with pytest.raises(UsageError, match="has no client"):
        await pickle.loads(pickle.dumps(user)).generate_api_key()


async def test_a_project_is_created_once(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    project = await api.create_project("p", "lab")
    assert project.path == ["lab", "p"]
    assert await api.create_project("p", "lab") == project
    assert wire.operations == ["CreateProject"] * 2
    assert project.owner.username == "lab"
    with pytest.raises(InvalidPathError):
        await api.create_project("a/b", "lab")


async def test_a_path_of_any_kind_is_fetched_as_what_it_names(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    await api.create_run("r", "p", "lab")
    wire.sent.clear()
    assert isinstance(await api.from_path("lab/p"), wandql.AsyncProject)
    assert isinstance(await api.from_path("lab/p/runs/r"), wandql.AsyncRun)
    assert wire.operations == ["GetProject", "GetRun"]
    with pytest.raises(NotFoundError, match="no sweep"):
        await api.from_path("lab/p/sweeps/s")
    with pytest.raises(NotFoundError, match="artifact"):
        await api.from_path("lab/p/a:v0")
    with pytest.raises(InvalidPathError):
        await api.from_path("a/b/c/d/e/f")


async def test_a_project_lists_its_collections_and_types(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    project = await api.create_project("p", "lab")
    wire.sent.clear()
    assert [each async for each in project.artifacts_types()] == []
    assert [each async for each in project.collections(order="-created_at")] == []
    assert wire.operations == ["GetArtifactTypes", "GetProjectCollections"]


async def test_an_organization_is_found_by_its_name_or_by_who_belongs_to_it(
    make_place: Callable[[str], Place],
) -> None:
    place = make_place("labs-user")
    async with open_wire(place) as wire, wire.api() as api:
        with pytest.raises(NotFoundError, match="labs-user belongs to no organization"):
            await api.organization()
        enrol_organization(place.directory, "labs", {"labs-user": "admin"})
        enrol_team(place.directory, "vision", {"labs-user": "admin"}, organization="labs")
        wire.sent.clear()
        labs = await api.organization("labs")
        assert (labs.name, labs.org_entity and labs.org_entity.name) == ("labs", "labs-org")
        assert await api.organization() == labs
        assert wire.operations == ["GetOrganization", "GetEntityOrganizations"]
        with pytest.raises(NotFoundError, match="There is no organization 'none'") as caught:
            await api.organization("none")
        assert caught.value.operation == "GetOrganization"
        of_team = wire.api(entity="vision")
        assert await of_team.organization() == labs
        assert await wire.api(organization="labs", entity="vision").organization() == labs
        enrol_organization(place.directory, "more", {"labs-user": "member"})
        with pytest.raises(UsageError, match="belongs to several") as several:
            await api.organization()
        assert "'labs', 'more'" in str(several.value)
        assert pickle.loads(pickle.dumps(labs)) == labs
        assert repr(labs) == "<Organization labs>"


async def test_an_account_for_a_program_belongs_to_its_team(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    team = await api.create_team("vision")
    wire.sent.clear()
    account = await team.create_service_account("nightly job")
    assert wire.operations == ["CreateServiceAccount", "GetServiceAccounts"]
    assert (account.name, account.account_type, account.role, account.admin) == (
        "nightly job",
        "SERVICE",
        "member",
        False,
    )
    assert account in (await team.load()).members
    assert [each.account_type for each in (await team.load()).members] == ["MEMBER", "SERVICE"]
    key = account.api_key
    assert key is not None
    program = wire.api(api_key=str(key))
    assert await program.default_entity == "vision"
    assert (await program.create_run(project="nightly")).path[:2] == ["vision", "nightly"]
    assert not await (await program.team("vision")).invite("lab")
    with pytest.raises(PermissionDeniedError):
        await (await program.team("vision")).create_service_account("another")
    assert await account.delete()
    with pytest.raises(AuthenticationError):
        await program.run(["vision", "nightly", "any"])


async def test_the_key_of_a_program_is_told_once_and_in_no_repr_or_pickle(api: wandql.AsyncApi) -> None:
    team = await api.create_team("vision")
    account = await team.create_service_account("job")
    assert account.api_key is not None
    assert str(account.api_key) not in repr(account)
    copied = pickle.loads(pickle.dumps(account))
    assert (copied, copied.api_key) == (account, None)
    assert [each.api_key for each in (await team.load()).members] == [None, None]


async def test_an_account_without_a_purpose_is_refused(api: wandql.AsyncApi) -> None:
    team = await api.create_team("vision")
    with pytest.raises(GraphQLError, match="description"):
        await team.create_service_account(" ")
    assert len((await team.load()).members) == 1
