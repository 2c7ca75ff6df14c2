# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `LinkArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import MembershipFields


class LinkArtifact(BaseModel):
    """The data of `LinkArtifact`."""

    link_artifact: LinkArtifactLinkArtifact | None
    """Puts an artifact version into a portfolio, which is created if it does not exist."""


class LinkArtifactLinkArtifact(BaseModel):
    """The version as part of the portfolio after `linkArtifact`."""

    version_index: int | None
    """The number in `vN` within the portfolio."""
    artifact_membership: LinkArtifactLinkArtifactArtifactMembership | None
    """The version as part of the portfolio."""


LinkArtifactLinkArtifactArtifactMembership = MembershipFields
LinkArtifactReply = Reply[LinkArtifact]
