"""A client of the embedded server that knows nothing of wandql: plain documents, plain HTTP."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from wandql.server import Application, Request, Response, open_application, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UPSERT = """
  mutation UpsertBucket($input: UpsertBucketInput!) {
    upsertBucket(input: $input) { inserted bucket { id name state project { name entity { name } } } }
  }
"""


@dataclass
class Caller:
    """Somebody with an API key, in front of an application."""

    application: Application
    key: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> Response:
        sent = {"host": "server.test", **self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.key is not None:
            sent.setdefault("authorization", f"Basic {base64.b64encode(f'api:{self.key}'.encode()).decode()}")
        return self.application.respond(Request(method, target, sent, body))

    def post(self, document: str, operation: str | None = None, **variables: Any) -> tuple[int, dict[str, Any]]:
        body = {"query": document, "variables": variables, "operationName": operation}
        response = self.send("POST", "/graphql", json.dumps(body).encode())
        return response.status, json.loads(response.body)

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        status, reply = self.post(document, **variables)
        assert status == 200
        assert "errors" not in reply, reply
        return reply["data"]

    def refused(self, document: str, **variables: Any) -> tuple[int, str]:
        status, reply = self.post(document, **variables)
        return status, reply["errors"][0]["message"]

    def upsert(self, name: str = "run", project: str = "p", **values: Any) -> dict[str, Any]:
        return self.ask(UPSERT, input={"name": name, "modelName": project, **values})["upsertBucket"]

    def stream(self, name: str = "run", project: str = "p", **message: Any) -> dict[str, Any]:
        target = f"/files/{self.application.entity}/{project}/{name}/file_stream"
        response = self.send("POST", target, json.dumps(message).encode())
        assert response.status == 200, response.body
        return json.loads(response.body)

    def log(self, rows: list[dict[str, Any]], offset: int = 0, name: str = "run", **message: Any) -> dict[str, Any]:
        content = [json.dumps(row) for row in rows]
        return self.stream(name, files={"wandb-history.jsonl": {"offset": offset, "content": content}}, **message)

    def run(self, selection: str, name: str = "run", project: str = "p", **variables: Any) -> dict[str, Any]:
        document = f'{{ project(name: "{project}") {{ run(name: "{name}") {{ {selection} }} }} }}'
        return self.ask(document, **variables)["project"]["run"]


@pytest.fixture
def caller(application: Application) -> Caller:
    return Caller(application, application.api_key)


@dataclass(frozen=True)
class SDK:
    """The official SDK in processes of its own, in front of a server on a port."""

    url: str
    key: str
    directory: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
        mine = {
            "BASE_URL": self.url,
            "API_KEY": self.key,
            "MODE": "online",
            "SILENT": "true",
            "ERROR_REPORTING": "false",
            **{name: str(self.directory / name.lower()) for name in ("DIR", "CONFIG_DIR", "CACHE_DIR", "DATA_DIR")},
        }
        (self.directory / "dir").mkdir(parents=True, exist_ok=True)
        return kept | {f"WANDB_{name}": value for name, value in mine.items()}

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        path = self.directory / "script.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        return subprocess.Popen(
            [sys.executable, str(path), *arguments],
            env=self.environment,
            cwd=self.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, *arguments: str, expect: int = 0) -> str:
        with self.start(script, *arguments) as process:
            out, err = process.communicate(timeout=90)
        assert process.returncode == expect, err
        return out


@pytest.fixture(scope="module")
def networked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, str]]:
    with (
        open_application(tmp_path_factory.mktemp("networked") / "data", entity="alice") as application,
        run_in_thread(application) as url,
    ):
        yield application, url


@pytest.fixture
def sdk(networked: tuple[Application, str], tmp_path: Path) -> SDK:
    application, url = networked
    return SDK(url, application.api_key, tmp_path)
