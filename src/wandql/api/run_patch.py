"""What saving a run sends: only what changed here, on top of what the server has by now. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic_core import to_json

from wandql.api.config import read_config, write_config
from wandql.api.merging import merge_objects, merge_sets, same
from wandql.api.records import read_object
from wandql.errors import ConflictError, ReplyError
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.generated.upsert_run import UpsertRunUpsertBucket, UpsertRunUpsertBucketRun
from wandql.graphql.scalars import JSONObject

__all__ = ["EDITABLE_TEXTS", "Draft", "RunPatch", "check_deleted", "make_patch", "upserted_run"]

EDITABLE_TEXTS: Final = ("name", "description", "notes", "group", "job_type")


@dataclass(frozen=True, slots=True)
class Draft:
    """What may be changed of a run, as it was at some time.

    Attributes:
        document: Its texts, and under `config` and `summary` these two, where they are looked at. The server keeps no
            null: a text is "" then.
        tags: Its tags.
    """

    document: JSONObject
    tags: list[str]

    @classmethod
    def sent(cls, fields: RunFields, *, of: str, views: Container[str]) -> Draft:
        """Return what the server sent.

        Args:
            fields: The run.
            of: Its path, for the errors.
            views: Which of `config` and `summary` to look at.

        Raises:
            DecodeError: Config or summary is no JSON object.
        """
        document: JSONObject = {name: getattr(fields, name) or "" for name in EDITABLE_TEXTS}
        if "config" in views:
            document["config"] = read_config(fields.config_json, of=of)[0]
        if "summary" in views:
            document["summary"] = read_object(fields.summary_json, what=f"a summary of {of}")
        return cls(document, fields.tags_or_null or [])

    def is_same(self, other: Draft) -> bool:
        """Whether nothing changed from one to the other."""
        return same(self.document, other.document) and self.tags == other.tags


@dataclass(frozen=True, slots=True)
class RunPatch:
    """What a run is to become. What is absent or None stays as it is.

    Attributes:
        texts: The texts, by name.
        tags: The tags.
        config_json: The config.
        summary_json: The summary.
        deleted: The keys that the config has no more.
    """

    texts: Mapping[str, str]
    tags: list[str] | None
    config_json: str | None
    summary_json: str | None
    deleted: frozenset[str]

    def __bool__(self) -> bool:
        parts = (self.texts or None, self.tags, self.config_json, self.summary_json)
        return any(part is not None for part in parts)


def make_patch(base: Draft, ours: Draft, latest: RunFields, *, identity: str) -> RunPatch:
    """Return what turns `latest` into what is wanted: `ours`, and what others changed since `base`.

    Raises:
        ConflictError: Something was changed here and there, each to something else.
        DecodeError: Config or summary is no JSON object.
    """
    theirs = Draft.sent(latest, of=identity, views=base.document)
    merged, clashes = merge_objects(base.document, ours.document, theirs.document, what="run")
    if clashes:
        raise ConflictError(
            f"The run {identity} was changed by somebody else, too: {'; '.join(map(str, clashes))}.",
            hint="Nothing was sent. run.load(force=True) fetches theirs and drops what was changed here.",
            operation="UpsertRun",
            path=identity,
            attempts=1,
        )
    changed = {key: value for key, value in merged.items() if not same(value, theirs.document[key])}
    config, summary = changed.pop("config", None), changed.pop("summary", None)
    tags = merge_sets(base.tags, ours.tags, theirs.tags)
    before = theirs.document.get("config")
    return RunPatch(
        {name: value for name, value in changed.items() if isinstance(value, str)},
        None if tags == theirs.tags else tags,
        write_config(config, latest.config_json, of=identity) if isinstance(config, dict) else None,
        to_json(summary).decode() if isinstance(summary, dict) else None,
        frozenset(before.keys() - config) if isinstance(before, dict) and isinstance(config, dict) else frozenset(),
    )


def upserted_run(result: UpsertRunUpsertBucket | None, identity: str, operation: str) -> UpsertRunUpsertBucketRun:
    """Return the run in what `UpsertRun` returned.

    Raises:
        ReplyError: It is not there.
    """
    if result is None or result.run is None:
        raise ReplyError(
            f"The server does not return the run {identity}.",
            hint="It may have taken the change: fetch the run to see.",
            operation=operation,
            path=identity,
            attempts=1,
        )
    return result.run


def check_deleted(patch: RunPatch, saved: RunFields, *, identity: str) -> None:
    """Check that what the config was to have no more is gone.

    Raises:
        ReplyError: The server kept it.
    """
    kept = sorted(patch.deleted & read_config(saved.config_json, of=identity)[0].keys()) if patch.deleted else []
    if kept:
        raise ReplyError(
            f"The server kept keys of the config of {identity} that were deleted: {', '.join(kept)}.",
            hint="It merges configs instead of replacing them: set such a key to None.",
            operation="UpsertRun",
            path=identity,
            attempts=2,
        )
