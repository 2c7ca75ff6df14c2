# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetEntityOrganizations`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import OrganizationFields


class GetEntityOrganizations(BaseModel):
    """The data of `GetEntityOrganizations`."""

    entity: GetEntityOrganizationsEntity | None
    """A user's or a team's namespace."""


class GetEntityOrganizationsEntity(BaseModel):
    """A namespace that owns projects: a user's own or a team."""

    organization: GetEntityOrganizationsEntityOrganization | None
    """The organization the entity belongs to; null if there is none."""
    user: GetEntityOrganizationsEntityUser | None
    """The user whose own namespace this is; null for a team."""


GetEntityOrganizationsEntityOrganization = OrganizationFields


class GetEntityOrganizationsEntityUser(BaseModel):
    """A person with an account."""

    organizations: list[GetEntityOrganizationsEntityUserOrganizations]
    """The organizations the user belongs to."""


GetEntityOrganizationsEntityUserOrganizations = OrganizationFields
GetEntityOrganizationsReply = Reply[GetEntityOrganizations]
