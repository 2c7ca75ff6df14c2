"""What users, teams and their members say of themselves: pure views of their fields."""

from __future__ import annotations

from wandql.api.records import Record, read_object
from wandql.graphql.generated.fragments import (
    AccountFields,
    AccountFieldsApiKeyPage,
    AccountFieldsTeamPage,
    MemberFields,
    TeamFields,
)
from wandql.graphql.scalars import JSONObject

__all__ = ["MemberView", "TeamView", "UserView"]


class UserView(Record, AccountFields):
    """One user."""

    @property
    def identity(self) -> str:
        """The user's opaque id."""
        return self.id

    @property
    def teams(self) -> list[str]:
        """The names of the teams that the user belongs to."""
        return _names(self.team_page)

    @property
    def api_keys(self) -> list[str]:
        """The names (never the secrets) of the user's API keys; empty for anyone but the user and administrators."""
        return _names(self.api_key_page)

    @property
    def flags(self) -> JSONObject:
        """The switches of the account."""
        return read_object(self.flags_json, what=f"flags of the user {self.username}")

    def __repr__(self) -> str:
        return f"<User {self.username}>"

    def _id_of_key(self, name: str) -> str | None:
        keys = [edge.node for edge in self.api_key_page.edges if edge.node] if self.api_key_page else []
        return next((key.id for key in keys if key.name == name), None)


class MemberView(Record, MemberFields):
    """One member of a team."""

    team: str
    """The name of the team."""

    @property
    def identity(self) -> str:
        """The opaque id of the membership."""
        return self.id or f"{self.team}/{self.username or self.name}"

    def __repr__(self) -> str:
        return f"<Member {self.username or self.name} of {self.team} ({self.role or self.account_type})>"


class TeamView(Record, TeamFields):
    """One team, or the entity of a user."""

    @property
    def identity(self) -> str:
        """The team's opaque id."""
        return self.id

    def __repr__(self) -> str:
        return f"<Team {self.name}>"


# Pydantic looks here for these two types, too: the fields that the user inherits are of them.
def _names(page: AccountFieldsTeamPage | AccountFieldsApiKeyPage | None) -> list[str]:
    return [edge.node.name for edge in page.edges if edge.node] if page else []
