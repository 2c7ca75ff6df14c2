"""Answers of the official `wandb.Api`: each line of input is a question in JSON, each of output its answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import wandb

PROJECT = ("id", "name", "entity", "created_at", "url", "path")
RUN = (
    "id", "storage_id", "name", "display_name", "state", "config", "rawconfig", "summary_metrics", "system_metrics",
    "tags", "notes", "description", "group", "job_type", "commit", "sweep_name", "read_only", "created_at",
    "heartbeat_at", "history_line_count", "history_keys", "entity", "project", "path", "url", "username",
)  # fmt: skip
USER = ("id", "name", "username", "email", "admin", "entity", "teams", "api_keys")


def read(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def read_run(run: Any) -> dict[str, Any]:
    return read(run, RUN) | {"summary": plain(run.summary), "user": read(run.user, ("name", "username"))}


def plain(value: Any) -> Any:
    return {key: plain(value[key]) for key in value.keys()} if hasattr(value, "keys") else value  # noqa: SIM118


def run(api: Any, path: str) -> Any:
    return read_run(api.run(path))


def each_run(api: Any, paths: list[str]) -> Any:
    return [read_run(api.run(path)) for path in paths]


def runs(api: Any, path: str, **arguments: Any) -> Any:
    return [read_run(run) for run in api.runs(path, **arguments)]


def lazy_runs(api: Any, path: str, **arguments: Any) -> Any:
    """List as the official client does by default: without what is expensive."""
    found = api.runs(path, **arguments)
    return {"len": len(found), "ids": [run.id for run in found]}


def lazy_configs(api: Any, path: str) -> Any:
    return [run.config for run in api.runs(path)]


def history(api: Any, path: str, **arguments: Any) -> Any:
    return api.run(path).history(pandas=False, **arguments)


def scan_history(api: Any, path: str, **arguments: Any) -> Any:
    return list(api.run(path).scan_history(**arguments))


def download_history_exports(api: Any, path: str, directory: str) -> Any:
    result = api.run(path).download_history_exports(directory)
    paths = [str(each) for each in result.paths]
    return {"paths": paths, "contains_live_data": result.contains_live_data, "errors": result.errors}


def projects(api: Any, **arguments: Any) -> Any:
    return [read(project, PROJECT) for project in api.projects(**arguments)]


def project(api: Any, name: str) -> Any:
    return read(api.project(name), PROJECT)


def viewer(api: Any) -> Any:
    return read(api.viewer, USER) | {"default_entity": api.default_entity}


QUESTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        run,
        each_run,
        runs,
        lazy_runs,
        lazy_configs,
        history,
        scan_history,
        download_history_exports,
        projects,
        project,
        viewer,
    )
}

for line in sys.stdin:
    name, arguments = json.loads(line)
    # A new one each time: it keeps what it has fetched.
    print(json.dumps(QUESTIONS[name](wandb.Api(), **arguments)), flush=True)
