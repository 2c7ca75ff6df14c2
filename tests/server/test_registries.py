"""Registries of an organization: who sees them, who changes them, what may be linked into them."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.artifact_writer import CREATE, Writer, on_disk
from tests.server.conftest import Caller
from wandql.server import people

if TYPE_CHECKING:
    from wandql.server import Application

NAMES = ("ann", "ben", "cat", "dan")
KEYS = {name: name[0] * 40 for name in NAMES}

UPSERT = """
  mutation Upsert($input: UpsertModelInput!) {
    upsertModel(input: $input) {
      inserted
      project { id name access description updatedAt allowAllArtifactTypesInRegistry
        artifactTypes(includeAll: true) { edges { node { name } } } }
    }
  }
"""
ADD = "mutation Add($input: CreateProjectMembersInput!) { createProjectMembers(input: $input) { success } }"
REMOVE = "mutation Remove($input: DeleteProjectMembersInput!) { deleteProjectMembers(input: $input) { success } }"
USER_ROLE = "mutation Role($input: UpdateProjectMemberInput!) { updateProjectMember(input: $input) { success } }"
TEAM_ROLE = (
    "mutation Role($input: UpdateProjectTeamMemberInput!) { updateProjectTeamMember(input: $input) { success } }"
)
RENAME = "mutation Rename($input: RenameProjectInput!) { renameProject(input: $input) { inserted project { name } } }"
DELETE = "mutation Delete($id: String!) { deleteModel(input: {id: $id}) { success } }"
LINK = """
  mutation Link($input: LinkArtifactInput!) { linkArtifact(input: $input) { versionIndex artifactMembership {
    artifactCollection { name project { name entity { name } } } } } }
"""
ADD_ALIASES = "mutation Add($input: AddAliasesInput!) { addAliases(input: $input) { success } }"
DELETE_ALIASES = "mutation Delete($input: DeleteAliasesInput!) { deleteAliases(input: $input) { success } }"
MEMBERS = """
  query Members($name: String!) { project(entityName: "acme-org", name: $name) {
    readOnly members { username role { name } } teamMembers { team { name } role { name } } } }
"""
LISTED = """
  query Listed($filters: JSONString, $order: String, $first: Int, $after: String) { organization(name: "acme") {
    orgEntity { projects(filters: $filters, order: $order, first: $first, after: $after) {
      edges { node { name } } pageInfo { endCursor hasNextPage } } } } }
"""


@pytest.fixture
def people_of(application: Application) -> dict[str, Caller]:
    """Ann administers the organization, Ben and Cat are in a team of it, where Cat may only view. Dan is in none."""
    with application._store.write() as connection:
        for name in NAMES:
            people.add_key(connection, people.add_user(connection, name), KEYS[name])
        people.add_organization(connection, "acme", {"ann": "admin"})
        people.add_team(connection, "crew", {"ann": "admin", "ben": "member", "cat": "viewer"})
    return {name: Caller(application, KEYS[name]) for name in NAMES}


def made(caller: Caller, name: str = "wandb-registry-models", **values: Any) -> dict[str, Any]:
    return caller.ask(UPSERT, input={"entityName": "acme-org", "name": name, **values})["upsertModel"]


def members(caller: Caller, name: str = "wandb-registry-models") -> dict[str, str]:
    project = caller.ask(MEMBERS, name=name)["project"]
    return {
        **{member["username"]: member["role"]["name"] for member in project["members"]},
        **{member["team"]["name"]: member["role"]["name"] for member in project["teamMembers"]},
    }


def listed(caller: Caller, **variables: Any) -> list[str]:
    organization = caller.ask(LISTED, **variables)["organization"]
    return [
        edge["node"]["name"].removeprefix("wandb-registry-") for edge in organization["orgEntity"]["projects"]["edges"]
    ]


def user_id(caller: Caller) -> str:
    return caller.ask("{ viewer { id } }")["viewer"]["id"]


def team_id(caller: Caller, name: str) -> str:
    return caller.ask(f'{{ entity(name: "{name}") {{ id }} }}')["entity"]["id"]


def logged(caller: Caller, kind: str = "model") -> str:
    """Return the id of a version that the team has."""
    return Writer(caller, run=None, entity="crew").log(f"a {kind}", {"a": b"1"}, type=kind)


def test_a_registry_is_made_changed_renamed_and_deleted(people_of: dict[str, Caller]):
    ann = people_of["ann"]
    first = made(
        ann, description="What we ship", artifactTypes=[{"name": "model"}], allowAllArtifactTypesInRegistry=False
    )
    assert first["inserted"] is True
    assert first["project"]["allowAllArtifactTypesInRegistry"] is False
    assert first["project"]["artifactTypes"] == {"edges": [{"node": {"name": "model"}}]}
    assert members(ann) == {"ann": "admin"}
    again = made(ann, access="RESTRICTED", artifactTypes=[{"name": "data"}, {"name": "model"}])
    assert again["inserted"] is False
    assert [edge["node"]["name"] for edge in again["project"]["artifactTypes"]["edges"]] == ["data", "model"]
    assert again["project"]["description"] == "What we ship"
    assert again["project"]["allowAllArtifactTypesInRegistry"] is False
    made(ann, "wandb-registry-other")
    names = {
        "entityName": "acme-org",
        "oldProjectName": "wandb-registry-models",
        "newProjectName": "wandb-registry-new",
    }
    assert ann.ask(RENAME, input=names)["renameProject"] == {
        "inserted": False,
        "project": {"name": "wandb-registry-new"},
    }
    assert ann.refused(RENAME, input=names)[0] == 404
    names |= {"oldProjectName": "wandb-registry-other"}
    assert ann.refused(RENAME, input=names) == (409, "There is another project acme-org/wandb-registry-new.")
    assert ann.ask(DELETE, id=first["project"]["id"]) == {"deleteModel": {"success": True}}
    assert listed(ann) == ["other"]
    assert ann.refused(DELETE, id=first["project"]["id"])[0] == 404
    assert "is no access" in ann.refused(UPSERT, input={"name": "p", "access": "EVERYBODY"})[1]


def test_registries_are_found_by_filter_in_order_and_page_by_page(people_of: dict[str, Caller]):
    ann = people_of["ann"]
    numbers = [
        int(
            base64.b64decode(made(ann, f"wandb-registry-{name}", description=f"The {name}")["project"]["id"]).split(
                b":"
            )[1]
        )
        for name in ("b", "a", "c")
    ]
    assert listed(ann) == ["c", "a", "b"]
    assert listed(ann, order="name") == ["a", "b", "c"]
    assert listed(ann, order="-created_at") == ["c", "a", "b"]
    assert listed(ann, filters='{"name": {"$regex": "-[ab]$"}}', order="name") == ["a", "b"]
    assert listed(ann, filters=f'{{"id": {numbers[2]}}}') == ["c"]
    assert listed(ann, filters='{"description": "The a"}') == ["a"]
    page = ann.ask(LISTED, order="name", first=2)["organization"]["orgEntity"]["projects"]["pageInfo"]
    assert page["hasNextPage"] is True
    assert listed(ann, order="name", first=2, after=page["endCursor"]) == ["c"]
    assert "Unknown field" in ann.refused(LISTED, filters='{"nam": "a"}')[1]


def test_users_and_teams_are_admitted_given_roles_and_dismissed(people_of: dict[str, Caller]):
    ann, ben, dan = (people_of[name] for name in ("ann", "ben", "dan"))
    registry = made(ann)["project"]["id"]
    whom = {"projectId": registry, "userIds": [user_id(ben)], "teamIds": [team_id(ann, "crew")]}
    assert ann.ask(ADD, input=whom) == {"createProjectMembers": {"success": True}}
    assert members(ann) == {"ann": "admin", "ben": "viewer", "crew": "viewer"}
    ann.ask(USER_ROLE, input={"projectId": registry, "userId": user_id(ben), "userProjectRole": "admin"})
    team = {"projectId": registry, "teamId": team_id(ann, "crew"), "teamProjectRole": "restricted_viewer"}
    ann.ask(TEAM_ROLE, input=team)
    ann.ask(ADD, input=whom)
    assert members(ann) == {"ann": "admin", "ben": "admin", "crew": "restricted_viewer"}
    assert "is no role" in ann.refused(TEAM_ROLE, input={**team, "teamProjectRole": "king"})[1]
    stranger = {"projectId": registry, "userIds": [user_id(dan)]}
    assert ann.refused(ADD, input=stranger) == (404, "Not all of these users belong to acme-org.")
    assert ann.refused(ADD, input={"projectId": registry, "teamIds": [team_id(dan, "dan")]})[0] == 404
    assert ben.ask(REMOVE, input={**whom, "userIds": [user_id(ann)]}) == {"deleteProjectMembers": {"success": True}}
    assert members(ann) == {"ben": "admin"}


def test_who_belongs_to_a_team_sees_its_organizations_registries_but_not_the_restricted_ones(
    people_of: dict[str, Caller],
):
    ann, ben, cat, dan = (people_of[name] for name in NAMES)
    made(ann, "wandb-registry-open")
    hidden = made(ann, "wandb-registry-hidden", access="RESTRICTED")["project"]["id"]
    assert listed(ann) == ["hidden", "open"]
    assert listed(ben) == ["open"]
    assert dan.ask(LISTED)["organization"] is None
    assert ben.ask(MEMBERS, name="wandb-registry-hidden")["project"] is None
    assert ben.refused(UPSERT, input={"entityName": "acme-org", "name": "wandb-registry-hidden"})[0] == 403
    assert ben.refused(DELETE, id=hidden)[0] == 404
    ann.ask(ADD, input={"projectId": hidden, "teamIds": [team_id(ann, "crew")]})
    assert [listed(caller) for caller in (ben, cat)] == [["hidden", "open"]] * 2
    assert ben.ask(MEMBERS, name="wandb-registry-hidden")["project"]["readOnly"] is True
    assert ben.refused(ADD, input={"projectId": hidden, "userIds": [user_id(ben)]})[0] == 403
    ann.ask(TEAM_ROLE, input={"projectId": hidden, "teamId": team_id(ann, "crew"), "teamProjectRole": "member"})
    assert ben.ask(MEMBERS, name="wandb-registry-hidden")["project"]["readOnly"] is False
    assert "does not administer" in ben.refused(DELETE, id=hidden)[1]


def test_linking_needs_a_registry_that_admits_the_type_and_a_role_there(people_of: dict[str, Caller]):
    ann, ben, cat = (people_of[name] for name in ("ann", "ben", "cat"))
    model, data = logged(ann), logged(ann, "data")
    target = {"entityName": "acme-org", "projectName": "wandb-registry-models", "artifactPortfolioName": "best"}
    assert "create it first" in ann.refused(LINK, input={**target, "artifactID": model})[1]
    registry = made(ann, artifactTypes=[{"name": "model"}], allowAllArtifactTypesInRegistry=False)["project"]["id"]
    linked = ben.ask(LINK, input={**target, "artifactID": model})["linkArtifact"]["artifactMembership"]
    assert linked["artifactCollection"]["project"] == {"name": "wandb-registry-models", "entity": {"name": "acme-org"}}
    message = "wandb-registry-models admits no artifacts of the type 'data', but those of: model."
    assert ben.refused(LINK, input={**target, "artifactPortfolioName": "d", "artifactID": data}) == (400, message)
    assert cat.refused(LINK, input={**target, "artifactID": model})[0] == 403
    ann.ask(USER_ROLE, input={"projectId": registry, "userId": user_id(cat), "userProjectRole": "member"})
    assert cat.ask(LINK, input={**target, "artifactID": model})["linkArtifact"]["versionIndex"] == 0


def test_an_organization_has_no_projects_but_its_registries(people_of: dict[str, Caller]):
    ann = people_of["ann"]
    made(ann)
    place = {"entityName": "acme-org", "name": "p"}
    assert ann.refused(UPSERT, input=place)[0] == 403
    run = "mutation Run($input: UpsertBucketInput!) { upsertBucket(input: $input) { inserted } }"
    for name in ("p", "wandb-registry-none"):
        refused = ann.refused(run, input={"entityName": "acme-org", "modelName": name, "name": "run"})
        assert refused == (403, "permission denied: acme-org belongs to an organization: log to a team or a user.")
    names = {"entityName": "acme-org", "oldProjectName": "wandb-registry-models", "newProjectName": "models"}
    assert ann.refused(RENAME, input=names)[0] == 400
    assert listed(ann) == ["models"]


def test_nothing_is_logged_into_a_registry(people_of: dict[str, Caller]):
    ann = people_of["ann"]
    made(ann)
    writer = Writer(ann, run=None, entity="acme-org", project="wandb-registry-models")
    status, message = ann.refused(CREATE, input=writer.wish("data", {}))
    assert (status, "log elsewhere, then link" in message) == (400, True)


def test_a_member_of_a_registry_gives_aliases_there_alone(people_of: dict[str, Caller]):
    ann, cat = people_of["ann"], people_of["cat"]
    project = made(ann)["project"]["id"]
    id_ = logged(ann)
    place = {"entityName": "acme-org", "projectName": "wandb-registry-models", "artifactCollectionName": "kept"}
    linked = {**place, "artifactPortfolioName": "kept", "artifactID": id_, "aliases": []}
    ann.ask(LINK, input={name: value for name, value in linked.items() if name != "artifactCollectionName"})
    ann.ask(ADD, input={"projectId": project, "userIds": [user_id(cat)]})
    ann.ask(USER_ROLE, input={"projectId": project, "userId": user_id(cat), "userProjectRole": "member"})
    here = {"artifactID": id_, "aliases": [{**place, "alias": "best"}]}
    there = {"entityName": "crew", "projectName": "p", "artifactCollectionName": "a model", "alias": "best"}
    for document in (ADD_ALIASES, DELETE_ALIASES):
        assert all(answer["success"] for answer in cat.ask(document, input=here).values())
        assert cat.refused(document, input={"artifactID": id_, "aliases": [there]})[0] == 403


def test_the_registries_that_every_organization_has_appear_when_something_is_linked(people_of: dict[str, Caller]):
    ann, ben, cat = (people_of[name] for name in ("ann", "ben", "cat"))
    target = {"entityName": "acme-org", "artifactPortfolioName": "best", "artifactID": logged(ann)}
    assert cat.refused(LINK, input={**target, "projectName": "wandb-registry-model"})[0] == 403
    for name in ("model", "dataset"):
        linked = ben.ask(LINK, input={**target, "projectName": f"wandb-registry-{name}"})["linkArtifact"]
        assert linked["versionIndex"] == 0
    assert listed(ann) == ["dataset", "model"]
    alone = {**target, "entityName": "ann", "projectName": "wandb-registry-model"}
    assert ann.refused(LINK, input=alone)[0] == 404


def test_what_is_linked_into_a_registry_is_read_by_the_whole_organization(
    people_of: dict[str, Caller], application: Application
):
    ann, dan = people_of["ann"], people_of["dan"]
    model = logged(ann)
    made(ann)
    with application._store.write() as connection:
        people.add_organization(connection, "acme", {"dan": "viewer"})
    read = f'{{ artifact(id: "{model}") {{ id files {{ edges {{ node {{ name }} }} }} }} }}'
    assert dan.ask(read)["artifact"] is None
    target = {"entityName": "acme-org", "projectName": "wandb-registry-models", "artifactPortfolioName": "best"}
    ann.ask(
        LINK, input={**target, "artifactID": model, "aliases": [{"artifactCollectionName": "best", "alias": "top"}]}
    )
    assert dan.ask(read)["artifact"]["files"] == {"edges": [{"node": {"name": "a"}}]}
    found = dan.ask(
        """query Found($kinds: [ArtifactCollectionType!]) { organization(name: "acme") { orgEntity {
             artifactCollections(collectionTypes: $kinds, filters: "{\\"name\\": \\"best\\"}") { totalCount }
             artifactMemberships(projectFilters: "{\\"name\\": \\"wandb-registry-models\\"}",
                                 collectionFilters: "{\\"name\\": \\"best\\"}", filters: "{\\"alias\\": \\"top\\"}") {
               edges { node { versionIndex artifact { id } } } } } } }""",
        kinds=["PORTFOLIO"],
    )["organization"]["orgEntity"]
    assert found["artifactCollections"] == {"totalCount": 1}
    assert found["artifactMemberships"] == {"edges": [{"node": {"versionIndex": 0, "artifact": {"id": model}}}]}


def test_what_is_linked_into_a_registry_shows_nothing_of_the_project_where_it_was_born(
    people_of: dict[str, Caller], application: Application
):
    ann, ben, dan = (people_of[name] for name in ("ann", "ben", "dan"))
    ann.upsert("secret", entityName="crew", config='{"key": {"value": 1}}')
    model = Writer(ann, run="secret", entity="crew").log("net", {"a": b"1"}, type="model")
    made(ann)
    with application._store.write() as connection:
        people.add_organization(connection, "acme", {"dan": "viewer"})
    target = {"entityName": "acme-org", "projectName": "wandb-registry-models", "artifactPortfolioName": "best"}
    ann.ask(LINK, input={**target, "artifactID": model})
    source = "artifactSequence { name project { name entity { name } } }"
    read = f'{{ artifact(id: "{model}") {{ {source} createdBy {{ ... on Run {{ name config }} }} }} }}'
    named = {"name": "net", "project": {"name": "p", "entity": {"name": "crew"}}}
    assert dan.ask(read)["artifact"] == {"artifactSequence": named, "createdBy": None}
    dan.upsert("user", entityName="dan")
    use = "mutation ($input: UseArtifactInput!) { useArtifact(input: $input) { artifact { id } } }"
    dan.ask(use, input={"artifactID": model, "entityName": "dan", "projectName": "p", "runName": "user"})
    inputs = (
        '{ project(entityName: "dan", name: "p") { run(name: "user") { inputArtifacts { edges { node { id } } } } } }'
    )
    assert dan.ask(inputs)["project"]["run"]["inputArtifacts"] == {"edges": [{"node": {"id": model}}]}
    assert ben.ask(read)["artifact"]["createdBy"]["name"] == "secret"
    for inner in (
        "project { runs { edges { node { config } } } }", "project { description }", "project { readOnly }",
        "project { entity { integrations { edges { node { __typename } } } } }",
        "artifacts { edges { node { id } } }", "latestArtifact { id }", "aliases { edges { node { alias } } }",
    ):  # fmt: skip
        asked = f'{{ artifact(id: "{model}") {{ artifactSequence {{ {inner} }} }} }}'
        assert ben.ask(asked)["artifact"]["artifactSequence"]
        status, message = dan.refused(asked)
        assert (status, message.startswith("permission denied: ")) == (403, True)


def test_a_deleted_project_takes_its_runs_and_versions_along_and_frees_their_place(
    people_of: dict[str, Caller], application: Application
):
    ann = people_of["ann"]
    logged(ann)
    project = ann.ask('{ entity(name: "crew") { project(name: "p") { id } } }')["entity"]["project"]["id"]
    assert ann.ask(DELETE, id=project) == {"deleteModel": {"success": True}}
    assert ann.ask('{ entity(name: "crew") { project(name: "p") { id } } }')["entity"]["project"] is None
    assert on_disk(application) == []


def test_a_file_is_found_under_the_organization_into_which_its_version_is_linked(
    people_of: dict[str, Caller], application: Application
):
    ann, ben, dan = (people_of[name] for name in ("ann", "ben", "dan"))
    made(ann)
    with application._store.write() as connection:
        people.add_organization(connection, "acme", {"dan": "viewer"})
    target = {"entityName": "acme-org", "projectName": "wandb-registry-models", "artifactPortfolioName": "best"}
    model = logged(ann)
    digest = hashlib.md5(b"1").hexdigest()
    place = f"/artifactsV2/default/acme-org/wandb-registry-models/best/{model}/{model}/{digest}/a"
    assert dan.send("GET", place).status == 404
    ann.ask(LINK, input={**target, "artifactID": model})
    assert [caller.send("GET", place).body for caller in (ben, dan)] == [b"1", b"1"]
