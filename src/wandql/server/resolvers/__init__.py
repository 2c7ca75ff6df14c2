"""What answers the schema's fields, by noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wandql.server.artifacts.parts import Part, PartialUpload
from wandql.server.artifacts.records import (
    AliasRecord,
    ArtifactRecord,
    ArtifactTypeRecord,
    CollectionRecord,
    ManifestRecord,
    MembershipRecord,
    TagRecord,
)
from wandql.server.artifacts.registries import ProjectMemberRecord, ProjectTeamRecord, Role
from wandql.server.bindings import Records, Unserved
from wandql.server.guards import GUARDS
from wandql.server.launch.automations import (
    AriaAction,
    AutomationRecord,
    Condition,
    NoAction,
    QueueAction,
    WebhookAction,
    WebhookRecord,
)
from wandql.server.launch.records import (
    LaunchAgentRecord,
    ResourceConfigRecord,
    RunQueueItemRecord,
    RunQueueRecord,
    TemplateVariable,
)
from wandql.server.records import (
    ApiKeyRecord,
    CustomChartRecord,
    EntityRecord,
    FileRecord,
    InviteRecord,
    LogLineRecord,
    MemberRecord,
    OrganizationRecord,
    ParquetHistoryRecord,
    ProjectRecord,
    RunRecord,
    UserRecord,
    ViewRecord,
)
from wandql.server.resolvers import (
    artifact_changes,
    artifact_files,
    artifact_uploads,
    artifacts,
    automations,
    charts,
    collections,
    files,
    history,
    info,
    launch,
    launch_items,
    organizations,
    people,
    projects,
    registries,
    reports,
    run_info,
    runs,
    sweeps,
    users,
)
from wandql.server.scalars import SCALARS
from wandql.server.sweeps.records import AgentRecord, SweepRecord

if TYPE_CHECKING:
    from ariadne import SchemaBindable

__all__ = ["BINDABLES"]

RECORDS: Final[dict[str, type]] = {
    "ARIATriggeredAction": AriaAction,
    "FilterEventTriggeringCondition": Condition,
    "GenericWebhookIntegration": WebhookRecord,
    "GenericWebhookTriggeredAction": WebhookAction,
    "NoOpTriggeredAction": NoAction,
    "QueueJobTriggeredAction": QueueAction,
    "Trigger": AutomationRecord,
    "AdvancedRegistryFeatures": organizations.AdvancedRegistryFeatures,
    "Agent": AgentRecord,
    "ApiKey": ApiKeyRecord,
    "Artifact": ArtifactRecord,
    "ArtifactAlias": AliasRecord,
    "ArtifactCollectionMembership": MembershipRecord,
    "ArtifactManifest": ManifestRecord,
    "ArtifactPortfolio": CollectionRecord,
    "ArtifactSequence": CollectionRecord,
    "ArtifactType": ArtifactTypeRecord,
    "ClientIDMapping": artifacts.ClientID,
    "CustomChart": CustomChartRecord,
    "DefaultResourceConfig": ResourceConfigRecord,
    "Entity": EntityRecord,
    "File": FileRecord,
    "LaunchAgent": LaunchAgentRecord,
    "LogLine": LogLineRecord,
    "Member": MemberRecord,
    "Organization": OrganizationRecord,
    "ParquetHistory": ParquetHistoryRecord,
    "Project": ProjectRecord,
    "ProjectMember": ProjectMemberRecord,
    "ProjectTeamMember": ProjectTeamRecord,
    "Role": Role,
    "Run": RunRecord,
    "RunQueue": RunQueueRecord,
    "RunQueueItem": RunQueueItemRecord,
    "Invite": InviteRecord,
    "GitInfo": run_info.GitInfo,
    "RunInfo": run_info.RunInfo,
    "ServerFeature": info.ServerFeature,
    "ServerInfo": info.ServerInfo,
    "ServerSettings": info.ServerSettings,
    "Sweep": SweepRecord,
    "Tag": TagRecord,
    "TemplateVariable": TemplateVariable,
    "UploadMultipartUrls": PartialUpload,
    "UploadUrlPart": Part,
    "User": UserRecord,
    "View": ViewRecord,
}

BINDABLES: Final[list[SchemaBindable]] = [
    *SCALARS,
    *info.BINDABLES,
    *users.BINDABLES,
    *people.BINDABLES,
    *organizations.BINDABLES,
    *projects.BINDABLES,
    *registries.BINDABLES,
    *charts.BINDABLES,
    *reports.BINDABLES,
    *runs.BINDABLES,
    *run_info.BINDABLES,
    *history.BINDABLES,
    *files.BINDABLES,
    *artifacts.BINDABLES,
    *artifact_files.BINDABLES,
    *artifact_uploads.BINDABLES,
    *artifact_changes.BINDABLES,
    *collections.BINDABLES,
    *sweeps.BINDABLES,
    *launch.BINDABLES,
    *launch_items.BINDABLES,
    *automations.BINDABLES,
    Records(RECORDS),
    Unserved(),
    *GUARDS,
]
