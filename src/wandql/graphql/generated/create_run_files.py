# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateRunFiles`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileUploadFields


class CreateRunFiles(BaseModel):
    """The data of `CreateRunFiles`."""

    create_run_files: CreateRunFilesCreateRunFiles | None
    """Announces files of a run and returns where to upload each."""


class CreateRunFilesCreateRunFiles(BaseModel):
    """Where to upload the announced files."""

    run_id: str = Field(alias="runID")
    """The run's opaque id."""
    upload_headers: list[str]
    """The headers that each upload must carry, as `Name:value`."""
    files: list[CreateRunFilesCreateRunFilesFiles]
    """The announced files, each with its `uploadUrl`."""


CreateRunFilesCreateRunFilesFiles = FileUploadFields
CreateRunFilesReply = Reply[CreateRunFiles]
