"""`Server`: an embedded server for one test."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from wandql.api.local import async_connect, connect
from wandql.graphql.scalars import JSONValue
from wandql.server import open_application, run_in_thread
from wandql.server.faults import Exchange, Faults
from wandql.server.people import make_key
from wandql.testing.runs import SampleRun, send_run, vary_run

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
