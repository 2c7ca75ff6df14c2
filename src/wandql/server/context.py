"""What is known of the request that a resolver answers: who asks, when, and the transaction that answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wandql.server.artifacts.records import ArtifactTypeRecord, CollectionRecord
from wandql.server.messages import Refusal
from wandql.server.records import ApiKeyRecord, EntityRecord, ProjectRecord, UserRecord

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy import Connection

    from wandql.server.artifacts.parts import PartialUpload
    from wandql.server.blobs import Blobs, Upload
    from wandql.server.runs.history_exports import HistoryExports
    from wandql.server.signing import Signer

__all__ = ["Context"]


@dataclass(slots=True)
class Context:
    """One request.

    Attributes:
        connection: The transaction: one state of the database for the whole request.
        user: Who asks; None without an API key.
        now: When, in microseconds since 1970.
        silent_since: A run that was last heard of before this moment has crashed.
        origin: Where the client reached the server, for example `http://127.0.0.1:8080`.
        blobs: Uploaded bytes.
        signer: Makes the URLs of blobs.
        chance: Makes new names, and what a random search tries.
        acting_for: For whom a program says that it works: a username and an address, either of which may be empty.
        is_shared: Whether it is one of several processes that write the same run.
        exports: Histories as files; None where the transaction writes, since making one needs a transaction of its own.
        joined: Large files whose parts were joined for this request, by upload.
        unjoined: The uploads whose parts this request wants joined: it is executed once more when they are.
        unlinked: Contents of blobs to delete from the disk once the transaction is on disk.
        made_keys: API keys that this request has made, with their secrets, by key of the user.
        roles: The user's role in entities that this request has asked for, by key of the entity.
        entities: The entities that this request has read, by key; likewise projects, users, collections
            and types of artifacts.
    """

    connection: Connection
    user: UserRecord | None
    now: int
    silent_since: int
    origin: str
    blobs: Blobs
    signer: Signer
    chance: Random
    acting_for: tuple[str, str] = ("", "")
    is_shared: bool = False
    exports: HistoryExports | None = None
    joined: dict[str, Upload] = field(default_factory=dict[str, "Upload"])
    unjoined: list[PartialUpload] = field(default_factory=list["PartialUpload"])
    unlinked: list[str] = field(default_factory=list[str])
    made_keys: dict[int, ApiKeyRecord] = field(default_factory=dict[int, ApiKeyRecord])
    roles: dict[int, str | None] = field(default_factory=dict[int, "str | None"])
    entities: dict[int, EntityRecord] = field(default_factory=dict[int, EntityRecord])
    projects: dict[int, ProjectRecord] = field(default_factory=dict[int, ProjectRecord])
    users: dict[int, UserRecord] = field(default_factory=dict[int, UserRecord])
    collections: dict[int, CollectionRecord] = field(default_factory=dict[int, CollectionRecord])
    artifact_types: dict[int, ArtifactTypeRecord] = field(default_factory=dict[int, ArtifactTypeRecord])

    @property
    def asker(self) -> int | None:
        """The key of the user; None without an API key."""
        return self.user.key if self.user else None

    @property
    def dialect(self) -> str:
        """The SQL that the database speaks, as SQLAlchemy calls it."""
        return self.connection.dialect.name

    @property
    def writer(self) -> UserRecord:
        """The user, for a change: read it before anything is changed.

        Raises:
            Refusal: The request carries no API key (401).
        """
        if self.user is None:
            raise Refusal(401, "This needs an API key: send it as Basic base64(api:KEY).")
        return self.user
