"""TLS with a private authority, certificates of clients, proxies with passwords: for GraphQL and for files."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from tests.contract.sockets import CERTIFICATE
from wandql.client._async.client import AsyncClient
from wandql.client._sync.client import Client
from wandql.client.transfers.locations import Location
from wandql.errors import ConnectionFailedError, SettingsError, TransportError
from wandql.graphql.generated import operations
from wandql.settings import Settings

CLIENT_CERTIFICATE = CERTIFICATE.with_name("client.pem")
QUERY = operations.get_viewer()
REPLY = b'{"data": {"viewer": null}}'
CONTENT = b"content of a file"
KEY = "k" * 40
USER = "user:pass%20word"
PROXY_HEADER = "Basic " + b64encode(b"user:pass word").decode()


class Handler(BaseHTTPRequestHandler):
    """Answers POST with a reply of GraphQL and GET with a file."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.answer(REPLY)

    def do_GET(self) -> None:
        self.answer(CONTENT)

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class TlsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *, asks_for_certificate: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CERTIFICATE)
        if asks_for_certificate:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(CLIENT_CERTIFICATE)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], address: object) -> None:
        assert isinstance(request, socket.socket)
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, address)

    def handle_error(self, request: object, address: object) -> None:
        pass


class ProxyHandler(BaseHTTPRequestHandler):
    """Opens a way to wherever it is asked for by who knows the password."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_CONNECT(self) -> None:
        self.seen.append((self.path, self.headers.get("proxy-authorization")))
        assert "authorization" not in self.headers
        self.close_connection = True
        if self.headers.get("proxy-authorization") != PROXY_HEADER:
            self.send_response(407)
            self.send_header("content-length", "0")
            self.end_headers()
            return
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
            back.start()
            pump(self.connection, there)
            back.join()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def start() -> Iterator[object]:
    servers: list[ThreadingHTTPServer] = []

    def start(server: ThreadingHTTPServer) -> ThreadingHTTPServer:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(start) -> TlsServer:
    return start(TlsServer(asks_for_certificate=False))


@pytest.fixture
def proxy(start) -> str:
    ProxyHandler.seen.clear()
    server = start(ThreadingHTTPServer(("127.0.0.1", 0), ProxyHandler))
    return f"127.0.0.1:{server.server_address[1]}"


def settings_of(url: str, home: Path, environ: dict[str, str] | None = None, **overrides: object) -> Settings:
    return Settings.resolve(overrides, api_key=KEY, base_url=url, environ=environ or {}, home=home, cwd=home, timeout=5)


def download(client: Client, url: str, target: Path) -> bytes:
    return client.transfers.download(lambda: Location(f"{url}/files/a"), target).read_bytes()


def test_graphql_and_files_pass_a_proxy_with_a_password_and_trust_a_private_authority(
    server: TlsServer, proxy: str, tmp_path: Path
) -> None:
    settings = settings_of(server.url, tmp_path, ca_bundle=CERTIFICATE, proxy=f"http://{USER}@{proxy}")
    with Client(settings) as client:
        assert client.execute(QUERY).viewer is None
        assert download(client, server.url, tmp_path / "file") == CONTENT
    address = server.url.removeprefix("https://")
    assert ProxyHandler.seen == [(address, PROXY_HEADER)] * 2


@pytest.mark.anyio
async def test_so_do_tasks_with_the_usual_variable(
    server: TlsServer, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{USER}@{proxy}")
    async with AsyncClient(settings_of(server.url, tmp_path, ca_bundle=CERTIFICATE)) as client:
        assert (await client.execute(QUERY)).viewer is None
    assert [password for _, password in ProxyHandler.seen] == [PROXY_HEADER]


def test_a_proxy_that_refuses_the_password_is_told_without_it(server: TlsServer, proxy: str, tmp_path: Path) -> None:
    settings = settings_of(server.url, tmp_path, ca_bundle=CERTIFICATE, proxy=f"http://user:wrong-word@{proxy}")
    with (
        Client(settings).with_options(retries=0) as client,
        pytest.raises(ConnectionFailedError, match="407") as caught,
    ):
        client.execute(QUERY)
    assert "wrong-word" not in str(caught.value)
    assert "proxy settings" in str(caught.value)


def test_an_authority_that_is_not_known_is_an_error_that_names_the_host(server: TlsServer, tmp_path: Path) -> None:
    with Client(settings_of(server.url, tmp_path)).with_options(retries=0) as client:
        with pytest.raises(ConnectionFailedError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            client.execute(QUERY)
        assert server.url in str(caught.value)
        with pytest.raises(ConnectionFailedError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            download(client, server.url, tmp_path / "file")
        assert server.url in str(caught.value)
    assert not (tmp_path / "file").exists()


def test_a_server_that_wants_a_certificate_gets_it_for_graphql_and_files(start, tmp_path: Path) -> None:
    server = start(TlsServer(asks_for_certificate=True))
    known = {"ca_bundle": CERTIFICATE, "client_certificate": CLIENT_CERTIFICATE}
    with Client(settings_of(server.url, tmp_path, **known)) as client:
        assert client.execute(QUERY).viewer is None
        assert download(client, server.url, tmp_path / "file") == CONTENT
    bare = Client(settings_of(server.url, tmp_path, ca_bundle=CERTIFICATE)).with_options(retries=0)
    with bare, pytest.raises(TransportError):
        bare.execute(QUERY)


def test_a_certificate_that_cannot_be_read_is_told_before_any_request(server: TlsServer, tmp_path: Path) -> None:
    nonsense = tmp_path / "client.pem"
    nonsense.write_text("nonsense")
    for path in (nonsense, tmp_path / "absent.pem"):
        settings = settings_of(server.url, tmp_path, ca_bundle=CERTIFICATE, client_certificate=path)
        with Client(settings) as client, pytest.raises(SettingsError, match=path.name):
            client.execute(QUERY)


def test_certificates_are_read_once_for_all_clients_and_again_where_they_have_changed(
    server: TlsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        usual.append(ssl.create_default_context(cafile=CERTIFICATE))
        return usual[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", make)
    for _ in range(3):
        with Client(settings_of(server.url, tmp_path)) as client:
            assert client.execute(QUERY).viewer is None
            assert download(client, server.url, tmp_path / "file") == CONTENT
    assert len(usual) == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Client(settings_of(server.url, tmp_path)) as client:
        client.execute(QUERY)
    assert len(usual) == 2
    bundle = tmp_path / "bundle.pem"
    shutil.copyfile(CLIENT_CERTIFICATE, bundle)
    with (
        Client(settings_of(server.url, tmp_path, ca_bundle=bundle)).with_options(retries=0) as client,
        pytest.raises(ConnectionFailedError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.execute(QUERY)
    shutil.copyfile(CERTIFICATE, bundle)
    with Client(settings_of(server.url, tmp_path, ca_bundle=bundle)) as client:
        assert client.execute(QUERY).viewer is None
