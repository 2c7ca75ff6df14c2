"""Sweeps and the agents that execute their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from ariadne import MutationType, ObjectType, SchemaBindable
from sqlalchemy import func, select, update

from wandql.server import tables
from wandql.server.documents import dump, parse_object
from wandql.server.filters.conditions import compile_filter, read_filter
from wandql.server.lookups import find_project, get_project, get_run, own_entity
from wandql.server.messages import Refusal
from wandql.server.pages import LARGEST, Page, Window
from wandql.server.records import ProjectRecord, RunRecord
from wandql.server.resolvers.projects import make_project
from wandql.server.runs.listing import count_runs, page_runs
from wandql.server.store import add, fetch
from wandql.server.sweeps.agents import next_commands
from wandql.server.sweeps.changes import change_state, create_sweep, follow_controller, launch_scheduler, redefine_sweep
from wandql.server.sweeps.definitions import read_definition
from wandql.server.sweeps.fields import SWEEP_FIELDS
from wandql.server.sweeps.lookups import (
    fetch_agents,
    find_agent,
    find_sweep,
    get_agent,
    get_sweep,
    own_agent_by_id,
    own_sweep,
    own_sweep_by_id,
)
from wandql.server.sweeps.records import SWEEP_COLUMNS, AgentRecord, SweepRecord
from wandql.server.sweeps.runs import (
    Point,
    attach_prior_runs,
    belongs,
    best_value,
    make_name,
    prior_to,
    propose_run,
)

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

MUTATION = MutationType()
PROJECT = ObjectType("Project")
SWEEP = ObjectType("Sweep")
AGENT = ObjectType("Agent")

DEFAULT_PROJECT: Final = "uncategorized"
"""Where a sweep goes that names no project, as its runs do."""


class UpsertSweepInput(TypedDict, total=False):
    """The input of `upsertSweep`. What is absent or null stays as it is."""

    id: str | None
    entity_name: str | None
    project_name: str | None
    config: str | None
    display_name: str | None
    description: str | None
    state: str | None
    controller: str | None
    scheduler: str | None
    launch_scheduler: str | None
    template_variable_values: str | None
    prior_runs_filters: str | None
    client_mutation_id: str | None


class CreateAgentInput(TypedDict):
    """The input of `createAgent`."""

    sweep: str
    entity_name: str | None
    project_name: str | None
    host: str
    client_mutation_id: str | None


class AgentHeartbeatInput(TypedDict):
    """The input of `agentHeartbeat`."""

    id: str
    run_state: str | None
    client_mutation_id: str | None


class EnqueueSweepRunInput(TypedDict):
    """The input of `enqueueSweepRun`."""

    id: str
    config: str
    display_name: str | None
    client_mutation_id: str | None


@PROJECT.field("sweep")
def resolve_sweep(project: ProjectRecord, info: GraphQLResolveInfo, sweep_name: str) -> SweepRecord | None:
    """Answer a sweep."""
    return find_sweep(info.context, project, sweep_name)


@PROJECT.field("totalSweeps")
def resolve_total_sweeps(project: ProjectRecord, info: GraphQLResolveInfo) -> int:
    """Answer how many sweeps there are."""
    return _count(info.context, tables.sweeps.c.project_key == project.key)


@PROJECT.field("sweeps")
def resolve_sweeps(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[SweepRecord]:
    """Answer the sweeps that match, the newest first."""
    context: Context = info.context
    sweeps, window = tables.sweeps.c, Window.of(first, after)
    try:
        condition = (sweeps.project_key == project.key) & compile_filter(
            read_filter(filters), SWEEP_FIELDS, context.dialect
        )
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    query = select(*SWEEP_COLUMNS).where(condition).order_by(sweeps.created_at.desc(), sweeps.key.desc())
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), SweepRecord)
    return window.page(found, lambda: _count(context, condition))


@SWEEP.field("project")
def resolve_project(sweep: SweepRecord, info: GraphQLResolveInfo) -> ProjectRecord:
    """Answer the sweep's project."""
    return get_project(info.context, sweep.project_key)


@SWEEP.field("bestLoss")
def resolve_best_loss(sweep: SweepRecord, info: GraphQLResolveInfo) -> float | None:
    """Answer the best value of the metric in any run's summary."""
    metric = read_definition(sweep.config).metric
    return best_value(info.context, sweep, metric) if metric else None


@SWEEP.field("runCount")
def resolve_run_count(sweep: SweepRecord, info: GraphQLResolveInfo) -> int:
    """Answer how many runs there are so far."""
    return count_runs(info.context, belongs(sweep))


@SWEEP.field("runs")
def resolve_runs(
    sweep: SweepRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[RunRecord]:
    """Answer the runs, the first to be proposed first. A controller, which names no number, needs all of them."""
    window = Window.of(LARGEST if first is None else first, after)
    return page_runs(info.context, belongs(sweep), "+created_at", window)


@SWEEP.field("priorRuns")
def resolve_prior_runs(
    sweep: SweepRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[RunRecord]:
    """Answer the runs from before the sweep that count in its search."""
    return page_runs(info.context, prior_to(sweep), "+created_at", Window.of(first, after))


@SWEEP.field("agents")
def resolve_agents(sweep: SweepRecord, info: GraphQLResolveInfo) -> Page[AgentRecord]:
    """Answer all agents."""
    agents = fetch_agents(info.context, sweep)
    return Window(0, len(agents)).cut(agents)


@SWEEP.field("agent")
def resolve_agent(sweep: SweepRecord, info: GraphQLResolveInfo, agent_name: str) -> AgentRecord | None:
    """Answer an agent."""
    return find_agent(info.context, sweep, agent_name)


@SWEEP.field("earlyStopJobRunning")
def resolve_early_stop(sweep: SweepRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer whether this server ends runs that promise nothing."""
    return sweep.active and read_definition(sweep.config).stopping is not None


@SWEEP.field("controllerRunName")
def resolve_controller_run_name(sweep: SweepRecord, _info: GraphQLResolveInfo) -> str | None:
    """Answer the id of the run that a local scheduler logs; null where the search needs none."""
    return f"controller-{sweep.name}" if read_definition(sweep.config).scheduled else None


@AGENT.field("totalRuns")
def resolve_total_runs(agent: AgentRecord, info: GraphQLResolveInfo) -> int:
    """Answer how many runs an agent was given."""
    return count_runs(info.context, _given_to(agent))


@AGENT.field("runs")
def resolve_agent_runs(
    agent: AgentRecord,
    info: GraphQLResolveInfo,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page[RunRecord]:
    """Answer the runs that an agent was given."""
    if last is not None or before is not None:
        raise Refusal(400, "The runs of an agent are read forwards, with `first` and `after`.")
    return page_runs(info.context, _given_to(agent), order or "+created_at", Window.of(first, after))


@MUTATION.field("upsertSweep")
def resolve_upsert_sweep(_root: None, info: GraphQLResolveInfo, input: UpsertSweepInput) -> dict[str, object]:  # noqa: A002
    """Create a sweep, or change what the input names and is not null."""
    context: Context = info.context
    text, id_ = input.get("config"), input.get("id")
    columns = {name: value for name in ("display_name", "description", "scheduler") if (value := input.get(name))}
    if id_:
        sweep = own_sweep_by_id(context, id_)
        if text is not None:
            redefine_sweep(context, sweep, text)
        if columns:
            change = update(tables.sweeps).where(tables.sweeps.c.key == sweep.key)
            context.connection.execute(change.values({**columns, "updated_at": context.now}))
    elif text is None:
        raise Refusal(400, "A new sweep needs a definition: `config` is missing.")
    else:
        entity = own_entity(context, input.get("entity_name"))
        name = input.get("project_name") or DEFAULT_PROJECT
        project = find_project(context, entity, name)
        sweep = create_sweep(context, project.key if project else make_project(context, entity, name), text, columns)
    if (filters := input.get("prior_runs_filters")) is not None:
        attach_prior_runs(context, sweep, filters)
    if state := input.get("state"):
        change_state(context, sweep, state.upper())
    if (plan := input.get("controller")) is not None:
        follow_controller(context, get_sweep(context, sweep.key), plan)
    if (launch := input.get("launch_scheduler")) is not None:
        launch_scheduler(context, sweep, launch, input.get("template_variable_values"))
    sweep = get_sweep(context, sweep.key)
    return {
        "sweep": sweep,
        "configValidationWarnings": list(read_definition(sweep.config).warnings) if text is not None else [],
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("createAgent")
def resolve_create_agent(_root: None, info: GraphQLResolveInfo, input: CreateAgentInput) -> dict[str, object]:  # noqa: A002
    """Register an agent."""
    context: Context = info.context
    sweep = own_sweep(context, input.get("entity_name"), input.get("project_name"), input["sweep"])
    definition = read_definition(sweep.config)
    if not (definition.proposes or definition.local or definition.launched):
        raise Refusal(400, f"No agent can execute runs of the sweep {sweep.name}. {' '.join(definition.warnings)}")
    values = {
        "sweep_key": sweep.key,
        "name": make_name(context, tables.agents, tables.agents.c.sweep_key == sweep.key),
        "host": input["host"],
        "state": "RUNNING",
        "created_at": context.now,
        "heartbeat_at": context.now,
    }
    agent = get_agent(context, add(context.connection, tables.agents, values))
    return {"agent": agent, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("agentHeartbeat")
def resolve_agent_heartbeat(_root: None, info: GraphQLResolveInfo, input: AgentHeartbeatInput) -> dict[str, object]:  # noqa: A002
    """Take note that an agent is alive, and tell it what to do next."""
    context: Context = info.context
    agent = own_agent_by_id(context, input["id"])
    agents = tables.agents
    alive = update(agents).where(agents.c.key == agent.key).values(state="RUNNING", heartbeat_at=context.now)
    context.connection.execute(alive)
    states = parse_object(input.get("run_state") or "{}", "The state of the agent's runs")
    executing = [name for name, state in states.items() if state]
    commands = next_commands(context, get_sweep(context, agent.sweep_key), agent, executing)
    return {
        "agent": get_agent(context, agent.key),
        "commands": dump(commands),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("enqueueSweepRun")
def resolve_enqueue(_root: None, info: GraphQLResolveInfo, input: EnqueueSweepRunInput) -> dict[str, object]:  # noqa: A002
    """Add a run with a config of the client's choice, which the next agent that is free executes.

    Schedulers add more than the cap allows, and end when as many have finished: agents begin no more than that.
    """
    context: Context = info.context
    sweep = own_sweep_by_id(context, input["id"])
    if sweep.ended:
        raise Refusal(409, f"The sweep {sweep.name} is {sweep.state}: resume it before more runs are added.")
    config = parse_object(input["config"], "The config of a run")
    key = propose_run(context, sweep, Point(config), input.get("display_name"))
    return {
        "id": get_run(context, key).name,
        "runQueueItemId": None,
        "clientMutationId": input.get("client_mutation_id"),
    }


def _given_to(agent: AgentRecord) -> ColumnElement[bool]:
    given = tables.sweep_runs.c
    return tables.runs.c.key.in_(select(given.run_key).where(given.agent_key == agent.key))


def _count(context: Context, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(tables.sweeps).where(condition)
    return context.connection.execute(query).scalar_one()


BINDABLES: list[SchemaBindable] = [MUTATION, PROJECT, SWEEP, AGENT]
