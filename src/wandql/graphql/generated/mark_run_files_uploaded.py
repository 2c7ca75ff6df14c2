# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `MarkRunFilesUploaded`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class MarkRunFilesUploaded(BaseModel):
    """The data of `MarkRunFilesUploaded`."""

    mark_run_files_uploaded: MarkRunFilesUploadedMarkRunFilesUploaded | None
    """Tells the server that files announced by `createRunFiles` have arrived."""


class MarkRunFilesUploadedMarkRunFilesUploaded(BaseModel):
    """The answer of `markRunFilesUploaded`."""

    success: bool
    """Whether all files were found."""


MarkRunFilesUploadedReply = Reply[MarkRunFilesUploaded]
