# Derived from src/wandql/api/_async/sweeps.py by `make generate`: edit that file instead.
"""Sweeps: one, those of a project, and the agents that execute their runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import PrivateAttr

from wandql.api._sync.collections import Collection, SizedCollection
from wandql.api._sync.run import Run
from wandql.api._sync.runs import Runs
from wandql.api.missing import project_not_found
from wandql.api.missing_sweeps import agent_not_found, found_sweep
from wandql.api.pages import Mark, Page
from wandql.api.records import bound
from wandql.api.sweep_orders import has_value, read_order
from wandql.api.sweep_view import AgentView, SweepAddress, SweepView, address_of
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.errors import UnsupportedError, UsageError
from wandql.filters import Filter, select, select_columns
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import AgentFields, SweepFields
from wandql.paths import ProjectPath, SweepPath

__all__ = ["Agent", "AgentRuns", "PriorRuns", "Sweep", "Sweeps", "fetch_sweep"]


class Agent(AgentView):
    """One agent: a process that executes runs of a sweep.

    Example:
        >>> sweep = api.sweep("alice/mnist/sweep-1")
        >>> (agent,) = sweep.agents()
        >>> agent.host, agent.state, agent.total_runs
        ('gpu-1', 'FINISHED', 3)
    """

    _client: Client | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: AgentFields, client: Client, address: SweepAddress) -> Agent:
        """Make an agent of what the server sent. Sends nothing."""
        return cls._extend(fields, address, _client=client)

    def runs(self, per_page: int = 50) -> AgentRuns:
        """Return the runs that the agent was given: a lazy sequence, in the order in which it got them.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most runs that one request asks for.

        Raises:
            UsageError: The agent was unpickled, and has no client.
            ValueError: `per_page` is less than 1.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> (agent,) = sweep.agents()
            >>> [run.config["lr"] for run in agent.runs()]
            [10.0, 0.1, 0.1]
        """
        return AgentRuns(bound(self._client, self), self, per_page=per_page)


class AgentRuns(SizedCollection[Run]):
    """The runs of an agent: a lazy sequence, fetched page by page.

    Example:
        >>> sweep = api.sweep("alice/mnist/sweep-1")
        >>> (agent,) = sweep.agents()
        >>> agent.runs().count()
        3
    """

    def __init__(self, client: Client, agent: AgentView, *, per_page: int) -> None:
        super().__init__(per_page)
        self._client = client
        self._agent = agent.id
        self._address: SweepAddress = {"entity": agent.entity, "project": agent.project, "sweep": agent.sweep}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'/'.join([*map(str, self._address.values()), self._agent])}>"

    def _fetch(self, after: str | None, first: int) -> Page[Run]:
        operation = operations.get_agent_runs(
            **self._address, agent=self._agent, order="+created_at", after=after, first=first
        )
        agent = found_sweep(self._client.execute(operation).project, self._address, operation.name).agent
        if agent is None:
            raise agent_not_found(self._address, self._agent, operation.name)
        entity, project = self._address["entity"], self._address["project"]
        items = [Run.of(edge.node, self._client, entity=entity, project=project) for edge in agent.runs.edges]
        marks = [Mark(edge.node.id, edge.cursor) for edge in agent.runs.edges]
        return Page(items, end_of(operation, agent.runs), agent.total_runs, marks)


class PriorRuns(Collection[Run]):
    """The runs from before a sweep that count in its search: a lazy sequence, fetched page by page.

    The server does not tell how many there are.

    Example:
        >>> sweep = api.sweep("alice/mnist/sweep-1")
        >>> sweep.prior_runs().first() is None
        True
    """

    def __init__(self, client: Client, sweep: SweepView, *, per_page: int) -> None:
        super().__init__(per_page)
        self._client = client
        self._address = address_of(sweep)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'/'.join(map(str, self._address.values()))}>"

    def _fetch(self, after: str | None, first: int) -> Page[Run]:
        operation = operations.get_sweep_prior_runs(**self._address, after=after, first=first)
        data = self._client.execute(operation)
        page = found_sweep(data.project, self._address, operation.name).prior_runs
        entity, project = self._address["entity"], self._address["project"]
        edges = page.edges if page else []
        items = [Run.of(edge.node, self._client, entity=entity, project=project) for edge in edges]
        return Page(items, end_of(operation, page), None, [Mark(edge.node.id, edge.cursor) for edge in edges])


class Sweep(SweepView):
    """One sweep: its fields, views of them such as `config`, its runs and its agents.

    Reading an attribute sends no request.

    Example:
        >>> sweep = api.sweep("alice/mnist/sweep-1")
        >>> sweep.name, sweep.state, sweep.method, sweep.config["metric"]["name"], sweep.best_loss
        ('learning rates', 'FINISHED', 'grid', 'loss', 0.25)
    """

    _UNBOUND: ClassVar[frozenset[str]] = frozenset({"_client", "_runs"})

    _client: Client | None = PrivateAttr(default=None)
    _runs: Runs | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: SweepFields, client: Client, *, entity: str, project: str) -> Sweep:
        """Make a sweep of what the server sent. Sends nothing."""
        path = SweepPath(entity, project, fields.id)
        extra = {"entity": entity, "project": project, "url": path.url(client.app_url)}
        return cls._extend(fields, extra, _client=client)

    @property
    def runs(self) -> Runs:
        """The sweep's runs: a lazy sequence, the first to begin first, and the same object until `load(force=True)`.

        Sends no request itself; iterating sends one for each page.

        Raises:
            UsageError: The sweep was unpickled, and has no client.
        """
        if self._runs is None:
            self._runs = self._ordered("+created_at", per_page=50)
        return self._runs

    def best_run(self, order: str | None = None) -> Run | None:
        """Fetch the best run: the first in an order, of those that have what it goes by.

        A run whose value is missing, null or not a number comes last, whatever its state. Of equal ones the server
        chooses. A run that still goes on counts with its latest summary.

        Sends one request. Where that finds a run without a value, more look for one that has it, 50 runs each.

        Args:
            order: `+` (ascending) or `-` (descending, as without a sign) and a name: of a metric such as `loss`, or
                `config.lr`, or `created_at` and the like. By default that of the sweep's metric: see `order`.

        Returns:
            The run; None where the sweep has none.

        Raises:
            UsageError: There is no `order`, and the sweep's definition names no metric; or it cannot be read, since the
                extra `sweeps` is not installed. No request was sent.
            InvalidOrderError: `order` is malformed. No request was sent.
            DecodeError: The definition cannot be read. No request was sent.
            NotFoundError: The project is not there any more.
            RequestError: A request failed.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> best = sweep.best_run()
            >>> best.config, best.summary["loss"]
            ({'lr': 0.1, 'width': 64}, 0.25)
            >>> worst = sweep.best_run("-loss")
            >>> worst.summary["loss"]
            32.0
        """
        wanted = self.order if order is None else read_order(order)
        if wanted is None:
            raise UsageError(
                f"The definition of the sweep {self.identity} names no metric, so none of its runs is the best.",
                hint='Say what counts: sweep.best_run("+loss") for the least loss, or "-acc" for the most acc.',
            )
        first = self._ordered(wanted, per_page=1).first()
        if first is None or has_value(first, wanted):
            return first
        for run in self._ordered(wanted, per_page=50):
            if has_value(run, wanted):
                return run
        return first

    def prior_runs(self, per_page: int = 50) -> PriorRuns:
        """Return the runs from before the sweep that count in its search: a lazy sequence, the oldest first.

        They were attached when the sweep was created, and are none of `runs`; so `best_run` passes them over.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most runs that one request asks for.

        Raises:
            UsageError: The sweep was unpickled, and has no client.
            ValueError: `per_page` is less than 1.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> [run.id for run in sweep.prior_runs()]
            []
        """
        return PriorRuns(bound(self._client, self), self, per_page=per_page)

    def agents(self) -> list[Agent]:
        """Fetch all agents, the first to register first. Sends one request.

        Raises:
            UsageError: The sweep was unpickled, and has no client.
            NotFoundError: The sweep is not there any more.
            RequestError: The request failed.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> [agent.host for agent in sweep.agents()]
            ['gpu-1']
        """
        client, address = bound(self._client, self), address_of(self)
        operation = operations.get_sweep_agents(**address)
        found = found_sweep(client.execute(operation).project, address, operation.name)
        return [Agent.of(edge.node, client, address) for edge in found.agents.edges]

    def agent(self, agent_id: str) -> Agent:
        """Fetch one agent. Sends one request.

        Args:
            agent_id: Its id within the sweep.

        Raises:
            UsageError: The sweep was unpickled, and has no client.
            NotFoundError: The sweep has no such agent, or is not there any more.
            RequestError: The request failed.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> (agent,) = sweep.agents()
            >>> sweep.agent(agent.id).host
            'gpu-1'
        """
        client, address = bound(self._client, self), address_of(self)
        operation = operations.get_sweep_agent(**address, agent=agent_id)
        found = found_sweep(client.execute(operation).project, address, operation.name)
        if found.agent is None:
            raise agent_not_found(address, agent_id, operation.name)
        return Agent.of(found.agent, client, address)

    def load(self, force: bool = False) -> Sweep:  # noqa: FBT001, FBT002 - the official signature
        """Fetch the sweep anew.

        Sends one request with `force`, and none without: a sweep is always complete.

        Args:
            force: Whether to become what the server has by now.

        Returns:
            The sweep itself.

        Raises:
            UsageError: The sweep was unpickled, and has no client.
            NotFoundError: The sweep is not there any more.
            RequestError: The request failed.

        Example:
            >>> sweep = api.sweep("alice/mnist/sweep-1")
            >>> sweep.load(force=True).state
            'FINISHED'
        """
        if force:
            client, address = bound(self._client, self), address_of(self)
            operation = operations.get_sweep(**address)
            self._absorb(found_sweep(client.execute(operation).project, address, operation.name))
            self._runs = None
        return self

    def _ordered(self, order: str, *, per_page: int) -> Runs:
        return Runs(
            bound(self._client, self),
            ProjectPath(self.entity, self.project),
            self._locate,
            filters=select({"sweep": self.id}),
            order=order,
            per_page=per_page,
        )

    def _locate(self, entity: str | None) -> str:
        return entity or self.entity


class Sweeps(SizedCollection[Sweep]):
    """The sweeps of a project: a lazy sequence, fetched page by page.

    Example:
        >>> project = api.project("alice/mnist")
        >>> [sweep.id for sweep in project.sweeps()]
        ['sweep-1']
    """

    def __init__(
        self,
        client: Client,
        entity: str,
        project: str,
        *,
        per_page: int,
        filters: Mapping[str, object] | Filter | None,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._entity = entity
        self._project = project
        self._filters = select_columns(filters, of="sweeps")

    @property
    def entity(self) -> str:
        """The project's owner. Sends no request."""
        return self._entity

    @property
    def project(self) -> str:
        """The project's name. Sends no request."""
        return self._project

    @property
    def filters(self) -> str:
        """The filter as it is sent: JSON in MongoDB's dialect. Sends no request."""
        return self._filters

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._entity}/{self._project}>"

    def _fetch(self, after: str | None, first: int) -> Page[Sweep]:
        return (self._fetch_any if self._filters == "{}" else self._fetch_matching)(after, first)

    def _fetch_any(self, after: str | None, first: int) -> Page[Sweep]:
        entity, project = self._entity, self._project
        operation = operations.get_sweeps(entity=entity, project=project, after=after, first=first)
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=False)
        page = data.project.sweeps
        edges = page.edges if page else []
        marks = [Mark(edge.node.id, edge.cursor) for edge in edges]
        sweeps = self._sweeps([edge.node for edge in edges])
        return Page(sweeps, end_of(operation, page), data.project.total_sweeps, marks)

    # The number of all sweeps, which the server tells, is not that of those that match.
    def _fetch_matching(self, after: str | None, first: int) -> Page[Sweep]:
        entity, project = self._entity, self._project
        operation = operations.get_matching_sweeps(
            entity=entity, project=project, filters=self._filters, after=after, first=first
        )
        if not self._client.has_feature("SWEEPS_QUERY_FILTERING"):
            raise UnsupportedError(
                f"This server cannot filter the sweeps of {entity}/{project}.",
                hint="Take all of them, and filter them here.",
                operation=operation.name,
                path=f"{entity}/{project}",
            )
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=False)
        page = data.project.sweeps
        edges = page.edges if page else []
        marks = [Mark(edge.node.id, edge.cursor) for edge in edges]
        return Page(self._sweeps([edge.node for edge in edges]), end_of(operation, page), None, marks)

    def _sweeps(self, nodes: list[SweepFields]) -> list[Sweep]:
        return [Sweep.of(node, self._client, entity=self._entity, project=self._project) for node in nodes]


def fetch_sweep(client: Client, path: SweepPath, entity: str) -> Sweep:
    """Fetch one sweep. Sends one request.

    Raises:
        NotFoundError: There is no such project or sweep.
        RequestError: The request failed.
    """
    address: SweepAddress = {"entity": entity, "project": path.project, "sweep": path.sweep}
    operation = operations.get_sweep(**address)
    data = client.execute(operation)
    fields = found_sweep(data.project, address, operation.name, assumed=path.entity is None)
    return Sweep.of(fields, client, entity=entity, project=path.project)
