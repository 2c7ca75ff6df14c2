"""The definition of a sweep: YAML text, read with care.

What makes a search impossible is refused. What is merely odd, or left aside by this server, is a warning, which the
official SDK shows to whoever creates the sweep.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from wandql.graphql.scalars import JSONObject, JSONValue
from wandql.server.documents import dump
from wandql.server.messages import Refusal
from wandql.server.sweeps.bayes import INSTALLED
from wandql.server.sweeps.hyperband import Hyperband
from wandql.server.sweeps.parameters import Continuous, Nested, Parameter, Weighted
from wandql.server.sweeps.search import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Definition", "Metric", "read_definition"]

LONGEST: Final = 128 * 1024
"""The most characters of a definition."""

LARGEST_COUNT: Final = 2**31 - 1
"""The largest number that a field of the type `Int` can hold."""

KNOWN: Final = {
    *("apiVersion", "command", "controller", "description", "early_terminate", "entity", "image_uri", "job", "kind"),
    *("launch", "method", "metric", "metrics", "name", "parameters", "program", "project", "resource", "resource_args"),
    *("run_cap", "scheduler", "settings"),
}
"""What a definition may hold at its top."""

IN_METRIC: Final = {"goal", "impute", "impute_while_running", "name", "target"}
"""What a metric may hold. How a search imputes values is its own affair."""

LABELS: Final = frozenset({"apiVersion", "command", "description", "entity", "kind", "name", "program", "project"})
"""What no search depends on: left aside where it is of another type."""

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""What the name of a parameter is like."""

PROPOSED: Final = frozenset({"grid", "random", *(["bayes"] if INSTALLED else [])})
"""The methods by which this server itself proposes configs."""

UNSERVED: Final = (
    "This server proposes no configs by the method {method!r}, so no agent can begin: choose grid or random, or run a "
    "local controller (`controller: {{type: local}}`)."
)

OPTIONAL: Final = " Or install the package optuna beside the server: pip install 'wandql[bayes]'."
"""What else can be done where bayes is not served."""


class Metric(BaseModel):
    """What makes a run better than another."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, frozen=True)

    name: str = Field(min_length=1)
    goal: Literal["minimize", "maximize"] = "minimize"
    target: Annotated[float, Field(strict=False, allow_inf_nan=False)] | None = None


class _Controller(BaseModel):
    type: Literal["cloud", "local"] = "cloud"


class _Scheduler(BaseModel):
    engine: str | None = None


class _Document(BaseModel):
    """As much of a definition as a search depends on."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, frozen=True)

    method: Literal["grid", "random", "bayes", "custom"]
    parameters: dict[str, Parameter] | None = None
    run_cap: Annotated[int, Field(gt=0, le=LARGEST_COUNT)] | None = None
    controller: _Controller = _Controller()
    scheduler: _Scheduler | None = None
    job: JSONValue = None
    image_uri: JSONValue = None
    apiVersion: str | None = None  # noqa: N815 - the key of the definition
    kind: str | None = None
    entity: str | None = None
    project: str | None = None
    command: list[JSONValue] | None = None
    program: str | None = None
    name: str | None = None
    description: str | None = None

    @property
    def scheduled(self) -> bool:
        """Whether a local scheduler of the SDK proposes the configs."""
        return bool(self.scheduler and self.scheduler.engine)

    @property
    def local(self) -> bool:
        """Whether a program of the user proposes the configs."""
        return self.controller.type == "local" or self.scheduled

    @property
    def launched(self) -> bool:
        """Whether a scheduler that a queue of launch has started gives the runs to agents."""
        return bool(self.job or self.image_uri)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a sweep searches, and how.

    Attributes:
        document: The whole definition.
        method: `grid`, `random`, `bayes` or `custom`.
        parameters: What is searched; empty where somebody else proposes the configs and gave none.
        metric: What makes a run better than another; None where the definition does not say.
        run_cap: The most runs; None for no limit.
        local: Whether a local controller or a local scheduler proposes the configs.
        scheduled: Whether it is a local scheduler.
        launched: Whether the runs are those of a job, which a scheduler adds to a queue of launch.
        program: The program that agents execute.
        name: The name that the definition gives.
        description: What the sweep is about.
        warnings: What is questionable about it, in sentences.
        stopping: When this server ends runs that promise nothing; None for never.
    """

    document: JSONObject
    method: str
    parameters: Mapping[str, Parameter]
    metric: Metric | None
    run_cap: int | None
    local: bool
    scheduled: bool
    launched: bool
    program: str | None
    name: str | None
    description: str | None
    warnings: tuple[str, ...]
    stopping: Hyperband | None = None

    @property
    def proposes(self) -> bool:
        """Whether this server proposes the configs."""
        return self.method in PROPOSED and not self.local and (self.method != "bayes" or self.metric is not None)

    @property
    def grid(self) -> Grid | None:
        """All points; None where the search is another."""
        return Grid(self.parameters) if self.method == "grid" and not self.local else None

    @property
    def expected_run_count(self) -> int | None:
        """How many runs there will be; None if there is no end, or one that is too far to tell."""
        grid = self.grid
        ends = [end for end in (grid.size if grid else None, self.run_cap) if end is not None]
        return min(ends) if ends and min(ends) <= LARGEST_COUNT else None


@lru_cache(maxsize=256)
def read_definition(text: str) -> Definition:
    """Read a definition.

    Args:
        text: YAML, or JSON, which is YAML.

    Raises:
        Refusal: The text is not the YAML of a definition, or no search could follow it (400). The message names the
            key.
    """
    document = _parse(text)
    read, misfits = _read_document(document)
    metric, doubts = _read_metric(document.get("metric"))
    if metric is None and read.method == "bayes" and not read.local:
        doubts.append("The method bayes needs a `metric` to go by, so no agent can begin.")
    stopping, more_doubts = _read_stopping(document.get("early_terminate"), metric)
    definition = Definition(
        document=document,
        method=read.method,
        parameters=read.parameters or {},
        metric=metric,
        run_cap=read.run_cap,
        local=read.local,
        scheduled=read.scheduled,
        launched=read.launched,
        program=read.program,
        name=read.name,
        description=read.description,
        warnings=(*misfits, *doubts, *more_doubts, *_doubts(document, read)),
        stopping=stopping if not read.local else None,
    )
    if definition.proposes and not definition.parameters:
        raise _fault("it has no `parameters` to search")
    try:
        _ = definition.grid
    except ValueError as error:
        raise _fault(str(error)) from None
    return definition


class _Loader(yaml.SafeLoader):
    """Reads plain values only. A number may do without a point, as in `1e-4`; a date stays text, as in JSON."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # Nested aliases make a huge document of a short text.
        if self.check_event(yaml.AliasEvent):
            raise _fault("it holds an alias such as *name: write the value out")
        return super().compose_node(parent, index)


_FLOAT: Final = ("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+"))
_Loader.yaml_implicit_resolvers = {
    first: [
        *(resolver for resolver in resolvers if resolver[0] != "tag:yaml.org,2002:timestamp"),
        *([_FLOAT] if first in {*"-+0123456789"} else []),
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _parse(text: str) -> JSONObject:
    if len(text) > LONGEST:
        raise _fault(f"it has {len(text):,} characters, more than {LONGEST:,}")
    try:
        document = _parse_json(text)
    except ValueError:
        document = _parse_yaml(text)
    if not isinstance(document, dict):
        raise _fault("it is not a mapping of keys to values")
    return document


# YAML is slower by far, and does not know that two escapes of JSON may spell one character.
def _parse_json(text: str) -> JSONValue:
    value: JSONValue = from_json(text, allow_inf_nan=True)
    return value


def _parse_yaml(text: str) -> JSONValue:
    try:
        value: object = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        return _parse_json(dump(value))
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise _fault(f"it is not YAML: {error}") from None


def _fault(reason: str) -> Refusal:
    return Refusal(400, f"The definition of the sweep is wrong: {reason}.")


def _describe(error: ValidationError, document: JSONValue) -> str:
    """Return the last fault by its place in the document: of several forms that were tried, the last is the widest."""
    fault = error.errors(include_url=False)[-1]
    place: list[str] = []
    for step in map(str, fault["loc"]):
        if isinstance(document, dict) and step in document:
            place.append(step)
            document = document[step]
    if fault["type"] == "missing":
        place.append(str(fault["loc"][-1]))
    return f"{'.'.join(place)}: {fault['msg'].removeprefix('Value error, ')}"


def _read_document(document: JSONObject) -> tuple[_Document, list[str]]:
    """Return a definition, and what of it is left aside."""
    try:
        return _Document.model_validate(document), []
    except ValidationError as error:
        misfits = {str(fault["loc"][0]): fault["msg"] for fault in error.errors(include_url=False)}
        if not misfits.keys() <= LABELS:
            raise _fault(_describe(error, document)) from None
    left = {key: value for key, value in document.items() if key not in misfits}
    return _Document.model_validate(left), [f"`{key}` is left aside: {why}." for key, why in misfits.items()]


def _read_metric(given: JSONValue) -> tuple[Metric | None, list[str]]:
    if given is None:
        return None, []
    try:
        metric = Metric.model_validate(given)
        strange = given.keys() - IN_METRIC if isinstance(given, dict) else ()
        return metric, [f"`metric.{key}` is not known and is left aside." for key in sorted(strange)]
    except ValidationError as error:
        return None, [f"`metric` is left aside: {_describe(error, given)}."]


def _read_stopping(given: JSONValue, metric: Metric | None) -> tuple[Hyperband | None, list[str]]:
    if given is None:
        return None, []
    try:
        rule = Hyperband.model_validate(given)
    except ValidationError as error:
        return None, [f"`early_terminate` is left aside: {_describe(error, given)}."]
    return (rule, []) if metric else (None, ["`early_terminate` is left aside: it needs a `metric` to go by."])


def _doubts(document: JSONObject, read: _Document) -> Iterator[str]:
    """Yield what is odd, or left aside."""
    for key in sorted(document.keys() - KNOWN):
        yield f"`{key}` is not known and is left aside."
    if not (read.local or read.launched) and read.method not in PROPOSED:
        yield f"{UNSERVED.format(method=read.method)}{OPTIONAL if read.method == 'bayes' else ''}"
    for name, parameter in _each(read.parameters or {}):
        if not NAME.fullmatch(name):
            yield f"The name of the parameter {name!r} has characters that programs may not take."
        if isinstance(parameter, Continuous) and parameter.of_exponents:
            yield (
                f"The parameter {name} uses {parameter.distribution}, whose min and max are exponents of e: "
                f"{parameter.distribution}_values takes the values themselves."
            )
        if isinstance(parameter, Weighted) and not math.isclose(sum(parameter.probabilities), 1, abs_tol=1e-6):
            yield f"The probabilities of {name} do not sum to 1: each counts as its share of their sum."


def _each(parameters: Mapping[str, Parameter], path: str = "") -> Iterator[tuple[str, Parameter]]:
    for name, parameter in parameters.items():
        yield f"{path}{name}", parameter
        if isinstance(parameter, Nested):
            yield from _each(parameter.parameters, f"{path}{name}.")
