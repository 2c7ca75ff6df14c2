"""Claims about what paths mean. D and P are the default entity and project."""

from __future__ import annotations

import pickle

import pytest

from wandql.errors import InvalidPathError
from wandql.paths import (
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
    run_url,
)

DEFAULTS = {"entity": "D", "project": "P"}


def refused(parse, given, **defaults) -> InvalidPathError:
    with pytest.raises(InvalidPathError) as caught:
        parse(given, **defaults)
    assert isinstance(caught.value, ValueError)
    if isinstance(given, str):
        assert caught.value.message.startswith(f"{given!r} is not the path of ")
    assert caught.value.hint
    return caught.value


RUNS = [
    ("e/p/r", ("e", "p", "r")),
    ("/e/p/r", ("e", "p", "r")),
    ("e/p/r/", ("e", "p", "r")),
    (" e/p/r ", ("e", "p", "r")),
    (" / e / p / r / ", ("e", "p", "r")),
    ("e/p/runs/r", ("e", "p", "r")),
    ("/e/p/runs/r/", ("e", "p", "r")),
    ("e/p:r", ("e", "p", "r")),
    ("p:r", ("D", "p", "r")),
    ("p/r", ("D", "p", "r")),
    ("/p/r", ("D", "p", "r")),
    ("p/runs/r", ("D", "p", "r")),
    ("r", ("D", "P", "r")),
    ("r/", ("D", "P", "r")),
    (":r", ("D", "P", "r")),
    ("/runs/r", ("D", "P", "r")),
    ("a/b/b", ("a", "b", "b")),
    ("a/b:b", ("a", "b", "b")),
    ("same/same", ("D", "same", "same")),
    ("e/p/r/overview", ("e", "p", "r")),
    ("e/p/runs/r/files", ("e", "p", "r")),
    ("e/p/runs/r/files/media/images/a.png", ("e", "p", "r")),
    ("p/runs/r/logs", ("D", "p", "r")),
    ("e/p/runs/runs", ("e", "p", "runs")),
    ("e/runs/runs/r", ("e", "runs", "r")),
    ("p/runs/runs", ("D", "p", "runs")),
    ("runs/runs/r", ("D", "runs", "r")),
    ("runs/p/r", ("runs", "p", "r")),
    ("e/p/workspace", ("e", "p", "workspace")),
    ("my team/my project/a.b-c_d", ("my team", "my project", "a.b-c_d")),
    ("équipe/プロジェクト/r", ("équipe", "プロジェクト", "r")),
    ("https://host/e/p/runs/r", ("e", "p", "r")),
    ("http://localhost:8080/e/p/runs/r/", ("e", "p", "r")),
    ("https://wandb.ai/e/p/runs/r?nw=x&workspace=user-e#top", ("e", "p", "r")),
    ("https://wandb.ai/e/p/runs/r/files/a/b", ("e", "p", "r")),
    ("https://wandb.ai/e/p/runs/r/some-new-page", ("e", "p", "r")),
    ("  HTTPS://Wandb.AI/my%20team/p%C3%A9/runs/r ", ("my team", "pé", "r")),
    ("https://forge.coreweave.com/wandb/e/p/runs/r", ("e", "p", "r")),
    ("wandb.ai/e/p/runs/r/overview?x=1", ("e", "p", "r")),
    ("localhost:8080/e/p/runs/r", ("e", "p", "r")),
    (["e", "p", "r"], ("e", "p", "r")),
    (("p", "r"), ("D", "p", "r")),
    (["e", "p", "runs", "r"], ("e", "p", "r")),
    (RunPath("e", "p", "r"), ("e", "p", "r")),
    (RunPath(None, "p", "r"), ("D", "p", "r")),
]


@pytest.mark.parametrize(("given", "parts"), RUNS)
def test_the_path_of_a_run_is_read_in_every_form(given, parts):
    assert parse_run_path(given, **DEFAULTS) == RunPath(*parts)


@pytest.mark.parametrize(("given", "parts"), [row for row in RUNS if row[1][0] == "D" and row[1][1] != "P"])
def test_without_a_default_entity_a_run_has_none(given, parts):
    assert parse_run_path(given) == RunPath(None, *parts[1:])
    assert parse_run_path(given, entity="") == RunPath(None, *parts[1:])


NO_RUNS = [
    ("", "it is empty, and there is no default run", None),
    ("/", "it is empty", None),
    ("  ", "it is empty", None),
    (None, "it is empty", None),
    ([], "it is empty", None),
    ("e/p/", "there is no run after the last '/'", None),
    ("e/p:", "the run '' is empty", None),
    (":", "the run '' is empty", None),
    ("e/:r", "the project '' is empty", None),
    ("e//r", "a part is empty", None),
    ("e/ /r", "a part is empty", None),
    ("e/p/r/extra", "it has too many parts", "Did you mean 'e/p/r'?"),
    ("a/b/c/d/e/f/g", "it has too many parts", "Did you mean 'a/b/c'?"),
    ("host/e/p/runs/r", "it has too many parts", "Did you mean 'e/p/r'?"),
    ("wandb.ai/e/p/r", "it has too many parts", "Did you mean 'e/p/r'?"),
    ("e/runs/p/r", "it has too many parts", "Did you mean 'e/p/runs/r'?"),
    ("runs/r", "'runs' may be a project", "Did you mean '/runs/r' or 'runs/runs/r'?"),
    ("sweeps/r", "'sweeps' may be a project, or mean a sweep", "Did you mean 'sweeps/runs/r'?"),
    ("e/p/runs", "it names a page of the project", None),
    ("p/sweeps", "it names a page of the project", None),
    ("e/p/sweeps/s", "it names a sweep", None),
    ("p/sweeps/s", "it names a sweep", None),
    ("https://host/e/p/sweeps/s", "it names a sweep", None),
    ("https://host/e/p/reports/x--id", "it names a report", None),
    ("https://host/e/p/artifacts/t/n/v0", "it names an artifact", None),
    ("https://host/e/p", "it is not the address of a run", None),
    ("https://host/e/p/workspace", "it is not the address of a run", "Did you mean 'e/p/workspace'?"),
    ("https://host/wandb/e/p/runs/r", "it is not the address of a run", "Did you mean 'e/p/r'?"),
    ("https://host/", "it is empty", None),
    ("https://", "it is no web address", None),
    ("https://[::1/e/p/runs/r", "it is no web address", None),
    ("ftp://host/e/p/runs/r", "it is no web address", None),
    ("e/p/r?workspace=x", "the run 'r?workspace=x' holds '?'", "Did you mean 'e/p/r'?"),
    ("e/p/r#logs", "the run 'r#logs' holds '#'", "Did you mean 'e/p/r'?"),
    ("e/p%20q/r", "the project 'p%20q' holds '%'", "Did you mean 'e/p q/r'?"),
    ("e/p/r:1", "it has both three parts and a ':'", "Did you mean 'e/p/r' or 'e/p/1'?"),
    ("a/b/c:d", "it has both three parts and a ':'", "Did you mean 'a/b/c' or 'a/b/d'?"),
    ("p:r:1", "the run 'r:1' holds ':'", None),
    ("e:x/p/r", "the entity 'e:x' holds ':'", None),
    ("e/../r", "the project '..' names a directory", None),
    ("e/p/r\nx", r"holds '\n'", None),
    ("e/p\\q/r", r"holds '\\'", None),
    ("https://h/e/p%2Fq/runs/r", "the project 'p/q' holds '/'", None),
    (3, "int is neither text nor a list of text", None),
    (["e", 3, "r"], "list is neither text nor a list of text", None),
    (["e", "", "r"], "a part is empty", None),
    (["e/p/r"], "the run 'e/p/r' holds '/'", None),
    (b"e/p/r", "bytes is neither text nor a list of text", None),
    (SweepPath("e", "p", "s"), "SweepPath is neither text nor a list of text", None),
]


@pytest.mark.parametrize(("given", "reason", "guess"), NO_RUNS)
def test_what_names_no_run_is_refused_with_a_reason(given, reason, guess):
    error = refused(parse_run_path, given, **DEFAULTS)
    assert reason in error.message
    assert "'entity/project/run'" in error.hint
    assert ("Did you mean" in error.hint) == (guess is not None)
    assert (guess or "or a web address") in error.hint


@pytest.mark.parametrize("given", ["r", ":r", "/runs/r"])
def test_a_run_alone_without_a_default_project_is_refused(given):
    error = refused(parse_run_path, given, entity="D")
    assert "it names no project, and there is no default project" in error.message


@pytest.mark.parametrize("given", [None, "", "/", []])
def test_an_empty_path_is_the_default_run(given):
    assert parse_run_path(given, **DEFAULTS, run="R") == RunPath("D", "P", "R")
    assert "no default project" in refused(parse_run_path, given, run="R").message


@pytest.mark.parametrize(("given", "parts"), [row for row in RUNS if isinstance(row[0], str)])
def test_the_path_of_a_sweep_is_read_in_the_forms_of_a_run(given, parts):
    if "workspace" not in parts:
        swept = given.replace("runs", "sweeps")
        assert parse_sweep_path(swept, **DEFAULTS) == SweepPath(*(part.replace("runs", "sweeps") for part in parts))


@pytest.mark.parametrize(
    "given", ["e/p/runs/r", "p/runs/r", "https://wandb.ai/e/p/runs/r", "", None, "e/p/", "sweeps/s", "e/p/sweeps"]
)
def test_what_names_no_sweep_is_refused(given):
    assert "is not the path of a sweep" in refused(parse_sweep_path, given, **DEFAULTS).message


PROJECTS = [
    ("e/p", ("e", "p")),
    ("/e/p", ("e", "p")),
    ("e/p/", ("e", "p")),
    (" e/p ", ("e", "p")),
    ("p", ("D", "p")),
    ("/p", ("D", "p")),
    ("", ("D", "P")),
    (None, ("D", "P")),
    ("/", ("D", "P")),
    ("e/p/workspace", ("e", "p")),
    ("e/p/runs", ("e", "p")),
    ("e/p/sweeps", ("e", "p")),
    ("e/projects", ("e", "projects")),
    ("runs", ("D", "runs")),
    ("e/runs", ("e", "runs")),
    ("https://host/e/p", ("e", "p")),
    ("https://host/e/p/", ("e", "p")),
    ("https://host/e/p/runs", ("e", "p")),
    ("https://host/e/p/artifacts/dataset", ("e", "p")),
    ("https://host/e/p/groups/g/workspace?nw=x", ("e", "p")),
    ("https://host/e/p/some-new-page", ("e", "p")),
    ("https://forge.coreweave.com/wandb/e/p/workspace", ("e", "p")),
    (["e", "p"], ("e", "p")),
    (["p"], ("D", "p")),
    (ProjectPath("e", "p"), ("e", "p")),
    (ProjectPath(None, "p"), ("D", "p")),
]


@pytest.mark.parametrize(("given", "parts"), PROJECTS)
def test_the_path_of_a_project_is_read_in_every_form(given, parts):
    assert parse_project_path(given, **DEFAULTS) == ProjectPath(*parts)


@pytest.mark.parametrize(
    ("given", "reason", "guess"),
    [
        ("e/", "there is no project after '/'", None),
        ("e/p/r", "it has too many parts", "Did you mean 'e/p'?"),
        ("wandb.ai/e/p", "it has too many parts", "Did you mean 'e/p'?"),
        ("e/p:r", "the project 'p:r' holds ':'", None),
        ("e//p", "a part is empty", None),
        ("https://host/e", "it is the address of an entity", None),
        ("https://host/e/projects", "it is the address of an entity", None),
        ("https://host/e/p/runs/r", "it names a run", "Did you mean 'e/p'?"),
        ("e/p/runs/r", "it names a run", "Did you mean 'e/p'?"),
        ("https://host/e/p/sweeps/s/table", "it names a sweep", "Did you mean 'e/p'?"),
        ("https://host/e/p/reports/a--b", "it names a report", "Did you mean 'e/p'?"),
        ("https://host/e/p/artifacts/t/n", "it names an artifact", "Did you mean 'e/p'?"),
        ("e/p?q", "the project 'p?q' holds '?'", "Did you mean 'e/p'?"),
        (3, "int is neither", None),
        (RunPath("e", "p", "r"), "RunPath is neither", None),
    ],
)
def test_what_names_no_project_is_refused_with_a_reason(given, reason, guess):
    error = refused(parse_project_path, given, **DEFAULTS)
    assert reason in error.message
    assert ("Did you mean" in error.hint) == (guess is not None)
    assert (guess or "'entity/project'") in error.hint


@pytest.mark.parametrize("given", ["", None, "/", []])
def test_an_empty_path_without_a_default_project_is_refused(given):
    assert "there is no default project" in refused(parse_project_path, given, entity="D").message


ARTIFACTS = [
    ("n:v0", ("D", "P", "n", "v0")),
    ("n", ("D", "P", "n", None)),
    ("/n:v0", ("D", "P", "n", "v0")),
    ("0123456789abcdef0123456789abcdef", ("D", "P", "0123456789abcdef0123456789abcdef", None)),
    ("p/n:v0", ("D", "p", "n", "v0")),
    ("p/n:v0/", ("D", "p", "n", "v0")),
    ("e/p/n:v0", ("e", "p", "n", "v0")),
    ("/e/p/n:v0/", ("e", "p", "n", "v0")),
    ("e/p/n", ("e", "p", "n", None)),
    ("e/artifacts/n:latest", ("e", "artifacts", "n", "latest")),
    ("https://host/e/p/artifacts/dataset/n/v0", ("e", "p", "n", "v0")),
    ("https://host/e/p/artifacts/dataset/n/v0/files/a/b", ("e", "p", "n", "v0")),
    ("https://host/e/p/artifacts/dataset/n", ("e", "p", "n", None)),
    ("wandb.ai/e/p/artifacts/dataset/n/best", ("e", "p", "n", "best")),
    ("e/p/artifacts/dataset/n/v0", ("e", "p", "n", "v0")),
    ("wandb-registry-model/n:v0", ("D", "wandb-registry-model", "n", "v0")),
    (["e", "p", "n:v0"], ("e", "p", "n", "v0")),
    (ArtifactPath("e", "p", "n", "v0"), ("e", "p", "n", "v0")),
]


@pytest.mark.parametrize(("given", "parts"), ARTIFACTS)
def test_the_path_of_an_artifact_is_read_in_every_form(given, parts):
    assert parse_artifact_path(given, **DEFAULTS) == ArtifactPath(*parts)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "it is empty"),
        ("", "it is empty"),
        ("n:", "the alias '' is empty"),
        (":v0", "the name '' is empty"),
        ("n:v0:v1", "the alias 'v0:v1' holds ':'"),
        ("e/p/q/n:v0", "it has too many parts"),
        ("e:x/p/n:v0", "the entity 'e:x' holds ':'"),
        ("https://host/e/p/runs/r", "it names a run"),
        ("https://host/e/p/artifacts/dataset", "it names a type of artifacts"),
        ("https://host/e/p", "it is not the address of an artifact"),
        ("https://host/", "it is empty"),
        ("wandb-artifact://e/p/n:v0", "it is no web address"),
    ],
)
def test_what_names_no_artifact_is_refused_with_a_reason(given, reason):
    error = refused(parse_artifact_path, given, **DEFAULTS)
    assert reason in error.message


def test_an_artifact_alone_without_a_default_project_is_refused():
    assert "it names no project" in refused(parse_artifact_path, "n:v0", entity="D").message


REPORTS = [
    ("e/p/reports/My-title--VmlldzoxMjM", ("e", "p", "VmlldzoxMjM")),
    ("e/p/reports/My-title--VmlldzoxMjM=", ("e", "p", "VmlldzoxMjM")),
    ("e/p/reports/a--b--VmlldzoxMjM", ("e", "p", "VmlldzoxMjM")),
    ("e/p/reports/VmlldzoxMjM", ("e", "p", "VmlldzoxMjM")),
    ("p/reports/My-title--VmlldzoxMjM", ("D", "p", "VmlldzoxMjM")),
    ("/reports/My-title--VmlldzoxMjM", ("D", "P", "VmlldzoxMjM")),
    ("https://host/e/p/reports/My-title--VmlldzoxMjM/edit?x=1", ("e", "p", "VmlldzoxMjM")),
    ("e/p/reports/My-title--VmlldzoxMjM/edit", ("e", "p", "VmlldzoxMjM")),
    (ReportPath(None, "p", "VmlldzoxMjM"), ("D", "p", "VmlldzoxMjM")),
]


@pytest.mark.parametrize(("given", "parts"), REPORTS)
def test_the_path_of_a_report_is_read_in_every_form(given, parts):
    assert parse_report_path(given, **DEFAULTS) == ReportPath(*parts)


@pytest.mark.parametrize(
    "given", [None, "", "e/p", "e/p/reports", "e/p/runs/r", "https://host/e/p", "e/p/reports/x--", "e/p/reports/="]
)
def test_what_names_no_report_is_refused(given):
    assert "is not the path of a report" in refused(parse_report_path, given, **DEFAULTS).message


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("p", ProjectPath("D", "p")),
        ("e/p", ProjectPath("e", "p")),
        ("e/p/runs", ProjectPath("e", "p")),
        ("https://host/e/p/workspace", ProjectPath("e", "p")),
        ("e/p/r", RunPath("e", "p", "r")),
        ("e/p/runs/r", RunPath("e", "p", "r")),
        ("p/runs/r", RunPath("D", "p", "r")),
        ("/runs/r", RunPath("D", "P", "r")),
        ("e/p:r", RunPath("e", "p", "r")),
        ("p:r", RunPath("D", "p", "r")),
        ("e/p/r/overview", RunPath("e", "p", "r")),
        ("https://host/e/p/runs/r/logs", RunPath("e", "p", "r")),
        ("e/p/sweeps/s", SweepPath("e", "p", "s")),
        ("p/sweeps/s", SweepPath("D", "p", "s")),
        ("/sweeps/s", SweepPath("D", "P", "s")),
        ("e/p/reports/t--id", ReportPath("e", "p", "id")),
        ("p/reports/t--id", ReportPath("D", "p", "id")),
        ("e/p/n:v0", ArtifactPath("e", "p", "n", "v0")),
        ("https://host/e/p/artifacts/t/n/v0", ArtifactPath("e", "p", "n", "v0")),
        ("https://host/e/p/artifacts/t", ProjectPath("e", "p")),
        (["e", "p", "r"], RunPath("e", "p", "r")),
        (SweepPath(None, "p", "s"), SweepPath("D", "p", "s")),
    ],
)
def test_a_path_of_any_kind_says_which_it_is(given, path):
    assert parse_path(given, **DEFAULTS) == path


@pytest.mark.parametrize("given", ["a/b/c/d", "ftp://x", 3, "https://host/e", "e//p"])
def test_what_is_no_path_of_any_kind_is_refused(given):
    refused(parse_path, given, **DEFAULTS)


# Addresses and text


@pytest.mark.parametrize(
    ("path", "url"),
    [
        (ProjectPath("e", "p"), "https://wandb.ai/e/p/workspace"),
        (RunPath("my team", "p é", "r"), "https://wandb.ai/my%20team/p%20%C3%A9/runs/r"),
        (SweepPath("e", "p", "s"), "https://wandb.ai/e/p/sweeps/s"),
        (ReportPath("e", "p", "id"), "https://wandb.ai/e/p/reports/--id"),
    ],
)
def test_a_path_has_a_web_address(path, url):
    assert path.url("https://wandb.ai") == path.url("https://wandb.ai/") == url


def test_an_artifact_has_a_web_address_with_its_type():
    assert ArtifactPath("e", "p", "n", "v0").url("https://h", "my type") == "https://h/e/p/artifacts/my%20type/n/v0"
    assert ArtifactPath("e", "p", "n").url("https://h", "t") == "https://h/e/p/artifacts/t/n"
    with pytest.raises(InvalidPathError, match="type"):
        ArtifactPath("e", "p", "n").url("https://h", "")


def test_without_an_entity_there_is_no_web_address():
    with pytest.raises(InvalidPathError, match="needs an entity"):
        RunPath(None, "p", "r").url("https://wandb.ai")


def test_the_address_of_the_app_may_have_a_path():
    url = "https://example.org/ml/wandb/e/p/runs/r"
    assert parse_run_path(url, app_url="https://example.org/ml/wandb/") == RunPath("e", "p", "r")
    refused(parse_run_path, url)
    refused(parse_run_path, url, app_url="https://example.org/ml/wand")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (ProjectPath("e", "p"), "e/p"),
        (ProjectPath(None, "p"), "p"),
        (RunPath("e", "p", "r"), "e/p/r"),
        (RunPath(None, "p", "r"), "p/r"),
        (RunPath("e", "runs", "r"), "e/runs/runs/r"),
        (RunPath("e", "p", "sweeps"), "e/p/runs/sweeps"),
        (SweepPath("e", "p", "s"), "e/p/s"),
        (SweepPath(None, "sweeps", "s"), "sweeps/sweeps/s"),
        (ReportPath("e", "p", "id"), "e/p/reports/id"),
        (ArtifactPath("e", "p", "n"), "e/p/n"),
        (ArtifactPath("e", "p", "n", "v0"), "e/p/n:v0"),
    ],
)
def test_a_path_is_written_in_its_shortest_form_that_means_one_thing(path, text):
    assert str(path) == text


@pytest.mark.parametrize(
    "part", ["", " ", " x", "x ", ".", "..", "a/b", "a:b", "a?b", "a#b", "a\nb", "a\x7fb", "a\ud800b"]
)
def test_no_path_is_made_of_parts_that_no_name_has(part):
    for make in (
        lambda: ProjectPath("e", part),
        lambda: ProjectPath(part, "p"),
        lambda: RunPath("e", "p", part),
        lambda: SweepPath("e", "p", part),
        lambda: ReportPath("e", "p", part),
        lambda: ArtifactPath("e", "p", part),
        lambda: ArtifactPath("e", "p", "n", part),
    ):
        with pytest.raises(InvalidPathError):
            make()


def test_the_id_of_a_report_holds_no_title():
    with pytest.raises(InvalidPathError, match="is not the id of a report"):
        ReportPath("e", "p", "title--id")


def test_a_wrong_default_is_an_error_too():
    with pytest.raises(InvalidPathError, match="the entity 'a/b' holds '/'"):
        parse_run_path("p/r", entity="a/b")


def test_paths_are_values():
    path = RunPath("e", "p", "r")
    assert path == RunPath("e", "p", "r")
    assert len({path, RunPath("e", "p", "r")}) == 1
    assert path != SweepPath("e", "p", "r")
    assert pickle.loads(pickle.dumps(path)) == path
    with pytest.raises(AttributeError):
        path.run = "x"


@pytest.mark.parametrize("parts", [("e", "p", "r"), ("e 1", "p.q", "r&ü"), ("e", "p", "%2F")])
@pytest.mark.parametrize("app_url", ["https://wandb.ai", "http://localhost:8080/app/"])
def test_the_address_of_a_listed_run_is_that_of_its_path(parts, app_url):
    assert run_url(app_url, *parts) == RunPath(*parts).url(app_url)
