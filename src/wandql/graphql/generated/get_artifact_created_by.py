# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactCreatedBy`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from wandql.graphql.model import UNKNOWN, UnknownType, by_type
from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ProjectPathFields, RunFields


class GetArtifactCreatedBy(BaseModel):
    """The data of `GetArtifactCreatedBy`."""

    artifact: GetArtifactCreatedByArtifact | None
    """One artifact version."""


class GetArtifactCreatedByArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    created_by: (
        Annotated[
            Annotated[GetArtifactCreatedByArtifactCreatedByRun, Tag("Run")]
            | Annotated[GetArtifactCreatedByArtifactCreatedByUser, Tag("User")]
            | Annotated[UnknownType, Tag(UNKNOWN)],
            by_type("Run", "User"),
        ]
        | None
    )
    """The run that logged the version, or the user who uploaded it; null if that is gone."""


class GetArtifactCreatedByArtifactCreatedByRun(RunFields):
    """Who made an artifact version."""

    typename__: Literal["Run"] = Field(alias="__typename")
    project: GetArtifactCreatedByArtifactCreatedByRunProject | None
    """The run's project."""


GetArtifactCreatedByArtifactCreatedByRunProject = ProjectPathFields


class GetArtifactCreatedByArtifactCreatedByUser(BaseModel):
    """Who made an artifact version."""

    typename__: Literal["User"] = Field(alias="__typename")


GetArtifactCreatedByReply = Reply[GetArtifactCreatedBy]
