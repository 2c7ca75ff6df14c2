"""A page of sampled rows as columns: the same request, and another way to read the reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from wandql.frames.arrow import Rows
from wandql.frames.sampled_columns import read_sampled_columns
from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
from wandql.graphql.operation import Operation, Reply

__all__ = ["SampledPage", "as_columns"]


class SampledPage(BaseModel):
    """What came, not validated again: columns where a reader takes the rows so, and else the data of the operation."""

    model_config: ClassVar[ConfigDict] = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    table: Rows | None = None
    data: GetSampledRunHistory | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _SampledOperation(Operation[SampledPage]):
    """A request for sampled rows whose reply becomes columns where that can be."""

    plain: Operation[GetSampledRunHistory]

    def parse(self, content: bytes) -> Reply[SampledPage]:
        if (table := read_sampled_columns(content)) is not None:
            return Reply[SampledPage].model_construct(data=SampledPage.model_construct(table=table), errors=None)
        reply = self.plain.parse(content)
        data = None if reply.data is None else SampledPage.model_construct(data=reply.data)
        return Reply[SampledPage].model_construct(data=data, errors=reply.errors)


def as_columns(operation: Operation[GetSampledRunHistory]) -> Operation[SampledPage]:
    """Return the same request with another way to read its reply."""
    return _SampledOperation(
        operation.name,
        operation.kind,
        operation.document,
        operation.variables,
        Reply[SampledPage],
        operation.idempotent,
        operation,
    )
