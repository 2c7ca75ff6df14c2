"""The errors for artifacts that are not there, or that the server leaves as they are. Pure."""

from __future__ import annotations

from wandql.errors import MissingEntryError, NotFoundError, ReplyError

__all__ = ["artifact_not_found", "check_done", "collection_not_found", "entry_not_found", "not_done", "type_not_found"]

NOT_SEEN = "or this API key may not see it"


def artifact_not_found(path: str, operation: str, *, type_name: str | None = None) -> NotFoundError:
    """Return the error for a version that is not there, or whose type is not `type_name`."""
    kind = f"of the type {type_name!r} " if type_name else ""
    return NotFoundError(
        f"There is no artifact {kind}{path!r}, {NOT_SEEN}.",
        hint="A version is named by collection and alias or number: digits:latest, digits:v3.",
        operation=operation,
        path=path,
        attempts=1,
    )


def collection_not_found(path: str, type_name: str, operation: str) -> NotFoundError:
    """Return the error for a collection that is not there."""
    return NotFoundError(
        f"There is no collection {path!r} of the type {type_name!r}, {NOT_SEEN}.",
        hint="api.artifact_types(project) lists the types, api.artifact_collections(project, type) their collections.",
        operation=operation,
        path=path,
        attempts=1,
    )


def type_not_found(project: str, type_name: str, operation: str) -> NotFoundError:
    """Return the error for a type that a project does not have."""
    return NotFoundError(
        f"The project {project} has no type of artifacts {type_name!r}, {NOT_SEEN}.",
        hint="api.artifact_types(project) lists them.",
        operation=operation,
        path=f"{project}/{type_name}",
        attempts=1,
    )


def entry_not_found(artifact: str, name: str) -> MissingEntryError:
    """Return the error for a file that is not in an artifact."""
    return MissingEntryError(
        f"The artifact {artifact} has no file {name!r}.",
        hint="Its manifest lists them; a file is named by its whole path within the artifact.",
        path=f"{artifact}/{name}",
    )


def not_done(path: str, operation: str) -> ReplyError:
    """Return the error for a change that the server did not make, though it reports no error."""
    return ReplyError(
        f"The server reports no error, but did not do what was asked with {path}.",
        hint="Fetch it again to see what it is now.",
        operation=operation,
        path=path,
        attempts=1,
    )


def check_done(success: bool, path: str, operation: str) -> None:  # noqa: FBT001 - the server's own word
    """Check what the server says of a change.

    Raises:
        ReplyError: It did not make it.
    """
    if not success:
        raise not_done(path, operation)
