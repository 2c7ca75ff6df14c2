"""Users."""

from __future__ import annotations

from wandql.api.records import Record, read_object
from wandql.graphql.generated.fragments import AccountFields
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
        edges = self.team_page.edges if self.team_page else []
        return [edge.node.name for edge in edges if edge.node]

    @property
    def api_keys(self) -> list[str]:
        """The names (never the secrets) of the user's API keys; empty for anyone but the user and administrators."""
        edges = self.api_key_page.edges if self.api_key_page else []
        return [edge.node.name for edge in edges if edge.node]

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
