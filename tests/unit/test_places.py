"""Names from a server become paths below their root, or are refused with an error that says which name and root."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from wandql.client.transfers.directories import Place
from wandql.client.transfers.places import safe_path
from wandql.errors import UnsafeNameError

ROOT = Path("root")


def posix(name: str) -> str:
    return safe_path(ROOT, name, windows=False).relative_to(ROOT).as_posix()


def windows(name: str) -> str:
    return safe_path(ROOT, name, windows=True).relative_to(ROOT).as_posix()


@pytest.mark.parametrize("is_windows", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/",
        "/abs",
        "//server/share",
        "../x",
        "a/..",
        "a/../b",
        "a/../../b",
        "a/",
        "a/.",
        "a\0b",
        "\0",
        "\ud800",
    ],
)
def test_a_name_that_leads_out_or_names_no_file_is_refused(name: str, is_windows: bool) -> None:
    with pytest.raises(UnsafeNameError) as caught:
        safe_path(ROOT, name, windows=is_windows)
    assert isinstance(caught.value, ValueError)
    assert (caught.value.name, caught.value.root) == (name, "root")
    assert "root" in str(caught.value)
    assert caught.value.hint
    assert pickle.loads(pickle.dumps(caught.value)).name == name


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a", "a"),
        ("a/b.txt", "a/b.txt"),
        ("./a//./b", "a/b"),
        ("...", "..."),
        ("..a/b..", "..a/b.."),
        ("a b", "a b"),
        ("~/x", "~/x"),
        ("-rf", "-rf"),
        ("ünï/码", "ünï/码"),
        ("a:b", "a:b"),
        ("C:\\x", "C:\\x"),
        ("\\\\server\\share", "\\\\server\\share"),
        ("..\\..\\x", "..\\..\\x"),
        ("CON", "CON"),
        ("a%2Fb", "a%2Fb"),
        ("a\nb", "a\nb"),
    ],
)
def test_elsewhere_than_on_windows_a_name_is_taken_as_it_is(name: str, path: str) -> None:
    assert posix(name) == path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b.txt", "a/b.txt"),
        ("a:b", "a%3Ab"),
        ("a-b", "a-b"),
        ("C:\\x", "C%3A%5Cx"),
        ("C:/x", "C%3A/x"),
        ("\\\\server\\share", "%5C%5Cserver%5Cshare"),
        ("..\\..\\x", "..%5C..%5Cx"),
        ("CON", "%43ON"),
        ("con.txt", "%63on.txt"),
        ("nul .tar.gz", "%6Eul .tar.gz"),
        ("COM1/LPT²", "%43OM1/%4CPT²"),
        ("COM10/console", "COM10/console"),
        ('<>:"|?*', "%3C%3E%3A%22%7C%3F%2A"),
        ("a.", "a%2E"),
        ("a ", "a%20"),
        (".. ", "..%20"),
        ("...", "..%2E"),
        ("a\nb\x1f", "a%0Ab%1F"),
        ("100%", "100%"),
        ("a%3Ab", "a%253Ab"),
    ],
)
def test_on_windows_what_cannot_stand_in_a_name_is_written_as_in_urls(name: str, path: str) -> None:
    assert windows(name) == path


@pytest.mark.parametrize("name", ["x" * 300, "码" * 100, "x" * 300 + ".tar.gz", "x" * 10 + "." + "y" * 300])
def test_a_part_that_no_file_system_takes_is_shortened_and_stays_one_of_its_own(name: str) -> None:
    path = posix(f"{name}/{name}")
    assert [len(part.encode()) <= 255 for part in path.split("/")] == [True, True]
    assert posix(name) != posix(f"{name}x")
    assert name[:10] == path[:10]


def test_a_shortened_name_keeps_its_suffix() -> None:
    assert posix("x" * 300 + ".tar.gz").endswith(".gz")


def test_a_shortened_name_can_be_written(tmp_path: Path) -> None:
    path = safe_path(tmp_path, f"{'a' * 300}/{'码' * 100}.bin")
    path.parent.mkdir()
    path.write_bytes(b"")
    assert path.exists()


# Directories that are held open


def write(place: Place, name: str, content: bytes) -> None:
    descriptor = place.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(descriptor, content)
    os.close(descriptor)


def test_a_place_makes_the_directories_that_are_missing(tmp_path: Path) -> None:
    with Place.prepare(tmp_path / "root/a/b/f", tmp_path / "root") as place:
        write(place, "f", b"hello")
    assert (tmp_path / "root/a/b/f").read_bytes() == b"hello"


@pytest.mark.parametrize("path", ["f", "root/../f", "root/a/../../f", "rootless/f"])
def test_a_path_that_is_not_below_the_root_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UnsafeNameError):
        Place.prepare(tmp_path / path, tmp_path / "root")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("link", ["..", "../outside", "/", "/etc", "../root2"])
def test_no_link_leads_out_of_the_root(tmp_path: Path, link: str) -> None:
    for name in ("root", "outside", "root2"):
        (tmp_path / name).mkdir()
    (tmp_path / "root/link").symlink_to(link)
    with pytest.raises(UnsafeNameError, match="symbolic link"):
        Place.prepare(tmp_path / "root/link/new/f", tmp_path / "root")
    assert [path.name for path in tmp_path.rglob("new")] == []


def test_links_that_lead_round_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises((UnsafeNameError, OSError)):
        Place.prepare(tmp_path / "a/f", tmp_path)


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to("real")
    with Place.prepare(tmp_path / "root/a/f", tmp_path / "root") as place:
        write(place, "f", b"hello")
    assert (tmp_path / "real/a/f").read_bytes() == b"hello"


def test_a_directory_that_becomes_a_link_while_it_is_open_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    with Place.prepare(tmp_path / "root/a/f", tmp_path / "root") as place:
        (tmp_path / "root/a").rename(tmp_path / "root/b")
        (tmp_path / "root/a").symlink_to(tmp_path / "outside")
        write(place, "part", b"hello")
        place.rename("part", "f", replace=True)
    assert list((tmp_path / "outside").iterdir()) == []
    assert (tmp_path / "root/b/f").read_bytes() == b"hello"


def test_a_file_that_is_a_link_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "f").symlink_to("victim")
    with Place.prepare(tmp_path / "f") as place:
        for flags in (os.O_RDONLY, os.O_WRONLY | os.O_TRUNC):
            with pytest.raises(OSError, match="symbolic links"):
                place.open("f", flags)
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_renaming_replaces_only_where_it_may(tmp_path: Path) -> None:
    with Place.prepare(tmp_path / "f") as place:
        write(place, "a", b"a")
        write(place, "b", b"b")
        with pytest.raises(FileExistsError):
            place.rename("a", "b", replace=False)
        assert (tmp_path / "b").read_bytes() == b"b"
        place.rename("a", "c", replace=False)
        place.rename("c", "b", replace=True)
        place.sync()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"a"}
