"""Opaque ids: the base64 of `Run:17`. Clients pass them back and, for some types, read the number."""

from __future__ import annotations

import base64
import binascii

from wandql.server.messages import Refusal

__all__ = ["decode_id", "decode_run_path", "encode_id", "kind_of"]


def encode_id(kind: str, key: int | str) -> str:
    """Return the id of the row `key` of the GraphQL type `kind`."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def decode_id(kind: str, text: str) -> int:
    """Return the key in an id of the GraphQL type `kind`.

    Raises:
        Refusal: It is no id of that type (404).
    """
    try:
        name, _, key = base64.b64decode(text, validate=True).decode().partition(":")
        if name == kind:
            return int(key)
    except (binascii.Error, ValueError):
        pass
    raise Refusal(404, f"{text!r} is not the id of a {kind}.")


def kind_of(text: str) -> str | None:
    """Return the GraphQL type that an id is of; None if it is none of this server's."""
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return None


def decode_run_path(text: str) -> tuple[str, str, str] | None:
    """Return the run's id, project and entity in an id that a client has made of them; None for one of this server's.

    Schedulers of the official SDK make `Run:v1:<run>:<project>:<entity>`, as the official server has it.
    """
    try:
        parts = base64.b64decode(text, validate=True).decode().split(":")
    except (binascii.Error, ValueError):
        return None
    match parts:
        case ["Run", "v1", run, project, entity]:
            return run, project, entity
        case _:
            return None
