"""Finding rows by name, id or key.

What is looked up by name or id is found only in entities that the user belongs to. What belongs to a row that was
found that way is looked up by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wandql.server import tables
from wandql.server.ids import decode_id, decode_run_path
from wandql.server.messages import Refusal
from wandql.server.people import ADMIN, WRITERS
from wandql.server.records import ENTITY_COLUMNS, EntityRecord, ProjectRecord, RunRecord, UserRecord, run_columns
from wandql.server.statements import (
    ENTITY,
    ENTITY_BY_NAME,
    PROJECT,
    PROJECT_BY_NAME,
    PROJECTS,
    RESTRICTED,
    ROLE,
    RUN,
    RUN_BY_NAME,
    USER,
    open_to,
    owned_by,
)
from wandql.server.store import fetch, fetch_first, fetch_one

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context

__all__ = [
    "check_may_change",
    "check_may_write",
    "find_administered",
    "find_entity",
    "find_project",
    "find_projects",
    "find_run",
    "get_entity",
    "get_project",
    "get_run",
    "get_run_by_id",
    "get_user",
    "may_change",
    "may_read",
    "may_write",
    "near_entity",
    "own_entity",
    "own_project",
    "own_project_by_id",
    "own_run",
    "own_run_by_id",
    "readable",
    "role_in",
    "unrestricted",
    "visible",
]


def visible(context: Context) -> ColumnElement[bool]:
    """Return the condition on `entities` that the user belongs to them."""
    return owned_by(context.asker)


def readable(context: Context) -> ColumnElement[bool]:
    """Return the condition on `projects` and their `entities` that the user may read them."""
    return visible(context) & unrestricted(context)


def unrestricted(context: Context) -> ColumnElement[bool]:
    """Return the condition on `projects` that they are open to whoever belongs to their entity, or to the user."""
    return open_to(context.asker)


def find_entity(context: Context, name: str | None) -> EntityRecord | None:
    """Return an entity that the user belongs to; the default entity if there is no name."""
    name = name or (context.user.entity if context.user else "")
    return fetch_first(context.connection, ENTITY_BY_NAME, EntityRecord, {"name": name, "asker": context.asker})


def find_administered(context: Context, name: str | None) -> EntityRecord | None:
    """Return any entity to whoever administers the server, who sees to its people and not to what belongs to it."""
    if context.user is None or not context.user.admin or not name:
        return None
    query = select(*ENTITY_COLUMNS).where(tables.entities.c.name == name)
    return fetch_first(context.connection, query, EntityRecord)


def own_entity(context: Context, name: str | None) -> EntityRecord:
    """Return an entity for a change.

    Raises:
        Refusal: The user belongs to no such entity or may only view it (403), or the request carries no API key (401).
    """
    entity = near_entity(context, name)
    check_may_write(context, entity.key)
    return entity


def near_entity(context: Context, name: str | None) -> EntityRecord:
    """Return an entity for a change of something in it, which a role in a project may allow.

    Raises:
        Refusal: The user belongs to no such entity (403), or the request carries no API key (401).
    """
    user = context.writer
    entity = find_entity(context, name)
    if entity is None:
        raise Refusal(403, f"permission denied: {user.username} does not belong to an entity {name!r}.")
    return entity


def role_in(context: Context, entity_key: int) -> str | None:
    """Return the user's role in an entity; None if they do not belong to it."""
    if context.user is None:
        return None
    if entity_key not in context.roles:
        parameters = {"asker": context.asker, "owner": entity_key}
        context.roles[entity_key] = context.connection.execute(ROLE, parameters).scalar()
    return context.roles[entity_key]


def may_write(context: Context, entity_key: int) -> bool:
    """Return whether the user may change what belongs to an entity."""
    return role_in(context, entity_key) in WRITERS


def check_may_write(context: Context, entity_key: int) -> None:
    """Make sure that the user may change what belongs to an entity.

    Raises:
        Refusal: They may only view it (403), or the request carries no API key (401).
    """
    user = context.writer
    if not may_write(context, entity_key):
        name = get_entity(context, entity_key).name
        raise Refusal(403, f"permission denied: {user.username} may view what belongs to {name}, not change it.")


def may_read(context: Context, project: ProjectRecord) -> bool:
    """Return whether the user may read what belongs to a project."""
    role = role_in(context, project.entity_key)
    if role is None or project.access != RESTRICTED or role == ADMIN:
        return role is not None
    return bool(_roles_in_project(context, project))


def may_change(context: Context, project: ProjectRecord) -> bool:
    """Return whether the user may change what belongs to a project: by their role in its entity, or in itself."""
    role = role_in(context, project.entity_key)
    open_to_writers = role in WRITERS and project.access != RESTRICTED
    return open_to_writers or role == ADMIN or bool(_roles_in_project(context, project) & WRITERS)


def check_may_change(context: Context, project: ProjectRecord) -> None:
    """Make sure that the user may change what belongs to a project.

    Raises:
        Refusal: They may only view it (403), or the request carries no API key (401).
    """
    user = context.writer
    if not may_change(context, project):
        owner = f"{project.entity_name}/{project.name}"
        raise Refusal(403, f"permission denied: {user.username} may view what belongs to {owner}, not change it.")


def own_project(context: Context, entity: str | None, name: str | None) -> ProjectRecord:
    """Return a project for a change.

    Raises:
        Refusal: There is no such project (404), the user does not belong to its entity or may only view it (403), or
            the request carries no API key (401).
    """
    owner = near_entity(context, entity)
    project = find_project(context, owner, name)
    if project is None:
        raise Refusal(404, f"There is no project {owner.name}/{name}.")
    check_may_change(context, project)
    return project


def own_project_by_id(context: Context, id_: str) -> ProjectRecord:
    """Return a project by its opaque id, for a change.

    Raises:
        Refusal: There is no such project in an entity that the user belongs to (404), the user may only view it (403),
            or the request carries no API key (401).
    """
    _ = context.writer
    query = PROJECTS.where(tables.projects.c.key == decode_id("Project", id_), readable(context))
    project = fetch_first(context.connection, query, ProjectRecord)
    if project is None:
        raise Refusal(404, f"There is no project with the id {id_!r}.")
    check_may_change(context, project)
    return project


def _roles_in_project(context: Context, project: ProjectRecord) -> set[str]:
    user_key = context.asker
    members, teams = tables.project_members.c, tables.project_teams.c
    mine = select(tables.memberships.c.entity_key).where(tables.memberships.c.user_key == user_key)
    own = select(members.role).where(members.project_key == project.key, members.user_key == user_key)
    through = select(teams.role).where(teams.project_key == project.key, teams.entity_key.in_(mine))
    return {*context.connection.execute(own.union_all(through)).scalars()}


def get_entity(context: Context, key: int) -> EntityRecord:
    """Return the entity of a row."""
    if key not in context.entities:
        context.entities[key] = fetch_one(context.connection, ENTITY, EntityRecord, {"key": key})
    return context.entities[key]


def get_user(context: Context, key: int) -> UserRecord:
    """Return the user of a row."""
    if key not in context.users:
        context.users[key] = fetch_one(context.connection, USER, UserRecord, {"key": key})
    return context.users[key]


def find_project(context: Context, entity: EntityRecord | None, name: str | None) -> ProjectRecord | None:
    """Return a project of an entity that was found."""
    if entity is None or not name:
        return None
    parameters = {"owner": entity.key, "name": name, "asker": context.asker}
    return fetch_first(context.connection, PROJECT_BY_NAME, ProjectRecord, parameters)


def find_projects(context: Context, entity: EntityRecord, *, offset: int, limit: int) -> list[ProjectRecord]:
    """Return projects of an entity that was found, the most recently used first."""
    projects = tables.projects.c
    order = projects.updated_at.desc(), projects.key.desc()
    query = PROJECTS.where(projects.entity_key == entity.key, unrestricted(context))
    query = query.order_by(*order).offset(offset).limit(limit)
    return fetch(context.connection, query, ProjectRecord)


def get_project(context: Context, key: int) -> ProjectRecord:
    """Return the project of a row."""
    if key not in context.projects:
        context.projects[key] = fetch_one(context.connection, PROJECT, ProjectRecord, {"key": key})
    return context.projects[key]


def find_run(context: Context, project: ProjectRecord | None, name: str) -> RunRecord | None:
    """Return a run of a project that was found."""
    if project is None:
        return None
    parameters = {"owner": project.key, "name": name, "silent_since": context.silent_since}
    return fetch_first(context.connection, RUN_BY_NAME, RunRecord, parameters)


def own_run(context: Context, entity: str | None, project: str | None, name: str) -> RunRecord:
    """Return a run for a change.

    Raises:
        Refusal: There is no such run (404), the user does not belong to the entity or may only view it (403), or the
            request carries no API key (401).
    """
    owner = own_entity(context, entity)
    run = find_run(context, find_project(context, owner, project), name)
    if run is None:
        raise Refusal(404, f"There is no run {owner.name}/{project}/{name}.")
    return run


def get_run(context: Context, key: int) -> RunRecord:
    """Return the run of a row."""
    return fetch_one(context.connection, RUN, RunRecord, {"key": key, "silent_since": context.silent_since})


def get_run_by_id(context: Context, id_: str) -> RunRecord:
    """Return a run by its opaque id.

    Raises:
        Refusal: There is no such run in an entity that the user belongs to (404).
    """
    query = select(*run_columns(context.silent_since)).join_from(tables.runs, tables.projects).join(tables.entities)
    if path := decode_run_path(id_):
        columns = tables.runs.c.name, tables.projects.c.name, tables.entities.c.name
        query = query.where(*(column == part for column, part in zip(columns, path, strict=True)))
    else:
        query = query.where(tables.runs.c.key == decode_id("Run", id_))
    run = fetch_first(context.connection, query.where(readable(context)), RunRecord)
    if run is None:
        raise Refusal(404, f"There is no run with the id {id_!r}.")
    return run


def own_run_by_id(context: Context, id_: str) -> RunRecord:
    """Return a run by its opaque id, for a change.

    Raises:
        Refusal: There is no such run in an entity that the user belongs to (404), the user may only view it (403), or
            the request carries no API key (401).
    """
    _ = context.writer
    run = get_run_by_id(context, id_)
    check_may_change(context, get_project(context, run.project_key))
    return run
