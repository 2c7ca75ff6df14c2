"""Adding a run, and pages of the runs that match."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, func, select

from wandql.server import tables
from wandql.server.databases.columns import Integer
from wandql.server.filters.conditions import compile_filter, read_filter
from wandql.server.filters.orders import compile_order
from wandql.server.lookups import get_project, role_in
from wandql.server.messages import Refusal
from wandql.server.people import SERVICE
from wandql.server.records import RunRecord
from wandql.server.runs.fields import RUN_FIELDS, source_of_runs
from wandql.server.runs.names import make_name
from wandql.server.statements import RUNS_AMONG
from wandql.server.store import add, fetch, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select

    from wandql.server.context import Context
    from wandql.server.pages import Page, Window
    from wandql.server.records import ProjectRecord

__all__ = [
    "add_run",
    "check_never_deleted",
    "count_project",
    "count_runs",
    "filter_runs",
    "page_project",
    "page_runs",
]

LONGEST: Final = 10_000
"""The longest filter, in characters, whose statements are remembered."""


def add_run(context: Context, project_key: int, name: str, columns: Mapping[str, object]) -> int:
    """Add a run that has logged nothing yet and return its key. One without a name is given one.

    Args:
        context: The request.
        project_key: The project.
        name: The run's id, which no run of the project has.
        columns: What is known of it beyond that.
    """
    if not columns.get("display_name"):
        runs = select(func.count()).where(tables.runs.c.project_key == project_key)
        number: int = context.connection.execute(runs).scalar_one()
        columns = {**columns, "display_name": make_name(name, number + 1)}
    values = {
        "project_key": project_key,
        "user_key": _author(context, project_key),
        "name": name,
        "state": "running",
        "stopped": False,
        "created_at": context.now,
        "updated_at": context.now,
        "heartbeat_at": context.now,
        "tags": list[str](),
        # The SDK resumes no run that lacks these documents, not even one that was killed before it logged.
        "config": "{}",
        "summary_metrics": "{}",
        "history_line_count": 0,
        "events_line_count": 0,
        "log_line_count": 0,
    }
    return add(context.connection, tables.runs, {**values, **columns})


def check_never_deleted(context: Context, project_key: int, name: str) -> None:
    """Make sure that a new run is not one that was deleted: its process may still report, or a script may run again.

    Raises:
        Refusal: A run of this id was deleted from the project (410). The official SDK repeats what is refused with 409.
    """
    gone = tables.deleted_runs.c
    query = select(gone.name).where(gone.project_key == project_key, gone.name == name)
    if context.connection.execute(query).first():
        raise Refusal(410, f"The run {name} was previously created and deleted: give the new one another id.")


def _author(context: Context, project_key: int) -> int:
    """Return whose run it is: the user's, or that of the member of the team for whom a program says that it works."""
    key = context.writer.key
    entity_key = get_project(context, project_key).entity_key
    username, email = context.acting_for
    if not (username or email) or role_in(context, entity_key) != SERVICE:
        return key
    users, members = tables.users.c, tables.memberships.c
    theirs = select(members.user_key).where(members.entity_key == entity_key)
    named = users.username == username if username else users.email == email
    return context.connection.execute(select(users.key).where(named, users.key.in_(theirs))).scalar() or key


def filter_runs(filters: str | None, dialect: str) -> ColumnElement[bool]:
    """Return the condition that a filter puts on `source_of_runs`. It takes the parameter `silent_since`.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    try:
        return compile_filter(read_filter(filters), RUN_FIELDS, dialect)
    except ValueError as error:
        raise Refusal(400, str(error)) from None


def count_runs(context: Context, condition: ColumnElement[bool]) -> int:
    """Return how many runs match."""
    return context.connection.execute(_counting(condition), _parameters(context)).scalar_one()


def page_runs(context: Context, condition: ColumnElement[bool], order: str, window: Window) -> Page[RunRecord]:
    """Return a page of the runs that match.

    Raises:
        Refusal: The order cannot be read (400).
    """
    runs = _read(context, _paging(condition, order, context.dialect), _parameters(context), window)
    return window.page(runs, lambda: count_runs(context, condition))


def count_project(context: Context, project: ProjectRecord, filters: str | None) -> int:
    """Return how many runs of a project match.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    build = _counting_project if _is_short(filters) else _counting_project.__wrapped__
    return context.connection.execute(build(filters, context.dialect), _parameters(context, project)).scalar_one()


def page_project(
    context: Context, project: ProjectRecord, filters: str | None, order: str | None, window: Window
) -> Page[RunRecord]:
    """Return a page of the runs of a project that match, the newest first unless another order is given.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    build = _paging_project if _is_short(filters) else _paging_project.__wrapped__
    paging = build(filters, order or "-created_at", context.dialect)
    runs = _read(context, paging, _parameters(context, project), window)
    return window.page(runs, lambda: count_project(context, project, filters))


def _read(context: Context, paging: Select[int], parameters: dict[str, int], window: Window) -> list[RunRecord]:
    """Return the runs in a window. The database sorts keys; only the page's rows are read whole."""
    place = {"offset": window.offset, "reach": window.reach}
    keys = context.connection.execute(paging, {**parameters, **place}).scalars().all()
    found = fetch(context.connection, RUNS_AMONG, RunRecord, {**parameters, "keys": listed(keys)})
    by_key = {run.key: run for run in found}
    return [by_key[key] for key in keys]


def _parameters(context: Context, project: ProjectRecord | None = None) -> dict[str, int]:
    owner = {} if project is None else {"owner": project.key}
    return {"silent_since": context.silent_since, **owner}


def _counting(condition: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(source_of_runs(condition)).where(condition)


def _paging(condition: ColumnElement[bool], order: str, dialect: str) -> Select[int]:
    runs = tables.runs.c
    try:
        terms = compile_order(order, RUN_FIELDS, runs.key, dialect)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    page = select(runs.key).select_from(source_of_runs(condition, *terms)).where(condition).order_by(*terms)
    return page.offset(bindparam("offset", type_=Integer)).limit(bindparam("reach", type_=Integer))


@lru_cache(maxsize=128)
def _counting_project(filters: str | None, dialect: str) -> Select[int]:
    return _counting(_within_project(filters, dialect))


@lru_cache(maxsize=128)
def _paging_project(filters: str | None, order: str, dialect: str) -> Select[int]:
    return _paging(_within_project(filters, dialect), order, dialect)


def _within_project(filters: str | None, dialect: str) -> ColumnElement[bool]:
    return and_(tables.runs.c.project_key == bindparam("owner", type_=Integer), filter_runs(filters, dialect))


def _is_short(filters: str | None) -> bool:
    """Whether the statements of a filter are worth the memory to remember them: those of ten thousand ids are not."""
    return len(filters or "") <= LONGEST
