"""Whatever a server names, the path stays below the root, and two names are two paths."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from hypothesis import example, given
from hypothesis import strategies as st

from wandql.client.transfers.places import safe_path
from wandql.errors import UnsafeNameError

ROOT = Path("/the/root")
RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)

parts = st.one_of(
    st.sampled_from(["", ".", "..", "CON", "nul.txt", "a:b", "C:", "~", "%3A", "a%3Ab", ". ", ".. ", "x" * 300]),
    st.text(st.characters(codec=None), max_size=8),
    st.text("ab.:\\%3A ", max_size=8),
)
names = st.one_of(st.lists(parts, max_size=5).map("/".join), st.text(max_size=20))
hostile = [
    "../x", "/abs", "a/../../b", "C:\\x", "\\\\server\\share", "\\\\?\\C:\\x", "CON", "a:b", "x" * 300, "a\0b", "", ".",
    "a/..", "..\\..\\x", "a/b/../../..", "file.txt::$DATA", "NUL.txt", "a. /b",
]  # fmt: skip


def path_of(name: str, *, windows: bool) -> Path | None:
    try:
        return safe_path(ROOT, name, windows=windows)
    except UnsafeNameError:
        return None


def with_examples(test: object) -> object:
    for name in hostile:
        test = example(name)(test)
    return test


@with_examples
@given(names)
def test_a_path_stays_below_the_root_on_posix(name: str) -> None:
    path = path_of(name, windows=False)
    if path is not None:
        below = PurePosixPath(path).relative_to(ROOT).parts
        assert below
        assert all(part not in {"", ".", ".."} and "\0" not in part for part in below)
        assert all(len(part.encode()) <= 255 for part in below)


@with_examples
@given(names)
def test_a_path_stays_below_the_root_on_windows(name: str) -> None:
    path = path_of(name, windows=True)
    if path is not None:
        below = PureWindowsPath("C:\\the\\root", *path.relative_to(ROOT).parts)
        parts = below.relative_to("C:\\the\\root").parts
        assert parts == path.relative_to(ROOT).parts
        for part in parts:
            assert not re.search(r'[\x00-\x1f<>:"/\\|?*]', part)
            assert part[-1] not in ". "
            assert not RESERVED.fullmatch(part.partition(".")[0].rstrip(" "))
            assert len(part.encode()) <= 255


@given(names, names)
@example("a:b", "a%3Ab")
@example("a%3Ab", "a%253Ab")
@example("CON", "%43ON")
@example("x" * 300, "x" * 301)
def test_two_names_are_two_paths(one: str, other: str) -> None:
    for windows in (False, True):
        paths = path_of(one, windows=windows), path_of(other, windows=windows)
        if None not in paths and meaning(one) != meaning(other):
            assert paths[0] != paths[1]


def meaning(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in {"", "."}]


@given(names)
def test_windows_refuses_what_posix_refuses_and_nothing_else(name: str) -> None:
    assert (path_of(name, windows=True) is None) == (path_of(name, windows=False) is None)
