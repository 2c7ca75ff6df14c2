# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunInputArtifacts`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields, PageInfoFields


class GetRunInputArtifacts(BaseModel):
    """The data of `GetRunInputArtifacts`."""

    project: GetRunInputArtifactsProject | None
    """One project."""


class GetRunInputArtifactsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunInputArtifactsProjectRun | None
    """One run; null if there is none of that id."""


class GetRunInputArtifactsProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    input_artifacts: GetRunInputArtifactsProjectRunInputArtifacts | None
    """The artifact versions the run has used, page by page."""


class GetRunInputArtifactsProjectRunInputArtifacts(BaseModel):
    """A page of artifact versions that a run has used."""

    total_count: int
    """The number of versions on all pages."""
    page_info: GetRunInputArtifactsProjectRunInputArtifactsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetRunInputArtifactsProjectRunInputArtifactsEdges]
    """The artifact versions that a run has used of this page, in order, each with its position."""


GetRunInputArtifactsProjectRunInputArtifactsPageInfo = PageInfoFields


class GetRunInputArtifactsProjectRunInputArtifactsEdges(BaseModel):
    """One entry of a page of artifact versions that a run has used."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetRunInputArtifactsProjectRunInputArtifactsEdgesNode | None
    """The item itself; null if it was deleted."""


GetRunInputArtifactsProjectRunInputArtifactsEdgesNode = ArtifactFields
GetRunInputArtifactsReply = Reply[GetRunInputArtifacts]
