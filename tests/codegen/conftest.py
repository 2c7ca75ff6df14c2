"""A small repository to compile: a schema, queries and `codegen.toml`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.codegen import rules
from tools.codegen.generate import generate
from tools.codegen.operations import OperationsWriter
from tools.codegen.sources import QueryRulesError, Sources

ROOT = Path(__file__).parents[2]

SCHEMA = """
"What can be asked."
type Query {
  "One run."
  run("Its id." id: ID): Run
  "All runs."
  runs("The most." first: Int = 50, "Where to go on." after: String): RunPage
  "Anything that has an id."
  node("Its id." id: ID): Node
  "Whoever started it."
  starter: Starter
  "Counts."
  count("Which." filter: Filter, "In which state." state: State = RUNNING): Int64
}
"What can be done."
type Mutation {
  "Deletes a run."
  delete("Its id." id: ID!): Boolean
}
"What can be heard."
type Subscription {
  "A new run."
  started: Run
}
"Has an id."
interface Node {
  "The id."
  id: ID!
  "Whose it is."
  owner: User
}
"A run."
type Run implements Node {
  "The id."
  id: ID!
  "Another id."
  _id: String
  "Whose it is."
  owner: User
  "Its title."
  title: String
  "Its hash."
  md5: String
  "Its tags."
  tags: [String!]!
  "Its children, a page for each tag."
  pages("Where to go on." after: String): [RunPage!]
  "Its state."
  state: State
}
"A user."
type User implements Node {
  "The id."
  id: ID!
  "Whose it is."
  owner: User
  "The name."
  name: String
  "The address."
  mail: String
}
"Who may start a run."
union Starter = Run | User
"A page."
type RunPage {
  "Its entries."
  edges: [RunEdge!]!
  "Its end."
  pageInfo: PageInfo!
}
"An entry."
type RunEdge {
  "The run."
  node: Run
}
"The end of a page."
type PageInfo {
  "The cursor."
  endCursor: String
  "Whether there is more."
  hasNextPage: Boolean!
}
"What a run must be."
input Filter {
  "Its title."
  title: String
  "What else it must be."
  also: [Filter!]
}
"What a run does."
enum State {
  "It runs."
  RUNNING
  "It does not."
  FINISHED
}
"A large number."
scalar Int64
"""


@dataclass(frozen=True)
class Repository:
    """A repository of its own, in the working directory."""

    folder: Path

    @property
    def generated(self) -> Path:
        """Where the generated package belongs."""
        return self.folder / "src" / "wandql" / "graphql" / "generated"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def load(self) -> Sources:
        return Sources.load(Path("schema.graphql"), Path("queries"))

    def problems(self, queries: str) -> list[str]:
        """Return what is wrong with these queries."""
        self.write("queries/all.graphql", queries)
        try:
            rules.check(self.load())
            OperationsWriter(self.load(), {"Int64": "int"}).operations()
        except QueryRulesError as error:
            return str(error).splitlines()
        return []

    def compile(self, queries: str) -> Path:
        """Generate the package of these queries and return its folder."""
        self.write("queries/all.graphql", queries)
        return generate(self.generated.parent)


def make_repository(folder: Path) -> Repository:
    """Make a repository with a schema and without queries."""
    shutil.copy(ROOT / "codegen.toml", folder)
    repository = Repository(folder)
    repository.write("schema.graphql", SCHEMA)
    return repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a schema and without queries."""
    monkeypatch.chdir(tmp_path)
    return make_repository(tmp_path)
