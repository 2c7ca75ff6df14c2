"""The official SDK, unmodified, makes registries, admits people, links into them and finds what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.conftest import SDK
from wandql.server import people

if TYPE_CHECKING:
    from pathlib import Path

    from wandql.server import Application

pytestmark = pytest.mark.interop

SCRIPT = """
import json, wandb
report = {}
api = wandb.Api()

def refusal(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def told(registry):
    return [registry.name, registry.entity, registry.visibility, registry.description,
            registry.allow_all_artifact_types, list(registry.artifact_types)]

def members(registry):
    users = {member.user.username: member.role for member in registry.user_members()}
    return users | {member.team.name: member.role for member in registry.team_members()}

models = api.create_registry("models", "restricted", "acme", description="Ours", artifact_types=["model"])
report["created"] = told(models)
report["again"] = refusal(lambda: api.create_registry("models", visibility="organization", organization="acme"))
models.add_members(api.user("ben"), api.team("crew")).update_member(api.user("ben"), "admin")
report["members"] = members(models)
models.remove_members(*models.team_members())
report["left"] = members(models)
models.name, models.description, models.visibility = "best", "Theirs", "organization"
models.artifact_types.append("dataset")
models.save()
report["saved"] = told(api.registry("best", organization="acme"))
models.allow_all_artifact_types = True
models.save()
report["all types"] = models.allow_all_artifact_types
api.create_registry("other", visibility="organization", organization="acme")
names = lambda **arguments: [registry.name for registry in api.registries(organization="acme", **arguments)]
report["names"] = [names(), names(order="name", per_page=1), names(filter={"name": "other"}),
                   names(filter={"name": {"$regex": "^wandb-registry-b"}})]
report["missing"] = [refusal(lambda: api.registry("none", organization="acme")),
                     refusal(lambda: list(api.registries(organization="none")))]

with wandb.init(entity="crew", project="source") as run:
    for number in range(3):
        artifact = wandb.Artifact("net", "model", metadata={"number": number})
        with artifact.new_file("weights") as file:
            file.write(str(number))
        run.log_artifact(artifact).wait()
        link = run.link_artifact(artifact, "wandb-registry-best/nets", aliases=[f"the{number}"])
    report["link"] = [link.qualified_name, link.source_qualified_name, link.is_link]
    report["no registry"] = refusal(lambda: run.link_artifact(artifact, "acme/wandb-registry-none/nets"))
    report["used"] = run.use_artifact("acme/wandb-registry-best/nets:the1").source_version

best = api.registry("best", organization="acme")
(collection,) = best.collections(filter={"name": {"$regex": "^n"}}, order="name")
report["collection"] = [collection.name, collection.type, collection.entity, collection.project]
report["count"] = len(best.collections())
collection.tags, collection.description = ["seen"], "Nets"
collection.save()
report["tagged"] = [found.name for found in best.collections(filter={"tag": "seen"})]
versions = lambda **arguments: [found.version for found in best.versions(**arguments)]
report["versions"] = [versions(), versions(filter={"alias": "the1"}), versions(filter={"metadata.number": 2}),
                      versions(filter={"$or": [{"version": "v0"}, {"tag": "none"}]}), versions(per_page=1)]
found = api.registries(organization="acme", filter={"name": "best"})
chained = found.collections().versions(filter={"alias": "latest"})
report["chained"] = [found.qualified_name for found in chained]
ordered = api.registries(organization="acme", order="name").collections(order="-created_at").versions()
report["ordered"] = [found.name for found in ordered]
read = api.artifact("wandb-registry-best/nets:the1")
report["read"] = [read.qualified_name, open(read.download() + "/weights").read(), len(read.files())]
read.aliases.append("shipped")
read.save()
report["shipped"] = api.artifact("acme-org/wandb-registry-best/nets:shipped").source_version
read.unlink()
report["unlinked"] = versions()
report["deleted"] = [best.delete(), names(), api.artifact_exists("crew/source/net:v0")]
print("REPORT" + json.dumps(report))
"""


@pytest.fixture
def report(networked: tuple[Application, str], tmp_path: Path) -> dict[str, Any]:
    """What the SDK sees of an organization with a team, as an administrator."""
    application, url = networked
    with application._store.write() as connection:
        people.add_user(connection, "ben")
        people.add_organization(connection, "acme", {"alice": "admin"})
        people.add_team(connection, "crew", {"alice": "admin", "ben": "member"})
    out = SDK(url, application.api_key, tmp_path).run(SCRIPT)
    (line,) = (line for line in out.splitlines() if line.startswith("REPORT"))
    return json.loads(line.removeprefix("REPORT"))


def test_registries_are_made_filled_searched_and_deleted(report: dict[str, Any]):
    assert report["created"] == ["models", "acme-org", "restricted", "Ours", False, ["model"]]
    assert "already exists" in report["again"]
    assert report["members"] == {"alice": "admin", "ben": "admin", "crew": "viewer"}
    assert report["left"] == {"alice": "admin", "ben": "admin"}
    assert report["saved"] == ["best", "acme-org", "organization", "Theirs", False, ["dataset", "model"]]
    assert report["all types"] is True
    assert report["names"] == [["other", "best"], ["best", "other"], ["other"], ["best"]]
    assert all("ValueError" in missing for missing in report["missing"])
    assert report["link"] == ["acme-org/wandb-registry-best/nets:v2", "crew/source/net:v2", True]
    assert "create it first" in report["no registry"]
    assert report["used"] == "v1"
    assert report["collection"] == ["nets", "model", "acme-org", "wandb-registry-best"]
    assert report["count"] == 1
    assert report["tagged"] == ["nets"]
    assert report["versions"] == [["v2", "v1", "v0"], ["v1"], ["v2"], ["v0"], ["v2", "v1", "v0"]]
    assert report["chained"] == ["acme-org/wandb-registry-best/nets:v2"]
    assert report["ordered"] == ["nets:v2", "nets:v1", "nets:v0"]
    assert report["read"] == ["acme-org/wandb-registry-best/nets:the1", "1", 1]
    assert report["shipped"] == "v1"
    assert report["unlinked"] == ["v2", "v0"]
    assert report["deleted"] == [None, ["other"], True]
