"""The rules for writing queries: what each refuses, and which harm it averts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from types import ModuleType

import pytest

from tests.codegen.conftest import SCHEMA, Repository
from tools.codegen import rules
from tools.codegen.sources import QueryRulesError, Sources

FILE = "queries/all.graphql"
INLINE = "is an inline fragment with a condition or without a type; put the condition on fields"

BROKEN = {
    "an object is selected in a fragment and beside it": (
        "# Fetch.\nquery GetRun { run { ...F owner { mail } } } fragment F on Run { owner { name } }",
        f"{FILE}: GetRun run.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected by two fragments": (
        "# Fetch.\nquery GetRun { run { ...F ...G } }"
        "fragment F on Run { owner { name } } fragment G on Run { owner { mail } }",
        f"{FILE}: GetRun run.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected by a fragment of a fragment": (
        "# Fetch.\nquery GetRun { run { ...F owner { mail } } }"
        "fragment F on Run { ...G } fragment G on Run { owner { name } }",
        f"{FILE}: GetRun run.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected twice by name": (
        "# Fetch.\nquery GetRun { run { owner { mail } owner { name } } }",
        f"{FILE}: GetRun run.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected twice within a fragment": (
        "# Fetch.\nquery GetRun { run { ...F } } fragment F on Run { owner { owner { mail } owner { name } } }",
        f"{FILE}: F owner.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected twice under one alias": (
        "# Fetch.\nquery GetRun { run { who: owner { mail } who: owner { name } } }",
        f"{FILE}: GetRun run.who: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected by two inline fragments on one type": (
        "# Fetch.\nquery GetIt { starter { ... on Run { owner { mail } } ... on Run { owner { name } } } }",
        f"{FILE}: GetIt starter.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "an object is selected on an interface and on its type": (
        "# Fetch.\nquery GetIt { node { owner { mail } ... on Run { owner { name } } } }",
        f"{FILE}: GetIt node.owner: is selected twice; the generator keeps one of the two selections",
    ),
    "two fields are one name in Python": (
        "# Fetch.\nquery GetRun { run { id _id } }",
        f"{FILE}: GetRun run._id: and 'id' are both 'id' in Python; alias one",
    ),
    "two aliases are one name in Python": (
        "# Fetch.\nquery GetRun { run { runId: id run_id: title } }",
        f"{FILE}: GetRun run.run_id: and 'runId' are both 'run_id' in Python; alias one",
    ),
    "a condition on a fragment": (
        "# Fetch.\nquery GetRun($all: Boolean!) { run { id ...F @include(if: $all) } } fragment F on Run { title }",
        f"{FILE}: GetRun run....F: has a condition, which the generator ignores; put it on fields",
    ),
    "a condition on an inline fragment": (
        "# Fetch.\nquery GetRun($all: Boolean!) { run { id ... on Run @include(if: $all) { title } } }",
        f"{FILE}: GetRun run....: {INLINE}",
    ),
    "an inline fragment without a type": (
        "# Fetch.\nquery GetRun($all: Boolean!) { run { id ... @skip(if: $all) { title } } }",
        f"{FILE}: GetRun run....: {INLINE}",
    ),
    "an interface's fragment on one of its types": (
        "# Fetch.\nquery GetRun { run { ...F } } fragment F on Node { id }",
        f"{FILE}: GetRun run....F: is on the interface Node, spread on Run: it is unpacked",
    ),
    "a fragment on a union": (
        "# Fetch.\nquery GetIt { starter { ...F } } fragment F on Starter { ... on Run { id } }",
        f"{FILE}: F: is on a union, so no class of its name would exist; write it on a concrete type",
    ),
    "an inline fragment at the top of a fragment": (
        "# Fetch.\nquery GetIt { node { ...F } } fragment F on Node { ... on Run { id } }",
        f"{FILE}: F: has an inline fragment at its top, so no class of its name would exist",
    ),
    "another name for __typename": (
        "# Fetch.\nquery GetIt { starter { kind: __typename ... on Run { id } } }",
        f"{FILE}: GetIt starter.kind: renames __typename, by which the members of a union are told apart",
    ),
    "an operation without a name": (
        "# Fetch.\nquery { run { id } }",
        f"{FILE}: anonymous operation: has no name; a builder is named after its operation",
    ),
    "two operations that differ in case": (
        "# Fetch.\nquery GetRun { run { id } }\n# Fetch.\nquery getRun { run { id } }",
        f"{FILE}: GetRun: is spelled like another operation but for case; rename one",
    ),
    "an operation named like a type": (
        "# Fetch.\nquery Run { run { id } }",
        f"{FILE}: Run: is named like a type or fragment, which it would shadow; rename it",
    ),
    "an operation named like a fragment": (
        "# Fetch.\nquery F { run { ...F } } fragment F on Run { id }",
        f"{FILE}: F: is named like a type or fragment, which it would shadow; rename it",
    ),
    "an operation named like a generated module": (
        "# Fetch.\nquery Operations { run { id } }",
        f"{FILE}: Operations: is named like something that the generated package or the client has; rename it",
    ),
    "an operation named like a method of the client": (
        "# Fetch.\nquery Execute { run { id } }",
        f"{FILE}: Execute: is named like something that the generated package or the client has; rename it",
    ),
    "a fragment named like a type": (
        "# Fetch.\nquery GetRun { run { ...User } } fragment User on Run { id }",
        f"{FILE}: User: is named like a type; call it …Fields",
    ),
    "an operation without a comment": (
        "query GetRun { run { id } }",
        f"{FILE}: GetRun: has no comment line above it; its first sentence becomes the docstring",
    ),
    "an operation whose comment is further above": (
        "# Fetch.\n\nquery GetRun { run { id } }",
        f"{FILE}: GetRun: has no comment line above it; its first sentence becomes the docstring",
    ),
    "a subscription": (
        "# Listen.\nsubscription OnStart { started { id } }",
        f"{FILE}: OnStart: is a subscription; the client has none",
    ),
    "a variable named self": (
        "# Fetch.\nquery GetRun($self: ID) { run(id: $self) { id } }",
        f"{FILE}: GetRun $self: is a name that Python keeps for itself; rename it",
    ),
    "a variable named by a keyword": (
        "# Fetch.\nquery GetRun($from: ID) { run(id: $from) { id } }",
        f"{FILE}: GetRun $from: is a name that Python keeps for itself; rename it",
    ),
    "two variables that are one name in Python": (
        "# Fetch.\nquery GetRun($runId: ID, $run_id: ID) { a: run(id: $runId) { id } b: run(id: $run_id) { id } }",
        f"{FILE}: GetRun $runId: and another variable are both 'run_id' in Python; rename one",
    ),
    "a variable with a default and an exclamation mark": (
        '# Fetch.\nquery GetRun($id: ID! = "x") { run(id: $id) { id } }',
        f"{FILE}: GetRun $id: has a default and '!': the generator drops the default; remove the '!'",
    ),
    "two connections of one cursor": (
        "# Fetch.\nquery GetRuns($after: String) {"
        " a: runs(after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } }"
        " b: runs(after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }",
        f"{FILE}: GetRuns: two connections use $after; an operation pages one",
    ),
    "a page without its end": (
        "# Fetch.\nquery GetRuns($after: String) { runs(after: $after) { edges { node { id } } } }",
        f"{FILE}: GetRuns runs: a page needs edges {{ node }} and pageInfo",
    ),
    "a page without nodes": (
        "# Fetch.\nquery GetRuns($after: String)"
        " { runs(after: $after) { edges { __typename } pageInfo { endCursor hasNextPage } } }",
        f"{FILE}: GetRuns runs: a page needs edges {{ node }} and pageInfo",
    ),
    "a page for each item of a list": (
        "# Fetch.\nquery GetRuns($after: String)"
        " { run { pages(after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } } }",
        f"{FILE}: GetRuns run.pages: the way to the connection crosses a list",
    ),
    "a cursor that only a fragment uses": (
        "# Fetch.\nquery GetRuns($after: String) { ...F }"
        "fragment F on Query { runs(after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }",
        f"{FILE}: GetRuns $after: no connection of the operation itself uses it; name it otherwise",
    ),
    "a field that the schema does not have": (
        "# Fetch.\nquery GetRun { run { nope } }",
        f"{FILE}:2: Cannot query field 'nope' on type 'Run'.",
    ),
    "a variable of the wrong type": (
        "# Fetch.\nquery GetRun($id: Int) {\n  run(id: $id) { id }\n}",
        f"{FILE}:2: Variable '$id' of type 'Int' used in position expecting type 'ID'.",
    ),
    "a fragment that nobody uses": (
        "# Fetch.\nquery GetRun { run { id } }\nfragment F on Run { id }",
        f"{FILE}:3: Fragment 'F' is never used.",
    ),
    "a fragment that spreads itself": (
        "# Fetch.\nquery GetRun { run { ...F } }\nfragment F on Run { owner { ...G } }\n"
        "fragment G on User { owner { ...G } }",
        f"{FILE}:4: Cannot spread fragment 'G' within itself.",
    ),
    "a directive of the generator": (
        '# Fetch.\nquery GetRun { run @mixin(from: "a", import: "B") { id } }',
        f"{FILE}:2: Unknown directive '@mixin'.",
    ),
    "what is no GraphQL": (
        "# Fetch.\nquery GetRun {\n  run {",
        f"{FILE}:3: Syntax Error: Expected Name, found <EOF>.",
    ),
}


@pytest.mark.parametrize(("queries", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_an_error_that_names_file_operation_and_field(
    repository: Repository, queries: str, problem: str
) -> None:
    assert problem in repository.problems(queries)


CLEAN = {
    "a plain query": "# Fetch.\nquery GetRun($id: ID!) { run(id: $id) { id title owner { name } } }",
    "a scalar in a fragment and beside it": "# Fetch.\nquery GetRun { run { id ...F } } fragment F on Run { id title }",
    "one object on different types of a union": (
        "# Fetch.\nquery GetIt { starter { ... on Run { owner { mail } } ... on User { owner { name } } } }"
    ),
    "one object under two aliases": "# Fetch.\nquery GetRun { run { a: owner { mail } b: owner { name } } }",
    "two spellings with an alias": "# Fetch.\nquery GetRun { run { id other: _id } }",
    "a condition on a field": ("# Fetch.\nquery GetRun($all: Boolean = false) { run { id title @include(if: $all) } }"),
    "an interface's fragment on the interface": "# Fetch.\nquery GetIt { node { ...F } } fragment F on Node { id }",
    "fragments on the types of a union": (
        "# Fetch.\nquery GetIt { starter { ...F ...G } } fragment F on Run { id } fragment G on User { name }"
    ),
    "a page": (
        "# Fetch.\nquery GetRuns($after: String, $first: Int = 50)"
        " { runs(after: $after, first: $first) { edges { node { ...F } } pageInfo { endCursor hasNextPage } } }"
        "fragment F on Run { id }"
    ),
    "a mutation": "# Delete. Idempotent.\nmutation DeleteIt($id: ID!) { delete(id: $id) }",
    "a comment of two lines": "# Fetch\n# a run.\nquery GetRun { run { id } }",
}


@pytest.mark.parametrize("queries", CLEAN.values(), ids=CLEAN)
def test_queries_that_keep_the_rules_pass(repository: Repository, queries: str) -> None:
    assert repository.problems(queries) == []


def test_all_broken_rules_are_reported_at_once(repository: Repository) -> None:
    queries = "query GetRun($self: ID) { run(id: $self) { id _id } }\nquery Run { run { id } }"
    assert len(repository.problems(queries)) == 5


def test_a_problem_names_the_file_that_it_is_in(repository: Repository) -> None:
    repository.write("queries/deep/runs.graphql", "query GetRuns { run { id } }")
    assert [each.split(":")[0] for each in repository.problems(CLEAN["a plain query"])] == ["queries/deep/runs.graphql"]


@pytest.mark.parametrize(
    ("described", "coordinate"),
    [
        ('"A run."\n', "Run"),
        ('  "Its title."\n  title: String\n  "Its hash."', "Run.title"),
        ('"Its id." id: ID): Run', "Query.run(id:)"),
        ('  "It runs."\n', "State.RUNNING"),
        ('  "Its title."\n  title: String\n  "What', "Filter.title"),
        ('"A large number."\n', "Int64"),
        ('"Who may start a run."\n', "Starter"),
    ],
)
def test_everything_in_the_schema_is_described(repository: Repository, described: str, coordinate: str) -> None:
    start, end = described.index('"'), described.index('"', described.index('"') + 1) + 1
    assert SCHEMA.count(described) == 1
    repository.write("schema.graphql", SCHEMA.replace(described, described[:start] + described[end:]))
    problems = repository.problems("# Fetch.\nquery GetIt { starter { ... on Run { id } } }")
    assert problems == [f"schema.graphql: {coordinate}: has no description; write what it is, in our own words"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("type Query {", "Expected Name, found <EOF>"), ("type Query { a: Nope }", "Unknown type 'Nope'")],
)
def test_a_schema_that_is_none_is_an_error_that_names_it(repository: Repository, text: str, words: str) -> None:
    repository.write("schema.graphql", text)
    repository.write(FILE, "")
    with pytest.raises(QueryRulesError, match=words) as caught:
        repository.load()
    assert str(caught.value).startswith("schema.graphql")


# Why these rules: what the generator makes of such queries without them.


@pytest.fixture
def unruly(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A repository without rules, whose generated package can be imported as `generated`."""

    def no_rules(sources: Sources) -> None:
        pass

    monkeypatch.setattr(rules, "check", no_rules)
    monkeypatch.syspath_prepend(str(repository.generated.parent))
    yield repository
    for name in [name for name in sys.modules if name.split(".")[0] == "generated"]:
        del sys.modules[name]


def compiled(repository: Repository, queries: str) -> ModuleType:
    repository.compile(queries)
    invalidate_caches()
    return import_module("generated.get_run")


def through(module: ModuleType, run: object) -> object:
    """Return what is left of a run that a server sends."""
    reply = module.GetRunReply.model_validate_json(json.dumps({"data": {"run": run}}))
    return reply.data.model_dump(mode="json", by_alias=True)["run"]


def test_without_the_rule_an_object_that_is_selected_twice_loses_fields_in_silence(unruly: Repository) -> None:
    module = compiled(unruly, BROKEN["an object is selected in a fragment and beside it"][0])
    assert through(module, {"owner": {"name": "Ann", "mail": "ann@example.org"}}) == {
        "owner": {"mail": "ann@example.org"}
    }


def test_without_the_rule_two_spellings_of_one_name_lose_a_field_in_silence(unruly: Repository) -> None:
    module = compiled(unruly, BROKEN["two fields are one name in Python"][0])
    assert through(module, {"id": "first", "_id": "second"}) == {"_id": "second"}


def test_without_the_rule_a_fragment_that_is_skipped_fails_the_reply(unruly: Repository) -> None:
    module = compiled(unruly, BROKEN["a condition on a fragment"][0])
    with pytest.raises(ValueError, match=r"title\s+Field required"):
        through(module, {"id": "first"})
