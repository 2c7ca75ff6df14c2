"""Registries: projects of an organization, into which versions of artifacts are linked, and who may do what there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from sqlalchemy import delete, select

from wandql.server import tables
from wandql.server.artifacts.lookups import find_type
from wandql.server.artifacts.versions import make_type
from wandql.server.databases.upserts import upsert
from wandql.server.ids import decode_id, encode_id
from wandql.server.lookups import role_in
from wandql.server.messages import Refusal
from wandql.server.people import ADMIN, MEMBER, VIEWER
from wandql.server.statements import RESTRICTED
from wandql.server.store import among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Column, Table

    from wandql.server.context import Context
    from wandql.server.records import EntityRecord, ProjectRecord

__all__ = [
    "ACCESSES",
    "CORE",
    "ArtifactTypeInput",
    "ProjectMemberRecord",
    "ProjectTeamRecord",
    "Role",
    "admit",
    "admits_all_types",
    "change_registry",
    "check_type",
    "decode_ids",
    "dismiss",
    "is_organization",
    "is_registry",
    "is_registry_name",
    "members_of",
    "own_registry",
    "set_role",
    "teams_of",
]

PREFIX: Final = "wandb-registry-"
"""What the name of a registry's project begins with."""

CORE: Final = frozenset({f"{PREFIX}model", f"{PREFIX}dataset"})
"""The registries that every organization has: here they appear when something is first linked into them."""

OPEN: Final = "PRIVATE"
ACCESSES: Final = frozenset({OPEN, RESTRICTED, "USER_READ", "USER_WRITE", "ENTITY_READ"})
"""What clients may set as a project's access. This server shows no project to strangers, whichever it is."""

ROLES: Final = frozenset({ADMIN, MEMBER, VIEWER, "restricted_viewer"})


class ArtifactTypeInput(TypedDict):
    """A type of artifacts that a registry admits."""

    name: str
    description: str | None


@dataclass(frozen=True, slots=True)
class Role:
    """What a member may do."""

    name: str


@dataclass(frozen=True, slots=True)
class ProjectMemberRecord:
    """A user who was admitted to a project."""

    user_key: int
    username: str
    name: str
    email: str | None
    role: Role

    @property
    def id(self) -> str:
        """The id of the user: clients know members by it."""
        return encode_id("User", self.user_key)


@dataclass(frozen=True, slots=True)
class ProjectTeamRecord:
    """A team that was admitted to a project."""

    entity_key: int
    role: Role


def is_registry(project: ProjectRecord) -> bool:
    """Whether a project is a registry."""
    return is_registry_name(project.name)


def is_registry_name(name: str) -> bool:
    """Whether a project of this name is a registry."""
    return name.startswith(PREFIX)


def is_organization(context: Context, entity: EntityRecord) -> bool:
    """Whether an entity is that of an organization, which owns its registries."""
    owned = select(tables.organizations.c.key).where(tables.organizations.c.entity_key == entity.key)
    return context.connection.execute(owned).first() is not None


def admits_all_types(context: Context, project: ProjectRecord) -> bool:
    """Whether versions of every type may be linked into a registry."""
    registries = tables.registries.c
    query = select(registries.allows_all_types).where(registries.project_key == project.key)
    allowed: bool | None = context.connection.execute(query).scalar()
    return allowed is None or allowed


def check_type(context: Context, project: ProjectRecord, name: str) -> None:
    """Make sure that versions of a type may be linked into a project.

    Raises:
        Refusal: It is a registry that admits other types alone (400).
    """
    if admits_all_types(context, project) or find_type(context, project, name):
        return
    types = tables.artifact_types.c
    known = context.connection.execute(select(types.name).where(types.project_key == project.key).order_by(types.name))
    admitted = ", ".join(known.scalars()) or "none yet"
    raise Refusal(400, f"{project.name} admits no artifacts of the type {name!r}, but those of: {admitted}.")


def change_registry(
    context: Context,
    project: ProjectRecord,
    *,
    allows_all_types: bool | None,
    types: Iterable[ArtifactTypeInput],
) -> None:
    """Set which types of artifacts a registry admits. None is ever taken away.

    Raises:
        Refusal: A type has a name that cannot be one (400).
    """
    for kind in types:
        if find_type(context, project, kind["name"]) is None:
            make_type(context, project, kind["name"], kind.get("description"))
    if allows_all_types is not None:
        row = {"project_key": project.key, "allows_all_types": allows_all_types}
        statement = upsert(tables.registries).values(row)
        changed = statement.on_conflict_do_update(["project_key"], set_={"allows_all_types": allows_all_types})
        context.connection.execute(changed)


def own_registry(context: Context, project: ProjectRecord) -> ProjectRecord:
    """Return a registry, or any project, for a change of itself: its members, its name, its end.

    Raises:
        Refusal: The user administers neither it nor its entity (403).
    """
    members = tables.project_members.c
    user = context.writer
    mine = select(members.role).where(members.project_key == project.key, members.user_key == user.key)
    if ADMIN not in {role_in(context, project.entity_key), context.connection.execute(mine).scalar()}:
        raise Refusal(403, f"permission denied: {user.username} does not administer {project.name}.")
    return project


def admit(context: Context, project: ProjectRecord, users: Collection[int], teams: Collection[int]) -> None:
    """Admit users and teams to a project, to view what is there. Who was admitted before stays as they are.

    Raises:
        Refusal: There is no such user or team in the organization (404).
    """
    _check_organization(context, project, users, teams)
    for table, column, keys in _tables(users, teams):
        rows = [{"project_key": project.key, column.name: key, "role": VIEWER} for key in keys]
        if rows:
            context.connection.execute(upsert(table).on_conflict_do_nothing(), rows)


def dismiss(context: Context, project: ProjectRecord, users: Collection[int], teams: Collection[int]) -> None:
    """Take users and teams out of a project."""
    for table, column, keys in _tables(users, teams):
        taken = delete(table).where(table.c.project_key == project.key, among(column, keys))
        context.connection.execute(taken)


def set_role(context: Context, project: ProjectRecord, role: str, *, user: int | None, team: int | None) -> None:
    """Give a role in a project to a user or a team, who are admitted if they were not.

    Raises:
        Refusal: There is no such role (400), or no such user or team in the organization (404).
    """
    if role not in ROLES:
        raise Refusal(400, f"{role!r} is no role in a registry: there are {', '.join(sorted(ROLES))}.")
    users, teams = [] if user is None else [user], [] if team is None else [team]
    _check_organization(context, project, users, teams)
    for table, column, keys in _tables(users, teams):
        for key in keys:
            statement = upsert(table).values({"project_key": project.key, column.name: key, "role": role})
            changed = statement.on_conflict_do_update(["project_key", column.name], set_={"role": role})
            context.connection.execute(changed)


def members_of(context: Context, project: ProjectRecord) -> list[ProjectMemberRecord]:
    """Return the users who were admitted to a project, the first one first."""
    users, members = tables.users.c, tables.project_members
    query = select(users.key, users.username, users.name, users.email, members.c.role).join_from(members, tables.users)
    query = query.where(members.c.project_key == project.key, users.deleted_at.is_(None)).order_by(users.key)
    return [
        ProjectMemberRecord(key, username, name, email, Role(role))
        for key, username, name, email, role in context.connection.execute(query)
    ]


def teams_of(context: Context, project: ProjectRecord) -> list[ProjectTeamRecord]:
    """Return the teams that were admitted to a project."""
    teams = tables.project_teams.c
    query = select(teams.entity_key, teams.role).where(teams.project_key == project.key).order_by(teams.entity_key)
    return [ProjectTeamRecord(key, Role(role)) for key, role in context.connection.execute(query)]


def decode_ids(kind: str, ids: Iterable[str] | None) -> set[int]:
    """Return the keys in the ids of users or entities."""
    return {decode_id(kind, id_) for id_ in ids or ()}


def _check_organization(
    context: Context, project: ProjectRecord, users: Collection[int], teams: Collection[int]
) -> None:
    members, owned, organizations = tables.memberships.c, tables.organization_teams, tables.organizations
    people = select(members.user_key).where(members.entity_key == project.entity_key, among(members.user_key, users))
    if len({*context.connection.execute(people).scalars()}) < len(users):
        raise Refusal(404, f"Not all of these users belong to {project.entity_name}.")
    near = select(owned.c.entity_key).join_from(owned, organizations)
    near = near.where(organizations.c.entity_key == project.entity_key, among(owned.c.entity_key, teams))
    if len({*context.connection.execute(near).scalars()}) < len(teams):
        raise Refusal(404, f"Not all of these teams belong to the organization of {project.entity_name}.")


def _tables(users: Collection[int], teams: Collection[int]) -> list[tuple[Table, Column[int], Collection[int]]]:
    return [
        (tables.project_members, tables.project_members.c.user_key, users),
        (tables.project_teams, tables.project_teams.c.entity_key, teams),
    ]
