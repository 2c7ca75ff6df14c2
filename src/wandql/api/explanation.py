"""What a query of runs will do, before it does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import to_json

from wandql.filters import Filter

__all__ = ["Explanation"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What going through a list of runs asks the server, and what is done here. Its text is meant to be printed.

    Attributes:
        operation: The name of the GraphQL operation.
        document: Its text.
        variables: The variables of the request for the first page. `entity` is None where the server has to be asked
            for the default one.
        filter: The filter, as an expression.
        sent: What of it the server is asked, as JSON text.
        local: What of it is checked here, of each run that comes; None where the server's answer is exact.
        reason: Why something is checked here, or None.
        order: The order as it is sent, or None for the server's own.
        per_page: The most runs that one request asks for.
        selected: How many runs the server selects by what it is sent, or None where it was not asked yet.
        requests: How many requests are still to be sent until all runs are here, or None where that is not known: it is
            known once the server has told how many runs it selects, and true while their number does not change.
    """

    operation: str
    document: str
    variables: Mapping[str, object]
    filter: Filter
    sent: str
    local: Filter | None
    reason: str | None
    order: str | None
    per_page: int
    selected: int | None
    requests: int | None

    def __str__(self) -> str:
        come = (
            f"one for each {self.per_page} runs; explain(count=True) asks how many there are"
            if self.requests is None
            else f"{self.requests} to come"
        )
        lines = {
            "filter": repr(self.filter),
            "sent": self.sent,
            "checked here": "nothing" if self.local is None else f"{self.local!r}, because {self.reason}",
            "order": self.order or "the server's own",
            "runs": "not asked yet" if self.selected is None else f"{self.selected} selected by the server",
            "requests": come,
            "operation": self.operation,
            "variables": to_json(self.variables).decode(),
        }
        return "\n".join([*(f"{title:<13} {text}" for title, text in lines.items()), "", self.document])
