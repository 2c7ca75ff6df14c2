"""Prepared execution gives what graphql-core's own gives: data, errors, their paths, and what is null for them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from graphql import ExecutionContext, GraphQLSchema, build_schema, execute_sync, parse

from wandql.server import executor
from wandql.server.execution import PreparedExecution

SCHEMA = """
enum Color { RED BLUE }
interface Named { name: String! }
type Leaf implements Named { name: String! number: Int color: Color twice(of: Int! = 2, more: [Int!]): Int! }
type Branch implements Named { name: String! leaves(first: Int): [Leaf] strict: [Leaf!]! deep: Branch one: Leaf! }
type Query { branch: Branch branches: [Branch!] named: [Named] nothing: Branch broken: Branch! }
"""


def leaf(**values: Any) -> dict[str, Any]:
    return {
        "name": "leaf",
        "number": 1,
        "color": "RED",
        "twice": lambda _info, of, more=(): of * 2 + sum(more),
        **values,
    }


def fail(_info: Any, **_given: Any) -> None:
    raise LookupError("not there")


GOOD = {
    "name": "branch",
    "leaves": lambda _info, first=9: [leaf(), leaf(number=None)][:first],
    "strict": [leaf()],
    "one": leaf(),
}
ROOT = {
    "branch": GOOD | {"deep": GOOD},
    "branches": [GOOD, GOOD | {"strict": [leaf(), leaf(name=None)]}, GOOD | {"one": None}, GOOD | {"name": fail}],
    "named": [leaf() | {"__typename": "Leaf"}, GOOD | {"__typename": "Branch"}, None],
    "broken": GOOD
    | {"leaves": [leaf(number="x"), leaf(color="GREEN"), leaf(twice=fail), leaf(name=fail), ValueError("no")]},
}  # fmt: skip
DOCUMENTS = [
    "{ branch { name deep { deep { name } } one { number } leaves { name number color twice } } nothing { name } }",
    "query ($n: Int, $no: Boolean) { branch { leaves(first: $n) { a: number name @skip(if: $no) } __typename } }",
    "query ($no: Boolean = true) { branch { one { number @include(if: $no) name } } }",
    "{ branch { leaves { number } leaves { ...More } one { ...More } } } fragment More on Leaf { twice(more: [1, 2]) }",
    "{ branches { name leaves(first: 1) { name } } }",
    "{ branches { name strict { name } } }",
    "{ branches { one { name } } }",
    "{ named { __typename name ... on Leaf { number } ... on Branch { one { number } } } }",
    "{ branch { name } broken { leaves { number } } }",
    "{ branch { name } broken { leaves { color } } }",
    "{ branch { name } broken { leaves { number name twice } } }",
    "query ($of: Int) { branch { one { twice(of: $of) } leaves { twice(of: $of) } } }",
]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA)


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize(
    "variables", [{"no": True}, {"n": 1, "no": False, "of": 3}, {"no": None, "n": None, "of": None}]
)
def test_it_gives_what_graphql_core_gives(schema: GraphQLSchema, text: str, variables: dict[str, Any]):
    def run(how: type[ExecutionContext]) -> tuple[object, list[object]]:
        result = execute_sync(
            schema, parse(text), ROOT, variable_values=variables, execution_context_class=how, type_resolver=kind_of
        )
        return result.data, [(error.message, error.path, error.locations) for error in result.errors or []]

    assert run(PreparedExecution) == run(ExecutionContext)


def kind_of(value: Any, *_given: Any) -> str:
    return value["__typename"]


def test_what_is_the_same_for_each_object_is_made_once(schema: GraphQLSchema):
    infos: set[int] = set()

    def number(info: Any) -> int:
        infos.add(id(info))
        return 1

    root = {"branch": GOOD | {"leaves": [leaf(number=number) for _ in range(100)]}}
    text = "{ branch { leaves { number } } }"
    data = execute_sync(schema, parse(text), root, execution_context_class=PreparedExecution).data
    assert data == {"branch": {"leaves": [{"number": 1}] * 100}}
    assert len(infos) == 1


def test_many_first_requests_build_the_schema_once(monkeypatch: pytest.MonkeyPatch):
    built: list[GraphQLSchema] = []
    begun = threading.Barrier(8)

    def build() -> GraphQLSchema:
        time.sleep(0.05)  # long enough for the others to come by
        built.append(build_schema(SCHEMA))
        return built[-1]

    def load() -> None:
        begun.wait()
        assert executor.load_schema() is executor.load_schema()

    monkeypatch.setattr(executor, "SCHEMA", [])
    monkeypatch.setattr(executor, "_build_schema", build)
    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1
