# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteRun`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteRun(BaseModel):
    """The data of `DeleteRun`."""

    delete_run: DeleteRunDeleteRun | None
    """Deletes a run with its history and files. This cannot be undone."""


class DeleteRunDeleteRun(BaseModel):
    """The answer of `deleteRun`: that it is there means success."""

    client_mutation_id: str | None
    """The `clientMutationId` of the input."""


DeleteRunReply = Reply[DeleteRun]
