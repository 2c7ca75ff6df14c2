"""Files, and a storage that fails as told."""

from __future__ import annotations

from tests.faults.storage import other_storage, secure_storage, storage  # noqa: F401 - fixtures
