# Derived from src/wandql/api/_async/organizations.py by `make generate`: edit that file instead.
"""Finding organizations, by name or by who belongs to them."""

from __future__ import annotations

from wandql.api.missing import entity_not_found, organization_not_found
from wandql.api.organization_view import Organization
from wandql.client._sync.client import Client
from wandql.errors import NotFoundError, UsageError
from wandql.graphql.generated import operations

__all__ = ["fetch_organization", "fetch_organization_of"]


def fetch_organization(client: Client, name: str) -> Organization:
    """Fetch an organization. Sends one request.

    Raises:
        NotFoundError: There is none of this name.
        RequestError: The request failed.
    """
    operation = operations.get_organization(organization=name)
    data = client.execute(operation)
    if data.organization is None:
        raise organization_not_found(name, operation.name)
    return Organization.of(data.organization)


def fetch_organization_of(client: Client, entity: str) -> Organization:
    """Fetch the organization of a team, or the only one of a user. Sends one request.

    Raises:
        NotFoundError: There is no such entity, or it belongs to no organization.
        UsageError: A user belongs to several.
        RequestError: The request failed.
    """
    operation = operations.get_entity_organizations(entity=entity)
    found = client.execute(operation).entity
    if found is None:
        raise entity_not_found(entity, operation.name, assumed=True)
    theirs = found.user.organizations if found.user else None
    several = [found.organization] if found.organization else theirs or []
    if len(several) > 1:
        names = ", ".join(repr(each.name) for each in several)
        raise UsageError(f"{entity} belongs to several organizations.", hint=f"Name one of {names}.")
    if not several:
        raise NotFoundError(f"{entity} belongs to no organization.", operation=operation.name, path=entity, attempts=1)
    return Organization.of(several[0])
