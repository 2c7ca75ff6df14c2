"""Adding a run, and pages of the runs that match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from wandql.server import tables
from wandql.server.filters import compile_filter, read_filter
from wandql.server.lookups import get_project, role_in
from wandql.server.messages import Refusal
from wandql.server.orders import compile_order
from wandql.server.people import SERVICE
from wandql.server.records import RunRecord, run_columns
from wandql.server.runs.fields import resolver_of_runs, source_of_runs
from wandql.server.runs.names import make_name
from wandql.server.store import add, among, fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from wandql.server.context import Context
    from wandql.server.pages import Page, Window

__all__ = ["add_run", "check_never_deleted", "count_runs", "filter_runs", "page_runs"]


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


def filter_runs(context: Context, filters: str | None) -> ColumnElement[bool]:
    """Return the condition that a filter puts on `source_of_runs`.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    try:
        return compile_filter(read_filter(filters), resolver_of_runs(context.silent_since))
    except ValueError as error:
        raise Refusal(400, str(error)) from None


def page_runs(context: Context, condition: ColumnElement[bool], order: str, window: Window) -> Page[RunRecord]:
    """Return a page of the runs that match. The database sorts keys; only the page's rows are read whole.

    Raises:
        Refusal: The order cannot be read (400).
    """
    runs = tables.runs.c
    try:
        terms = compile_order(order, resolver_of_runs(context.silent_since), runs.key)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    page = select(runs.key).select_from(source_of_runs(condition, *terms)).where(condition).order_by(*terms)
    keys = context.connection.execute(page.offset(window.offset).limit(window.reach)).scalars().all()
    whole = select(*run_columns(context.silent_since)).where(among(runs.key, keys))
    found = {run.key: run for run in fetch(context.connection, whole, RunRecord)}
    return window.page([found[key] for key in keys], lambda: count_runs(context, condition))


def count_runs(context: Context, condition: ColumnElement[bool]) -> int:
    """Return how many runs match."""
    query = select(func.count()).select_from(source_of_runs(condition)).where(condition)
    return context.connection.execute(query).scalar_one()
