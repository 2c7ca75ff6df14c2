"""What a run says of itself: pure views of its fields, and what may be changed in them before it is saved."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, TypeVar

from pydantic import ConfigDict, PrivateAttr, TypeAdapter, ValidationError
from pydantic_core import to_json

from wandql.api.config import INTERNAL_KEYS, read_config
from wandql.api.embedding import iframe
from wandql.api.merging import as_json, overwrite, same
from wandql.api.metric_axes import axis_of
from wandql.api.projection import WHOLE, PartialDocument, Projection
from wandql.api.records import Record, read_object
from wandql.api.run_patch import EDITABLE_TEXTS, Draft
from wandql.api.typed_values import Reader
from wandql.errors import NotLoadedError, UsageError
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.scalars import JSONObject

__all__ = ["RunAddress", "RunView", "address_of"]

T = TypeVar("T")

# Views that hold edits: mutable, and parsed once.
DOCUMENTS: Final = ("config", "summary_metrics")
TAGS: Final = TypeAdapter(list[str], config=ConfigDict(defer_build=True))


class RunAddress(TypedDict):
    """Where a run is, as the variables of operations."""

    entity: str
    project: str
    run: str


class RunView(Record, RunFields):
    """One run.

    `name`, `description`, `notes`, `group`, `job_type` and `tags` may be assigned to, `tags`, `config` and the summary
    changed in place. Such edits stay here until they are saved. No other attribute can be set.
    """

    entity: str
    """The user or team that owns the run's project."""
    project: str
    """The name of the run's project."""
    url: str
    """The address of the run's page in the web app."""

    _projection: Projection = PrivateAttr(default=WHOLE)
    """Which keys of config and summary are here."""
    _originals: Mapping[str, str | None] = PrivateAttr(default={})
    """What the server sent for each text that was assigned to."""

    @property
    def identity(self) -> str:
        """The run's path, as text."""
        return f"{self.entity}/{self.project}/{self.id}"

    @property
    def path(self) -> list[str]:
        """Entity, project and id."""
        return [self.entity, self.project, self.id]

    @property
    def username(self) -> str:
        """The same as `entity`, under its old name. Deprecated."""
        warnings.warn("Run.username is deprecated: it is Run.entity, which need be no user.", DeprecationWarning, 2)
        return self.entity

    @property
    def display_name(self) -> str | None:
        """The same as `name`."""
        return self.name

    @display_name.setter
    def display_name(self, name: str | None) -> None:
        self.name = name

    @cached_property
    def tags(self) -> list[str]:
        """The run's tags."""
        return list(self.tags_or_null or [])

    @cached_property
    def config(self) -> JSONObject:
        """The config: the inputs of the run, such as hyperparameters."""
        values = read_config(self.config_json, of=self.identity)[0]
        keys = self._projection.config_keys
        return values if keys is None else PartialDocument(values, keys, f"The config of {self.identity}")

    @property
    def rawconfig(self) -> JSONObject:
        """The config with what the SDK noted beside it, such as `_wandb`.

        Raises:
            NotLoadedError: The run comes from a list for which `config_keys` were chosen.
        """
        if self._projection.config_keys is not None:
            raise NotLoadedError(
                f"The config of {self.identity} was fetched without what the SDK notes beside it.",
                hint="run.load() fetches all of it.",
            )
        return {**read_config(self.config_json, of=self.identity)[1], **self.config}

    def step_metric(self, key: str) -> str:
        """Return the x-axis that the program defined for a key: `define_metric(key, step_metric=…)`. Sends no request.

        Args:
            key: A key of the history.

        Returns:
            The key of the axis; `_step` where none was defined.

        Raises:
            NotLoadedError: The run comes from a list for which `config_keys` were chosen.

        Example:
            >>> api.run("alice/mnist/run-1").step_metric("loss")
            '_step'
        """
        return axis_of(self.rawconfig, key)

    @property
    def json_config(self) -> str:
        """The raw config as the server keeps it: JSON, with each value in an object of its own."""
        return to_json({key: {"value": value, "desc": None} for key, value in self.rawconfig.items()}).decode()

    @cached_property
    def summary_metrics(self) -> JSONObject:
        """The summary as a plain dict: the last or best value of each metric, and what the program put there itself."""
        values = read_object(self.summary_json, what=f"a summary of {self.identity}")
        keys = self._projection.summary_keys
        return values if keys is None else PartialDocument(values, keys, f"The summary of {self.identity}")

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
                hint=f"run.load() fetches them, and so does api.run({self.identity!r}).history_keys.",
            )
        return self.history_keys_value if isinstance(self.history_keys_value, dict) else None

    def config_as(self, of: type[T]) -> T:
        """Return the config as a value of a type of yours. Sends no request.

        Args:
            of: A pydantic model, a dataclass or a TypedDict.

        Raises:
            UsageError: pydantic does not know how to validate the type.
            MismatchError: The config is something else.

        Example:
            >>> from dataclasses import dataclass
            >>> @dataclass
            ... class TrainConfig:
            ...     lr: float
            >>> run = api.run("alice/mnist/run-1")
            >>> run.config_as(TrainConfig).lr
            0.1
        """
        return Reader(of, "config").read(self.config, path=self.identity)

    def summary_as(self, of: type[T]) -> T:
        """Return the summary as a value of a type of yours. Sends no request.

        Args:
            of: A pydantic model, a dataclass or a TypedDict.

        Raises:
            UsageError: pydantic does not know how to validate the type.
            MismatchError: The summary is something else.

        Example:
            >>> from typing_extensions import TypedDict
            >>> class Results(TypedDict):
            ...     loss: float
            >>> run = api.run("alice/mnist/run-1")
            >>> run.summary_as(Results)
            {'loss': 0.25}
        """
        return Reader(of, "summary").read(self.summary_metrics, path=self.identity)

    @property
    def dir(self) -> str:
        """Where older scripts put files of the run, below WANDB_DIR or else the system's place for temporary files.

        Nothing is made there.
        """
        return str(Path(os.environ.get("WANDB_DIR") or tempfile.gettempdir(), *self.path).absolute())

    def fill_in(self, fields: RunFields) -> None:
        """Take over the keys of config and summary that were left out. What was changed here stays. Sends nothing.

        Args:
            fields: The same run with all keys, as `api.run` fetches it.

        Example:
            >>> run = api.runs("alice/mnist", config_keys=[]).first()
            >>> run.fill_in(api.run("alice/mnist/run-1"))
            >>> run.config["lr"]
            0.1
        """
        whole = {
            "config": read_config(fields.config_json, of=self.identity)[0],
            "summary_metrics": read_object(fields.summary_json, what=f"a summary of {self.identity}"),
        }
        for name, values in whole.items():
            held = vars(self).get(name)
            if isinstance(held, PartialDocument):
                held.complete(values)
        self._note(config_json=fields.config_json, summary_json=fields.summary_json)
        self._projection = WHOLE

    def to_html(self, height: int = 420, hidden: bool = False) -> str:  # noqa: FBT001, FBT002 - the official signature
        """Return HTML that shows the run's page in the web app, for notebooks. Sends nothing.

        Args:
            height: The height, in pixels.
            hidden: Whether it is folded, with a button that shows it.

        Example:
            >>> api.run("alice/mnist/run-1").to_html()
            '<iframe src="http://.../alice/mnist/runs/run-1?jupyter=true" ...></iframe>'
        """
        return iframe(self.url, what="run", height=height, hidden=hidden)

    if not TYPE_CHECKING:  # For type checkers, a class with `__setattr__` has every attribute.

        def __setattr__(self, name: str, value: object) -> None:
            if name in EDITABLE_TEXTS:
                self._assign_text(name, value)
            elif name in {"tags", "config"} and value is vars(self).get(name, self):
                pass  # `run.tags += [...]` has changed it in place before it assigns.
            elif name == "tags":
                vars(self)["tags"] = _read_tags(value)
            elif name == "display_name":
                object.__setattr__(self, name, value)
            elif name.startswith("_"):
                super().__setattr__(name, value)
            else:
                raise AttributeError(_refusal(name))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RunView) or type(other) is not type(self):
            return NotImplemented
        touched = [name for name in DOCUMENTS if name in vars(self) or name in vars(other)]
        return (
            super().__eq__(other)
            and self.tags == other.tags
            and all(same(getattr(self, name), getattr(other, name)) for name in touched)
        )

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        return f"<Run {self.identity} ({self.state})>"

    def _assign_text(self, name: str, value: object) -> None:
        if value is not None and not isinstance(value, str):
            raise TypeError(f"Run.{name} is text or None, not a {type(value).__name__}")
        self._originals = {name: vars(self)[name], **self._originals}
        vars(self)[name] = value

    def _drafts(self, *, summary_only: bool) -> tuple[Draft, Draft]:
        """Return what was sent, and what is wanted, of what somebody looked at.

        Raises:
            UsageError: A value in config or summary cannot be written as JSON, or belongs to the SDK.
        """
        wanted: JSONObject = {}
        if "summary_metrics" in vars(self):
            wanted["summary"] = as_json(self.summary_metrics, what="summary")
        if "config" in vars(self) and not summary_only:
            wanted["config"] = as_json(self.config, what="config")
            if owned := INTERNAL_KEYS & self.config.keys():
                raise UsageError(f"config[{min(owned)!r}] belongs to the SDK.", hint="Choose another key.")
        sent = Draft.sent(self, of=self.identity, views=wanted)
        sent.document.update({name: before or "" for name, before in self._originals.items()})
        if summary_only:
            return sent, Draft({**sent.document, **wanted}, sent.tags)
        texts: JSONObject = {name: getattr(self, name) or "" for name in EDITABLE_TEXTS}
        return sent, Draft({**texts, **wanted}, self.tags)

    def _note(self, **fields: object) -> None:
        """Take over fields that were fetched alone."""
        vars(self).update(fields)
        # Not `update`: the records of a page share the set.
        object.__setattr__(self, "__pydantic_fields_set__", self.model_fields_set | fields.keys())

    def _absorb(self, fields: RunFields, *, summary_only: bool = False) -> None:
        """Become what the server sent, without any edits. Whoever holds `config` or `tags` sees it change."""
        state: dict[str, object] = vars(self)
        for name in DOCUMENTS[1:] if summary_only else DOCUMENTS:
            if isinstance(held := state.get(name), PartialDocument):
                held.complete({})
        self._projection = Projection(self._projection.config_keys) if summary_only else WHOLE
        if "summary_metrics" in state:
            overwrite(self.summary_metrics, read_object(fields.summary_json, what=f"a summary of {self.identity}"))
        if summary_only:
            state["summary_json"] = fields.summary_json
            return
        if "config" in state:
            overwrite(self.config, read_config(fields.config_json, of=self.identity)[0])
        if "tags" in state:
            self.tags[:] = fields.tags_or_null or []
        state.pop("system_metrics", None)
        known = fields.model_fields_set & RunFields.model_fields.keys()
        self._note(**{name: getattr(fields, name) for name in known})
        self._originals = {}


def address_of(run: RunView) -> RunAddress:
    """Return where a run is."""
    return {"entity": run.entity, "project": run.project, "run": run.id}


def _read_tags(value: object) -> list[str]:
    try:
        return TAGS.validate_python(value)
    except ValidationError:
        raise TypeError(f"Run.tags is a list of text, not {value!r}") from None


def _refusal(name: str) -> str:
    if name in {"config", "rawconfig"}:
        return "Run.config cannot be replaced: change its keys, such as run.config['lr'] = 0.1, then call run.update()"
    if name in {"summary", "summary_metrics"}:
        return "Run.summary cannot be replaced: change its keys, such as run.summary['acc'] = 1, then call update()"
    if name == "state":
        return "Run.state cannot be assigned: run.update_state(state) and run.stop() change it"
    return f"Run.{name} cannot be assigned; {', '.join(EDITABLE_TEXTS)} and tags can, and keys of config and summary"
