"""Fixtures for pytest, there wherever wandql is installed: a W&B server for one test, and an `Api` on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wandql.api._sync.api import Api
    from wandql.testing import Server

__all__ = ["wandql_api", "wandql_server"]


# What a fixture needs is imported when a test asks for it: this module is loaded by every run of pytest.
@pytest.fixture
def wandql_server() -> Iterator[Server]:
    """An empty W&B server in this process, for one test: a `wandql.testing.Server`."""
    from wandql.testing import Server

    with Server() as server:
        yield server


@pytest.fixture
def wandql_api(wandql_server: Server) -> Iterator[Api]:
    """A `wandql.Api` on `wandql_server`."""
    with wandql_server.api() as api:
        yield api
