"""A sweep whose runs are there already: what an agent of the SDK would have left behind, with ids that tests know."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wandql.server import Application

UPSERT = """mutation ($input: UpsertSweepInput!) { upsertSweep(input: $input) { sweep { id name } } }"""
REGISTER = """mutation ($input: CreateAgentInput!) { createAgent(input: $input) { agent { name } } }"""


class SweepWriter:
    """Writes sweeps over the routes of the SDK, and then the ids and runs that a test wants.

    Args:
        application: The server.
        project: The project.
    """

    def __init__(self, application: Application, project: str) -> None:
        self.application = application
        self.project = project

    def write(self, name: str, definition: str, state: str = "FINISHED", **given: Any) -> None:
        """Write a sweep of this id."""
        from wandql.server import tables

        created = self._ask(UPSERT, projectName=self.project, config=definition, **given)["upsertSweep"]["sweep"]
        self._ask(UPSERT, id=created["id"], state=state)
        self._rename(tables.sweeps, created["name"], name)

    def register(self, sweep: str, name: str, runs: Sequence[str] = (), host: str = "gpu-1") -> None:
        """Write an agent of this id that has executed these runs, which become the sweep's."""
        from wandql.server import tables

        given = {"sweep": sweep, "projectName": self.project, "host": host}
        agent = self._ask(REGISTER, **given)["createAgent"]["agent"]["name"]
        self._rename(tables.agents, agent, name)
        with self.application._store.write() as connection:
            agents, sweeps = tables.agents.c, tables.sweeps.c
            connection.execute(update(tables.agents).where(agents.name == name).values(state="FINISHED"))
            sweep_key = connection.execute(select(sweeps.key).where(sweeps.name == sweep)).scalar_one()
            agent_key = connection.execute(select(agents.key).where(agents.name == name)).scalar_one()
            for run in runs:
                row = tables.runs.c.name == run
                connection.execute(update(tables.runs).where(row).values(sweep_name=sweep))
                run_key = connection.execute(select(tables.runs.c.key).where(row)).scalar_one()
                values = {"run_key": run_key, "sweep_key": sweep_key, "agent_key": agent_key, "args": "{}"}
                connection.execute(insert(tables.sweep_runs).values(values))

    def summarize(self, summaries: Mapping[str, str]) -> None:
        """Give runs their summaries, as JSON text."""
        from wandql.graphql.generated import operations

        for run, summary in summaries.items():
            entity = self.application.entity
            operation = operations.upsert_run(entity=entity, project=self.project, run=run, summary_json=summary)
            self._post(operation.body())

    def _rename(self, table: Any, old: str, new: str) -> None:
        with self.application._store.write() as connection:
            connection.execute(update(table).where(table.c.name == old).values(name=new))

    def _ask(self, document: str, **given: Any) -> dict[str, Any]:
        return self._post(json.dumps({"query": document, "variables": {"input": given}}).encode())

    def _post(self, body: bytes) -> dict[str, Any]:
        from wandql.server import Request

        credentials = b64encode(f"api:{self.application.api_key}".encode()).decode()
        headers = {"authorization": f"Basic {credentials}"}
        reply = json.loads(self.application.respond(Request("POST", "/graphql", headers, body)).body)
        assert not reply.get("errors"), reply
        data: dict[str, Any] = reply["data"]
        return data
