"""How a run's program was started, as its file `wandb-metadata.json` tells."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ariadne import ObjectType, SchemaBindable
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select

from wandql.server import tables

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["BINDABLES", "GitInfo", "RunInfo"]

RUN = ObjectType("Run")

logger: logging.Logger = logging.getLogger(__name__)


class GitInfo(BaseModel):
    """Which state of which repository ran."""

    remote: str | None = None
    commit: str | None = None


class RunInfo(BaseModel):
    """The metadata that an SDK uploads with a run."""

    program: str | None = None
    args: list[str] = []
    executable: str | None = None
    python: str | None = None
    os: str | None = None
    cpu_count: int | None = None
    gpu: str | None = None
    gpu_count: int | None = None
    code_path: str | None = Field(None, alias="codePath")
    colab: str | None = None
    git: GitInfo | None = None

    @property
    def code_saved(self) -> bool:
        """Whether the source code was saved with the run."""
        return self.code_path is not None


@RUN.field("runInfo")
def resolve_run_info(run: RunRecord, info: GraphQLResolveInfo) -> RunInfo | None:
    """Answer how the run's program was started; null until the run has uploaded its metadata."""
    context: Context = info.context
    files = tables.files.c
    query = select(files.token).where(files.run_key == run.key, files.name == "wandb-metadata.json")
    token = context.connection.execute(query).scalar()
    blob = context.blobs.find(context.connection, token) if token else None
    try:
        return RunInfo.model_validate_json(blob.path.read_bytes()) if blob else None
    except ValidationError:
        logger.warning("run %s has uploaded a wandb-metadata.json that cannot be read", run.name)
        return None


BINDABLES: list[SchemaBindable] = [RUN]
