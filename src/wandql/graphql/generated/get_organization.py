# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetOrganization`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import OrganizationFields


class GetOrganization(BaseModel):
    """The data of `GetOrganization`."""

    organization: GetOrganizationOrganization | None
    """One organization."""


GetOrganizationOrganization = OrganizationFields
GetOrganizationReply = Reply[GetOrganization]
