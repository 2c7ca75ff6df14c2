# Derived from src/wandql/api/_async/bulk.py by `make generate`: edit that file instead.
"""Changes of many runs at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import nullcontext
from functools import partial
from os import PathLike
from pathlib import Path

from wandql.api._sync.collections import Collection
from wandql.api._sync.run import Run
from wandql.api.bulk_journal import Journal
from wandql.api.bulk_plan import BulkPlan, BulkVerb, RunChange, check_group, checked_texts, make_change
from wandql.api.missing import found_run
from wandql.api.run_patch import upserted_run
from wandql.api.run_view import RunAddress
from wandql.client._sync.client import Client
from wandql.client.seam_sync import run_in_thread, run_many
from wandql.errors import NotFoundError, UsageError
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import RunFields

__all__ = ["RunWrites"]

CONCURRENCY = 8


class RunWrites(Collection[Run], ABC):
    """Verbs of a list of runs that change all of them.

    All pages are fetched first, so that a change cannot move a run from one page to another. What these verbs send goes
    after other calls where the server limits requests.
    """

    _client: Client

    @abstractmethod
    def _scope(self) -> str:
        """Return which runs these are: the same in every process, whatever was fetched."""

    def add_tags(
        self,
        *tags: str,
        dry_run: bool = False,
        concurrency: int = CONCURRENCY,
        journal: str | PathLike[str] | None = None,
    ) -> BulkPlan:
        """Add tags to every run of the list. Tags that others add meanwhile stay.

        Sends one request for each page that is not there yet, and two for each run that lacks a tag: one reads what the
        server has by now, one writes. With `dry_run` only those for the pages.

        Args:
            tags: The tags.
            dry_run: Whether to change nothing, and only return what would change.
            concurrency: How many runs at once.
            journal: A file that remembers which runs are done. The same call with the same file goes on where the last
                one ended, however it did.

        Returns:
            What changed. The runs of this list stay as they were fetched.

        Raises:
            UsageError: A tag is empty, or the journal is one of another change. No request was sent.
            LocalFileError: The journal cannot be read or written.
            RequestError: A request failed. Changes that were made are made, and the journal knows them.

        Example:
            >>> runs = api.runs("alice/mnist", {"state": "finished"})
            >>> print(runs.add_tags("good", dry_run=True))
            add_tags would change 2 runs
            alice/mnist/run-1  tags: +good
            alice/mnist/run-2  tags: +good
            >>> len(runs.add_tags("good"))
            2
        """
        return self._change("add_tags", checked_texts(tags, "tag"), dry_run, concurrency, journal)

    def remove_tags(
        self,
        *tags: str,
        dry_run: bool = False,
        concurrency: int = CONCURRENCY,
        journal: str | PathLike[str] | None = None,
    ) -> BulkPlan:
        """Remove tags from every run of the list. Other tags stay. Sends requests as `add_tags` does.

        Args:
            tags: The tags.
            dry_run: Whether to change nothing, and only return what would change.
            concurrency: How many runs at once.
            journal: A file that remembers which runs are done; see `add_tags`.

        Returns:
            What changed. The runs of this list stay as they were fetched.

        Raises:
            UsageError: A tag is empty, or the journal is one of another change. No request was sent.
            LocalFileError: The journal cannot be read or written.
            RequestError: A request failed; see `add_tags`.

        Example:
            >>> api.runs("alice/mnist").remove_tags("exploration").diff.splitlines()
            ['alice/mnist/run-2  tags: -exploration', 'alice/mnist/run-3  tags: -exploration']
        """
        return self._change("remove_tags", checked_texts(tags, "tag"), dry_run, concurrency, journal)

    def set_group(
        self,
        group: str,
        *,
        dry_run: bool = False,
        concurrency: int = CONCURRENCY,
        journal: str | PathLike[str] | None = None,
    ) -> BulkPlan:
        """Put every run of the list into a group. Sends requests as `add_tags` does.

        Args:
            group: The group. Servers cannot take a run out of every group again.
            dry_run: Whether to change nothing, and only return what would change.
            concurrency: How many runs at once.
            journal: A file that remembers which runs are done; see `add_tags`.

        Returns:
            What changed. The runs of this list stay as they were fetched.

        Raises:
            UsageError: The group is empty, or the journal is one of another change. No request was sent.
            ConflictError: Somebody else put a run into another group since it was listed.
            LocalFileError: The journal cannot be read or written.
            RequestError: A request failed; see `add_tags`.

        Example:
            >>> api.runs("alice/mnist", {"state": "failed"}).set_group("broken").diff
            "alice/mnist/run-3  group: none -> 'broken'"
        """
        return self._change("set_group", checked_texts([group], "group"), dry_run, concurrency, journal)

    def delete(
        self,
        *,
        dry_run: bool = False,
        concurrency: int = CONCURRENCY,
        journal: str | PathLike[str] | None = None,
    ) -> BulkPlan:
        """Delete every run of the list with its history and files. There is no way back: try `dry_run` first.

        Sends one request for each page that is not there yet, and one for each run.

        Args:
            dry_run: Whether to change nothing, and only return what would be deleted.
            concurrency: How many runs at once.
            journal: A file that remembers which runs are done; see `add_tags`.

        Returns:
            What was deleted.

        Raises:
            UsageError: The journal is one of another change. No request was sent.
            LocalFileError: The journal cannot be read or written.
            PermissionDeniedError: This API key may not delete a run.
            RequestError: A request failed; see `add_tags`.

        Example:
            >>> print(api.runs("alice/mnist", {"state": "failed"}).delete(dry_run=True))
            delete would change 1 runs
            alice/mnist/run-3  deleted
        """
        return self._change("delete", (), dry_run, concurrency, journal)

    def _change(
        self,
        verb: BulkVerb,
        values: tuple[str, ...],
        dry_run: bool,  # noqa: FBT001 - named where users say it
        concurrency: int,
        journal: str | PathLike[str] | None,
    ) -> BulkPlan:
        if concurrency < 1:
            raise UsageError(f"concurrency is {concurrency}: one at once is the least.")
        job: dict[str, object] = {"verb": verb, "values": [*values], "runs": self._scope()}
        with Journal(Path(journal), job) if journal is not None and not dry_run else nullcontext() as book:
            runs = [run for run in self]
            done = book.done if book else frozenset[str]()
            resumed = tuple(run.identity for run in runs if run.identity in done)
            left = [run for run in runs if run.identity not in done]
            plans = [(run, make_change(verb, values, run.identity, run.storage_id, _kept(verb, run))) for run in left]
            changes = [change for _, change in plans if change]
            same = tuple(run.identity for run, change in plans if not change)
            if dry_run:
                return BulkPlan(verb, tuple(changes), same, resumed=resumed)
            writer = _Writer(self._client.with_options(priority="bulk"), values, book)
            made = run_many(
                [partial(writer.write, change) for change in changes], at_once=concurrency, abort=writer.stop
            )
        pairs = list(zip(changes, made, strict=True))
        return BulkPlan(
            verb,
            tuple(each for each in made if isinstance(each, RunChange)),
            (*same, *(change.path for change, each in pairs if each is None)),
            tuple(change.path for change, each in pairs if isinstance(each, NotFoundError)),
            resumed,
            is_sent=True,
        )


class _Writer:
    """Makes the changes of one call."""

    def __init__(self, client: Client, values: tuple[str, ...], journal: Journal | None) -> None:
        self._client = client
        self._values = values
        self._journal = journal
        self._is_stopped = False

    def stop(self) -> None:
        """Begin no more changes."""
        self._is_stopped = True

    def write(self, planned: RunChange) -> RunChange | NotFoundError | None:
        """Make a change. Return it as it was made, None where the server had it already, or why there is no run."""
        if self._is_stopped:
            return None
        change: RunChange | NotFoundError | None
        try:
            change = self._delete(planned) if planned.verb == "delete" else self._update(planned)
        except NotFoundError as gone:
            if gone.status is not None:
                raise  # Whoever answers like this may be no W&B server at all.
            change = gone
        if self._journal is not None:
            run_in_thread(self._journal.add, planned.path)
        return change

    def _delete(self, planned: RunChange) -> RunChange:
        try:
            self._client.delete_run(storage_id=planned.storage_id)
        except NotFoundError:
            self._read(planned)  # Raises another one, without a status, where a server says that there is no run.
            raise
        return planned

    def _read(self, planned: RunChange) -> RunFields:
        entity, project, run = planned.path.split("/", 2)
        address: RunAddress = {"entity": entity, "project": project, "run": run}
        read = operations.get_run(**address, with_history_keys=False)
        return found_run(self._client.execute(read).project, address, read.name)

    def _update(self, planned: RunChange) -> RunChange | None:
        """Compare with what the server has by now, and write what is missing."""
        latest = self._read(planned)
        now = _kept(planned.verb, latest)
        check_group(planned, now)
        change = make_change(planned.verb, self._values, planned.path, latest.storage_id, now)
        if change is None:
            return None
        is_group = planned.verb == "set_group"
        write = operations.upsert_run(
            storage_id=latest.storage_id,
            tags=None if is_group else [*change.after],
            group="".join(change.after) if is_group else None,
        )
        upserted_run(self._client.execute(write).upsert_bucket, planned.path, write.name)
        return change


def _kept(verb: BulkVerb, run: RunFields) -> tuple[str, ...]:
    """Return the tags or the group of a run, as the server has them."""
    if verb == "delete":
        return ()
    if verb == "set_group":
        return (run.group,) if run.group else ()
    return tuple(run.tags_or_null or [])
