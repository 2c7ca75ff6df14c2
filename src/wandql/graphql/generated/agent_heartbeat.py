# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `AgentHeartbeat`."""

from __future__ import annotations

from wandql.graphql.operation import Reply
from wandql.graphql.scalars import JSONString

from .base_model import BaseModel
from .fragments import AgentFields


class AgentHeartbeat(BaseModel):
    """The data of `AgentHeartbeat`."""

    agent_heartbeat: AgentHeartbeatAgentHeartbeat | None
    """Reports that an agent is alive, and returns what it shall do next."""


class AgentHeartbeatAgentHeartbeat(BaseModel):
    """What an agent shall do next."""

    agent: AgentHeartbeatAgentHeartbeatAgent | None
    """The agent."""
    commands_json: JSONString | None
    """A JSON list of commands. Each has a `type`: `run`, `resume`, `stop` or `exit`; with it come `run_id`, and
    for `run` the sweep's parameters as `args`. The SDK obeys the first command only.
    """


AgentHeartbeatAgentHeartbeatAgent = AgentFields
AgentHeartbeatReply = Reply[AgentHeartbeat]
