# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.
"""One method for every operation of `queries/`, for the synchronous client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeVar

import pydantic

from wandql.graphql.generated import operations
from wandql.graphql.operation import Operation

if TYPE_CHECKING:
    from wandql.graphql.generated.create_project import CreateProject
    from wandql.graphql.generated.create_run_files import CreateRunFiles
    from wandql.graphql.generated.delete_files import DeleteFiles
    from wandql.graphql.generated.delete_run import DeleteRun
    from wandql.graphql.generated.get_project import GetProject
    from wandql.graphql.generated.get_projects import GetProjects
    from wandql.graphql.generated.get_run import GetRun
    from wandql.graphql.generated.get_run_count import GetRunCount
    from wandql.graphql.generated.get_run_events import GetRunEvents
    from wandql.graphql.generated.get_run_files import GetRunFiles
    from wandql.graphql.generated.get_run_history import GetRunHistory
    from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeys
    from wandql.graphql.generated.get_run_history_page import GetRunHistoryPage
    from wandql.graphql.generated.get_run_log_lines import GetRunLogLines
    from wandql.graphql.generated.get_run_log_tail import GetRunLogTail
    from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistory
    from wandql.graphql.generated.get_run_state import GetRunState
    from wandql.graphql.generated.get_runs import GetRuns
    from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
    from wandql.graphql.generated.get_server_features import GetServerFeatures
    from wandql.graphql.generated.get_users import GetUsers
    from wandql.graphql.generated.get_viewer import GetViewer
    from wandql.graphql.generated.mark_run_files_uploaded import MarkRunFilesUploaded
    from wandql.graphql.generated.stop_run import StopRun
    from wandql.graphql.generated.update_run_state import UpdateRunState
    from wandql.graphql.generated.upsert_run import UpsertRun
__all__ = ["ClientMethods"]
R = TypeVar("R", bound=pydantic.BaseModel)


class ClientMethods(ABC):
    """Every operation as a typed method: its variables in, its data out, one request each."""

    @abstractmethod
    def execute(self, operation: Operation[R]) -> R:
        """Send `operation` and return its data."""

    def create_project(self, *, entity: str, project: str, description: str | None = None) -> CreateProject:
        """Create a project, or update it if it exists.

        Sends one request.

        Args:
            entity:
            project:
            description:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_project(entity=entity, project=project, description=description))

    def create_run_files(self, *, entity: str, project: str, run: str, files: list[str]) -> CreateRunFiles:
        """Announce files of a run and learn where to upload each.

        Sends one request.

        Args:
            entity:
            project:
            run:
            files:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_run_files(entity=entity, project=project, run=run, files=files))

    def delete_files(self, *, files: list[str], project_id: int | None = None) -> DeleteFiles:
        """Delete files of a run.

        Sends one request.

        Args:
            files:
            project_id:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_files(files=files, project_id=project_id))

    def delete_run(self, *, storage_id: str, delete_artifacts: bool | None = False) -> DeleteRun:
        """Delete a run with its history and files, and on request the artifacts it logged.

        Sends one request.

        Args:
            storage_id:
            delete_artifacts:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_run(storage_id=storage_id, delete_artifacts=delete_artifacts))

    def get_project(self, *, entity: str, project: str) -> GetProject:
        """Fetch one project.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_project(entity=entity, project=project))

    def get_projects(self, *, entity: str, after: str | None = None, first: int | None = 50) -> GetProjects:
        """Fetch the projects of a user or team, page by page.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most projects to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_projects(entity=entity, after=after, first=first))

    def get_run(self, *, entity: str, project: str, run: str, with_history_keys: bool | None = True) -> GetRun:
        """Fetch one run.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            with_history_keys: Whether to fetch `historyKeys`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run(entity=entity, project=project, run=run, with_history_keys=with_history_keys)
        )

    def get_run_count(self, *, entity: str, project: str, filters: str | None = None) -> GetRunCount:
        """Fetch the number of runs of a project that match, and none of the runs.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            filters: A MongoDB-style query as JSON, as for `runs`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_count(entity=entity, project=project, filters=filters))

    def get_run_events(self, *, entity: str, project: str, run: str, samples: int | None = 500) -> GetRunEvents:
        """Fetch system metrics of a run over time, picked evenly, each row as JSON text.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            samples: The most rows to return, picked evenly over the whole run.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_events(entity=entity, project=project, run=run, samples=samples))

    def get_run_files(
        self,
        *,
        entity: str,
        project: str,
        run: str,
        names: list[str] | None = None,
        pattern: str | None = None,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetRunFiles:
        """Fetch the files of a run, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            names: Only files of exactly these names; all if absent or empty.
            pattern: Only files whose name matches this SQL LIKE pattern, for example `media/%.png`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most files to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_files(
                entity=entity, project=project, run=run, names=names, pattern=pattern, after=after, first=first
            )
        )

    def get_run_history(self, *, entity: str, project: str, run: str, samples: int | None = 500) -> GetRunHistory:
        """Fetch history rows of a run, picked evenly, each as JSON text.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            samples: The most rows to return; without a window they are picked evenly over the whole history.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_history(entity=entity, project=project, run=run, samples=samples))

    def get_run_history_keys(self, *, entity: str, project: str, run: str) -> GetRunHistoryKeys:
        """Fetch which keys a run's history holds, and its last step.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_history_keys(entity=entity, project=project, run=run))

    def get_run_history_page(
        self, *, entity: str, project: str, run: str, min_step: int, max_step: int, samples: int
    ) -> GetRunHistoryPage:
        """Fetch every history row of a window of steps, each as JSON text; `max_step` is exclusive.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            min_step: The first step of the window, inclusive.
            max_step: The end of the window, exclusive.
            samples: The most rows to return; without a window they are picked evenly over the whole history.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_history_page(
                entity=entity, project=project, run=run, min_step=min_step, max_step=max_step, samples=samples
            )
        )

    def get_run_log_lines(
        self, *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 1000
    ) -> GetRunLogLines:
        """Fetch what a run's program printed, page by page from the start.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most lines to return from the start, or behind `after`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_log_lines(entity=entity, project=project, run=run, after=after, first=first)
        )

    def get_run_log_tail(self, *, entity: str, project: str, run: str, last: int) -> GetRunLogTail:
        """Fetch the last lines a run's program printed.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            last: The most lines to return from the end; instead of `first`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_log_tail(entity=entity, project=project, run=run, last=last))

    def get_run_parquet_history(
        self, *, entity: str, project: str, run: str, live_keys: list[str]
    ) -> GetRunParquetHistory:
        """Fetch the URLs of a run's exported history, with the rows that are not exported yet.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            live_keys: The keys to return of the rows that are not exported yet.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_parquet_history(entity=entity, project=project, run=run, live_keys=live_keys)
        )

    def get_run_state(self, *, entity: str, project: str, run: str) -> GetRunState:
        """Fetch only where a run stands, to wait for its end.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_state(entity=entity, project=project, run=run))

    def get_runs(
        self,
        *,
        entity: str,
        project: str,
        filters: str | None = None,
        order: str | None = None,
        with_history_keys: bool | None = False,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetRuns:
        """Fetch the runs of a project that match, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            filters: A MongoDB-style query as JSON, as for `runs`.
            order: `+` or `-` and a field, for example `-summary_metrics.loss`; without a sign ascending.
            with_history_keys: Whether to fetch `historyKeys`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most runs to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_runs(
                entity=entity,
                project=project,
                filters=filters,
                order=order,
                with_history_keys=with_history_keys,
                after=after,
                first=first,
            )
        )

    def get_sampled_run_history(self, *, entity: str, project: str, run: str, specs: list[str]) -> GetSampledRunHistory:
        """Fetch rows that have all keys of a spec, sampled, one list per spec; a spec's `maxStep` is inclusive.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            specs: JSON objects such as `{"keys": ["_step", "loss"], "samples": 500}`, with `minStep` and
                `maxStep` if wanted. Trap: `maxStep` is inclusive here, and exclusive in `history`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_sampled_run_history(entity=entity, project=project, run=run, specs=specs))

    def get_server_features(self) -> GetServerFeatures:
        """Fetch the server's optional features; one that is not listed is off.

        Sends one request.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_server_features())

    def get_users(self, *, query: str) -> GetUsers:
        """Fetch the users whose username or email address matches.

        Sends one request.

        Args:
            query: A username or an email address. Matching is loose: check what comes back.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_users(query=query))

    def get_viewer(self) -> GetViewer:
        """Fetch the user whose API key signs the request.

        Sends one request.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_viewer())

    def mark_run_files_uploaded(self, *, entity: str, project: str, run: str, files: list[str]) -> MarkRunFilesUploaded:
        """Tell the server that announced files have arrived.

        Sends one request.

        Args:
            entity:
            project:
            run:
            files:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.mark_run_files_uploaded(entity=entity, project=project, run=run, files=files))

    def stop_run(self, *, storage_id: str) -> StopRun:
        """Ask the process behind a live run to stop.

        Sends one request.

        Args:
            storage_id:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.stop_run(storage_id=storage_id))

    def update_run_state(self, *, storage_id: str, state: str) -> UpdateRunState:
        """Set the state of a run that no process reports to.

        Sends one request.

        Args:
            storage_id:
            state:

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.update_run_state(storage_id=storage_id, state=state))

    def upsert_run(
        self,
        *,
        storage_id: str | None = None,
        entity: str | None = None,
        project: str | None = None,
        run: str | None = None,
        name: str | None = None,
        state: str | None = None,
        description: str | None = None,
        notes: str | None = None,
        tags: list[str] | None = None,
        group: str | None = None,
        job_type: str | None = None,
        config_json: str | None = None,
        summary_json: str | None = None,
        with_history_keys: bool | None = False,
    ) -> UpsertRun:
        """Create a run, or update the run of that storage id; what is absent or null stays as it is.

        Sends one request.

        Args:
            storage_id:
            entity:
            project:
            run:
            name:
            state:
            description:
            notes:
            tags:
            group:
            job_type:
            config_json:
            summary_json:
            with_history_keys: Whether to fetch `historyKeys`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.upsert_run(
                storage_id=storage_id,
                entity=entity,
                project=project,
                run=run,
                name=name,
                state=state,
                description=description,
                notes=notes,
                tags=tags,
                group=group,
                job_type=job_type,
                config_json=config_json,
                summary_json=summary_json,
                with_history_keys=with_history_keys,
            )
        )
