# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunFiles`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileFields, PageInfoFields


class GetRunFiles(BaseModel):
    """The data of `GetRunFiles`."""

    project: GetRunFilesProject | None
    """One project."""


class GetRunFilesProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunFilesProjectRun | None
    """One run; null if there is none of that id."""


class GetRunFilesProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    file_count: int | None
    """The number of files."""
    files: GetRunFilesProjectRunFiles | None
    """The run's files."""


class GetRunFilesProjectRunFiles(BaseModel):
    """A page of files."""

    page_info: GetRunFilesProjectRunFilesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetRunFilesProjectRunFilesEdges]
    """The files of this page, in order, each with its position."""


GetRunFilesProjectRunFilesPageInfo = PageInfoFields


class GetRunFilesProjectRunFilesEdges(BaseModel):
    """One entry of a page of files."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetRunFilesProjectRunFilesEdgesNode | None
    """The item itself; null if it was deleted."""


GetRunFilesProjectRunFilesEdgesNode = FileFields
GetRunFilesReply = Reply[GetRunFiles]
