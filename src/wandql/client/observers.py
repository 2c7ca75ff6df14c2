"""Who is told of every request: the logger `wandql.requests`, the user's hook, and OpenTelemetry where it is there."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wandql.client.events import RequestEvent, RequestHook

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

__all__ = ["Observers"]

VARIABLE: Final = "WANDQL_LOG"
LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
FORM: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
FAILED: Final = 400

root: Final = logging.getLogger("wandql")
root.addHandler(logging.NullHandler())
logger: Final = logging.getLogger("wandql.requests")


class Observers:
    """Tells of requests.

    Args:
        hook: The user's.
    """

    def __init__(self, hook: RequestHook | None = None) -> None:
        self._hook = hook
        self._tracer = _tracer()
        _obey(os.environ.get(VARIABLE, ""))

    def tell(self, event: RequestEvent) -> None:
        """Tell of a request. A hook that fails is logged: the request has happened, and its reply is not its fault."""
        _log(event)
        if self._tracer is not None:
            _trace(self._tracer, event)
        if self._hook is not None:
            try:
                self._hook(event)
            except Exception:  # noqa: BLE001 - whatever a user's code raises
                root.exception("on_request failed for %s", event.operation)


def _log(event: RequestEvent) -> None:
    if not logger.isEnabledFor(logging.DEBUG):
        return
    outcome = event.error or f"HTTP {event.status}"
    again = "" if event.retry_in is None else f", again in {event.retry_in:.3g} s"
    logger.debug(
        "%s %s attempt %d: %s in %.3f s, %d bytes sent, %d received%s",
        event.operation, event.path or "-", event.attempt, outcome, event.seconds, event.sent, event.received, again,
    )  # fmt: skip


def _obey(level: str) -> None:
    """Write to the standard error what the variable asks for, once per process."""
    wanted = LEVELS.get(level.strip().lower())
    if wanted is None or any(handler.name == VARIABLE for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(VARIABLE)
    handler.setFormatter(logging.Formatter(FORM))
    root.addHandler(handler)
    root.setLevel(wanted)


def _tracer() -> Tracer | None:
    # Where the program did not load it, nobody has said where spans go.
    if "opentelemetry" not in sys.modules:
        return None
    with suppress(ImportError):
        from opentelemetry import trace

        return trace.get_tracer("wandql")
    return None


def _trace(tracer: Tracer, event: RequestEvent) -> None:
    from opentelemetry.trace import SpanKind, Status, StatusCode

    known = {
        "wandql.operation": event.operation,
        "wandql.path": event.path,
        "wandql.attempt": event.attempt,
        "http.request.body.size": event.sent,
        "http.response.body.size": event.received,
        "http.response.status_code": event.status,
        "error.type": event.error,
    }
    span = tracer.start_span(
        event.operation,
        kind=SpanKind.CLIENT,
        attributes={name: value for name, value in known.items() if value is not None},
        start_time=_nanoseconds(event.started_at.timestamp()),
    )
    if event.error is not None or (event.status or 0) >= FAILED:
        span.set_status(Status(StatusCode.ERROR, event.error))
    span.end(_nanoseconds((event.started_at + timedelta(seconds=event.seconds)).timestamp()))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
