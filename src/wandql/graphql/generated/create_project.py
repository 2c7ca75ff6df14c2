# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateProject`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ProjectFields


class CreateProject(BaseModel):
    """The data of `CreateProject`."""

    upsert_model: CreateProjectUpsertModel | None
    """Creates a project, or changes it if it exists."""


class CreateProjectUpsertModel(BaseModel):
    """The project as it is after `upsertModel`."""

    inserted: bool | None
    """True if the project is new, false if it existed."""
    project: CreateProjectUpsertModelProject | None
    """The project."""


CreateProjectUpsertModelProject = ProjectFields
CreateProjectReply = Reply[CreateProject]
