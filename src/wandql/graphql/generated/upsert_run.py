# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpsertRun`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ProjectPathFields, RunFields


class UpsertRun(BaseModel):
    """The data of `UpsertRun`."""

    upsert_bucket: UpsertRunUpsertBucket | None
    """Creates a run, or changes it if it exists. A field that is absent or null stays as it is."""


class UpsertRunUpsertBucket(BaseModel):
    """The run as it is after `upsertBucket`."""

    inserted: bool | None
    """True if the run is new, false if it existed."""
    run: UpsertRunUpsertBucketRun | None
    """The run."""


class UpsertRunUpsertBucketRun(RunFields):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    project: UpsertRunUpsertBucketRunProject | None
    """The run's project."""


UpsertRunUpsertBucketRunProject = ProjectPathFields
UpsertRunReply = Reply[UpsertRun]
