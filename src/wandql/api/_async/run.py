"""One run: what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, overload

from pydantic import PrivateAttr

from wandql.api._async.artifacts import AsyncArtifact, AsyncRunArtifacts, log_artifact, use_artifact
from wandql.api._async.console import AsyncConsoleLogs
from wandql.api._async.files import AsyncFile, AsyncFiles, fetch_file, upload_file
from wandql.api._async.history import AsyncHistoryScan, fetch_history_keys, sample_history
from wandql.api._async.history_exports import download_exports
from wandql.api._async.summary import AsyncSummary
from wandql.api._async.tables import fetch_table
from wandql.api._async.waiting import look_until
from wandql.api.downloaded_history import DownloadHistoryResult
from wandql.api.history_rows import How, Stream, last_step
from wandql.api.missing import found_run
from wandql.api.projection import WHOLE, Projection
from wandql.api.records import bound, read_object
from wandql.api.run_patch import RunPatch, check_deleted, make_patch, upserted_run
from wandql.api.run_view import RunAddress, RunView, address_of
from wandql.api.tables import Table
from wandql.client._async.client import AsyncClient
from wandql.errors import NotFoundError, RequestTimeoutError
from wandql.frames.rows import sampled_history
from wandql.frames.sampled import SampledRows
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.scalars import JSONObject, JSONString
from wandql.paths import RunPath, SweepPath, run_url

if TYPE_CHECKING:
    from wandql.api._async.sweeps import AsyncSweep
    from wandql.frames.sampled_history import SampledHistory

__all__ = ["AsyncRun", "create_run", "fetch_run"]

ENDED: Final = {"crashed", "failed", "finished", "killed"}
METADATA: Final = "wandb-metadata.json"


class AsyncRun(RunView):
    """One run: its fields, views of them such as `config` and `summary`, and what can be done with it.

    Reading an attribute sends no request, but for three: `lastHistoryStep`, `metadata` and `sweep`.

    Example:
        >>> run = await api.run("alice/mnist/run-1")
        >>> run.name, run.state, run.config["lr"], run.summary["loss"]
        ('baseline', 'finished', 0.1, 0.25)
    """

    _client: AsyncClient | None = PrivateAttr(default=None)
    _metadata: JSONObject | None = PrivateAttr(default=None)
    _sweep: AsyncSweep | None = PrivateAttr(default=None)

    @classmethod
    def of(
        cls, fields: RunFields, client: AsyncClient, *, entity: str, project: str, projection: Projection = WHOLE
    ) -> AsyncRun:
        """Make a run of what the server sent. Sends nothing."""
        url = run_url(client.app_url, entity, project, fields.id)
        extra = {"entity": entity, "project": project, "url": url}
        return cls._extend(fields, extra, _client=client, _projection=projection)

    # Views

    @property
    def summary(self) -> AsyncSummary:
        """The summary: the last or best value of each metric, and what the program put there itself.

        Sends no request; `summary.update()` does.
        """
        return AsyncSummary(self.summary_metrics, self._save_summary)

    @property
    async def metadata(self) -> JSONObject | None:
        """How the program was started and on what machine, as the SDK notes it; None where it did not.

        Sends two requests, one for the address of the file and one for the file, then none until `load(force=True)`.

        Raises:
            DecodeError: The file is no JSON object.
            NotFoundError: The run is not there any more.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> (await run.metadata)["program"]
            'train.py'
        """
        if self._metadata is None:
            try:
                file = await self.file(METADATA)
            except NotFoundError as missing:
                if missing.path != f"{self.identity}/{METADATA}":
                    raise  # not the file is missing
                return None
            self._metadata = read_object(JSONString((await file.read()).decode(errors="replace")), what=f"{file!r}")
        return self._metadata

    @property
    async def lastHistoryStep(self) -> int:  # noqa: N802 - the official name
        """The last step of the history by now; -1 before the first row. Sends one request, each time.

        `history_keys` has the one of the time when the run was fetched.

        Raises:
            NotFoundError: The run is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> await run.lastHistoryStep
            3
        """
        known = await fetch_history_keys(bound(self._client, self), self)
        return last_step(known.history_keys_value)

    @property
    async def sweep(self) -> AsyncSweep | None:
        """The sweep that the run belongs to; None for a run outside any sweep. `sweep_name` is its id.

        Sends one request, then none until `load(force=True)`; none at all for a run outside any sweep.

        Raises:
            UsageError: The run was unpickled, and has no client.
            NotFoundError: The sweep is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> sweep = await run.sweep
            >>> sweep.id, sweep.method
            ('sweep-1', 'grid')
        """
        if self._sweep is None and self.sweep_name:
            from wandql.api._async.sweeps import fetch_sweep  # it imports this module

            path = SweepPath(self.entity, self.project, self.sweep_name)
            self._sweep = await fetch_sweep(bound(self._client, self), path, self.entity)
        return self._sweep

    # What it logged

    @overload
    async def history(
        self,
        samples: int = ...,
        keys: Sequence[str] | None = ...,
        x_axis: str | None = ...,
        pandas: Literal[True] = ...,
        stream: Stream = ...,
    ) -> SampledHistory: ...
    @overload
    async def history(
        self,
        samples: int = ...,
        keys: Sequence[str] | None = ...,
        x_axis: str | None = ...,
        *,
        pandas: Literal[False],
        stream: Stream = ...,
    ) -> SampledRows: ...
    @overload
    async def history(
        self,
        samples: int,
        keys: Sequence[str] | None,
        x_axis: str | None,
        pandas: Literal[False],
        stream: Stream = ...,
    ) -> SampledRows: ...
    @overload
    async def history(
        self,
        samples: int = ...,
        keys: Sequence[str] | None = ...,
        x_axis: str | None = ...,
        pandas: bool = ...,  # noqa: FBT001 - the official signature
        stream: Stream = ...,
    ) -> SampledHistory | SampledRows: ...
    async def history(
        self,
        samples: int = 500,
        keys: Sequence[str] | None = None,
        x_axis: str | None = "_step",
        pandas: bool = True,  # noqa: FBT001, FBT002 - the official signature
        stream: Stream = "default",
    ) -> SampledHistory | SampledRows:
        """Fetch a sample of the history: at most `samples` rows, as the server picks them.

        Sends one request. For all rows see `scan_history`.

        Args:
            samples: The most rows to fetch.
            keys: The keys to fetch, of rows that have all of them; else every row comes whole.
            x_axis: A key to fetch beside `keys`, such as `_step` or `_timestamp`; None for `_step` and the axes that
                the program defined for the keys with `define_metric(key, step_metric=…)`.
            pandas: Whether to return a DataFrame, which needs the extra `pandas`.
            stream: "default" for what was logged, "system" for system metrics over time.

        Returns:
            A DataFrame with a row for each row of the history and a column for each key, or a list of dicts. `_step`
            counts calls of `log`, `_runtime` is in seconds, `_timestamp` in seconds since 1970 (UTC). Both have
            `sampled`, and `rows_total` where that is known.

        Raises:
            UsageError: `keys` is no list of text, there is no such stream, system metrics have no `keys`, or pandas is
                not installed. No request was sent but in the last case.
            ValueError: `samples` is less than 1. No request was sent.
            NotFoundError: The run is not there any more.
            DecodeError: A row is no JSON object.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> await run.history(samples=2, keys=["loss"])
               _step  loss
            0      0  2.00
            1      3  0.25
        """
        rows = await sample_history(
            bound(self._client, self), self, samples=samples, keys=keys, x_axis=x_axis, stream=stream
        )
        return sampled_history(rows) if pandas else rows

    def scan_history(
        self,
        keys: Sequence[str] | None = None,
        page_size: int = 1000,
        min_step: int | None = None,
        max_step: int | None = None,
        use_cache: bool = True,  # noqa: ARG002, FBT001, FBT002 - the official signature
        *,
        how: How = "inner",
        x_axis: str | None = "_step",
    ) -> AsyncHistoryScan:
        """Return all rows of the history, in the order of steps: a lazy iterable, which can be iterated over again.

        Sends no request itself. Iterating sends one to learn how long the history is, and one for each page of rows
        when it is reached; where requests take their time, some pages are fetched ahead. Pages are smaller or larger
        than `page_size` where rows are denser or rarer than steps. `to_arrow`, `to_pandas` and `to_polars` of the scan
        give columns.

        Args:
            keys: The keys of each row, which also has `_step`.
            page_size: The most rows that one page should hold.
            min_step: The first step; by default 0.
            max_step: The step behind the last; by default the history's end. So the last row of a history is there with
                `max_step=last + 1` and not with `max_step=last`.
            use_cache: As in older scripts; it makes no difference, since nothing is kept.
            how: "inner" for the rows that have all keys, "outer" for those that have a value of one of them; a row has
                only the keys of which it has a value then. "outer" fetches whole rows.
            x_axis: A key that each row has beside `keys` and `_step`; None for those that the program defined for the
                keys with `define_metric(key, step_metric=…)`, as far as it logged them. With "inner", rows without it
                are left out.

        Raises:
            UsageError: `keys` is no list of text, or there is no such `how`.
            ValueError: `page_size` is less than 1.
            NotLoadedError: `x_axis` is None, and the run comes from a list for which `config_keys` were chosen.
            UnknownKeyError: When it is iterated over: no row of the history has a key. A history without rows is empty.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> [(row["_step"], row["loss"]) async for row in run.scan_history(min_step=1, max_step=3)]
            [(1, 1.0), (2, 0.5)]
        """
        return AsyncHistoryScan(
            bound(self._client, self),
            self,
            keys=keys,
            page_size=page_size,
            min_step=min_step,
            max_step=max_step,
            how=how,
            x_axis=x_axis,
        )

    async def download_history_exports(
        self,
        download_dir: str | PathLike[str],
        require_complete_history: bool = True,  # noqa: FBT001, FBT002 - the official signature
    ) -> DownloadHistoryResult:
        """Download the Parquet files to which the server has exported the history. Files that are there are replaced.

        Sends one request, and one for each file. `scan_history` reads such files by itself; this is to keep them.

        Args:
            download_dir: The directory to put them into. It is made where it is missing.
            require_complete_history: Whether rows that are not exported are an error.

        Returns:
            The paths, whether there are rows beside the files, and what went wrong with single files.

        Raises:
            IncompleteRunHistoryError: There are rows that are not exported, and all are required.
            UnsafeNameError: The run's id can be no part of a file's name.
            LocalFileError: A file cannot be written.
            NotFoundError: The run is not there any more.
            RequestError: The first request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> result = await run.download_history_exports("exports", require_complete_history=False)
            >>> result.paths, result.contains_live_data
            ([], True)
        """
        return await download_exports(
            bound(self._client, self), self, download_dir, require_complete_history=require_complete_history
        )

    async def table(self, key: str) -> Table:
        """Fetch a table that the run logged, with the values in it, but none of the images and other media.

        Sends three requests: two for the address of its file in the artifact that the SDK made of it, and one for the
        file. A table that was logged in increments costs as many for each. Where the artifact is not there, the file
        among those of the run is read, with two requests more.

        Args:
            key: Under which it was logged. The summary refers to the last table of that key.

        Raises:
            NotFoundError: The run has logged nothing under that key, or the file is not there.
            MismatchError: What it logged is no table.
            DecodeError: The file is none.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> _ = Path("guesses.json").write_text('{"columns": ["id", "guess"], "data": [[0, "seven"]]}')
            >>> _ = await run.upload_file("guesses.json")
            >>> await run.summary.update({"guesses": {"_type": "table-file", "path": "guesses.json"}})
            >>> table = await run.table("guesses")
            >>> table.columns, table.rows
            (['id', 'guess'], [[0, 'seven']])
        """
        return await fetch_table(bound(self._client, self), self, key)

    def console_logs(self, per_page: int = 1000, last: int | None = None) -> AsyncConsoleLogs:
        """Return the lines that the program printed: a lazy sequence.

        Sends no request itself; iterating sends one for each page, and only one with `last`.

        Args:
            per_page: The most lines that one request asks for.
            last: How many lines to fetch from the end; by default all of them.

        Raises:
            ValueError: `per_page` or `last` is less than 1.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> [line.content async for line in run.console_logs(last=2)]
            ['step 2: loss 0.5', 'step 3: loss 0.25']
        """
        return AsyncConsoleLogs(bound(self._client, self), self, per_page=per_page, last=last)

    # Its files

    def files(self, names: Sequence[str] | None = None, pattern: str | None = None, per_page: int = 50) -> AsyncFiles:
        """Return the files of the run: a lazy sequence, in the order of names.

        Sends no request itself; iterating sends one for each page.

        Args:
            names: The names of those to return; by default all.
            pattern: What the name is like, where `%` stands for any text and `_` for any character: `media/%.png`.
            per_page: The most files that one request asks for.

        Raises:
            UsageError: `names` is no list of text, or there is a pattern, too.
            ValueError: `per_page` is less than 1.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> [file.name async for file in run.files(pattern="%.json")]
            ['wandb-metadata.json']
        """
        return AsyncFiles(bound(self._client, self), self, names=names, pattern=pattern, per_page=per_page)

    async def file(self, name: str) -> AsyncFile:
        """Fetch what is known of one file. Sends one request.

        Args:
            name: Its path within the run, with forward slashes.

        Raises:
            NotFoundError: The run has no such file, or is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> (await run.file("model/weights.bin")).size
            8
        """
        return await fetch_file(bound(self._client, self), self, name)

    async def upload_file(self, path: str | PathLike[str], root: str | PathLike[str] = ".") -> AsyncFile:
        """Upload a file into the run. One that is there already is replaced.

        Sends four requests: one announces the file, one holds its content, one tells the server that it has arrived,
        one fetches what is then known of it. The first upload of a client sends one more, to learn whether the server
        wants to be told.

        Args:
            path: The file.
            root: A directory above it. Its name within the run is its path below that.

        Returns:
            The file, as the server has it.

        Raises:
            UsageError: The file is not below `root`. No request was sent.
            LocalFileError: It cannot be read. No request was sent.
            NotFoundError: The run is not there any more.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> _ = Path("notes.txt").write_text("It converges.")
            >>> (await run.upload_file("notes.txt")).size
            13
        """
        return await upload_file(bound(self._client, self), self, Path(path), Path(root))

    # Its artifacts

    def logged_artifacts(self, per_page: int = 100) -> AsyncRunArtifacts:
        """Return the versions of artifacts that the run logged: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most versions that one request asks for.

        Raises:
            ValueError: `per_page` is less than 1.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> [artifact.name async for artifact in run.logged_artifacts()]
            ['weights:v0']
        """
        return AsyncRunArtifacts(bound(self._client, self), self, mode="logged", per_page=per_page)

    def used_artifacts(self, per_page: int = 100) -> AsyncRunArtifacts:
        """Return the versions of artifacts that the run used: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most versions that one request asks for.

        Raises:
            ValueError: `per_page` is less than 1.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> [artifact.name async for artifact in run.used_artifacts()]
            ['digits:v0']
        """
        return AsyncRunArtifacts(bound(self._client, self), self, mode="used", per_page=per_page)

    async def use_artifact(self, artifact: AsyncArtifact, use_as: str | None = None) -> AsyncArtifact:
        """Record that the run uses a version of an artifact. Doing so twice does what doing it once does.

        Sends one request.

        Args:
            artifact: The version.
            use_as: What the run uses it as.

        Returns:
            The version.

        Raises:
            NotFoundError: The run or the version is not there any more.
            PermissionDeniedError: This API key may not change the run.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-2")
            >>> artifact = await run.use_artifact(await api.artifact("alice/mnist/digits:v0"))
            >>> [each.name async for each in run.used_artifacts()]
            ['digits:v0']
        """
        return await use_artifact(bound(self._client, self), self, artifact, use_as)

    async def log_artifact(
        self, artifact: AsyncArtifact, aliases: Sequence[str] | None = None, tags: Sequence[str] | None = None
    ) -> AsyncArtifact:
        """Record a version of an artifact that is there already as output of the run, too.

        The version stays the same, and gets the aliases and tags. New artifacts are made by the official SDK. Sends one
        request.

        Args:
            artifact: The version, of the run's own project.
            aliases: The aliases to give it.
            tags: The tags to give it.

        Returns:
            The version, as it is then.

        Raises:
            UsageError: The version is of another project, or not complete. No request was sent.
            InvalidPathError: An alias is malformed. No request was sent.
            PermissionDeniedError: This API key may not change the run.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-2")
            >>> logged = await run.log_artifact(await api.artifact("alice/mnist/weights:v0"), aliases=["second"])
            >>> sorted(logged.aliases)
            ['best', 'latest', 'second']
        """
        return await log_artifact(bound(self._client, self), self, artifact, aliases, tags)

    # Changing it

    async def update(self) -> None:
        """Save what was changed here: `name`, `description`, `notes`, `group`, `job_type`, `tags`, config and summary.

        Sends two requests: one reads what the server has by now, one writes what changed here and nothing else. Sends
        none where nothing changed, and only the first where the server has the same already.

        What somebody else changed since this run was fetched stays: tags, and keys of config and summary at every
        depth, are merged one by one. Afterwards the run is what the server has. A change in the moment between both
        requests goes unseen: servers cannot compare and write in one.

        Raises:
            UsageError: A value cannot be written as JSON. No request was sent.
            ConflictError: Somebody else changed the same text or key to something else. Nothing was written.
            NotFoundError: The run is not there any more.
            ReplyError: The server kept a key of the config that was deleted.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> run.notes = "The one to beat."
            >>> run.tags.append("best")
            >>> run.config["reviewed"] = True
            >>> await run.update()
            >>> run.tags
            ['baseline', 'best']
        """
        await self._save(summary_only=False)

    async def save(self) -> None:
        """Do the same as `update`.

        Raises:
            RequestError: A request failed; see `update` for this and other errors.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> run.group = "sweep 1"
            >>> await run.save()
        """
        await self.update()

    async def load_full_data(self, force: bool = False) -> AsyncRun:  # noqa: FBT001, FBT002 - the official signature
        """Fetch what is not there yet, or everything anew: `load` under another name of the official client.

        Sends one request; without `force` none for a run that did not come from a list, and so is complete.

        Args:
            force: Whether to become what the server has by now. What was changed here and not saved is dropped.

        Returns:
            The run itself.

        Raises:
            NotFoundError: The run is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.runs("alice/mnist").first()
            >>> (await run.load_full_data()).history_keys["lastStep"]
            3
        """
        return await self.load(force)

    async def load(self, force: bool = False) -> AsyncRun:  # noqa: FBT001, FBT002 - the official signature
        """Fetch what is not there yet, or everything anew.

        Sends one request; without `force` none for a run that did not come from a list, and so is complete.

        Args:
            force: Whether to become what the server has by now. What was changed here and not saved is dropped.

        Returns:
            The run itself.

        Raises:
            NotFoundError: The run is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.runs("alice/mnist").first()
            >>> sorted((await run.load()).history_keys["keys"])
            ['_runtime', '_step', '_timestamp', 'loss']
        """
        client = bound(self._client, self)
        if force:
            self._absorb(await self._fetch(client, with_history_keys=True))
            self._metadata = None
            self._sweep = None
        elif not self._projection.is_whole:
            fields = await self._fetch(client, with_history_keys=True)
            self.fill_in(fields)
            self._note(history_keys_value=fields.history_keys_value)
        elif "history_keys_value" not in self.model_fields_set:
            known = await fetch_history_keys(client, self)
            self._note(history_keys_value=known.history_keys_value)
        return self

    async def delete(self, delete_artifacts: bool = False) -> None:  # noqa: FBT001, FBT002 - the official signature
        """Delete the run with its history and files. There is no way back. Sends one request.

        Args:
            delete_artifacts: Whether to delete the artifacts, too, that it logged.

        Raises:
            NotFoundError: The run is not there any more.
            PermissionDeniedError: This API key may not delete it.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-3")
            >>> await run.delete()
            >>> api.flush()
            >>> [run.id async for run in api.runs("alice/mnist")]
            ['run-1', 'run-2']
        """
        await bound(self._client, self).delete_run(storage_id=self.storage_id, delete_artifacts=delete_artifacts)

    async def stop(self) -> bool:
        """Ask the run's program to stop. It does when it reports the next time. Sends one request.

        Returns:
            Whether the server took note: not of a run that has ended.

        Raises:
            NotFoundError: The run is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> await run.stop()
            False
        """
        data = await bound(self._client, self).stop_run(storage_id=self.storage_id)
        return bool(data.stop_run and data.stop_run.success)

    async def update_state(self, state: str) -> bool:
        """Set the state of a run that no program reports to. Sends one request.

        Args:
            state: "pending" for a run that is to begin again, "failed" for one that will not; servers allow no others.

        Returns:
            Whether the state is now this.

        Raises:
            BadRequestError: The server does not allow this state for this run.
            NotFoundError: The run is not there any more.
            RequestError: The request failed.

        Example:
            >>> run = await api.create_run(project="mnist")
            >>> await run.update_state("failed")
            True
            >>> run.state
            'failed'
        """
        data = await bound(self._client, self).update_run_state(storage_id=self.storage_id, state=state)
        done = bool(data.update_run_state and data.update_run_state.success)
        if done:
            self._note(state=state)
        return done

    async def wait_until_finished(self, poll: float = 5.0, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Wait until the run has finished, failed, crashed or been killed. Only `state` is fetched anew.

        Sends one request at once, and one more after every `poll` seconds.

        Args:
            poll: How long to wait before the next look, in seconds.
            timeout: How long to wait at most, in seconds; by default for ever.

        Returns:
            The state, which `state` is then, too.

        Raises:
            ValueError: `poll` is not more than 0.
            RequestTimeoutError: It had not ended by then. It is a TimeoutError, too.
            NotFoundError: The run is not there any more.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-3")
            >>> await run.wait_until_finished(timeout=60)
            'failed'
        """
        client = bound(self._client, self)
        operation = operations.get_run_state(**address_of(self))

        async def look() -> str | None:
            run = found_run((await client.execute(operation)).project, address_of(self), operation.name)
            state = run.state or ""
            self._note(state=state)
            return state if state in ENDED else None

        def late(waited: float) -> RequestTimeoutError:
            return RequestTimeoutError(
                f"The run {self.identity} is still {self.state} after {waited:.0f} seconds.",
                hint="Wait longer, or ask whoever started it.",
                operation=operation.name,
                path=self.identity,
            )

        return await look_until(look, clock=client.clock, poll=poll, timeout=timeout, late=late)

    async def _save_summary(self) -> None:
        await self._save(summary_only=True)

    async def _save(self, *, summary_only: bool) -> None:
        client = bound(self._client, self)
        sent, wanted = self._drafts(summary_only=summary_only)
        if wanted.is_same(sent):
            return
        fields = await self._fetch(client, with_history_keys=False)
        patch = make_patch(sent, wanted, fields, identity=self.identity)
        if patch:
            fields = await self._send(client, patch, fields.storage_id)
        self._absorb(fields, summary_only=summary_only)
        check_deleted(patch, fields, identity=self.identity)

    async def _send(self, client: AsyncClient, patch: RunPatch, storage_id: str) -> RunFields:
        operation = operations.upsert_run(
            storage_id=storage_id,
            name=patch.texts.get("name"),
            description=patch.texts.get("description"),
            notes=patch.texts.get("notes"),
            group=patch.texts.get("group"),
            job_type=patch.texts.get("job_type"),
            tags=patch.tags,
            config_json=patch.config_json,
            summary_json=patch.summary_json,
        )
        return upserted_run((await client.execute(operation)).upsert_bucket, self.identity, operation.name)

    async def _fetch(self, client: AsyncClient, *, with_history_keys: bool) -> RunFields:
        operation = operations.get_run(**address_of(self), with_history_keys=with_history_keys)
        return found_run((await client.execute(operation)).project, address_of(self), operation.name)


async def fetch_run(client: AsyncClient, path: RunPath, entity: str) -> AsyncRun:
    """Fetch one run. Sends one request.

    Raises:
        NotFoundError: There is no such project or run.
        RequestError: The request failed.
    """
    address: RunAddress = {"entity": entity, "project": path.project, "run": path.run}
    operation = operations.get_run(**address)
    data = await client.execute(operation)
    fields = found_run(data.project, address, operation.name, assumed=path.entity is None)
    return AsyncRun.of(fields, client, entity=entity, project=path.project)


async def create_run(client: AsyncClient, path: RunPath, entity: str) -> AsyncRun:
    """Create a run, or fetch the one that is there. Sends one request.

    Raises:
        PermissionDeniedError: This API key may not make runs there.
        ReplyError: The server does not return the run.
        RequestError: The request failed.
    """
    operation = operations.upsert_run(
        entity=entity, project=path.project, run=path.run, state="running", with_history_keys=True
    )
    fields = upserted_run(
        (await client.execute(operation)).upsert_bucket, f"{entity}/{path.project}/{path.run}", operation.name
    )
    return AsyncRun.of(fields, client, entity=entity, project=path.project)
