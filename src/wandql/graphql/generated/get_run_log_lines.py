# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunLogLines`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import LogLineFields, PageInfoFields


class GetRunLogLines(BaseModel):
    """The data of `GetRunLogLines`."""

    project: GetRunLogLinesProject | None
    """One project."""


class GetRunLogLinesProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunLogLinesProjectRun | None
    """One run; null if there is none of that id."""


class GetRunLogLinesProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    log_line_count: int | None
    """The number of lines the program has printed."""
    log_lines: GetRunLogLinesProjectRunLogLines | None
    """What the program printed, line by line."""


class GetRunLogLinesProjectRunLogLines(BaseModel):
    """A page of printed lines."""

    page_info: GetRunLogLinesProjectRunLogLinesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetRunLogLinesProjectRunLogLinesEdges]
    """The printed lines of this page, in order, each with its position."""


GetRunLogLinesProjectRunLogLinesPageInfo = PageInfoFields


class GetRunLogLinesProjectRunLogLinesEdges(BaseModel):
    """One entry of a page of printed lines."""

    node: GetRunLogLinesProjectRunLogLinesEdgesNode
    """The item itself."""


GetRunLogLinesProjectRunLogLinesEdgesNode = LogLineFields
GetRunLogLinesReply = Reply[GetRunLogLines]
