"""What the facade gives has a type, all the way down, in both colours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import assert_type

from pydantic import JsonValue

import wandql
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import AuthorFields, UserFields
from wandql.graphql.generated.get_run import GetRun
from wandql.graphql.generated.get_viewer import GetViewer
from wandql.paths import ProjectPath, RunPath


def construct() -> None:
    assert_type(wandql.Api(), wandql.Api)
    assert_type(wandql.Api({"entity": "me", "base_url": "http://localhost"}), wandql.Api)
    assert_type(wandql.Api(api_key="…", base_url="…", entity=None, project="p", timeout=30), wandql.Api)
    assert_type(wandql.AsyncApi(api_key="…", base_url="…", entity="me", project=None, timeout=0.5), wandql.AsyncApi)
    with wandql.Api() as api:
        assert_type(api, wandql.Api)
    with wandql.local(Path("data"), entity="me") as local:
        assert_type(local, wandql.Api)
    assert_type(wandql.local("data"), wandql.Api)
    assert_type(wandql.async_local(), wandql.AsyncApi)


def ask(api: wandql.Api) -> None:
    assert_type(api.run("entity/project/run"), wandql.Run)
    assert_type(api.run(["entity", "project", "run"]), wandql.Run)
    assert_type(api.run(RunPath("entity", "project", "run")), wandql.Run)
    assert_type(api.runs("entity/project"), wandql.Runs)
    assert_type(api.runs(ProjectPath("entity", "project"), {"config.lr": {"$lt": 0.1}}, None, 50), wandql.Runs)
    assert_type(api.runs(filters={"$or": [{"state": "finished"}]}, order="-created_at", per_page=100), wandql.Runs)
    assert_type(api.project("project", entity="entity"), wandql.Project)
    assert_type(api.projects("entity", per_page=50), wandql.Projects)
    assert_type(api.viewer, wandql.User)
    assert_type(api.viewer.generate_api_key(), wandql.ApiKey)
    assert_type(api.user("alice"), wandql.User | None)
    assert_type(api.team("vision").members[0], wandql.Member)
    assert_type(api.team("vision").create_service_account("job").api_key, wandql.ApiKey | None)
    assert_type(api.organization(), wandql.Organization)
    assert_type(api.run("entity/project/run").load_full_data(), wandql.Run)
    assert_type(api.artifact_type("model").load(), wandql.ArtifactType)
    assert_type(api.reports("alice/mnist")[0].runs({}), wandql.Runs)
    assert_type(
        api.from_path("alice/mnist"),
        wandql.Project | wandql.Run | wandql.Sweep | wandql.BetaReport | wandql.Artifact,
    )
    assert_type(api.default_entity, str | None)
    assert_type(api.user_agent, str)
    assert_type(api.api_key, wandql.ApiKey | None)
    assert_type(api.settings, wandql.Settings)
    assert_type(api.settings.entity, str | None)
    assert_type(api.settings.explain(), str)
    assert_type(api.client, wandql.Client)
    assert_type(api.client.app_url, str)
    assert_type(api.VIEWER_QUERY, str)
    api.flush()
    api.close()


def go_through(runs: wandql.Runs, projects: wandql.Projects) -> None:
    for run in runs:
        assert_type(run, wandql.Run)
    for number, run in enumerate(runs):
        assert_type((number, run), tuple[int, wandql.Run])
    for page in runs.pages():
        assert_type(page, list[wandql.Run])
    assert_type(iter(runs), Iterator[wandql.Run])
    assert_type(list(runs), list[wandql.Run])
    assert_type(list(reversed(runs)), list[wandql.Run])
    assert_type(sorted(runs, key=lambda run: run.created_at), list[wandql.Run])
    assert_type(runs[0], wandql.Run)
    assert_type(runs[:10], list[wandql.Run])
    assert_type(runs.at(-1), wandql.Run)
    assert_type(runs.slice(0, 10), list[wandql.Run])
    assert_type(runs.first(), wandql.Run | None)
    assert_type(len(runs), int)
    assert_type(runs.count(), int)
    assert_type(runs.per_page, int)
    assert_type((runs.entity, runs.project, runs.filters, runs.order), tuple[str | None, str, str, str | None])
    assert_type([project.name for project in projects], list[str])
    assert_type(projects[0], wandql.Project)
    assert_type(projects[1:], list[wandql.Project])
    assert_type(projects.entity, str | None)


def read(run: wandql.Run, project: wandql.Project, user: wandql.User) -> None:
    assert_type((run.id, run.storage_id, run.url, run.entity, run.project), tuple[str, str, str, str, str])
    assert_type(run.path, list[str])
    assert_type(run.name, str | None)
    assert_type(run.state, str | None)
    assert_type(run.tags, list[str])
    assert_type(run.config, dict[str, JsonValue])
    assert_type(run.rawconfig, dict[str, JsonValue])
    assert_type(run.system_metrics, dict[str, JsonValue])
    assert_type(run.history_keys, dict[str, JsonValue] | None)
    assert_type(run.config["lr"], JsonValue)
    assert_type(run.created_at, datetime)
    assert_type(run.heartbeat_at, datetime | None)
    assert_type(run.user, AuthorFields | None)
    assert_type(project.path, list[str])
    assert_type(project.created_at, datetime)
    assert_type(project.user, UserFields | None)
    assert_type(user.username, str | None)
    assert_type(user.teams, list[str])
    assert_type(user.flags, dict[str, JsonValue])
    rate = run.config.get("lr")
    if isinstance(rate, float):
        assert_type(rate, float)


def execute(client: wandql.Client) -> None:
    assert_type(client.get_run(entity="e", project="p", run="r"), GetRun)
    assert_type(client.execute(operations.get_viewer()), GetViewer)
    data = client.get_run(entity="e", project="p", run="r")
    if data.project and data.project.run:
        assert_type(data.project.run.name, str | None)
        assert_type(data.project.run.created_at, datetime)


async def ask_and_wait(api: wandql.AsyncApi) -> None:
    async with wandql.AsyncApi() as opened:
        assert_type(opened, wandql.AsyncApi)
    assert_type(await api.run("entity/project/run"), wandql.AsyncRun)
    assert_type(await api.project("project"), wandql.AsyncProject)
    assert_type(api.runs("entity/project"), wandql.AsyncRuns)
    assert_type(api.projects(), wandql.AsyncProjects)
    assert_type(await api.viewer, wandql.AsyncUser)
    assert_type(await api.default_entity, str | None)
    assert_type(api.client, wandql.AsyncClient)
    assert_type(await api.client.get_run(entity="e", project="p", run="r"), GetRun)
    assert_type(await api.client.execute(operations.get_viewer()), GetViewer)
    api.flush()
    await api.aclose()


async def go_through_and_wait(runs: wandql.AsyncRuns, projects: wandql.AsyncProjects) -> None:
    async for run in runs:
        assert_type(run, wandql.AsyncRun)
        assert_type(run.config, dict[str, JsonValue])
    async for page in runs.pages():
        assert_type(page, list[wandql.AsyncRun])
    assert_type(aiter(runs), AsyncIterator[wandql.AsyncRun])
    assert_type([run async for run in runs], list[wandql.AsyncRun])
    assert_type(await runs.at(0), wandql.AsyncRun)
    assert_type(await runs.slice(stop=10), list[wandql.AsyncRun])
    assert_type(await runs.first(), wandql.AsyncRun | None)
    assert_type(await runs.count(), int)
    assert_type([project.name async for project in projects], list[str])


def catch(api: wandql.Api) -> str | None:
    try:
        return api.run("entity/project/run").name
    except wandql.NotFoundError as error:
        return error.path
    except (wandql.CommError, wandql.Error) as error:
        return error.hint


def tune() -> None:
    def note(event: wandql.RequestEvent) -> None:
        assert_type(event.status, int | None)

    api = wandql.Api(retries=2, policy=wandql.RetryPolicy(read=5), on_request=note, rate_limit_file="x")
    assert_type(api.with_options(timeout=5, priority="bulk"), wandql.Api)
    assert_type(api.client.with_options(retries=0), wandql.Client)
    assert_type(api.client.rate_limit, wandql.RateLimit)
    assert_type(api.client.rate_limit.remaining, int | None)
