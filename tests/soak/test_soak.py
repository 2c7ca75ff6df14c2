"""A short soak: nothing acknowledged is lost, none of it twice, and nothing that was written shows the key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tests.soak.soak import soak

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_acknowledged_is_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "wandql.server")
    findings = soak(tmp_path, seconds=3, tasks=8)
    assert findings.is_right, findings
    assert (tmp_path / "wandql.log").stat().st_size > 0
