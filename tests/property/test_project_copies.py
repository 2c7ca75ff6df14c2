"""Whatever was logged comes back from a directory, and the directory comes back from the store: byte for byte."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

import wandql
from wandql.server.projects.exports import export_project
from wandql.server.projects.imports import import_project
from wandql.testing import Server

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONValue

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: st.SearchStrategy[JSONValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=3)
RUNS = st.fixed_dictionaries(
    {
        "name": TEXTS.filter(bool),
        "notes": TEXTS,
        "tags": st.lists(TEXTS, max_size=2, unique=True),
        "config": DOCUMENTS,
        "history": st.lists(st.dictionaries(TEXTS, st.floats() | st.integers(0, 9), max_size=2), max_size=3),
        "printed": st.lists(TEXTS, max_size=2),
        "files": st.dictionaries(st.sampled_from(["a", "b/c", "ü"]), st.binary(max_size=9), max_size=3),
    }
)


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@settings(max_examples=10)
@given(st.lists(RUNS, min_size=1, max_size=2), st.booleans())
def test_a_project_makes_the_round_trip(runs: list[dict], occupied: bool) -> None:
    with TemporaryDirectory() as scratch, Server() as server:
        root = Path(scratch)
        for number, run in enumerate(runs):
            server.add_run("p", f"run-{number}", **run)
        export_project(server._application.directory, "alice", "p", root / "one")
        if occupied:  # its rows get other keys there, and say the same
            import_project(server._application.directory, root / "one", project="q")
            with server.api() as api:
                pairs = [[api.run(f"{name}/run-{number}") for name in "pq"] for number in range(len(runs))]
                for mine, copy in pairs:
                    assert (copy.config, copy.notes, copy.tags) == (mine.config, mine.notes, mine.tags)
                    assert repr(list(copy.scan_history())) == repr(list(mine.scan_history()))
                    assert [(f.name, f.read()) for f in copy.files()] == [(f.name, f.read()) for f in mine.files()]
        else:
            import_project(root / "new", root / "one")
            export_project(root / "new", "alice", "p", root / "two")
            assert tree(root / "two") == tree(root / "one")
            with wandql.local(root / "new", entity="alice") as api:
                assert [api.run(f"p/run-{number}").notes for number in range(len(runs))] == [r["notes"] for r in runs]
