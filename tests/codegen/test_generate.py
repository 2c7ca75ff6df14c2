"""Generating: the same bytes every time, and nothing stale, missing or surplus goes unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.codegen.conftest import ROOT, Repository, make_repository
from tools.codegen import generate as command
from tools.codegen.generate import stale_files
from tools.codegen.options import Options
from tools.codegen.plugin import HEADER
from tools.codegen.sources import QueryRulesError

QUERIES = """
# Fetch one run.
query GetRun($id: ID!, $withTags: Boolean = false) {
  run(id: $id) { ...RunFields tags @include(if: $withTags) }
}
# Fetch the runs, page by page.
query GetRuns($first: Int = 50, $after: String) {
  runs(first: $first, after: $after) { edges { node { ...RunFields } } pageInfo { endCursor hasNextPage } }
}
# Fetch who started it.
query GetStarter { starter { ... on Run { id } ... on User { name } } }
# Count. Of those in a state,
# however many there are.
query CountRuns($filter: Filter, $state: State) { count(filter: $filter, state: $state) }
# Delete a run. Idempotent.
mutation DeleteRun($id: ID!) { delete(id: $id) }
fragment RunFields on Run { id md5 state owner { name } }
"""


@pytest.fixture
def generated(repository: Repository) -> Path:
    return repository.compile(QUERIES)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def test_the_committed_code_is_what_would_be_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert stale_files(ROOT / "src/wandql/graphql/generated") == []


def test_generating_twice_gives_the_same_bytes(repository: Repository, generated: Path) -> None:
    first = contents(generated)
    assert contents(repository.compile(QUERIES)) == first


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_bytes_do_not_depend_on_the_order_of_sets(repository: Repository, generated: Path, seed: str) -> None:
    first = contents(generated)
    shutil.rmtree(generated)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    # Its report about unused fields fails afterwards: a small schema is not what the recorded SDK uses.
    command = [sys.executable, "-m", "tools.codegen.generate"]
    subprocess.run(command, env=environment, cwd=repository.folder, check=False, capture_output=True)
    assert contents(generated) == first


def test_what_is_changed_missing_or_surplus_is_stale(generated: Path) -> None:
    assert stale_files(generated) == []
    (generated / "get_run.py").write_text("")
    (generated / "get_runs.py").unlink()
    (generated / "get_nothing.py").write_text("")
    assert [path.name for path in stale_files(generated)] == ["get_nothing.py", "get_run.py", "get_runs.py"]
    assert (generated / "get_run.py").read_text() == ""


def test_generating_removes_the_module_of_an_operation_that_is_gone(repository: Repository, generated: Path) -> None:
    (generated / "get_nothing.py").write_text("")
    repository.compile(QUERIES)
    assert stale_files(generated) == []


def test_a_broken_rule_leaves_what_was_generated_before(repository: Repository, generated: Path) -> None:
    before = contents(generated)
    with pytest.raises(QueryRulesError, match="GetRun"):
        repository.compile("query GetRun { run { id } }")
    assert contents(generated) == before


OPTIONS = (ROOT / "codegen.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[tool.ariadne-codegen]\n", "[tool.ariadne-codegen]\nasync_cliennt = false\n", "async_cliennt: Extra inputs"),
        ('type = "int"', 'type = "int"\nserialise = "int"', "serialise: Extra inputs"),
        ("use_alias_generator = true\n", "", "use_alias_generator: Field required"),
        ("defer_model_build = true", "defer_model_build = false", "defer_model_build: Input should be True"),
        ("[tool.ariadne-codegen]\n", "[tool.ariadne]\n", "tool.ariadne-codegen.schema_path: Field required"),
    ],
)
def test_an_option_that_is_unknown_missing_or_wrong_is_an_error(
    repository: Repository, old: str, new: str, words: str
) -> None:
    assert old in OPTIONS
    repository.write("codegen.toml", OPTIONS.replace(old, new, 1))
    with pytest.raises(QueryRulesError, match=words) as caught:
        repository.compile(QUERIES)
    assert str(caught.value).startswith("codegen.toml: ")


def test_the_options_of_this_repository_are_read() -> None:
    options = Options.of({"tool": {"ariadne-codegen": {**_section(), "schema_path": "x.graphql"}}})
    assert options.schema_path == Path("x.graphql")
    assert options.package == Path("src/wandql/graphql/generated")
    assert options.scalars["JSONString"].type == "wandql.graphql.scalars.JSONString"


def _section() -> dict[str, object]:
    return tomllib.loads(OPTIONS)["tool"]["ariadne-codegen"]


def test_the_command_says_what_is_stale_and_exits_with_1(
    repository: Repository, generated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (generated / "get_run.py").write_text("")
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert command.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "Stale, run `make generate`:",
        "  src/wandql/graphql/generated/get_run.py",
    ]


def test_the_command_says_which_rule_is_broken_and_exits_with_1(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write("queries/all.graphql", "query GetRun { run { id } }")
    monkeypatch.setattr(sys, "argv", ["generate"])
    assert command.main() == 1
    assert "queries/all.graphql: GetRun: has no comment line above it" in capsys.readouterr().out
    assert not repository.generated.exists()


# What is generated


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package, for reading."""
    folder = tmp_path_factory.mktemp("repository")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return make_repository(folder).compile(QUERIES)


def test_every_generated_file_names_the_command_that_makes_it(package: Path) -> None:
    assert "make generate" in HEADER
    assert all(text.decode().startswith(HEADER + "\n") for text in contents(package).values())


def test_a_comment_becomes_the_docstring_and_the_schema_describes_the_parameters(package: Path) -> None:
    builders = (package / "operations.py").read_text()
    assert '"""Count. Of those in a state, however many there are.' in builders
    assert "        state: In which state." in builders
    assert "        with_tags: Whether to fetch `tags`." in builders
    assert "Idempotent" not in builders


def test_parameters_have_the_types_and_defaults_of_their_variables(package: Path) -> None:
    builders = (package / "operations.py").read_text()
    for signature in (
        "def get_run(*, id: str, with_tags: bool | None = False) -> Operation[GetRun]:",
        "def get_runs(*, first: int | None = 50, after: str | None = None) -> PagedOperation[GetRuns, RunFields]:",
        "def count_runs(*, filter: Filter | None = None, state: State | None = None) -> Operation[CountRuns]:",
        "def get_starter() -> Operation[GetStarter]:",
        "def delete_run(*, id: str) -> Operation[DeleteRun]:",
    ):
        assert signature in builders


def test_a_digit_is_part_of_the_word_before_it(package: Path) -> None:
    assert "    md5: str | None\n" in (package / "fragments.py").read_text()


def test_a_fragment_is_the_model_of_what_spreads_it(package: Path) -> None:
    assert "GetRunsRunsEdgesNode = RunFields" in (package / "get_runs.py").read_text()


def test_a_union_has_a_place_for_types_of_a_newer_server(package: Path) -> None:
    text = (package / "get_starter.py").read_text()
    assert "Annotated[UnknownType, Tag(UNKNOWN)]" in text
    assert 'by_type("Run", "User")' in text
    assert "  starter {\n    __typename\n" in (package / "operations.py").read_text()


def test_only_what_operations_take_or_return_is_generated(package: Path) -> None:
    assert "class Filter(BaseModel)" in (package / "input_types.py").read_text()
    assert "class State(OpenEnum)" in (package / "enums.py").read_text()
