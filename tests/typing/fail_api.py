"""What the facade has not, does not take, and does not give."""

from __future__ import annotations

from typing import assert_type

import wandql


def misname(api: wandql.Api, run: wandql.Run, project: wandql.Project) -> None:
    print(run.nosuchfield)  # error: nosuchfield
    print(run.createdAt)  # error: createdAt
    print(project.runs)  # error: runs
    api.artefact("a")  # error: artefact
    print(api.viewer.teamPage)  # error: teamPage
    print(api.client.get_runn)  # error: get_runn


nothing = wandql.NoSuch  # error: NoSuch


def misuse(api: wandql.Api) -> None:
    api.runs(1)  # error: ProjectPath
    api.run(path=3)  # error: RunPath
    api.runs("e/p", "state = finished")  # error: Mapping
    api.runs("e/p", order=1)  # error: Order
    api.runs("e/p", per_page="x")  # error: per_page
    api.runs("e/p", perPage=10)  # error: perPage
    api.run("e/p/r", "x")  # error: argument
    api.projects(["e"])  # error: "list[str]"
    api.client.get_run(entity="e", project="p")  # error: "run"
    wandql.Api("https://example.com")  # error: Mapping
    wandql.Api(timeout="10")  # error: timeout
    wandql.Api(on_request=1)  # error: on_request
    api.with_options(priority="slow")  # error: priority
    api.with_options(timeout="5")  # error: timeout
    wandql.Api(transport=wandql.AsyncApi().client)  # error: "AsyncClient"


def misread(runs: wandql.Runs, run: wandql.Run) -> None:
    print(run.config["lr"] + 1)  # error: +
    print(run.name.upper())  # error: upper
    print(runs.first().name)  # error: name
    print(runs["r1"])  # error: __getitem__
    print(runs[0][0])  # error: "Run"
    print(len(runs.entity))  # error: len
    assert_type(run.created_at, str)  # error: datetime


def miscolour(api: wandql.AsyncApi, runs: wandql.AsyncRuns) -> None:
    print(api.run("e/p/r").name)  # error: name
    print(api.viewer.username)  # error: username
    print(runs.first().name)  # error: name
    print(runs[0])  # error: AsyncRuns
    print(len(runs))  # error: AsyncRuns
    print([run.name for run in runs])  # error: AsyncRuns
    with api:  # error: __enter__
        pass


async def miscolour_too(api: wandql.Api, runs: wandql.AsyncRuns) -> None:
    print(await api.run("e/p/r"))  # error: Run
    print([run.name async for run in api.runs("e/p")])  # error: Runs
    run = runs.first()
    print(run.name)  # error: name
