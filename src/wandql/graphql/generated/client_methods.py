# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.
"""One method for every operation of `queries/`, for the synchronous client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeVar

import pydantic

from wandql.graphql.generated import operations
from wandql.graphql.operation import Operation

if TYPE_CHECKING:
    from wandql.graphql.generated.add_aliases import AddAliases
    from wandql.graphql.generated.add_collection_tags import AddCollectionTags
    from wandql.graphql.generated.agent_heartbeat import AgentHeartbeat
    from wandql.graphql.generated.commit_artifact import CommitArtifact
    from wandql.graphql.generated.create_agent import CreateAgent
    from wandql.graphql.generated.create_artifact import CreateArtifact
    from wandql.graphql.generated.create_artifact_files import CreateArtifactFiles
    from wandql.graphql.generated.create_artifact_manifest import CreateArtifactManifest
    from wandql.graphql.generated.create_invite import CreateInvite
    from wandql.graphql.generated.create_project import CreateProject
    from wandql.graphql.generated.create_run_files import CreateRunFiles
    from wandql.graphql.generated.create_service_account import CreateServiceAccount
    from wandql.graphql.generated.create_team import CreateTeam
    from wandql.graphql.generated.create_user import CreateUser
    from wandql.graphql.generated.delete_aliases import DeleteAliases
    from wandql.graphql.generated.delete_api_key import DeleteApiKey
    from wandql.graphql.generated.delete_artifact import DeleteArtifact
    from wandql.graphql.generated.delete_collection_tags import DeleteCollectionTags
    from wandql.graphql.generated.delete_files import DeleteFiles
    from wandql.graphql.generated.delete_invite import DeleteInvite
    from wandql.graphql.generated.delete_portfolio import DeletePortfolio
    from wandql.graphql.generated.delete_report import DeleteReport
    from wandql.graphql.generated.delete_run import DeleteRun
    from wandql.graphql.generated.delete_sequence import DeleteSequence
    from wandql.graphql.generated.generate_api_key import GenerateApiKey
    from wandql.graphql.generated.get_agent_runs import GetAgentRuns
    from wandql.graphql.generated.get_artifact import GetArtifact
    from wandql.graphql.generated.get_artifact_by_id import GetArtifactByID
    from wandql.graphql.generated.get_artifact_created_by import GetArtifactCreatedBy
    from wandql.graphql.generated.get_artifact_file_urls import GetArtifactFileUrls
    from wandql.graphql.generated.get_artifact_file_urls_by_id import GetArtifactFileUrlsByID
    from wandql.graphql.generated.get_artifact_files import GetArtifactFiles
    from wandql.graphql.generated.get_artifact_manifest import GetArtifactManifest
    from wandql.graphql.generated.get_artifact_memberships import GetArtifactMemberships
    from wandql.graphql.generated.get_artifact_type import GetArtifactType
    from wandql.graphql.generated.get_artifact_types import GetArtifactTypes
    from wandql.graphql.generated.get_artifact_used_by import GetArtifactUsedBy
    from wandql.graphql.generated.get_artifact_versions import GetArtifactVersions
    from wandql.graphql.generated.get_client_artifact import GetClientArtifact
    from wandql.graphql.generated.get_collection import GetCollection
    from wandql.graphql.generated.get_collection_aliases import GetCollectionAliases
    from wandql.graphql.generated.get_collections import GetCollections
    from wandql.graphql.generated.get_entity_organizations import GetEntityOrganizations
    from wandql.graphql.generated.get_matching_sweeps import GetMatchingSweeps
    from wandql.graphql.generated.get_organization import GetOrganization
    from wandql.graphql.generated.get_project import GetProject
    from wandql.graphql.generated.get_project_collections import GetProjectCollections
    from wandql.graphql.generated.get_projects import GetProjects
    from wandql.graphql.generated.get_report import GetReport
    from wandql.graphql.generated.get_reports import GetReports
    from wandql.graphql.generated.get_run import GetRun
    from wandql.graphql.generated.get_run_count import GetRunCount
    from wandql.graphql.generated.get_run_events import GetRunEvents
    from wandql.graphql.generated.get_run_files import GetRunFiles
    from wandql.graphql.generated.get_run_history import GetRunHistory
    from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeys
    from wandql.graphql.generated.get_run_history_page import GetRunHistoryPage
    from wandql.graphql.generated.get_run_history_plan import GetRunHistoryPlan
    from wandql.graphql.generated.get_run_input_artifacts import GetRunInputArtifacts
    from wandql.graphql.generated.get_run_log_lines import GetRunLogLines
    from wandql.graphql.generated.get_run_log_tail import GetRunLogTail
    from wandql.graphql.generated.get_run_output_artifacts import GetRunOutputArtifacts
    from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistory
    from wandql.graphql.generated.get_run_state import GetRunState
    from wandql.graphql.generated.get_runs import GetRuns
    from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
    from wandql.graphql.generated.get_server_features import GetServerFeatures
    from wandql.graphql.generated.get_service_accounts import GetServiceAccounts
    from wandql.graphql.generated.get_sweep import GetSweep
    from wandql.graphql.generated.get_sweep_agent import GetSweepAgent
    from wandql.graphql.generated.get_sweep_agents import GetSweepAgents
    from wandql.graphql.generated.get_sweep_prior_runs import GetSweepPriorRuns
    from wandql.graphql.generated.get_sweeps import GetSweeps
    from wandql.graphql.generated.get_team import GetTeam
    from wandql.graphql.generated.get_users import GetUsers
    from wandql.graphql.generated.get_viewer import GetViewer
    from wandql.graphql.generated.input_types import (
        ArtifactAliasInput,
        ArtifactCollectionAliasInput,
        CreateArtifactFileSpecInput,
        TagInput,
    )
    from wandql.graphql.generated.link_artifact import LinkArtifact
    from wandql.graphql.generated.mark_run_files_uploaded import MarkRunFilesUploaded
    from wandql.graphql.generated.move_sequence import MoveSequence
    from wandql.graphql.generated.stop_run import StopRun
    from wandql.graphql.generated.unlink_artifact import UnlinkArtifact
    from wandql.graphql.generated.update_artifact import UpdateArtifact
    from wandql.graphql.generated.update_portfolio import UpdatePortfolio
    from wandql.graphql.generated.update_run_state import UpdateRunState
    from wandql.graphql.generated.update_sequence import UpdateSequence
    from wandql.graphql.generated.upsert_report import UpsertReport
    from wandql.graphql.generated.upsert_run import UpsertRun
    from wandql.graphql.generated.upsert_sweep import UpsertSweep
    from wandql.graphql.generated.use_artifact import UseArtifact
__all__ = ["ClientMethods"]
R = TypeVar("R", bound=pydantic.BaseModel)


class ClientMethods(ABC):
    """Every operation as a typed method: its variables in, its data out, one request each."""

    @abstractmethod
    def execute(self, operation: Operation[R]) -> R:
        """Send `operation` and return its data."""

    def add_aliases(self, *, id: str, aliases: list[ArtifactCollectionAliasInput]) -> AddAliases:
        """Give an artifact version aliases.

        Sends one request.

        Args:
            id: The version's opaque id.
            aliases: The aliases.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.add_aliases(id=id, aliases=aliases))

    def add_collection_tags(
        self, *, entity: str, project: str, collection: str, tags: list[TagInput]
    ) -> AddCollectionTags:
        """Give a collection tags.

        Sends one request.

        Args:
            entity: The owner: a username or a team name.
            project: The project's name.
            collection: The collection's name.
            tags: The tags, at most 20 in one request.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.add_collection_tags(entity=entity, project=project, collection=collection, tags=tags)
        )

    def agent_heartbeat(self, *, storage_id: str, runs_json: str | None = None) -> AgentHeartbeat:
        """Report which runs an agent is executing, and learn what it shall do next.

        Sends one request.

        Args:
            storage_id: The agent's opaque id.
            runs_json: The runs that the agent is executing: a JSON object of run id to true.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.agent_heartbeat(storage_id=storage_id, runs_json=runs_json))

    def commit_artifact(self, *, id: str) -> CommitArtifact:
        """Complete an artifact version whose files and manifest are uploaded.

        Sends one request.

        Args:
            id: The version's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.commit_artifact(id=id))

    def create_agent(self, *, entity: str, project: str, sweep: str, host: str) -> CreateAgent:
        """Register a process that will execute runs of a sweep.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id in its path.
            host: The name of the machine.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_agent(entity=entity, project=project, sweep=sweep, host=host))

    def create_artifact(
        self,
        *,
        entity: str,
        project: str,
        artifact_type: str,
        collections: list[str],
        digest: str,
        run: str | None = None,
        description: str | None = None,
        metadata_json: str | None = None,
        aliases: list[ArtifactAliasInput] | None = None,
        tags: list[TagInput] | None = None,
    ) -> CreateArtifact:
        """Record an artifact version as output of a run; content that is there already is found by its digest.

        Sends one request.

        Args:
            entity: The owner: a username or a team name.
            project: The project's name; created if it does not exist.
            artifact_type: The type's name; created if it does not exist.
            collections: The same as a list of one name, as some clients send it.
            digest: The hash of the manifest, hex.
            run: The id in its path of the run that logs the version; null if none does.
            description: What the version is about, in Markdown.
            metadata_json: The metadata, a JSON object.
            aliases: The aliases it shall have.
            tags: The tags it shall have.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.create_artifact(
                entity=entity,
                project=project,
                artifact_type=artifact_type,
                collections=collections,
                digest=digest,
                run=run,
                description=description,
                metadata_json=metadata_json,
                aliases=aliases,
                tags=tags,
            )
        )

    def create_artifact_files(self, *, files: list[CreateArtifactFileSpecInput]) -> CreateArtifactFiles:
        """Announce files of an artifact version and learn where to upload each; what is there already has no place.

        Sends one request.

        Args:
            files: The files. The payload lists them in the same order.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_artifact_files(files=files))

    def create_artifact_manifest(
        self, *, id: str, entity: str, project: str, run: str, name: str, digest: str
    ) -> CreateArtifactManifest:
        """Announce the manifest of an artifact version and learn where to upload it.

        Sends one request.

        Args:
            id: The version's opaque id.
            entity: The owner: a username or a team name.
            project: The project's name.
            run: The id in its path of the run that logs the version.
            name: The name of the manifest's file.
            digest: The MD5 of the manifest's file, base64; empty if it is not known yet.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.create_artifact_manifest(
                id=id, entity=entity, project=project, run=run, name=name, digest=digest
            )
        )

    def create_invite(
        self, *, team: str, email: str | None = None, username: str | None = None, admin: bool | None = False
    ) -> CreateInvite:
        """Add a user to a team, by email address or username.

        Sends one request.

        Args:
            team: The team's name.
            email: The email address; null where the username is given.
            username: The username; null where the email address is given.
            admin: Whether they administer the team.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_invite(team=team, email=email, username=username, admin=admin))

    def create_project(self, *, entity: str, project: str, description: str | None = None) -> CreateProject:
        """Create a project, or update it if it exists.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            description: What the project is about, in Markdown.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_project(entity=entity, project=project, description=description))

    def create_run_files(self, *, entity: str, project: str, run: str, files: list[str]) -> CreateRunFiles:
        """Announce files of a run and learn where to upload each.

        Sends one request.

        Args:
            entity: The owner: a username or a team name.
            project: The project's name.
            run: The run's id in its path.
            files: The paths within the run, with forward slashes.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_run_files(entity=entity, project=project, run=run, files=files))

    def create_service_account(self, *, team: str, description: str) -> CreateServiceAccount:
        """Make an account for a program, which belongs to a team. The name of its key may be the secret, this once.

        Sends one request.

        Args:
            team: The team's name.
            description: What the account is for. It is its full name, too.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_service_account(team=team, description=description))

    def create_team(self, *, team: str, admin: str | None = None) -> CreateTeam:
        """Create a team.

        Sends one request.

        Args:
            team: The team's name.
            admin: Who administers it; the viewer if absent.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_team(team=team, admin=admin))

    def create_user(self, *, email: str, admin: bool | None = False) -> CreateUser:
        """Create a user, whom the server invites by email.

        Sends one request.

        Args:
            email: The email address, where the invitation goes.
            admin: Whether the user administers the whole server.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.create_user(email=email, admin=admin))

    def delete_aliases(self, *, id: str, aliases: list[ArtifactCollectionAliasInput]) -> DeleteAliases:
        """Take aliases from an artifact version.

        Sends one request.

        Args:
            id: The version's opaque id.
            aliases: The aliases.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_aliases(id=id, aliases=aliases))

    def delete_api_key(self, *, id: str) -> DeleteApiKey:
        """Delete an API key of the user whose key signs the request.

        Sends one request.

        Args:
            id: The key's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_api_key(id=id))

    def delete_artifact(self, *, id: str, delete_aliases: bool | None = False) -> DeleteArtifact:
        """Delete an artifact version.

        Sends one request.

        Args:
            id: The version's opaque id.
            delete_aliases: Whether to delete it although it has aliases; otherwise that is an error.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_artifact(id=id, delete_aliases=delete_aliases))

    def delete_collection_tags(
        self, *, entity: str, project: str, collection: str, tags: list[TagInput]
    ) -> DeleteCollectionTags:
        """Take tags from a collection.

        Sends one request.

        Args:
            entity: The owner: a username or a team name.
            project: The project's name.
            collection: The collection's name.
            tags: The tags, at most 20 in one request.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.delete_collection_tags(entity=entity, project=project, collection=collection, tags=tags)
        )

    def delete_files(self, *, files: list[str], project_id: int | None = None) -> DeleteFiles:
        """Delete files of a run.

        Sends one request.

        Args:
            files: The files' opaque ids.
            project_id: The number of their project, `Run.projectId`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_files(files=files, project_id=project_id))

    def delete_invite(self, *, id: str, team: str) -> DeleteInvite:
        """Take a member out of a team.

        Sends one request.

        Args:
            id: The opaque id of the membership.
            team: The team's name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_invite(id=id, team=team))

    def delete_portfolio(self, *, id: str) -> DeletePortfolio:
        """Delete a portfolio; the versions in it stay where they come from.

        Sends one request.

        Args:
            id: The portfolio's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_portfolio(id=id))

    def delete_report(self, *, id: str) -> DeleteReport:
        """Delete a report.

        Sends one request.

        Args:
            id: The report's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_report(id=id))

    def delete_run(self, *, storage_id: str, delete_artifacts: bool | None = False) -> DeleteRun:
        """Delete a run with its history and files, and on request the artifacts it logged.

        Sends one request.

        Args:
            storage_id: The run's opaque id.
            delete_artifacts: Whether to delete the artifacts the run has logged, too.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_run(storage_id=storage_id, delete_artifacts=delete_artifacts))

    def delete_sequence(self, *, id: str) -> DeleteSequence:
        """Delete a sequence with all its versions.

        Sends one request.

        Args:
            id: The sequence's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.delete_sequence(id=id))

    def generate_api_key(self, *, description: str | None = None) -> GenerateApiKey:
        """Make an API key for the user whose key signs the request. Its name is the secret, this once.

        Sends one request.

        Args:
            description: What the key is for.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.generate_api_key(description=description))

    def get_agent_runs(
        self,
        *,
        entity: str,
        project: str,
        sweep: str,
        agent: str,
        order: str | None = None,
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = False,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetAgentRuns:
        """Fetch the runs that an agent of a sweep has executed, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id, the last part of its URL; not its display name.
            agent: The agent's `name`, not its opaque id.
            order: `+` or `-` and a field, for example `-created_at`.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
            with_history_keys: Whether to fetch `historyKeys`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most runs to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_agent_runs(
                entity=entity,
                project=project,
                sweep=sweep,
                agent=agent,
                order=order,
                config_keys=config_keys,
                summary_keys=summary_keys,
                with_history_keys=with_history_keys,
                after=after,
                first=first,
            )
        )

    def get_artifact(self, *, entity: str, project: str, artifact: str) -> GetArtifact:
        """Fetch one artifact version by its name in a project, as `collection:alias`.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            artifact: Its name in the project: `collection:alias` or `collection:v3`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact(entity=entity, project=project, artifact=artifact))

    def get_artifact_by_id(self, *, id: str) -> GetArtifactByID:
        """Fetch one artifact version by its opaque id.

        Sends one request.

        Args:
            id: The version's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_by_id(id=id))

    def get_artifact_created_by(
        self,
        *,
        id: str,
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = False,
    ) -> GetArtifactCreatedBy:
        """Fetch the run that has logged an artifact version; of a version that a user uploaded, only the kind of its

        maker.

        Sends one request.

        Args:
            id: The version's opaque id.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
            with_history_keys: Whether to fetch `historyKeys`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_artifact_created_by(
                id=id, config_keys=config_keys, summary_keys=summary_keys, with_history_keys=with_history_keys
            )
        )

    def get_artifact_file_urls(
        self,
        *,
        entity: str,
        project: str,
        collection: str,
        version: str,
        names: list[str] | None = None,
        after: str | None = None,
        first: int | None = 5000,
    ) -> GetArtifactFileUrls:
        """Fetch where to download the files of an artifact version, page by page.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            collection: The collection's name.
            version: An alias or a version number as `v3`.
            names: Only files of exactly these names; all if absent or empty.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most files to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_artifact_file_urls(
                entity=entity,
                project=project,
                collection=collection,
                version=version,
                names=names,
                after=after,
                first=first,
            )
        )

    def get_artifact_file_urls_by_id(self, *, id: str, names: list[str], first: int) -> GetArtifactFileUrlsByID:
        """Fetch where to download some files of an artifact version, known by its opaque id.

        Sends one request.

        Args:
            id: The version's opaque id.
            names: Only files of exactly these names; all if absent or empty.
            first: The most files to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_file_urls_by_id(id=id, names=names, first=first))

    def get_artifact_files(
        self,
        *,
        entity: str,
        project: str,
        collection: str,
        version: str,
        names: list[str] | None = None,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetArtifactFiles:
        """Fetch the files of an artifact version, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            collection: The collection's name.
            version: An alias or a version number as `v3`.
            names: Only files of exactly these names; all if absent or empty.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most files to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_artifact_files(
                entity=entity,
                project=project,
                collection=collection,
                version=version,
                names=names,
                after=after,
                first=first,
            )
        )

    def get_artifact_manifest(self, *, id: str) -> GetArtifactManifest:
        """Fetch where to download the manifest of an artifact version.

        Sends one request.

        Args:
            id: The version's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_manifest(id=id))

    def get_artifact_memberships(self, *, id: str) -> GetArtifactMemberships:
        """Fetch the collections that an artifact version is part of: its source and its links.

        Sends one request.

        Args:
            id: The version's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_memberships(id=id))

    def get_artifact_type(self, *, entity: str, project: str, artifact_type: str) -> GetArtifactType:
        """Fetch one type of artifacts.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            artifact_type: The type's name, for example `dataset`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_type(entity=entity, project=project, artifact_type=artifact_type))

    def get_artifact_types(
        self, *, entity: str, project: str, after: str | None = None, first: int | None = 50
    ) -> GetArtifactTypes:
        """Fetch the types of artifacts in a project, page by page.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most types to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_artifact_types(entity=entity, project=project, after=after, first=first))

    def get_artifact_used_by(
        self,
        *,
        id: str,
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = False,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetArtifactUsedBy:
        """Fetch the runs that have used an artifact version, page by page.

        Sends one request.

        Args:
            id: The version's opaque id.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
            with_history_keys: Whether to fetch `historyKeys`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most runs to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_artifact_used_by(
                id=id,
                config_keys=config_keys,
                summary_keys=summary_keys,
                with_history_keys=with_history_keys,
                after=after,
                first=first,
            )
        )

    def get_artifact_versions(
        self,
        *,
        entity: str,
        project: str,
        artifact_type: str,
        collection: str,
        filters: str | None = None,
        order: str | None = None,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetArtifactVersions:
        """Fetch the versions of a collection that match, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            artifact_type: The type's name, for example `dataset`.
            collection: The collection's name.
            filters: A MongoDB-style query as JSON, for example `{"state": "COMMITTED"}`.
            order: `+` or `-` and a field, for example `-created_at`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most versions to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_artifact_versions(
                entity=entity,
                project=project,
                artifact_type=artifact_type,
                collection=collection,
                filters=filters,
                order=order,
                after=after,
                first=first,
            )
        )

    def get_client_artifact(self, *, client_id: str) -> GetClientArtifact:
        """Fetch the opaque id of an artifact version that a client named before it was uploaded.

        Sends one request.

        Args:
            client_id: The name the client made up, as in `wandb-client-artifact://<id>/...`; for a sequence,
                with an alias behind it.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_client_artifact(client_id=client_id))

    def get_collection(self, *, entity: str, project: str, artifact_type: str, collection: str) -> GetCollection:
        """Fetch one collection of artifact versions.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            artifact_type: The type's name, for example `dataset`.
            collection: The collection's name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_collection(
                entity=entity, project=project, artifact_type=artifact_type, collection=collection
            )
        )

    def get_collection_aliases(
        self, *, id: str, after: str | None = None, first: int | None = 1000
    ) -> GetCollectionAliases:
        """Fetch all aliases of a collection's versions, page by page.

        Sends one request.

        Args:
            id: The collection's opaque id.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most aliases to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_collection_aliases(id=id, after=after, first=first))

    def get_collections(
        self,
        *,
        entity: str,
        project: str,
        artifact_type: str,
        filters: str | None = None,
        order: str | None = None,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetCollections:
        """Fetch the collections of one type of artifacts, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            artifact_type: The type's name, for example `dataset`.
            filters: A MongoDB-style query as JSON.
            order: `+` or `-` and a field, for example `-created_at`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most collections to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_collections(
                entity=entity,
                project=project,
                artifact_type=artifact_type,
                filters=filters,
                order=order,
                after=after,
                first=first,
            )
        )

    def get_entity_organizations(self, *, entity: str) -> GetEntityOrganizations:
        """Fetch the organization that a team belongs to, and those that the user of a user's own entity belongs to.

        Sends one request.

        Args:
            entity: Username or team name; the viewer's default entity if absent.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_entity_organizations(entity=entity))

    def get_matching_sweeps(
        self, *, entity: str, project: str, filters: str, after: str | None = None, first: int | None = 50
    ) -> GetMatchingSweeps:
        """Fetch the sweeps of a project that match, page by page; the server must have `SWEEPS_QUERY_FILTERING`.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            filters: A MongoDB-style query as JSON. Servers without the feature `SWEEPS_QUERY_FILTERING` refuse
                it.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most sweeps to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_matching_sweeps(entity=entity, project=project, filters=filters, after=after, first=first)
        )

    def get_organization(self, *, organization: str) -> GetOrganization:
        """Fetch an organization and the entity that owns its registry.

        Sends one request.

        Args:
            organization: The organization's name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_organization(organization=organization))

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

    def get_project_collections(
        self,
        *,
        entity: str,
        project: str,
        filters: str | None = None,
        order: str | None = None,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetProjectCollections:
        """Fetch the collections of all types of artifacts, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            filters: A MongoDB-style query as JSON.
            order: `+` or `-` and a field, for example `-created_at`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most collections to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_project_collections(
                entity=entity, project=project, filters=filters, order=order, after=after, first=first
            )
        )

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

    def get_report(self, *, id: str) -> GetReport:
        """Fetch one report and where it belongs.

        Sends one request.

        Args:
            id: The report's opaque id: the end of its URL behind `--`, padded with `=` to a multiple of four.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_report(id=id))

    def get_reports(
        self, *, entity: str, project: str, name: str | None = None, after: str | None = None, first: int | None = 50
    ) -> GetReports:
        """Fetch the reports of a project, page by page, on request only those of one name.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            name: Only views of exactly this name; all if absent. It is the view's `name`, not its title.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most views to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_reports(entity=entity, project=project, name=name, after=after, first=first))

    def get_run(
        self,
        *,
        entity: str,
        project: str,
        run: str,
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = True,
    ) -> GetRun:
        """Fetch one run.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
            with_history_keys: Whether to fetch `historyKeys`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run(
                entity=entity,
                project=project,
                run=run,
                config_keys=config_keys,
                summary_keys=summary_keys,
                with_history_keys=with_history_keys,
            )
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
        """Fetch how many rows a run's history has, which keys they hold, and the last step.

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

    def get_run_history_plan(self, *, entity: str, project: str, run: str) -> GetRunHistoryPlan:
        """Fetch what a scan begins with: how many rows there are, which keys they hold, the last step, and the exported

        files.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_run_history_plan(entity=entity, project=project, run=run))

    def get_run_input_artifacts(
        self, *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 50
    ) -> GetRunInputArtifacts:
        """Fetch the artifact versions that a run has used, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most versions to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_input_artifacts(entity=entity, project=project, run=run, after=after, first=first)
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

    def get_run_output_artifacts(
        self, *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 50
    ) -> GetRunOutputArtifacts:
        """Fetch the artifact versions that a run has logged, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            run: The run's id, the last part of its URL; not its display name.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most versions to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_run_output_artifacts(entity=entity, project=project, run=run, after=after, first=first)
        )

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
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
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
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
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
                config_keys=config_keys,
                summary_keys=summary_keys,
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

    def get_service_accounts(self, *, team: str) -> GetServiceAccounts:
        """Fetch the members of a team, with the API keys of those that are programs: secrets, for who administers the

        team.

        Sends one request.

        Args:
            team: Username or team name; the viewer's default entity if absent.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_service_accounts(team=team))

    def get_sweep(self, *, entity: str, project: str, sweep: str) -> GetSweep:
        """Fetch one sweep, without its runs.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id, the last part of its URL; not its display name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_sweep(entity=entity, project=project, sweep=sweep))

    def get_sweep_agent(self, *, entity: str, project: str, sweep: str, agent: str) -> GetSweepAgent:
        """Fetch one agent of a sweep.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id, the last part of its URL; not its display name.
            agent: The agent's `name`, not its opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_sweep_agent(entity=entity, project=project, sweep=sweep, agent=agent))

    def get_sweep_agents(self, *, entity: str, project: str, sweep: str) -> GetSweepAgents:
        """Fetch all agents of a sweep.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id, the last part of its URL; not its display name.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_sweep_agents(entity=entity, project=project, sweep=sweep))

    def get_sweep_prior_runs(
        self,
        *,
        entity: str,
        project: str,
        sweep: str,
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = False,
        after: str | None = None,
        first: int | None = 50,
    ) -> GetSweepPriorRuns:
        """Fetch the runs from before a sweep that count in its search, page by page.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            sweep: The sweep's id, the last part of its URL; not its display name.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
            with_history_keys: Whether to fetch `historyKeys`.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most runs to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.get_sweep_prior_runs(
                entity=entity,
                project=project,
                sweep=sweep,
                config_keys=config_keys,
                summary_keys=summary_keys,
                with_history_keys=with_history_keys,
                after=after,
                first=first,
            )
        )

    def get_sweeps(self, *, entity: str, project: str, after: str | None = None, first: int | None = 50) -> GetSweeps:
        """Fetch the sweeps of a project, page by page, and their number.

        Sends one request.

        Args:
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
            first: The most sweeps to return on this page.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_sweeps(entity=entity, project=project, after=after, first=first))

    def get_team(self, *, team: str) -> GetTeam:
        """Fetch a team with its members.

        Sends one request.

        Args:
            team: Username or team name; the viewer's default entity if absent.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.get_team(team=team))

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

    def link_artifact(
        self, *, id: str, entity: str, project: str, portfolio: str, aliases: list[ArtifactAliasInput] | None = None
    ) -> LinkArtifact:
        """Link an artifact version into a portfolio, which is created if it does not exist.

        Sends one request.

        Args:
            id: The version's opaque id.
            entity: The owner of the portfolio's project.
            project: The name of the portfolio's project.
            portfolio: The portfolio's name.
            aliases: The aliases the version shall have there.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.link_artifact(id=id, entity=entity, project=project, portfolio=portfolio, aliases=aliases)
        )

    def mark_run_files_uploaded(self, *, entity: str, project: str, run: str, files: list[str]) -> MarkRunFilesUploaded:
        """Tell the server that announced files have arrived.

        Sends one request.

        Args:
            entity: The owner: a username or a team name.
            project: The project's name.
            run: The run's id in its path.
            files: The paths within the run, as announced.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.mark_run_files_uploaded(entity=entity, project=project, run=run, files=files))

    def move_sequence(self, *, id: str, artifact_type: str) -> MoveSequence:
        """Move a sequence with all its versions to another type.

        Sends one request.

        Args:
            id: The sequence's opaque id.
            artifact_type: The name of the type; created if it does not exist.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.move_sequence(id=id, artifact_type=artifact_type))

    def stop_run(self, *, storage_id: str) -> StopRun:
        """Ask the process behind a live run to stop.

        Sends one request.

        Args:
            storage_id: The run's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.stop_run(storage_id=storage_id))

    def unlink_artifact(self, *, id: str, portfolio_id: str) -> UnlinkArtifact:
        """Take an artifact version out of a portfolio.

        Sends one request.

        Args:
            id: The version's opaque id.
            portfolio_id: The portfolio's opaque id.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.unlink_artifact(id=id, portfolio_id=portfolio_id))

    def update_artifact(
        self,
        *,
        id: str,
        description: str | None = None,
        metadata_json: str | None = None,
        ttl_duration_seconds: int | None = None,
        tags_to_add: list[TagInput] | None = None,
        tags_to_delete: list[TagInput] | None = None,
    ) -> UpdateArtifact:
        """Change the description, metadata, lifetime or tags of an artifact version; what is absent or null stays as it

        is.

        Sends one request.

        Args:
            id: The version's opaque id.
            description: What the version is about, in Markdown.
            metadata_json: The whole metadata, a JSON object: it replaces the former one.
            ttl_duration_seconds: How long it shall live, in seconds from its creation; -1 to inherit, -2 for
                ever.
            tags_to_add: Tags to give.
            tags_to_delete: Tags to take.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.update_artifact(
                id=id,
                description=description,
                metadata_json=metadata_json,
                ttl_duration_seconds=ttl_duration_seconds,
                tags_to_add=tags_to_add,
                tags_to_delete=tags_to_delete,
            )
        )

    def update_portfolio(self, *, id: str, name: str | None = None, description: str | None = None) -> UpdatePortfolio:
        """Change the name or description of a portfolio.

        Sends one request.

        Args:
            id: The portfolio's opaque id.
            name: The new name.
            description: What the portfolio is about, in Markdown.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.update_portfolio(id=id, name=name, description=description))

    def update_run_state(self, *, storage_id: str, state: str) -> UpdateRunState:
        """Set the state of a run that no process reports to.

        Sends one request.

        Args:
            storage_id: The run's opaque id.
            state: The new state: `pending` or `failed`. The server refuses other changes.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.update_run_state(storage_id=storage_id, state=state))

    def update_sequence(self, *, id: str, name: str | None = None, description: str | None = None) -> UpdateSequence:
        """Change the name or description of a sequence.

        Sends one request.

        Args:
            id: The sequence's opaque id.
            name: The new name.
            description: What the sequence is about, in Markdown.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(operations.update_sequence(id=id, name=name, description=description))

    def upsert_report(
        self,
        *,
        id: str | None = None,
        entity: str | None = None,
        project: str | None = None,
        type: str | None = "runs",
        name: str | None = None,
        display_name: str | None = None,
        description: str | None = None,
        spec_json: str | None = None,
    ) -> UpsertReport:
        """Create a report, or change the one of that id; what is absent or null stays as it is.

        Sends one request.

        Args:
            id: The report's opaque id; null to create one.
            entity: The owner of its project: a username or a team name.
            project: The name of its project.
            type: The kind of view: `runs` for reports.
            name: The internal name, by which `allViews` finds it; not the title.
            display_name: The title.
            description: The subtitle.
            spec_json: What the report contains, as JSON: blocks, panels and the sets of runs they show.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.upsert_report(
                id=id,
                entity=entity,
                project=project,
                type=type,
                name=name,
                display_name=display_name,
                description=description,
                spec_json=spec_json,
            )
        )

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
        config_keys: list[str] | None = None,
        summary_keys: list[str] | None = None,
        with_history_keys: bool | None = False,
    ) -> UpsertRun:
        """Create a run, or update the run of that storage id; what is absent or null stays as it is.

        Sends one request.

        Args:
            storage_id: The opaque id of an existing run; instead of the names.
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name; created if it does not exist.
            run: The run's id in its path; a new run is created under it.
            name: The name people read.
            state: The state to begin in: `running` or `pending`.
            description: An older free text about the run.
            notes: What the run is about, in Markdown.
            tags: All labels: they replace the former ones.
            group: The name under which related runs are grouped.
            job_type: The role within the group, for example `train` or `eval`.
            config_json: The whole config as JSON, each key as `{"value": ...}`: it replaces the former one.
            summary_json: The whole summary as JSON: it replaces the former one.
            config_keys: Only these top-level keys; all if absent.
            summary_keys: Only these top-level keys; all if absent.
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
                config_keys=config_keys,
                summary_keys=summary_keys,
                with_history_keys=with_history_keys,
            )
        )

    def upsert_sweep(
        self,
        *,
        storage_id: str | None = None,
        entity: str | None = None,
        project: str | None = None,
        config_yaml: str | None = None,
        name: str | None = None,
        description: str | None = None,
        state: str | None = None,
    ) -> UpsertSweep:
        """Create a sweep, or change the one of this id; what is absent or null stays as it is.

        Sends one request.

        Args:
            storage_id: The opaque id of an existing sweep; null or absent to create one.
            entity: The owner: a username or a team name; the viewer's default entity if absent.
            project: The project's name.
            config_yaml: The definition of the sweep, as YAML text.
            name: The name people read.
            description: What the sweep is about.
            state: The state to move to: `RUNNING`, `PAUSED`, `FINISHED` or `CANCELED`.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.upsert_sweep(
                storage_id=storage_id,
                entity=entity,
                project=project,
                config_yaml=config_yaml,
                name=name,
                description=description,
                state=state,
            )
        )

    def use_artifact(
        self,
        *,
        id: str,
        entity: str,
        project: str,
        run: str,
        used_as: str | None = None,
        artifact_entity: str | None = None,
        artifact_project: str | None = None,
    ) -> UseArtifact:
        """Record that a run uses an artifact version as input.

        Sends one request.

        Args:
            id: The version's opaque id.
            entity: The owner of the run's project: a username or a team name.
            project: The name of the run's project.
            run: The run's id in its path.
            used_as: The role the version plays in the run; null for none.
            artifact_entity: The owner of the collection under which the version was asked for.
            artifact_project: The project of the collection under which the version was asked for.

        Raises:
            RequestError: The request failed; see `wandql.errors` for the reasons, a class each.
        """
        return self.execute(
            operations.use_artifact(
                id=id,
                entity=entity,
                project=project,
                run=run,
                used_as=used_as,
                artifact_entity=artifact_entity,
                artifact_project=artifact_project,
            )
        )
