"""Rows of automations, of the addresses that they use, and what their parts are on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from wandql.server import tables
from wandql.server.filters.fields import Column, FieldResolver

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONObject
    from wandql.server.launch.records import RunQueueRecord

__all__ = [
    "AUTOMATION_COLUMNS",
    "AUTOMATION_FIELDS",
    "INTEGRATION_COLUMNS",
    "Action",
    "AriaAction",
    "AutomationRecord",
    "Condition",
    "NoAction",
    "QueueAction",
    "WebhookAction",
    "WebhookRecord",
]


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """An address that takes requests."""

    key: int
    name: str
    url_endpoint: str


@dataclass(frozen=True, slots=True)
class AutomationRecord:
    """What shall happen where something happens."""

    key: int
    entity_key: int
    project_key: int | None
    collection_key: int | None
    integration_key: int | None
    queue_key: int | None
    name: str
    description: str | None
    enabled: bool
    event_type: str
    event_filter: str
    action_type: str
    action: JSONObject
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Condition:
    """What an automation waits for."""

    event_type: str
    filter: str


@dataclass(frozen=True, slots=True)
class NoAction:
    """Nothing to do."""

    no_op: bool = True


@dataclass(frozen=True, slots=True)
class WebhookAction:
    """A request to send."""

    integration: WebhookRecord
    request_payload: str | None


@dataclass(frozen=True, slots=True)
class QueueAction:
    """A run to add to a queue."""

    queue: RunQueueRecord | None
    template: str


@dataclass(frozen=True, slots=True)
class AriaAction:
    """A task for an assistant."""

    prompt: str


Action: TypeAlias = NoAction | WebhookAction | QueueAction | AriaAction

_automations, _webhooks = tables.automations.c, tables.webhook_integrations.c

AUTOMATION_COLUMNS: Final = (
    _automations.key, _automations.entity_key, _automations.project_key, _automations.collection_key,
    _automations.integration_key, _automations.queue_key, _automations.name, _automations.description,
    _automations.enabled, _automations.event_type, _automations.event_filter, _automations.action_type,
    _automations.action, _automations.created_at, _automations.updated_at,
)  # fmt: skip
INTEGRATION_COLUMNS: Final = (_webhooks.key, _webhooks.name, _webhooks.url_endpoint)


def _fields() -> FieldResolver:
    created_at, updated_at = Column(_automations.created_at, "datetime"), Column(_automations.updated_at, "datetime")
    return FieldResolver(
        columns={
            "name": Column(_automations.name),
            "description": Column(_automations.description),
            "enabled": Column(_automations.enabled, "boolean"),
            "created_at": created_at,
            "createdAt": created_at,
            "updated_at": updated_at,
            "updatedAt": updated_at,
        }
    )


AUTOMATION_FIELDS: Final = _fields()
"""What filters and orders of automations may name."""
