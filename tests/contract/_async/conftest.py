"""What each test asks: `wire` remembers the requests that `api` sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.contract._async.asking import AsyncWire, open_wire

if TYPE_CHECKING:
    import wandql
    from tests.contract.places import Place


@pytest.fixture
async def wire(place: Place) -> AsyncIterator[AsyncWire]:
    """The way to a server with data."""
    async with open_wire(place) as wire:
        yield wire


@pytest.fixture
async def api(wire: AsyncWire) -> AsyncIterator[wandql.AsyncApi]:
    """An Api that knows its server and key, but neither entity nor project."""
    async with wire.api() as api:
        yield api
