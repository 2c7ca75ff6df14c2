"""Laws of paths: what is written is read back, and a default never overrides what the text says."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import assume, example, given

from wandql.errors import InvalidPathError
from wandql.paths import (
    AnyPath,
    ArtifactPath,
    ProjectPath,
    ReportPath,
    RunPath,
    SweepPath,
    parse_artifact_path,
    parse_path,
    parse_project_path,
    parse_report_path,
    parse_run_path,
    parse_sweep_path,
)

WORDS = [
    "runs",
    "sweeps",
    "reports",
    "artifacts",
    "workspace",
    "overview",
    "files",
    "projects",
    "wandb",
    "wandb.ai",
    "a.b",
]
PARSERS = {
    ProjectPath: parse_project_path,
    RunPath: parse_run_path,
    SweepPath: parse_sweep_path,
    ReportPath: parse_report_path,
    ArtifactPath: parse_artifact_path,
}


def is_name(text: str) -> bool:
    return bool(text) and text == text.strip() and text not in {".", ".."}


characters = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/:?#")
names = st.sampled_from(WORDS) | st.text(characters, min_size=1, max_size=12).filter(is_name)
projects = names.filter(lambda name: not {"%", "\\"} & set(name))
entities = st.none() | projects
ids = names.filter(lambda name: "--" not in f"-{name}" and "=" not in name)

paths = st.one_of(
    st.builds(ProjectPath, entities, projects),
    st.builds(RunPath, entities, projects, names),
    st.builds(SweepPath, entities, projects, names),
    st.builds(ReportPath, entities, projects, ids),
    st.builds(ArtifactPath, entities, projects, names, st.none() | names),
)
apps = st.sampled_from(
    [
        "https://wandb.ai",
        "http://localhost:8080",
        "http://[::1]:8080",
        "https://forge.coreweave.com/wandb",
        "https://example.org/runs/x/",
        "https://Example.org",
    ]
)


def url_of(path, app_url: str) -> str:
    return path.url(app_url, "dataset") if isinstance(path, ArtifactPath) else path.url(app_url)


@given(paths)
@example(RunPath("e", "runs", "runs"))
@example(RunPath(None, "sweeps", "runs"))
@example(SweepPath("runs", "runs", "sweeps"))
def test_what_a_path_writes_is_read_as_the_same_path(path):
    assert PARSERS[type(path)](str(path)) == path


@given(paths, st.sampled_from(["", "/", "//", " /"]), st.sampled_from(["", "/", " "]))
def test_slashes_and_blanks_around_a_path_do_no_harm(path, before, after):
    # `project/run/` with a slash at the end could be `entity/project/`; a rooted `/runs/run` means the default project.
    assume(path.entity is not None)
    assert PARSERS[type(path)](f"{before}{path}{after}") == path


@given(paths, apps)
def test_the_address_of_a_path_is_read_as_the_same_path(path, app_url):
    assume(path.entity is not None)
    assert PARSERS[type(path)](url_of(path, app_url), app_url=app_url) == path


@given(paths, apps, st.sampled_from(["/", "?nw=nwuser", "#top", "?a=b/c#d"]))
def test_what_follows_in_an_address_does_no_harm(path, app_url, rest):
    assume(path.entity is not None)
    assert PARSERS[type(path)](url_of(path, app_url) + rest, app_url=app_url) == path


@given(paths, apps)
def test_an_address_says_itself_of_which_kind_it_is(path, app_url):
    assume(path.entity is not None)
    assert parse_path(url_of(path, app_url), app_url=app_url) == path


@given(paths, projects, projects)
def test_a_default_never_overrides_what_the_text_says(path, entity, project):
    read = PARSERS[type(path)](str(path), entity=entity, project=project)
    assert read.entity == (path.entity or entity)
    assert (read.project, str(read).rpartition("/")[2]) == (path.project, str(path).rpartition("/")[2])


@given(st.builds(RunPath, projects, projects, names) | st.builds(ProjectPath, projects, projects))
def test_a_list_of_parts_is_read_as_the_text_that_joins_them(path):
    assert PARSERS[type(path)](str(path).split("/")) == path
    assert PARSERS[type(path)](path) is path


@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from([*WORDS, "x", ":", "/", "//", "https://", "?", "%2F"]), max_size=9).map("/".join)
)
@pytest.mark.parametrize("parse", [*PARSERS.values(), parse_path])
def test_any_text_is_read_or_refused_and_what_is_read_is_written_so_that_it_is_read_again(parse, text):
    read: AnyPath | InvalidPathError
    try:
        read = parse(text, entity="D", project="P")
    except InvalidPathError as error:
        read = error
    if isinstance(read, InvalidPathError):
        assert repr(text) in read.message
        assert read.hint
    else:
        assert PARSERS[type(read)](str(read)) == read
