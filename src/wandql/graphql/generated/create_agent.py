# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateAgent`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AgentFields


class CreateAgent(BaseModel):
    """The data of `CreateAgent`."""

    create_agent: CreateAgentCreateAgent | None
    """Registers a process that will execute runs of a sweep."""


class CreateAgentCreateAgent(BaseModel):
    """The agent as it is after `createAgent`."""

    agent: CreateAgentCreateAgentAgent
    """The agent."""


CreateAgentCreateAgentAgent = AgentFields
CreateAgentReply = Reply[CreateAgent]
