"""What the tests of both colours share."""

from __future__ import annotations

from tests.contract.places import make_place, place, served, written  # noqa: F401 - fixtures
from tests.contract.sockets import serve  # noqa: F401 - a fixture
