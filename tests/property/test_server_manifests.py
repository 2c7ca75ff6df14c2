"""Laws of manifests: what their digest means, how they merge, which paths are safe."""

from __future__ import annotations

import hashlib
import json
import ntpath
import posixpath
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wandql.server.artifacts.manifests import digest_of, is_safe_path, merge_manifests, read_manifest

PATHS = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=8).filter(
    lambda path: path != ".."
)
ENTRIES = st.fixed_dictionaries(
    {"digest": st.text(st.characters(codec="utf-8"), max_size=8)},
    optional={"size": st.integers(0, 2**40), "ref": st.just("s3://b/k"), "extra": st.just({"etag": "x"})},
)
CONTENTS = st.dictionaries(PATHS, ENTRIES, max_size=6)
Contents = dict[str, dict[str, Any]]


def written(contents: Contents, **more: Any) -> bytes:
    return json.dumps({"version": 1, "storagePolicy": "wandb-storage-policy-v1", **more, "contents": contents}).encode()


@given(CONTENTS)
def test_a_manifest_is_read_as_it_was_written(contents: Contents):
    read = read_manifest(written(contents))
    assert {path: (entry.digest, entry.size, entry.ref) for path, entry in read.items()} == {
        path: (entry["digest"], entry.get("size"), entry.get("ref")) for path, entry in contents.items()
    }


@given(CONTENTS, st.randoms())
def test_the_digest_depends_on_paths_and_digests_alone(contents: Contents, chance: Any):
    items = list(contents.items())
    chance.shuffle(items)
    shuffled = {path: {"digest": entry["digest"]} for path, entry in items}
    lines = "".join(f"{path}:{contents[path]['digest']}\n" for path in sorted(contents))
    expected = hashlib.md5(f"wandb-artifact-manifest-v1\n{lines}".encode()).hexdigest()
    assert digest_of(read_manifest(written(contents))) == digest_of(read_manifest(written(shuffled))) == expected


@given(st.lists(CONTENTS, min_size=1, max_size=4))
def test_the_last_of_merged_manifests_wins(parts: list[Contents]):
    merged = json.loads(merge_manifests([written(part, mine=number) for number, part in enumerate(parts)]))
    expected: Contents = {}
    for part in parts:
        expected |= part
    assert merged["contents"] == expected  # entries whole, with what this server does not know
    assert merged["mine"] == len(parts) - 1
    assert list(merged["contents"]) == sorted(expected)


@given(CONTENTS, CONTENTS)
def test_merging_with_itself_changes_nothing(one: Contents, two: Contents):
    once = merge_manifests([written(one), written(two)])
    assert merge_manifests([once, once]) == once


@given(st.text(st.sampled_from("ab./\\ :\0"), max_size=8))
def test_a_safe_path_stays_in_its_directory(path: str):
    safe = is_safe_path(path)
    assert not (safe and "\0" in path)
    for system, root in ((posixpath, "/root/artifact"), (ntpath, "\\root\\artifact")):
        joined = system.normpath(system.join(root, path))
        inside = joined == root or joined.startswith(root + system.sep)
        assert inside or not safe or system.splitdrive(path)[0]


@given(PATHS)
def test_a_plain_name_is_safe(path: str):
    assert is_safe_path(path)
