"""`Server`: an embedded server for one test."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from wandql.api.local import async_connect, connect
from wandql.errors import UsageError
from wandql.graphql.scalars import JSONValue
from wandql.server import open_application, run_in_thread
from wandql.server.faults import Exchange, Faults
from wandql.server.people import make_key
from wandql.server.projects.imports import import_project
from wandql.testing.artifacts import SampleArtifact, send_artifact
from wandql.testing.runs import SampleRun, send_run, vary_run
from wandql.testing.sweeps import SampleSweep, Train, send_sweep

if TYPE_CHECKING:
    from wandql.api._async.api import AsyncApi
    from wandql.api._sync.api import Api

__all__ = ["Server"]


class Server:
    """An embedded server with a store of its own, which is gone when it is closed.

    It answers like any W&B server: to `api()` in this process, and on a port at `url`, to the official SDK too. Making
    one takes some milliseconds. It may be shared by threads.

    Args:
        entity: The name of its user.
        crash_after: How many seconds of silence make a running run "crashed".

    Attributes:
        entity: The name of its user.
        api_key: The key that opens it, a new one each time.
        faults: What goes wrong, on request.

    Example:
        >>> with Server() as server:
        ...     server.add_run("mnist", "first", config={"lr": 0.1}, history=[{"loss": 2.0}, {"loss": 1.0}])
        ...     server.api().run("mnist/first").summary["loss"]
        'alice/mnist/first'
        1.0
    """

    entity: str
    api_key: str
    faults: Faults

    def __init__(self, *, entity: str = "alice", crash_after: float = 300.0) -> None:
        self._resources = ExitStack()
        directory = Path(self._resources.enter_context(TemporaryDirectory(prefix="wandql-"))) / "data"
        shutil.copytree(_template(entity), directory)
        self._application = self._resources.enter_context(
            open_application(directory, api_key=make_key(), crash_after=crash_after, seed=0)
        )
        self.entity = self._application.entity
        self.api_key = self._application.api_key
        self.faults = self._application.faults = Faults()
        self._url: str | None = None

    @property
    def url(self) -> str:
        """Where it answers on a port of this machine, from the first time on that this is read."""
        if self._url is None:
            self._url = self._resources.enter_context(run_in_thread(self._application))
        return self._url

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What it was asked so far, by whomever, in order. What `add_run` and the like send does not count."""
        return self.faults.exchanges

    def api(self) -> Api:
        """Return a new `Api` on this server, without a network. Sends nothing.

        Example:
            >>> with Server() as server, server.api() as api:
            ...     api.viewer.username
            'alice'
        """
        return connect(self._application)

    def async_api(self) -> AsyncApi:
        """Return a new `AsyncApi` on this server, without a network. Sends nothing."""
        return async_connect(self._application)

    def environment(self) -> dict[str, str]:
        """Return the variables with which another program finds this server on its port, the official SDK among them.

        Example:
            >>> with Server() as server:
            ...     sorted(server.environment())
            ['WANDB_API_KEY', 'WANDB_BASE_URL', 'WANDB_ENTITY']
        """
        return {"WANDB_BASE_URL": self.url, "WANDB_API_KEY": self.api_key, "WANDB_ENTITY": self.entity}

    def add_run(
        self,
        project: str,
        run: str,
        *,
        name: str | None = None,
        state: Literal["running", "finished", "failed", "killed"] = "finished",
        config: Mapping[str, JSONValue] | None = None,
        summary: Mapping[str, JSONValue] | None = None,
        history: Sequence[Mapping[str, JSONValue]] = (),
        system: Sequence[Mapping[str, JSONValue]] = (),
        printed: Sequence[str] = (),
        files: Mapping[str, bytes] | None = None,
        tags: Sequence[str] = (),
        group: str | None = None,
        job_type: str | None = None,
        notes: str | None = None,
    ) -> str:
        """Log a run as a training script does. The project is made where it is missing.

        Args:
            project: The name of the project.
            run: The id of the run.
            name: The name that people read.
            state: How it stands. A running one is "crashed" when the server's `crash_after` is over.
            config: The config.
            summary: The summary, over the last row of the history.
            history: The rows of the history. `_step` counts them where they have none.
            system: The rows of the system metrics.
            printed: The lines that it printed.
            files: The contents of its files, by name.
            tags: The tags.
            group: The group.
            job_type: The type of its job.
            notes: The notes.

        Returns:
            Its path.
        """
        sample = SampleRun(
            project=project,
            id=run,
            name=name or run,
            state=state,
            config=config or {},
            summary=summary or {},
            history=history,
            system=system,
            printed=printed,
            files=files or {},
            tags=tags,
            group=group,
            job_type=job_type,
            notes=notes,
        )
        return send_run(self._application, sample)

    def add_runs(self, project: str, count: int, *, steps: int = 10, seed: int = 0) -> list[str]:
        """Log runs that look like a search for good hyperparameters. The same arguments make the same runs.

        Args:
            project: The name of the project.
            count: How many.
            steps: How many rows the history of each has.
            seed: What makes them different from others.

        Returns:
            Their paths, the oldest first.

        Example:
            >>> with Server() as server:
            ...     server.add_runs("mnist", 2)
            ...     [run.config["optimizer"] for run in server.api().runs("mnist")]
            ['alice/mnist/run-0000', 'alice/mnist/run-0001']
            ['adam', 'sgd']
        """
        samples = (vary_run(project, number, steps=steps, seed=seed) for number in range(count))
        return [send_run(self._application, sample) for sample in samples]

    def add_artifact(
        self,
        project: str,
        name: str,
        files: Mapping[str, bytes],
        *,
        type_name: str = "dataset",
        run: str | None = None,
        references: Mapping[str, str] | None = None,
        aliases: Sequence[str] = (),
        tags: Sequence[str] = (),
        metadata: Mapping[str, JSONValue] | None = None,
        description: str | None = None,
        used_by: Sequence[str] = (),
    ) -> str:
        """Log a version of an artifact as the official SDK does.

        The project and the collection are made where they are missing. The same contents once more are the same
        version, which gets the aliases too.

        Args:
            project: The name of the project.
            name: The name of the collection.
            files: The contents of its files, by path.
            type_name: The type of the artifact.
            run: The id of the run that logs it, which must be there.
            references: Where contents are that are stored elsewhere, by path: `{"images": "s3://bucket/images"}`.
            aliases: Its aliases besides `latest`.
            tags: Its tags.
            metadata: Its metadata.
            description: What it is about.
            used_by: The ids of the runs that use it, which must be there.

        Returns:
            Its path.

        Raises:
            UsageError: There is no such run, or a name cannot be one.

        Example:
            >>> with Server() as server:
            ...     server.add_artifact("mnist", "digits", {"labels.csv": b"0,7"}, aliases=["best"])
            ...     server.api().artifact("mnist/digits:best").files()[0].read()
            'alice/mnist/digits:v0'
            b'0,7'
        """
        sample = SampleArtifact(
            project=project,
            name=name,
            type_name=type_name,
            files=files,
            references=references or {},
            run=run,
            aliases=aliases,
            tags=tags,
            metadata=metadata or {},
            description=description,
            used_by=used_by,
        )
        return send_artifact(self._application, sample)

    def add_sweep(
        self,
        project: str,
        definition: Mapping[str, JSONValue],
        *,
        train: Train | None = None,
        limit: int | None = None,
        name: str | None = None,
        state: Literal["running", "paused", "finished", "canceled"] | None = None,
    ) -> str:
        """Make a sweep, and search it as an agent of the official SDK does. The project is made where it is missing.

        The same calls on a new server make the same ids, and try the same.

        Args:
            project: The name of the project.
            definition: The definition, as `wandb.sweep` takes it.
            train: What a run logs: the rows of its history, by its config. Without it nothing is run.
            limit: How many runs at most; as many as the search has where absent. A random search has no end of its own.
            name: The name that people read.
            state: How it stands afterwards, where it is not left as the search leaves it.

        Returns:
            Its path.

        Raises:
            UsageError: The server refuses the definition, or the search would never end.

        Example:
            >>> with Server() as server:
            ...     definition = {"method": "grid", "parameters": {"lr": {"values": [0.1, 0.2]}}}
            ...     path = server.add_sweep("mnist", definition, train=lambda config: [{"loss": config["lr"]}])
            ...     sweep = server.api().sweep(path)
            ...     sweep.state, [run.summary["loss"] for run in sweep.runs]
            ('FINISHED', [0.1, 0.2])
        """
        if train is not None and limit is None and definition.get("method") != "grid" and "run_cap" not in definition:
            raise UsageError("This search would never end.", hint="Say how many runs there shall be: limit=10.")
        sample = SampleSweep(project=project, definition=definition, name=name, train=train, limit=limit, state=state)
        return send_sweep(self._application, sample)

    def add_project(self, directory: str | PathLike[str], *, project: str | None = None) -> str:
        """Add a project that `wandql export` has written: a real one, as it was at that moment.

        Args:
            directory: The directory.
            project: The name of the project; the one that it had where absent.

        Returns:
            Its path: it belongs to the user of this server.

        Raises:
            InvalidExportError: The directory is not a whole export, or is damaged.
            LocalFileError: It cannot be read.
            UsageError: There is a project of this name already.
        """
        done = import_project(self._application.directory, Path(directory), entity=self.entity, project=project)
        return f"{done.entity}/{done.project}"

    def close(self) -> None:
        """Stop answering, and delete the store. Closing twice is fine."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.entity}>"


@cache
def _template(entity: str) -> Path:
    """Return an empty data directory, made once: copying it takes a third of the time of making it."""
    kept = TemporaryDirectory(prefix="wandql-template-")
    atexit.register(kept.cleanup)
    directory = Path(kept.name) / "data"
    open_application(directory, entity=entity).close()
    return directory
