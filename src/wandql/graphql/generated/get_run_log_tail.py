# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunLogTail`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import LogLineFields


class GetRunLogTail(BaseModel):
    """The data of `GetRunLogTail`."""

    project: GetRunLogTailProject | None
    """One project."""


class GetRunLogTailProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunLogTailProjectRun | None
    """One run; null if there is none of that id."""


class GetRunLogTailProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    log_line_count: int | None
    """The number of lines the program has printed."""
    log_lines: GetRunLogTailProjectRunLogLines | None
    """What the program printed, line by line."""


class GetRunLogTailProjectRunLogLines(BaseModel):
    """A page of printed lines."""

    edges: list[GetRunLogTailProjectRunLogLinesEdges]
    """The printed lines of this page, in order, each with its position."""


class GetRunLogTailProjectRunLogLinesEdges(BaseModel):
    """One entry of a page of printed lines."""

    node: GetRunLogTailProjectRunLogLinesEdgesNode
    """The item itself."""


GetRunLogTailProjectRunLogLinesEdgesNode = LogLineFields
GetRunLogTailReply = Reply[GetRunLogTail]
