"""Rows of queues, of what is in them, and of the agents that start it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wandql.server import tables
from wandql.server.documents import dump, parse_object
from wandql.server.ids import encode_id

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONObject

__all__ = [
    "AGENT_COLUMNS",
    "CONFIG_COLUMNS",
    "ITEM_COLUMNS",
    "QUEUE_COLUMNS",
    "LaunchAgentRecord",
    "ResourceConfigRecord",
    "RunQueueItemRecord",
    "RunQueueRecord",
    "TemplateVariable",
]


@dataclass(frozen=True, slots=True)
class TemplateVariable:
    """A variable in a config: `document` is the schema of its values."""

    name: str
    document: JSONObject

    @property
    def schema(self) -> str:
        """The schema as text."""
        return dump(self.document)


@dataclass(frozen=True, slots=True)
class ResourceConfigRecord:
    """What the machines of a queue are like."""

    key: int
    resource: str
    text: str
    variables_text: str

    @property
    def config(self) -> JSONObject:
        """The config."""
        return parse_object(self.text, "The config")

    @property
    def template_variables(self) -> list[TemplateVariable]:
        """The variables in the config."""
        given = parse_object(self.variables_text, "The template variables").items()
        documents = {name: value for name, value in given if isinstance(value, dict)}
        schemas = {name: value.get("schema", value) for name, value in documents.items()}
        return [TemplateVariable(name, schema) for name, schema in schemas.items() if isinstance(schema, dict)]


@dataclass(frozen=True, slots=True)
class RunQueueRecord:
    """A queue of runs to start."""

    key: int
    project_key: int
    created_by: int | None
    config_key: int | None
    name: str
    access: str
    prioritization_mode: str
    links: str | None

    @property
    def default_resource_config_id(self) -> str | None:
        """The opaque id of the config of its machines."""
        return None if self.config_key is None else encode_id("DefaultResourceConfig", self.config_key)

    @property
    def external_links(self) -> JSONObject | None:
        """Pages about it elsewhere."""
        return None if self.links is None else parse_object(self.links, "The links")


@dataclass(frozen=True, slots=True)
class RunQueueItemRecord:
    """A run in a queue."""

    key: int
    queue_key: int
    state: str
    associated_run_id: str | None
    run_spec: str
    template_values: str


@dataclass(frozen=True, slots=True)
class LaunchAgentRecord:
    """A process that starts runs from queues."""

    key: int
    project_key: int
    name: str
    hostname: str
    run_queues: list[str]
    agent_status: str
    heartbeat_at: int
    stop_polling: bool = False


_configs, _queues = tables.resource_configs.c, tables.run_queues.c
_items, _agents = tables.run_queue_items.c, tables.launch_agents.c

CONFIG_COLUMNS: Final = (_configs.key, _configs.resource, _configs.config, _configs.template_variables)
QUEUE_COLUMNS: Final = (
    _queues.key, _queues.project_key, _queues.user_key, _queues.resource_config_key, _queues.name, _queues.access,
    _queues.prioritization_mode, _queues.external_links,
)  # fmt: skip
ITEM_COLUMNS: Final = (
    _items.key, _items.queue_key, _items.state, _items.run_name, _items.run_spec, _items.template_values,
)  # fmt: skip
AGENT_COLUMNS: Final = (
    _agents.key, _agents.project_key, _agents.name, _agents.hostname, _agents.run_queues, _agents.status,
    _agents.heartbeat_at,
)  # fmt: skip
