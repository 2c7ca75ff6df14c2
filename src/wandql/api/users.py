"""Users."""

from __future__ import annotations

from wandql.api.records import Record, read_object
from wandql.graphql.generated.fragments import AccountFields, AccountFieldsApiKeyPage, AccountFieldsTeamPage
from wandql.graphql.scalars import JSONObject

__all__ = ["User"]


class User(Record, AccountFields):
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

    @classmethod
    def of(cls, fields: AccountFields) -> User:
        """Make a user of what the server sent."""
        return cls._extend(fields, {})

    def __repr__(self) -> str:
        return f"<User {self.username}>"


# Pydantic looks here for these two types, too: the fields that the user inherits are of them.
def _names(page: AccountFieldsTeamPage | AccountFieldsApiKeyPage | None) -> list[str]:
    return [edge.node.name for edge in page.edges if edge.node] if page else []
