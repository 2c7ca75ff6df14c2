# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateServiceAccount`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class CreateServiceAccount(BaseModel):
    """The data of `CreateServiceAccount`."""

    create_service_account: CreateServiceAccountCreateServiceAccount | None
    """Makes an account for a program, which belongs to a team. Only those who administer the team may."""


class CreateServiceAccountCreateServiceAccount(BaseModel):
    """The account as it is after `createServiceAccount`."""

    user: CreateServiceAccountCreateServiceAccountUser | None
    """The account. Where the server does not keep keys, the `name` of its only API key is the secret itself,
    here alone.
    """


class CreateServiceAccountCreateServiceAccountUser(BaseModel):
    """A person with an account."""

    id: str
    """Opaque global id, base64 of `User:<number>`."""
    username: str | None
    """The login name, unique on the server; also the name of the user's own entity."""
    api_key_page: CreateServiceAccountCreateServiceAccountUserApiKeyPage | None
    """The user's API keys by name, never the secrets; null or empty for anyone but the user and administrators."""


class CreateServiceAccountCreateServiceAccountUserApiKeyPage(BaseModel):
    """A page of API keys."""

    edges: list[CreateServiceAccountCreateServiceAccountUserApiKeyPageEdges]
    """The API keys of this page, in order, each with its position."""


class CreateServiceAccountCreateServiceAccountUserApiKeyPageEdges(BaseModel):
    """One entry of a page of API keys."""

    node: CreateServiceAccountCreateServiceAccountUserApiKeyPageEdgesNode | None
    """The item itself; null if the key was deleted."""


class CreateServiceAccountCreateServiceAccountUserApiKeyPageEdgesNode(BaseModel):
    """An API key, without its secret."""

    id: str
    """Opaque global id."""
    secret: str
    """The name the key is listed under, not its secret."""


CreateServiceAccountReply = Reply[CreateServiceAccount]
