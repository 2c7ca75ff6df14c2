"""Runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from ariadne import MutationType, ObjectType, SchemaBindable
from sqlalchemy import delete, null, select, update

from wandql.server import tables
from wandql.server.artifacts.versions import delete_artifacts
from wandql.server.databases.upserts import upsert
from wandql.server.documents import dump, index_of, only_keys, parse_object, sdk_notes
from wandql.server.lookups import (
    find_project,
    find_run,
    get_project,
    get_run,
    get_user,
    may_change,
    own_entity,
    own_run,
    own_run_by_id,
)
from wandql.server.messages import Refusal
from wandql.server.pages import Page, Window
from wandql.server.records import ProjectRecord, RunRecord, UserRecord
from wandql.server.resolvers.info import ServerSettings
from wandql.server.resolvers.projects import make_project, valid_name
from wandql.server.runs.forks import fork_point, inherit_history
from wandql.server.runs.history import rewind_history
from wandql.server.runs.history_exports import forget_exports
from wandql.server.runs.listing import add_run, check_never_deleted, count_project, page_project
from wandql.server.runs.sharing import merge_configs
from wandql.server.runs.stream import ENDED
from wandql.server.store import add

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

MUTATION = MutationType()
PROJECT = ObjectType("Project")
RUN = ObjectType("Run")

DEFAULT_PROJECT: Final = "uncategorized"
"""Where a run goes that names no project, as with the official server."""

BEGINNINGS: Final = ("pending", "running")

CHANGES: Final = {
    "pending": {"running", "failed", "crashed", "preempted"},
    "failed": {"pending", "running", "crashed"},
}
"""From which states `updateRunState` leads to which."""

COLUMNS: Final = {
    "display_name": "display_name",
    "description": "description",
    "notes": "notes",
    "tags": "tags",
    "group_name": "group",
    "job_type": "job_type",
    "state": "state",
    "sweep": "sweep_name",
    "commit": "commit",
    "job_repo": "job_repo",
    "job_program": "job_program",
    "host": "host",
}
"""Which column holds which field of `UpsertBucketInput`."""


class UpsertBucketInput(TypedDict, total=False):
    """The input of `upsertBucket`. What is absent or null stays as it is."""

    id: str | None
    name: str | None
    model_name: str | None
    entity_name: str | None
    display_name: str | None
    description: str | None
    notes: str | None
    tags: list[str] | None
    config: str | None
    summary_metrics: str | None
    group_name: str | None
    job_type: str | None
    state: str | None
    sweep: str | None
    commit: str | None
    job_repo: str | None
    job_program: str | None
    host: str | None
    client_mutation_id: str | None


class RunInput(TypedDict):
    """The input of mutations that take a run by its opaque id."""

    id: str
    state: str
    delete_artifacts: bool | None
    client_mutation_id: str | None


class RewindRunInput(TypedDict):
    """The input of `rewindRun`."""

    entity_name: str | None
    project_name: str | None
    run_name: str
    metric_name: str
    metric_value: float
    client_mutation_id: str | None


class AlertInput(TypedDict):
    """The input of `notifyScriptableRunAlert`."""

    entity_name: str
    project_name: str
    run_name: str
    title: str
    text: str
    severity: str | None
    wait_duration: int | None
    client_mutation_id: str | None


@PROJECT.field("run")
def resolve_run(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    name: str,
    desc: str | None = None,  # noqa: ARG001
) -> RunRecord | None:
    """Answer a run. What a client writes along with its name changes nothing."""
    return find_run(info.context, project, name)


@PROJECT.field("bucket")
def resolve_bucket(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    name: str,
    missing_ok: bool | None = None,  # noqa: ARG001, FBT001
    desc: str | None = None,  # noqa: ARG001
) -> RunRecord | None:
    """Answer a run. A missing one is null, whether or not the client says that it may be missing."""
    return find_run(info.context, project, name)


@PROJECT.field("runCount")
def resolve_run_count(project: ProjectRecord, info: GraphQLResolveInfo, filters: str | None = None) -> int:
    """Answer how many runs match."""
    return count_project(info.context, project, filters)


@PROJECT.field("runs")
def resolve_runs(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[RunRecord]:
    """Answer the runs that match."""
    return page_project(info.context, project, filters, order, Window.of(first, after))


@PROJECT.field("buckets")
def resolve_buckets(project: ProjectRecord, info: GraphQLResolveInfo, first: int | None = None) -> Page[RunRecord]:
    """Answer the newest runs."""
    return page_project(info.context, project, None, None, Window.of(first, None))


@RUN.field("running")
def resolve_running(run: RunRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer whether the run's process is at work, as far as anyone can tell."""
    return run.state == "running"


@RUN.field("failed")
def resolve_failed(run: RunRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer whether the run ended otherwise than well."""
    return run.state in {"failed", "crashed", "killed"}


@RUN.field("shouldStop")
def resolve_should_stop(run: RunRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer whether someone has asked the run to stop."""
    return run.stopped


@RUN.field("projectId")
def resolve_project_id(run: RunRecord, _info: GraphQLResolveInfo) -> int:
    """Answer the number of the run's project."""
    return run.project_key


@RUN.field("project")
def resolve_project(run: RunRecord, info: GraphQLResolveInfo) -> ProjectRecord:
    """Answer the run's project."""
    return get_project(info.context, run.project_key)


@RUN.field("user")
def resolve_user(run: RunRecord, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer who started the run."""
    return None if run.user_key is None else get_user(info.context, run.user_key)


@RUN.field("readOnly")
def resolve_read_only(run: RunRecord, info: GraphQLResolveInfo) -> bool:
    """Answer whether the user may only view the run."""
    return not may_change(info.context, get_project(info.context, run.project_key))


@RUN.field("config")
def resolve_config(run: RunRecord, _info: GraphQLResolveInfo, keys: list[str] | None = None) -> str | None:
    """Answer the config as it was sent."""
    return only_keys(run.config, keys)


@RUN.field("summaryMetrics")
def resolve_summary_metrics(run: RunRecord, _info: GraphQLResolveInfo, keys: list[str] | None = None) -> str | None:
    """Answer the summary as it was sent."""
    return only_keys(run.summary_metrics, keys)


@RUN.field("wandbConfig")
def resolve_wandb_config(run: RunRecord, _info: GraphQLResolveInfo, keys: list[str] | None = None) -> str | None:
    """Answer the SDK's own notes in the config."""
    return only_keys(dump(sdk_notes(parse_object(run.config or "{}", "The config"))), keys)


@MUTATION.field("upsertBucket")
def resolve_upsert_bucket(_root: None, info: GraphQLResolveInfo, input: UpsertBucketInput) -> dict[str, object]:  # noqa: A002
    """Create a run, or change what the input names and is not null."""
    context: Context = info.context
    _ = context.writer
    columns = _columns(input)
    known: RunRecord | None
    if id_ := input.get("id"):
        known = own_run_by_id(context, id_)
        project_key = known.project_key
    else:
        entity = own_entity(context, input.get("entity_name"))
        project_name = input.get("model_name") or DEFAULT_PROJECT
        project = find_project(context, entity, project_name)
        project_key = project.key if project else make_project(context, entity, project_name)
        known = find_run(context, project, input.get("name") or "")
    if known is None:
        check_never_deleted(context, project_key, input.get("name") or "")
        point = fork_point(sdk_notes(parse_object(input.get("config") or "{}", "The config")))
        source = find_run(context, get_project(context, project_key), point.run_id) if point else None
        if point and source is None:
            raise Refusal(404, f"There is no run {point.run_id!r} in this project to fork from.")
        key = add_run(context, project_key, valid_name(input.get("name"), "a run"), columns)
        if point and source:
            inherited = inherit_history(context.connection, source, key, int(point.step))
            _change(context, get_run(context, key), inherited)
    else:
        key = known.key
        if context.is_shared and isinstance(config := columns.get("config"), str):
            config = merge_configs(known.config, config)
            columns |= {"config": config, "config_index": index_of(config, "The config") or null()}
        _change(context, known, columns)
    touched = update(tables.projects).where(tables.projects.c.key == project_key)
    context.connection.execute(touched.values(updated_at=context.now))
    return {
        "bucket": get_run(context, key),
        "inserted": known is None,
        "serverSettings": ServerSettings(),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("deleteRun")
def resolve_delete_run(_root: None, info: GraphQLResolveInfo, input: RunInput) -> dict[str, object]:  # noqa: A002
    """Delete a run with all that belongs to it; the versions of artifacts that it made, if the client says so."""
    context: Context = info.context
    run = own_run_by_id(context, input["id"])
    if input.get("delete_artifacts"):
        made = select(tables.artifacts.c.key).where(tables.artifacts.c.run_key == run.key)
        keys = context.connection.execute(made).scalars().all()
        context.unlinked += delete_artifacts(context.connection, context.blobs, keys)
    files = tables.files.c
    tokens = context.connection.execute(select(files.token).where(files.run_key == run.key)).scalars().all()
    forget_exports(context, tables.runs.c.key == run.key)
    context.connection.execute(delete(tables.runs).where(tables.runs.c.key == run.key))
    gone = {"project_key": run.project_key, "name": run.name}
    context.connection.execute(upsert(tables.deleted_runs).values(gone).on_conflict_do_nothing())
    context.unlinked += context.blobs.forget(context.connection, tokens)
    return {"clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("stopRun")
def resolve_stop_run(_root: None, info: GraphQLResolveInfo, input: RunInput) -> dict[str, object]:  # noqa: A002
    """Ask a live run to stop. One that no process reports to is killed at once."""
    context: Context = info.context
    run = own_run_by_id(context, input["id"])
    alive = run.state in {"running", "preempting"}
    if run.state not in ENDED:
        _change(context, run, {"stopped": True} if alive else {"stopped": True, "state": "killed"})
    return {"success": run.state not in ENDED, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateRunState")
def resolve_update_run_state(_root: None, info: GraphQLResolveInfo, input: RunInput) -> dict[str, object]:  # noqa: A002
    """Set the state of a run that no process reports to."""
    context: Context = info.context
    run, state = own_run_by_id(context, input["id"]), input["state"]
    if run.sweep_name:
        raise Refusal(400, "The state of a run of a sweep cannot be set: the sweep's agent sets it.")
    allowed = CHANGES.get(state)
    if allowed is None:
        raise Refusal(400, f"A run cannot be set to {state!r}, only to {' or '.join(CHANGES)}.")
    if run.state not in allowed:
        raise Refusal(400, f"A run that is {run.state} cannot be set to {state}.")
    _change(context, run, {"state": state})
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("rewindRun")
def resolve_rewind_run(_root: None, info: GraphQLResolveInfo, input: RewindRunInput) -> dict[str, object]:  # noqa: A002
    """Cut a run's history behind a step and make the summary what it was there."""
    context: Context = info.context
    if input["metric_name"] != "_step":
        raise Refusal(400, f"A run can be rewound to a `_step`, not to a value of {input['metric_name']!r}.")
    run = own_run(context, input.get("entity_name"), input.get("project_name"), input["run_name"])
    forget_exports(context, tables.runs.c.key == run.key)
    change, summary = rewind_history(context.connection, run, int(input["metric_value"]))
    text = dump(summary)
    columns = {
        "history_line_count": change.history_line_count,
        "history_keys": change.history_keys,
        "summary_metrics": text,
        "summary_index": index_of(text, "The summary"),
    }
    _change(context, run, columns)
    return {"rewoundRun": get_run(context, run.key), "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("notifyScriptableRunAlert")
def resolve_notify_alert(_root: None, info: GraphQLResolveInfo, input: AlertInput) -> dict[str, object]:  # noqa: A002
    """Write down an alert, unless one of its title came less than `waitDuration` before."""
    context: Context = info.context
    run = own_run(context, input["entity_name"], input["project_name"], input["run_name"])
    wait = input.get("wait_duration") or 0
    alerts = tables.alerts.c
    recent = select(alerts.key).where(
        alerts.run_key == run.key, alerts.title == input["title"], alerts.created_at > context.now - 1000 * wait
    )
    if context.connection.execute(recent.limit(1)).first() is None:
        values = {
            "run_key": run.key,
            "title": input["title"],
            "text": input["text"],
            "severity": input.get("severity") or "INFO",
            "created_at": context.now,
        }
        add(context.connection, tables.alerts, values)
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


def _columns(given: UpsertBucketInput) -> dict[str, object]:
    """Return what an input sets, by column."""
    if (state := given.get("state")) and state not in BEGINNINGS:
        raise Refusal(400, f"A run begins as {' or '.join(BEGINNINGS)}, not as {state!r}.")
    documents = {
        "config": ("config_index", "The config"),
        "summary_metrics": ("summary_index", "The summary"),
    }
    values: Mapping[str, object] = given
    columns = {column: values.get(name) for name, column in COLUMNS.items()}
    for name, (index, what) in documents.items():
        if isinstance(text := values.get(name), str):
            columns |= {name: text, index: index_of(text, what) or null()}
    return {column: value for column, value in columns.items() if value is not None}


def _change(context: Context, run: RunRecord, columns: Mapping[str, object]) -> None:
    statement = update(tables.runs).where(tables.runs.c.key == run.key)
    context.connection.execute(statement.values({**columns, "updated_at": context.now}))


BINDABLES: list[SchemaBindable] = [PROJECT, RUN, MUTATION]
