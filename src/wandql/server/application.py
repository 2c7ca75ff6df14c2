"""The embedded server without a network: requests in, responses out."""

from __future__ import annotations

import logging
import threading
import zlib
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Self

from pydantic import BaseModel, ValidationError

from wandql.errors import ClosedError
from wandql.graphql.scalars import JSONValue
from wandql.server.accounts import authenticate, check_settings, found
from wandql.server.artifacts.lookups import find_held
from wandql.server.artifacts.parts import join_parts
from wandql.server.artifacts.versions import expire_artifacts
from wandql.server.blobs import Blob, Blobs
from wandql.server.context import Context
from wandql.server.executor import prepare, run_operation
from wandql.server.faults import Faults
from wandql.server.filters.conditions import register_functions
from wandql.server.limits import Limits, refusal_of
from wandql.server.lookups import own_run
from wandql.server.messages import Refusal, Request, Response
from wandql.server.people import make_key
from wandql.server.runs.history_exports import HistoryExports
from wandql.server.runs.stream import Report, receive_report
from wandql.server.signing import Signer
from wandql.server.store import Store, now
from wandql.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from sqlalchemy import Connection

    from wandql.server.artifacts.parts import PartialUpload
    from wandql.server.blobs import Upload
    from wandql.server.executor import Operation, Outcome
    from wandql.server.records import UserRecord

__all__ = ["Application", "open_application"]

logger: logging.Logger = logging.getLogger(__name__)

NO_TOKENS: Final = {
    "error": "unsupported_grant_type",
    "error_description": "This server knows no identity provider: use an API key in place of an identity token.",
}


class GraphQLBody(BaseModel):
    """The body of `POST /graphql`."""

    query: str
    variables: dict[str, JSONValue] | None = None
    operationName: str | None = None  # noqa: N815 - the wire's name


class Application:
    """The embedded server. It is safe to call from many threads at once.

    Args:
        store: The open data directory.
        resources: What to close with the application, the store among it.
        api_key: The key that opens this server; None for the one in the data directory, or a new one.
        entity: The default entity; None for the one in the data directory, or the operating system's user.
        crash_after: How many seconds of silence make a running run `crashed`.
        seed: Makes what is random the same each time: the ids of sweeps and of their runs, and what a random search
            tries. For tests.
        limits: How large requests may be.

    Attributes:
        api_key: The key that opens this server.
        entity: The name of the default entity.
        directory: The data directory.
        limits: How large requests may be.
        blobs: Uploaded bytes.
        faults: What goes wrong on request, for tests; None where nothing does.
    """

    def __init__(
        self,
        store: Store,
        resources: ExitStack,
        *,
        api_key: str | None = None,
        entity: str | None = None,
        crash_after: float = 300.0,
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._store = store
        self._resources = resources
        self.faults: Faults | None = None
        self._crash_after = round(crash_after * 1e6)
        self._chance = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - it keeps no secrets
        self.directory: Path = store.directory
        self.limits: Limits = limits or Limits()
        self.blobs: Blobs = Blobs(store)
        self._exports = HistoryExports(store, self.blobs)
        self._joining = threading.Lock()
        self._signer = Signer(store.secret("secret", make_key))
        self.api_key: str = store.secret("key", make_key, api_key)
        with store.write() as connection:
            self.entity: str = found(connection, entity, self.api_key)
            expired = expire_artifacts(connection, self.blobs, now())
        self.blobs.unlink(expired)

    def respond(self, request: Request) -> Response:
        """Answer a request. Every failure is an answer, too.

        Raises:
            ClosedError: The application was closed.
            ConnectionError: A fault that was asked for: the reply is lost.
        """
        if self.faults is None:
            return self.answer(request)
        return self.faults.meet(request, lambda: self.answer(request))

    def answer(self, request: Request) -> Response:
        """Answer a request, whatever `faults` says.

        Raises:
            ClosedError: The application was closed.
        """
        try:
            return self._route(request)
        except ClosedError:
            raise
        except Refusal as refusal:
            return refusal.response()
        except Exception as error:  # whatever it is, the client must hear of it
            if (known := refusal_of(error)) is not None:
                logger.error("%s %s: %s", request.method, request.target.partition("?")[0], known)  # noqa: TRY400
                return known.response()
            logger.exception("a request failed: %s %s", request.method, request.target.partition("?")[0])
            return Refusal(500, f"The server failed: {type(error).__name__}.").response()

    def upload_token(self, request: Request) -> str:
        """Return the token of the blob that a request may upload.

        Raises:
            Refusal: The URL is not one of this server's, is for another method, or has expired (403).
        """
        return self._blob_token(request)

    def find_blob(self, request: Request) -> Blob:
        """Return the blob that a request may download: by a signed URL, or by a key and what an artifact holds.

        Raises:
            Refusal: The URL is not one of this server's, is for another method, or has expired (403), the key is wrong
                (401), or nothing was uploaded there (404).
        """
        with self._store.read() as connection:
            match request.segments:
                # The third is what SDK 0.17 asks for: of the version where the content was born, without a name.
                case (
                    ["artifacts", entity, digest]
                    | ["artifactsV2", _, entity, _, digest]
                    | ["artifactsV2", _, entity, _, _, *_, digest, _]
                ):
                    context = self._context(connection, authenticate(connection, request.headers), request)
                    token = find_held(context, entity, digest)
                case _:
                    token = self._blob_token(request)
            blob = self.blobs.find(connection, token or "")
        if blob is None:
            raise Refusal(404, "Nothing was uploaded here.")
        return blob

    def close(self) -> None:
        """Finish the write that is under way, close the database and release the data directory."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.directory}>"

    def _route(self, request: Request) -> Response:
        match request.method, request.segments:
            case "POST", ["graphql"]:
                return self._graphql(request)
            case "POST", ["files", entity, project, run, "file_stream"]:
                return self._file_stream(request, entity, project, run)
            case "PUT", ["storage", _, _]:
                return self._upload(request)
            case "POST", ["sdk", "otel", "v1", "metrics" | "logs"]:
                return self._telemetry(request)
            case "POST", ["oidc", "token"]:
                return Response.json(NO_TOKENS, 400)
            case "GET" | "HEAD", ["storage" | "artifacts", _, _] | ["artifactsV2", _, _, _, *_, _]:
                return self._download(request)
            case "GET" | "HEAD", ["ready" | "health" | "healthz"]:
                return Response.text("ok\n")
            case "GET" | "HEAD", [""]:
                return Response.text(f"wandql {__version__}: an embedded server for wandql and the official SDK.\n")
            case method, _:
                raise Refusal(404, f"Nothing answers {method} {request.target.partition('?')[0]} here.")
        raise AssertionError(request)

    def _graphql(self, request: Request) -> Response:
        try:
            body = GraphQLBody.model_validate_json(self._body(request))
        except ValidationError as error:
            raise Refusal(400, f"The body is not a GraphQL request: {error.errors()[0]['msg']}.") from None
        with self._store.read() as connection:
            user = authenticate(connection, request.headers)
            operation = prepare(body.query, body.operationName)
            if not operation.writes:
                context = self._context(connection, user, request)
                context.exports = self._exports
                outcome = run_operation(operation, body.variables or {}, context)
                return Response.json(outcome.body, outcome.status)
        outcome, unjoined = self._change(request, user, operation, body.variables or {}, {})
        if unjoined:
            outcome = self._join_and_change(request, user, operation, body.variables or {})
        return Response.json(outcome.body, outcome.status)

    def _change(
        self,
        request: Request,
        user: UserRecord | None,
        operation: Operation,
        variables: Mapping[str, JSONValue],
        joined: dict[str, Upload],
    ) -> tuple[Outcome, list[PartialUpload]]:
        """Execute what writes. Return what came of it, and the large files that it wants joined before."""
        with self._store.write() as connection:
            context = self._context(connection, user, request)
            context.joined = joined
            outcome = run_operation(operation, variables, context)
            if outcome.failed:
                connection.rollback()
        if not outcome.failed:
            self.blobs.unlink(context.unlinked)
        return outcome, context.unjoined

    def _join_and_change(
        self, request: Request, user: UserRecord | None, operation: Operation, variables: Mapping[str, JSONValue]
    ) -> Outcome:
        """Join the parts of large files, one request at a time and without a transaction; then execute what wants them.

        Raises:
            Refusal: A file is too large (413), or was given up meanwhile (404).
        """
        with self._joining, ExitStack() as stack:
            joined: dict[str, Upload] = {}
            while True:
                # Whoever waited for the same file finds it joined by now.
                outcome, unjoined = self._change(request, user, operation, variables, joined)
                if not unjoined:
                    if outcome.failed:
                        self.blobs.unlink(whole.path.name for whole in joined.values())
                    return outcome
                for upload in unjoined:
                    self.limits.check(sum(part.size for part in upload.parts), is_upload=True)
                    whole = stack.enter_context(self.blobs.receive())
                    join_parts(whole, [self.blobs.path_of(part.content) for part in upload.parts if part.content])
                    joined[upload.upload_id] = whole

    def _file_stream(self, request: Request, entity: str, project: str, name: str) -> Response:
        with self._store.read() as connection:
            user = authenticate(connection, request.headers)
        try:
            report = Report.model_validate_json(self._body(request))
        except ValidationError as error:
            raise Refusal(400, f"The body is not a file_stream message: {error.errors()[0]['msg']}.") from None
        with self._store.write() as connection:
            context = self._context(connection, user, request)
            run = own_run(context, entity, project, name)
            answer = receive_report(context, run, report, request.headers.get("x-wandb-async-client-id"))
        self.blobs.unlink(context.unlinked)
        return Response.json(answer)

    def _telemetry(self, request: Request) -> Response:
        """Take what the official SDK tells of itself, and drop it: it would send what is refused again and again."""
        with self._store.read() as connection:
            authenticate(connection, request.headers)
        return Response(200, {"content-type": "application/x-protobuf"})

    def _upload(self, request: Request) -> Response:
        token = self.upload_token(request)
        self.limits.check(len(request.body), is_upload=True)
        with self.blobs.receive() as upload:
            upload.write(request.body)
            self.blobs.keep(token, upload)
        return Response(200, {"etag": upload.etag})

    def _download(self, request: Request) -> Response:
        blob = self.find_blob(request)
        body = b"" if request.method == "HEAD" else blob.path.read_bytes()
        return Response(200, {"content-type": "application/octet-stream", "content-length": str(blob.size)}, body)

    def _body(self, request: Request) -> bytes:
        """Return the body, decompressed.

        Raises:
            Refusal: It is too large (413), or not compressed as it says (400).
        """
        self.limits.check(len(request.body))
        if request.headers.get("content-encoding", "identity") == "identity":
            return request.body
        try:
            inflate = zlib.decompressobj(wbits=31)
            body = inflate.decompress(request.body, self.limits.body + 1)
        except zlib.error as error:
            raise Refusal(400, f"The body is not compressed with gzip: {error}.") from None
        self.limits.check(len(body))
        return body

    def _blob_token(self, request: Request) -> str:
        match request.segments:
            case [_, token, _] if self._signer.allows(request.method, token, request.query, now()):
                return token
            case _:
                raise Refusal(
                    403, "This URL was not signed by this server for this, or has expired: ask for a new one."
                )

    def _context(self, connection: Connection, user: UserRecord | None, request: Request) -> Context:
        moment = now()
        silent_since = moment - self._crash_after
        named = request.headers.get("x-wandb-username", ""), request.headers.get("x-wandb-user-email", "")
        return Context(
            connection,
            user,
            moment,
            silent_since,
            request.origin,
            self.blobs,
            self._signer,
            self._chance,
            named,
            is_shared=request.headers.get("x-wandb-use-async-filestream") == "true",
        )


def open_application(
    data: Path | None = None,
    *,
    database: str | None = None,
    api_key: str | None = None,
    entity: str | None = None,
    crash_after: float = 300.0,
    seed: int | None = None,
    limits: Limits | None = None,
) -> Application:
    """Open an embedded server without a network.

    Args:
        data: The data directory, which is made if it does not exist; None for a temporary one, removed at the end.
        database: The URL of the PostgreSQL database that has the rows; None for SQLite in the data directory.
        api_key: The key that opens the server; None for the one in the data directory, or a new one.
        entity: The default entity; None for the one in the data directory, or the operating system's user.
        crash_after: How many seconds of silence make a running run `crashed`.
        seed: Makes what is random the same each time: the ids of sweeps and of their runs, and what a random search
            tries. For tests.
        limits: How large requests may be.

    Returns:
        The application. Close it, or use it as a context manager.

    Raises:
        DataDirectoryError: The directory or the database cannot be used, or another server uses it.
        SettingsError: The key cannot be sent in a header, or the entity's name cannot be a part of a path.
        UsageError: The key or the entity is another user's, or the driver of the database is not installed.
    """
    check_settings(api_key, entity)
    resources = ExitStack()
    try:
        directory = data or Path(resources.enter_context(TemporaryDirectory(prefix="wandql-")))
        store = resources.enter_context(closing(Store(directory, register_functions, database=database)))
        return Application(
            store, resources, api_key=api_key, entity=entity, crash_after=crash_after, seed=seed, limits=limits
        )
    except BaseException:
        resources.close()
        raise
