# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteFiles`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteFiles(BaseModel):
    """The data of `DeleteFiles`."""

    delete_files: DeleteFilesDeleteFiles | None
    """Deletes files of a run. This cannot be undone."""


class DeleteFilesDeleteFiles(BaseModel):
    """The answer of `deleteFiles`."""

    success: bool | None
    """Whether all files were deleted."""


DeleteFilesReply = Reply[DeleteFiles]
