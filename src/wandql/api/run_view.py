"""What a run says of itself: pure views of its fields."""

from __future__ import annotations

from functools import cached_property

from wandql.api.records import Record, read_object
from wandql.errors import NotLoadedError
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["RunView"]

# What the SDK notes beside the user's own config.
INTERNAL_KEYS = ("_wandb", "wandb_version")


class RunView(Record, RunFields):
    """One run."""

    entity: str
    """The user or team that owns the run's project."""
    project: str
    """The name of the run's project."""
    url: str
    """The address of the run's page in the web app."""

    @property
    def identity(self) -> str:
        """The run's path, as text."""
        return "/".join(self.path)

    @property
    def path(self) -> list[str]:
        """Entity, project and id."""
        return [self.entity, self.project, self.id]

    @property
    def display_name(self) -> str | None:
        """The same as `name`."""
        return self.name

    @property
    def tags(self) -> list[str]:
        """The run's tags."""
        return self.tags_or_null or []

    @cached_property
    def rawconfig(self) -> JSONObject:
        """The config with what the SDK noted beside it, such as `_wandb`."""
        wrapped = read_object(self.config_json, what=f"a config of {self.identity}")
        return {key: _unwrap(value) for key, value in wrapped.items()}

    @cached_property
    def config(self) -> JSONObject:
        """The config: the inputs of the run, such as hyperparameters."""
        return {key: value for key, value in self.rawconfig.items() if key not in INTERNAL_KEYS}

    @cached_property
    def summary(self) -> JSONObject:
        """The summary: the last or best value of each metric, and what the program put there itself."""
        return read_object(self.summary_json, what=f"a summary of {self.identity}")

    @property
    def summary_metrics(self) -> JSONObject:
        """The same as `summary`."""
        return self.summary

    @cached_property
    def system_metrics(self) -> JSONObject:
        """The last value of each system metric, such as `system.cpu`."""
        return read_object(self.system_metrics_json, what=f"system metrics of {self.identity}")

    @property
    def history_keys(self) -> JSONObject | None:
        """Which keys the history has, with their types, and its last step; None before the first row.

        Raises:
            NotLoadedError: The run comes from a list, which is fetched without them.
        """
        if "history_keys_value" not in self.model_fields_set:
            raise NotLoadedError(
                f"The run {self.identity} was fetched without its history keys: they double the size of a list.",
                hint=f"Fetch the run itself: api.run({self.identity!r}).history_keys",
            )
        return self.history_keys_value if isinstance(self.history_keys_value, dict) else None

    def __repr__(self) -> str:
        return f"<Run {self.identity} ({self.state})>"


def _unwrap(value: JSONValue) -> JSONValue:
    return value["value"] if isinstance(value, dict) and "value" in value else value
