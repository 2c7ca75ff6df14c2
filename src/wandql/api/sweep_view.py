"""What a sweep and its agents say of themselves: pure views of their fields."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TypedDict

from wandql.api.embedding import iframe
from wandql.api.records import Record
from wandql.api.sweep_orders import metric_order
from wandql.api.yaml_text import read_yaml
from wandql.graphql.generated.fragments import AgentFields, SweepFields
from wandql.graphql.scalars import JSONObject

__all__ = ["AgentView", "SweepAddress", "SweepView", "address_of"]


class SweepAddress(TypedDict):
    """Where a sweep is, as the variables of operations."""

    entity: str
    project: str
    sweep: str


class SweepView(Record, SweepFields):
    """One sweep."""

    entity: str
    """The user or team that owns the sweep's project."""
    project: str
    """The name of the sweep's project."""
    url: str
    """The address of the sweep's page in the web app."""

    @property
    def identity(self) -> str:
        """The sweep's path, as text."""
        return "/".join(self.path)

    @property
    def path(self) -> list[str]:
        """Entity, project and id."""
        return [self.entity, self.project, self.id]

    @property
    def username(self) -> str:
        """The same as `entity`, under its old name. Deprecated."""
        warnings.warn("Sweep.username is deprecated: it is Sweep.entity, which need be no user.", DeprecationWarning, 2)
        return self.entity

    @cached_property
    def config(self) -> JSONObject:
        """The definition: what is searched, and how. It needs the extra `sweeps`.

        Raises:
            UsageError: The extra is not installed.
            DecodeError: The server sent something else than the YAML of a mapping.
        """
        return read_yaml(self.config_yaml, what=f"a definition of the sweep {self.identity}")

    @property
    def name(self) -> str:
        """The name that people read: the one given in the web app, else that of the definition, else the id.

        Raises:
            UsageError: It is in the definition, and the extra `sweeps` is not installed.
            DecodeError: It is in the definition, which cannot be read.
        """
        name = self.display_name or self.config.get("name") or self.id
        return name if isinstance(name, str) else str(name)

    @property
    def order(self) -> str | None:
        """The order that puts the best run first, such as `+summary_metrics.loss`; None without a metric.

        Raises:
            UsageError: The extra `sweeps` is not installed.
            DecodeError: The definition cannot be read.
            InvalidOrderError: The metric has a name that no order can hold.
        """
        return metric_order(self.config)

    def to_html(self, height: int = 420, hidden: bool = False) -> str:  # noqa: FBT001, FBT002 - the official signature
        """Return HTML that shows the sweep's page in the web app, for notebooks. Sends nothing.

        Args:
            height: The height, in pixels.
            hidden: Whether it is folded, with a button that shows it.

        Example:
            >>> api.sweep("alice/mnist/sweep-1").to_html()
            '<iframe src="http://.../alice/mnist/sweeps/sweep-1?jupyter=true" ...></iframe>'
        """
        return iframe(self.url, what="sweep", height=height, hidden=hidden)

    def __repr__(self) -> str:
        return f"<Sweep {self.identity} ({self.state})>"

    def _absorb(self, fields: SweepFields) -> None:
        """Become what the server sent."""
        state: dict[str, object] = vars(self)
        state.pop("config", None)
        state.update({name: getattr(fields, name) for name in SweepFields.model_fields})


class AgentView(Record, AgentFields):
    """One agent: a process that executes runs of a sweep."""

    entity: str
    """The user or team that owns the sweep's project."""
    project: str
    """The name of the sweep's project."""
    sweep: str
    """The id of the agent's sweep."""

    @property
    def identity(self) -> str:
        """The path of the sweep, and the agent's id."""
        return "/".join([self.entity, self.project, self.sweep, self.id])

    @property
    def name(self) -> str:
        """The same as `id`."""
        return self.id

    def __repr__(self) -> str:
        return f"<Agent {self.identity} ({self.state})>"


def address_of(sweep: SweepView) -> SweepAddress:
    """Return where a sweep is."""
    return {"entity": sweep.entity, "project": sweep.project, "sweep": sweep.id}
