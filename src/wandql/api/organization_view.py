"""Organizations: what teams belong to, and what owns registries."""

from __future__ import annotations

from wandql.api.records import Record
from wandql.graphql.generated.fragments import OrganizationFields

__all__ = ["Organization"]


class Organization(Record, OrganizationFields):
    """One organization. `org_entity` is the entity that owns its registries.

    Example:
        >>> organization = api.organization("labs")
        >>> organization.name, organization.org_entity.name
        ('labs', 'labs-org')
    """

    @classmethod
    def of(cls, fields: OrganizationFields) -> Organization:
        """Make an organization of what the server sent."""
        return cls._extend(fields, {})

    @property
    def identity(self) -> str:
        """The organization's opaque id."""
        return self.id

    def __repr__(self) -> str:
        return f"<Organization {self.name}>"
