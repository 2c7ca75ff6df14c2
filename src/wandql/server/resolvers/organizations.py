"""Organizations: what teams and users belong to, and what owns registries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType, SchemaBindable
from sqlalchemy import select

from wandql.server import tables
from wandql.server.lookups import get_entity
from wandql.server.records import EntityRecord, OrganizationRecord, UserRecord
from wandql.server.store import fetch, fetch_first

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo
    from sqlalchemy import ColumnElement, Select

    from wandql.server.context import Context

__all__ = ["BINDABLES", "AdvancedRegistryFeatures"]

QUERY = QueryType()
USER = ObjectType("User")
ENTITY = ObjectType("Entity")
ORGANIZATION = ObjectType("Organization")


@dataclass(frozen=True, slots=True)
class AdvancedRegistryFeatures:
    """What an organization's search of registries can do beyond filters."""

    advanced_search: bool = False


@QUERY.field("organization")
def resolve_organization(_root: None, info: GraphQLResolveInfo, name: str) -> OrganizationRecord | None:
    """Answer an organization that the user belongs to, or a team of theirs."""
    context: Context = info.context
    return _first(context, (tables.organizations.c.name == name) & _near(context))


@USER.field("organizations")
def resolve_organizations(user: UserRecord, info: GraphQLResolveInfo) -> list[OrganizationRecord]:
    """Answer the organizations that a user belongs to, as far as the viewer sees them."""
    context: Context = info.context
    members = tables.memberships.c
    theirs = select(members.entity_key).where(members.user_key == user.key)
    condition = tables.organizations.c.entity_key.in_(theirs) & _near(context)
    return fetch(context.connection, _organizations().where(condition), OrganizationRecord)


@ENTITY.field("organization")
def resolve_organization_of_entity(entity: EntityRecord, info: GraphQLResolveInfo) -> OrganizationRecord | None:
    """Answer the organization that a team belongs to, or whose entity this is. A user's own entity is in none."""
    teams, organizations = tables.organization_teams.c, tables.organizations.c
    owner = select(teams.organization_key).where(teams.entity_key == entity.key)
    return _first(info.context, organizations.key.in_(owner) | (organizations.entity_key == entity.key))


@ORGANIZATION.field("orgEntity")
def resolve_entity(organization: OrganizationRecord, info: GraphQLResolveInfo) -> EntityRecord:
    """Answer the entity that owns the organization's registries."""
    return get_entity(info.context, organization.entity_key)


@ORGANIZATION.field("coreWeaveOrganizationId")
def resolve_core_weave(_organization: OrganizationRecord, _info: GraphQLResolveInfo) -> None:
    """Answer that no organization of this server is known at CoreWeave."""


@ORGANIZATION.field("featureFlags")
def resolve_feature_flags(
    _organization: OrganizationRecord,
    _info: GraphQLResolveInfo,
    ramp_idtype: str,  # noqa: ARG001 - the wire's argument
) -> list[object]:
    """Answer that nothing is switched on for single organizations."""
    return []


@ORGANIZATION.field("advancedRegistryFeatures")
def resolve_advanced(_organization: OrganizationRecord, _info: GraphQLResolveInfo) -> AdvancedRegistryFeatures:
    """Answer that registries are searched by filters alone."""
    return AdvancedRegistryFeatures()


def _organizations() -> Select[int, int, str]:
    organizations = tables.organizations.c
    return select(organizations.key, organizations.entity_key, organizations.name).order_by(organizations.key)


def _first(context: Context, condition: ColumnElement[bool]) -> OrganizationRecord | None:
    return fetch_first(context.connection, _organizations().where(condition), OrganizationRecord)


def _near(context: Context) -> ColumnElement[bool]:
    """Return the condition that the user, or a team of theirs, belongs to an organization."""
    organizations, teams, members = tables.organizations.c, tables.organization_teams.c, tables.memberships.c
    mine = select(members.entity_key).where(members.user_key == (context.user.key if context.user else None))
    through = select(teams.organization_key).where(teams.entity_key.in_(mine))
    return organizations.entity_key.in_(mine) | organizations.key.in_(through)


BINDABLES: list[SchemaBindable] = [QUERY, USER, ENTITY, ORGANIZATION]
