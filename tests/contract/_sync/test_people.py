# Derived from tests/contract/_async/test_people.py by `make generate`: edit that file instead.
"""Users, teams and members, and what can be made and changed of them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator

import pytest

import wandql
from tests.contract._sync.asking import Wire, open_wire
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


@pytest.fixture
def wire(make_place: Callable[[str], Place]) -> Iterator[Wire]:
    """The way to an empty server, whose only user, `lab`, administers it."""
    with open_wire(make_place("lab")) as wire:
        yield wire


@pytest.fixture
def api(wire: Wire) -> Iterator[wandql.Api]:
    with wire.api() as api:
        yield api


def test_users_are_found_by_parts_of_their_names(api: wandql.Api, wire: Wire) -> None:
    bob = api.create_user("bob.b@example.org")
    assert (bob.username, bob.email, bob.admin) == ("bob-b", "bob.b@example.org", False)
    api.create_team("vision")
    assert api.team("vision").invite("bob-b")
    wire.sent.clear()
    assert [user.username for user in api.users("bob")] == ["bob-b"]
    found = api.user("bob.b@example.org")
    assert found is not None
    assert (found.id, found.teams) == (bob.id, ["vision"])
    assert api.user("nobody") is None
    assert wire.operations == ["GetUsers"] * 3


def test_an_exact_name_comes_before_those_that_hold_it(api: wandql.Api) -> None:
    api.create_team("vision")
    team = api.team("vision")
    for name in ["al", "alice", "alan"]:
        api.create_user(f"{name}@example.org")
        assert team.invite(name)
    found = api.user("alan")
    assert found is not None
    assert found.username == "alan"
    assert len(api.users("al")) == 3


def test_a_team_has_members_with_roles(api: wandql.Api, wire: Wire) -> None:
    team = api.create_team("vision")
    assert (team.name, team.is_team, team.entity_type) == ("vision", True, "team")
    api.create_user("ann@example.org")
    assert team.invite("ann@example.org", admin=True)
    wire.sent.clear()
    team = team.load()
    assert [(each.username, each.role, each.admin) for each in team.members] == [
        ("lab", "admin", True),
        ("ann", "admin", True),
    ]
    assert wire.operations == ["GetTeam"]
    assert team.members[1].delete()
    assert [each.username for each in team.load().members] == ["lab"]


def test_an_invitation_that_the_server_refuses_is_false(api: wandql.Api) -> None:
    team = api.create_team("vision")
    assert [team.invite(whom) for whom in ["nobody", "no@", "lab"]] == [False, False, False]


def test_a_team_is_administered_by_whom_its_maker_names(api: wandql.Api) -> None:
    api.create_user("ann@example.org")
    api.create_team("audio", "ann")
    # Whoever administers the server sees to its people, and to nothing that belongs to them.
    (member,) = api.team("audio").members
    assert (member.username, member.admin) == ("ann", True)
    with pytest.raises(PermissionDeniedError):
        api.create_project("p", "audio")


def test_names_are_taken_once(api: wandql.Api) -> None:
    api.create_team("vision")
    api.create_user("ann@example.org")
    with pytest.raises(ConflictError, match="taken"):
        api.create_team("vision")
    with pytest.raises(ConflictError, match="already"):
        api.create_user("ann@example.org")
    assert api.create_user("ann@example.com").username == "ann-2"


def test_a_generated_key_opens_the_server_until_it_is_deleted(api: wandql.Api, wire: Wire) -> None:
    viewer = api.viewer
    key = viewer.generate_api_key("for a test")
    assert str(key) not in repr(key)
    assert wire.api(api_key=str(key)).viewer.username == "lab"
    api.flush()
    viewer = api.viewer
    assert len(viewer.api_keys) == 2
    assert str(key) not in str(viewer.api_keys)
    assert viewer.delete_api_key(viewer.api_keys[-1])
    with pytest.raises(AuthenticationError):
        _ = wire.api(api_key=str(key)).viewer


def test_a_key_that_is_not_listed_cannot_be_deleted(api: wandql.Api, wire: Wire) -> None:
    viewer = api.viewer
    wire.sent.clear()
    with pytest.raises(UsageError, match="no API key of that name"):
        viewer.delete_api_key("none")
    assert wire.sent == []


def test_a_secret_is_in_no_repr(api: wandql.Api) -> None:
    made = api.client.generate_api_key(description="d").generate_api_key
    assert made is not None
    assert made.api_key is not None
    assert made.api_key.secret not in repr(made)
    assert "description='d'" in repr(made)


def test_only_who_administers_a_team_or_the_server_changes_it(api: wandql.Api, wire: Wire) -> None:
    api.create_user("ann@example.org")
    team = api.create_team("vision")
    assert team.invite("ann")
    program = wire.api(api_key=str(team.create_service_account("nightly").api_key))
    me, ann, _ = team.load().members
    with pytest.raises(PermissionDeniedError):
        program.team("vision").members[0].delete()
    assert not program.team("vision").invite("lab")
    assert me.delete()
    assert ann.delete()
    assert team.invite("lab")


def test_an_address_that_nobody_has_is_a_pending_member(api: wandql.Api) -> None:
    team = api.create_team("vision")
    assert [team.invite("ann@example.org"), team.invite("ann@example.org")] == [True, False]
    _, ann = team.load().members
    assert (ann.username, ann.email, ann.pending) == (None, "ann@example.org", True)
    assert ann.delete()
    assert len(team.load().members) == 1
    assert team.invite("ann@example.org", admin=True)
    api.create_user("ann@example.org")
    _, ann = team.load().members
    assert (ann.username, ann.admin, ann.pending) == ("ann", True, False)


def test_people_are_pickled_without_their_client(api: wandql.Api) -> None:
    user, team = api.viewer, api.team("lab")
    for record in [user, team, team.members[0]]:
        copied = pickle.loads(pickle.dumps(record))
        assert copied == record
        assert hash(copied) == hash(record)
        assert repr(copied) == repr(record)
    with pytest.raises(UsageError, match="has no client"):
        pickle.loads(pickle.dumps(user)).generate_api_key()


def test_a_project_is_created_once(api: wandql.Api, wire: Wire) -> None:
    project = api.create_project("p", "lab")
    assert project.path == ["lab", "p"]
    assert api.create_project("p", "lab") == project
    assert wire.operations == ["CreateProject"] * 2
    assert project.owner.username == "lab"
    with pytest.raises(InvalidPathError):
        api.create_project("a/b", "lab")


def test_a_path_of_any_kind_is_fetched_as_what_it_names(api: wandql.Api, wire: Wire) -> None:
    api.create_run("r", "p", "lab")
    wire.sent.clear()
    assert isinstance(api.from_path("lab/p"), wandql.Project)
    assert isinstance(api.from_path("lab/p/runs/r"), wandql.Run)
    assert wire.operations == ["GetProject", "GetRun"]
    with pytest.raises(NotFoundError, match="no sweep"):
        api.from_path("lab/p/sweeps/s")
    with pytest.raises(NotFoundError, match="artifact"):
        api.from_path("lab/p/a:v0")
    with pytest.raises(InvalidPathError):
        api.from_path("a/b/c/d/e/f")


def test_a_project_lists_its_collections_and_types(api: wandql.Api, wire: Wire) -> None:
    project = api.create_project("p", "lab")
    wire.sent.clear()
    assert [each for each in project.artifacts_types()] == []
    assert [each for each in project.collections(order="-created_at")] == []
    assert wire.operations == ["GetArtifactTypes", "GetProjectCollections"]


def test_an_organization_is_found_by_its_name_or_by_who_belongs_to_it(
    make_place: Callable[[str], Place],
) -> None:
    place = make_place("labs-user")
    with open_wire(place) as wire, wire.api() as api:
        with pytest.raises(NotFoundError, match="labs-user belongs to no organization"):
            api.organization()
        enrol_organization(place.directory, "labs", {"labs-user": "admin"})
        enrol_team(place.directory, "vision", {"labs-user": "admin"}, organization="labs")
        wire.sent.clear()
        labs = api.organization("labs")
        assert (labs.name, labs.org_entity and labs.org_entity.name) == ("labs", "labs-org")
        assert api.organization() == labs
        assert wire.operations == ["GetOrganization", "GetEntityOrganizations"]
        with pytest.raises(NotFoundError, match="There is no organization 'none'") as caught:
            api.organization("none")
        assert caught.value.operation == "GetOrganization"
        of_team = wire.api(entity="vision")
        assert of_team.organization() == labs
        assert wire.api(organization="labs", entity="vision").organization() == labs
        enrol_organization(place.directory, "more", {"labs-user": "member"})
        with pytest.raises(UsageError, match="belongs to several") as several:
            api.organization()
        assert "'labs', 'more'" in str(several.value)
        assert pickle.loads(pickle.dumps(labs)) == labs
        assert repr(labs) == "<Organization labs>"


def test_an_account_for_a_program_belongs_to_its_team(api: wandql.Api, wire: Wire) -> None:
    team = api.create_team("vision")
    wire.sent.clear()
    account = team.create_service_account("nightly job")
    assert wire.operations == ["CreateServiceAccount", "GetServiceAccounts"]
    assert (account.name, account.account_type, account.role, account.admin) == (
        "nightly job",
        "SERVICE",
        "member",
        False,
    )
    assert account in team.load().members
    assert [each.account_type for each in team.load().members] == ["MEMBER", "SERVICE"]
    key = account.api_key
    assert key is not None
    program = wire.api(api_key=str(key))
    assert program.default_entity == "vision"
    assert program.create_run(project="nightly").path[:2] == ["vision", "nightly"]
    assert not program.team("vision").invite("lab")
    with pytest.raises(PermissionDeniedError):
        program.team("vision").create_service_account("another")
    assert account.delete()
    with pytest.raises(AuthenticationError):
        program.run(["vision", "nightly", "any"])


def test_the_key_of_a_program_is_told_once_and_in_no_repr_or_pickle(api: wandql.Api) -> None:
    team = api.create_team("vision")
    account = team.create_service_account("job")
    assert account.api_key is not None
    assert str(account.api_key) not in repr(account)
    copied = pickle.loads(pickle.dumps(account))
    assert (copied, copied.api_key) == (account, None)
    assert [each.api_key for each in team.load().members] == [None, None]


def test_an_account_without_a_purpose_is_refused(api: wandql.Api) -> None:
    team = api.create_team("vision")
    with pytest.raises(GraphQLError, match="description"):
        team.create_service_account(" ")
    assert len(team.load().members) == 1
