"""The errors for what is not there. Pure."""

from __future__ import annotations

from wandql.errors import NotFoundError

__all__ = ["entity_not_found", "project_not_found", "run_not_found"]


def entity_not_found(entity: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for an entity that is not there."""
    return _not_found("entity", entity, entity, operation, assumed=assumed)


def project_not_found(entity: str, project: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for a project that is not there."""
    return _not_found("project", f"{entity}/{project}", entity, operation, assumed=assumed)


def run_not_found(entity: str, project: str, run: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for a run that is not there, though its project is."""
    return _not_found("run", f"{entity}/{project}/{run}", entity, operation, assumed=assumed)


def _not_found(kind: str, path: str, entity: str, operation: str, *, assumed: bool) -> NotFoundError:
    assumption = f" No entity was given, so your default one, {entity!r}, was assumed." if assumed else ""
    return NotFoundError(
        f"There is no {kind} {path!r}, or this API key may not see it.{assumption}",
        hint="A run is named by its id, the last part of its URL, not by its display name." if kind == "run" else None,
        operation=operation,
        path=path,
        attempts=1,
    )
