# Derived from tests/contract/_async/conftest.py by `make generate`: edit that file instead.
"""What each test asks: `wire` remembers the requests that `api` sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contract._sync.asking import Wire, open_wire

if TYPE_CHECKING:
    import wandql
    from tests.contract.places import Place


@pytest.fixture
def wire(place: Place) -> Iterator[Wire]:
    """The way to a server with data."""
    with open_wire(place) as wire:
        yield wire


@pytest.fixture
def api(wire: Wire) -> Iterator[wandql.Api]:
    """An Api that knows its server and key, but neither entity nor project."""
    with wire.api() as api:
        yield api
