# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetProject`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ProjectFields


class GetProject(BaseModel):
    """The data of `GetProject`."""

    project: GetProjectProject | None
    """One project."""


GetProjectProject = ProjectFields
GetProjectReply = Reply[GetProject]
