"""Which part of the schema is used, and by whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.conftest import ROOT, Repository
from tools.codegen import usage
from tools.codegen.sources import QueryRulesError, Sources

QUERIES = """
# Fetch.
query GetRun($filter: Filter) { run { ...RunFields } count(filter: $filter) }
# Fetch.
query GetNode { node { id } }
fragment RunFields on Run { title owner { name } }
"""
SDK = """
# Recorded.
Query.runs: Runs RunsAgain
Run.tags: Runs
"""


@pytest.fixture
def sources(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Sources:
    repository.write("queries/all.graphql", QUERIES)
    repository.write("sdk_usage.txt", SDK)
    monkeypatch.setattr(usage, "SDK_USAGE", Path("sdk_usage.txt"))
    return repository.load()


def test_a_field_is_used_by_the_operations_that_select_it_even_through_fragments(sources: Sources) -> None:
    used = usage.used_by_queries(sources)
    assert used["Query.run"] == used["Run.title"] == used["User.name"] == ["GetRun"]
    assert "Query.runs" not in used


def test_a_field_of_an_interface_is_a_field_of_its_types(sources: Sources) -> None:
    used = usage.used_by_queries(sources)
    assert used["Node.id"] == used["Run.id"] == used["User.id"] == ["GetNode"]


def test_an_input_is_used_with_all_of_its_fields(sources: Sources) -> None:
    used = usage.used_by_queries(sources)
    assert used["Filter.title"] == used["Filter.also"] == ["GetRun"]


def test_what_the_sdk_uses_is_read_from_the_record(sources: Sources) -> None:
    assert usage.used_by_sdk() == {"Query.runs": ["Runs", "RunsAgain"], "Run.tags": ["Runs"]}


def test_a_field_that_nobody_uses_is_reported_by_name(sources: Sources) -> None:
    with pytest.raises(QueryRulesError) as caught:
        usage.report(sources)
    lines = str(caught.value).splitlines()
    assert "schema.graphql: Run.md5: neither queries/ nor the SDK uses it; remove it" in lines
    assert "schema.graphql: Mutation.delete: neither queries/ nor the SDK uses it; remove it" in lines
    reported = {line.split(": ")[1] for line in lines}
    assert not reported & {"Run.title", "Run.tags", "Query.runs", "Filter.also", "RunPage.edges", "PageInfo.endCursor"}


def test_a_schema_that_is_all_in_use_is_summed_up_in_one_line(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("schema.graphql", "type Query { run: Run sdk: String }\ntype Run { cursor: String id: ID }")
    repository.write("queries/all.graphql", "# Fetch.\nquery GetRun { run { id } }")
    repository.write("sdk_usage.txt", "Query.sdk: A\nRun.id: B")
    monkeypatch.setattr(usage, "SDK_USAGE", Path("sdk_usage.txt"))
    assert usage.report(repository.load()) == (
        "1 operations; 4 fields in the schema: 2 used by queries/, 1 by the official SDK alone, "
        "1 by convention (connections, mutations)."
    )


def test_nothing_in_the_schema_of_this_repository_is_unused() -> None:
    report = usage.report(Sources.load(ROOT / "schema.graphql", ROOT / "queries"))
    assert " operations; " in report


def test_the_record_of_the_sdk_names_nothing_that_the_schema_lacks() -> None:
    known = usage.coordinates(Sources.load(ROOT / "schema.graphql", ROOT / "queries").schema)
    assert usage.used_by_sdk().keys() <= set(known)
