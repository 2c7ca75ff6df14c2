"""Users, teams and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import PrivateAttr

from wandql.api.missing import team_not_found, user_not_found
from wandql.api.records import bound
from wandql.api.user_view import MemberView, TeamView, UserView
from wandql.client._async.client import AsyncClient
from wandql.errors import (
    BadRequestError,
    ConflictError,
    DecodeError,
    GraphQLError,
    NotFoundError,
    PermissionDeniedError,
    UnsupportedError,
    UsageError,
)
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import AccountFields, MemberFields, TeamFields
from wandql.settings import ApiKey

__all__ = ["AsyncMember", "AsyncTeam", "AsyncUser", "create_team", "create_user", "fetch_team", "fetch_users"]


# What a server answers to an invitation that it does not want.
REFUSALS: Final = (BadRequestError, ConflictError, GraphQLError, NotFoundError, PermissionDeniedError)


class AsyncUser(UserView):
    """One user.

    Reading an attribute sends no request.

    Example:
        >>> user = await api.viewer
        >>> user.username, user.teams
        ('alice', ['alice'])
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: AccountFields, client: AsyncClient) -> AsyncUser:
        """Make a user of what the server sent. Sends nothing."""
        return cls._extend(fields, {}, _client=client)

    async def generate_api_key(self, description: str | None = None) -> ApiKey:
        """Make a new API key for the user whose key signs the request. It is told once: keep it.

        Sends one request. `api_keys` stays as it was fetched.

        Args:
            description: What the key is for.

        Returns:
            The key. Its repr does not show it.

        Raises:
            UsageError: The user was unpickled, and has no client.
            RequestError: The request failed.

        Example:
            >>> key = await (await api.viewer).generate_api_key("for the nightly job")
            >>> key
            <ApiKey of 40 characters>
        """
        data = await bound(self._client, self).generate_api_key(description=description)
        made = data.generate_api_key.api_key if data.generate_api_key else None
        if made is None:
            raise DecodeError("The server sent no API key.", operation="GenerateApiKey", attempts=1)
        return ApiKey(made.secret)

    async def delete_api_key(self, api_key: str) -> bool:
        """Delete an API key: it stops working at once.

        Sends one request. `api_keys` stays as it was fetched.

        Args:
            api_key: Its name, one of `api_keys`.

        Returns:
            Whether the server has deleted it.

        Raises:
            UsageError: `api_keys` has no such name (no request was sent), or the user has no client.
            RequestError: The request failed.

        Example:
            >>> user = await api.viewer
            >>> _ = await user.generate_api_key("for a while")
            >>> user = await api.user(user.username)
            >>> await user.delete_api_key(user.api_keys[-1])
            True
        """
        id_ = self._id_of_key(api_key)
        if id_ is None:
            known = ", ".join(map(repr, self.api_keys)) or "none"
            raise UsageError(f"{self!r} has no API key of that name.", hint=f"Those that can be seen are: {known}.")
        data = await bound(self._client, self).delete_api_key(id=id_)
        return bool(data.delete_api_key and data.delete_api_key.success)


class AsyncMember(MemberView):
    """One member of a team.

    Example:
        >>> team = await api.team("alice")
        >>> [(member.username, member.role) for member in team.members]
        [('alice', 'admin')]
    """

    _UNBOUND = frozenset({"_client", "_api_key"})
    _client: AsyncClient | None = PrivateAttr(default=None)
    _api_key: ApiKey | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: MemberFields, client: AsyncClient, *, team: str, api_key: ApiKey | None = None) -> AsyncMember:
        """Make a member of what the server sent. Sends nothing."""
        return cls._extend(fields, {"team": team}, _client=client, _api_key=api_key)

    @property
    def api_key(self) -> ApiKey | None:
        """The API key of a service account that was just made; None of everyone else, and in a pickle."""
        return self._api_key

    async def delete(self) -> bool:
        """Take the member out of the team. Sends one request. `team.members` stays as it was fetched.

        Returns:
            Whether the server has done so.

        Raises:
            UsageError: The server does not tell the membership's id, or the member has no client.
            PermissionDeniedError: This API key may not change the team.
            RequestError: The request failed.

        Example:
            >>> team = await api.create_team("vision")
            >>> await team.members[0].delete()
            True
        """
        if self.id is None:
            raise UsageError(f"The server does not tell the id of {self!r}, so it cannot be taken out.")
        try:
            data = await bound(self._client, self).delete_invite(id=self.id, team=self.team)
        except NotFoundError as gone:
            if gone.attempts > 1:
                return True  # An earlier attempt has done it, and its reply was lost.
            raise
        return bool(data.delete_invite and data.delete_invite.success)


class AsyncTeam(TeamView):
    """One team and its members. The entity of a user is one, too, with one member.

    Reading an attribute sends no request.

    Example:
        >>> team = await api.team("alice")
        >>> team.name, team.is_team, len(team.members)
        ('alice', False, 1)
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: TeamFields, client: AsyncClient) -> AsyncTeam:
        """Make a team of what the server sent. Sends nothing."""
        return cls._extend(fields, {}, _client=client)

    @property
    def members(self) -> Sequence[AsyncMember]:
        """The members."""
        client = bound(self._client, self)
        return [AsyncMember.of(member, client, team=self.name) for member in self.member_list]

    async def invite(self, username_or_email: str, admin: bool = False) -> bool:  # noqa: FBT001, FBT002 - the official signature
        """Add a user to the team, or invite them, as the server does it.

        Sends one request. `members` stays as it was fetched: `load()` fetches them anew.

        Args:
            username_or_email: Whom; a text with `@` is an email address.
            admin: Whether they shall administer the team.

        Returns:
            Whether the server has done so. False where it refuses: there is no such user, they belong to it already, or
            this API key may not.

        Raises:
            UsageError: The team was unpickled, and has no client.
            RequestError: The request failed otherwise.

        Example:
            >>> team = await api.create_team("vision")
            >>> bob = await api.create_user("bob@example.org")
            >>> await team.invite("bob"), await team.invite("nobody")
            (True, False)
            >>> [member.username for member in (await team.load()).members]
            ['alice', 'bob']
        """
        client = bound(self._client, self)
        is_email = "@" in username_or_email
        try:
            data = await client.create_invite(
                team=self.name,
                email=username_or_email if is_email else None,
                username=None if is_email else username_or_email,
                admin=admin,
            )
        except REFUSALS as refusal:
            if isinstance(refusal, UnsupportedError):
                raise
            return False
        return bool(data.create_invite and data.create_invite.invite)

    async def create_service_account(self, description: str) -> AsyncMember:
        """Make an account for a program, which belongs to the team. Only who administers the team may.

        Sends two requests. `members` stays as it was fetched.

        Args:
            description: What it is for. It is the account's full name, too.

        Returns:
            The account, as a member of the team. Its `api_key` is told once: keep it.

        Raises:
            UsageError: The team was unpickled, and has no client.
            PermissionDeniedError: This API key may not change the team.
            RequestError: The request failed.

        Example:
            >>> team = await api.create_team("vision")
            >>> nightly = await team.create_service_account("nightly job")
            >>> nightly.name, nightly.account_type, nightly.api_key
            ('nightly job', 'SERVICE', <ApiKey of 40 characters>)
        """
        client = bound(self._client, self)
        made = (await client.create_service_account(team=self.name, description=description)).create_service_account
        if made is None or made.user is None:
            raise DecodeError("The server sent no account.", operation="CreateServiceAccount", attempts=1)
        user, operation = made.user, operations.get_service_accounts(team=self.name)
        team = (await client.execute(operation)).entity
        if team is None:
            raise team_not_found(self.name, operation.name)
        member = next((each for each in team.member_list if each.username == user.username), None)
        if member is None:
            text = f"The account {user.username} is not among the members of {self.name}."
            raise DecodeError(text, operation=operation.name, attempts=1)
        told = [edge.node.secret for edge in user.api_key_page.edges if edge.node] if user.api_key_page else []
        secret = member.secret or next(iter(told), None)
        return AsyncMember.of(member, client, team=self.name, api_key=ApiKey(secret) if secret else None)

    async def load(self, force: bool = False) -> AsyncTeam:  # noqa: ARG002, FBT001, FBT002 - the official signature
        """Fetch the team anew. Sends one request.

        Args:
            force: As in older scripts; it makes no difference.

        Returns:
            The team as it is now. This object stays as it was.

        Raises:
            UsageError: The team was unpickled, and has no client.
            NotFoundError: It is not there any more.
            RequestError: The request failed.

        Example:
            >>> team = await api.team("alice")
            >>> (await team.load()).name
            'alice'
        """
        return await fetch_team(bound(self._client, self), self.name)


async def fetch_users(client: AsyncClient, query: str) -> list[AsyncUser]:
    """Fetch the users whose username or email address holds a text. Sends one request."""
    data = await client.get_users(query=query)
    return [AsyncUser.of(edge.node, client) for edge in data.users.edges if edge.node] if data.users else []


async def fetch_team(client: AsyncClient, name: str) -> AsyncTeam:
    """Fetch a team. Sends one request.

    Raises:
        NotFoundError: There is none of this name.
    """
    operation = operations.get_team(team=name)
    data = await client.execute(operation)
    if data.entity is None:
        raise team_not_found(name, operation.name)
    return AsyncTeam.of(data.entity, client)


async def create_team(client: AsyncClient, name: str, admin: str | None) -> AsyncTeam:
    """Create a team. Sends one request."""
    operation = operations.create_team(team=name, admin=admin)
    data = await client.execute(operation)
    if data.create_team is None or data.create_team.team is None:
        raise team_not_found(name, operation.name)
    return AsyncTeam.of(data.create_team.team, client)


async def create_user(client: AsyncClient, email: str, *, admin: bool) -> AsyncUser:
    """Create a user. Sends one request."""
    operation = operations.create_user(email=email, admin=admin)
    data = await client.execute(operation)
    if data.create_user is None or data.create_user.user is None:
        raise user_not_found(email, operation.name)
    return AsyncUser.of(data.create_user.user, client)
