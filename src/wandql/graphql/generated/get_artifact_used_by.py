# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactUsedBy`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, ProjectPathFields, RunFields


class GetArtifactUsedBy(BaseModel):
    """The data of `GetArtifactUsedBy`."""

    artifact: GetArtifactUsedByArtifact | None
    """One artifact version."""


class GetArtifactUsedByArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    used_by: GetArtifactUsedByArtifactUsedBy
    """The runs that have used the version, page by page."""


class GetArtifactUsedByArtifactUsedBy(BaseModel):
    """A page of runs."""

    page_info: GetArtifactUsedByArtifactUsedByPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetArtifactUsedByArtifactUsedByEdges]
    """The runs of this page, in order, each with its position."""


GetArtifactUsedByArtifactUsedByPageInfo = PageInfoFields


class GetArtifactUsedByArtifactUsedByEdges(BaseModel):
    """One entry of a page of runs."""

    node: GetArtifactUsedByArtifactUsedByEdgesNode
    """The item itself."""


class GetArtifactUsedByArtifactUsedByEdgesNode(RunFields):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    project: GetArtifactUsedByArtifactUsedByEdgesNodeProject | None
    """The run's project."""


GetArtifactUsedByArtifactUsedByEdgesNodeProject = ProjectPathFields
GetArtifactUsedByReply = Reply[GetArtifactUsedBy]
