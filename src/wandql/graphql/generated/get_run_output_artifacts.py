# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunOutputArtifacts`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields, PageInfoFields


class GetRunOutputArtifacts(BaseModel):
    """The data of `GetRunOutputArtifacts`."""

    project: GetRunOutputArtifactsProject | None
    """One project."""


class GetRunOutputArtifactsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunOutputArtifactsProjectRun | None
    """One run; null if there is none of that id."""


class GetRunOutputArtifactsProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    output_artifacts: GetRunOutputArtifactsProjectRunOutputArtifacts | None
    """The artifact versions the run has logged, page by page."""


class GetRunOutputArtifactsProjectRunOutputArtifacts(BaseModel):
    """A page of artifact versions."""

    total_count: int
    """The number of versions on all pages."""
    page_info: GetRunOutputArtifactsProjectRunOutputArtifactsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetRunOutputArtifactsProjectRunOutputArtifactsEdges]
    """The artifact versions of this page, in order, each with its position."""


GetRunOutputArtifactsProjectRunOutputArtifactsPageInfo = PageInfoFields


class GetRunOutputArtifactsProjectRunOutputArtifactsEdges(BaseModel):
    """One entry of a page of artifact versions."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetRunOutputArtifactsProjectRunOutputArtifactsEdgesNode | None
    """The item itself; null if it was deleted."""


GetRunOutputArtifactsProjectRunOutputArtifactsEdgesNode = ArtifactFields
GetRunOutputArtifactsReply = Reply[GetRunOutputArtifacts]
