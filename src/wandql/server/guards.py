"""What is shown of a record that somebody reaches who may not read the project that it belongs to.

A version that is linked into a registry is read by a whole organization, and leads to the project where it was born.
Of that, only what names it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Final

from ariadne import SchemaBindable
from graphql import GraphQLObjectType

from wandql.server.artifacts.records import CollectionRecord
from wandql.server.lookups import get_project, may_read, role_in
from wandql.server.messages import Refusal
from wandql.server.records import EntityRecord, ProjectRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLResolveInfo, GraphQLSchema

    from wandql.server.context import Context

__all__ = ["GUARDS"]


@dataclass(frozen=True, slots=True)
class Guard(SchemaBindable):
    """Refuses fields of a type to whoever may not read what a record belongs to.

    Attributes:
        name: The type.
        public: The fields that everybody sees who reaches the record; None for all that are not private.
        private: The fields that nobody else sees.
    """

    name: str
    public: frozenset[str] | None = None
    private: frozenset[str] = frozenset()

    def bind_to_schema(self, schema: GraphQLSchema) -> None:
        """Put the guard before the resolvers. It must be bound when all of them are."""
        kind = schema.type_map[self.name]
        if isinstance(kind, GraphQLObjectType):
            for name, field in kind.fields.items():
                hidden = name in self.private if self.public is None else name not in self.public
                if hidden and field.resolve is not None:
                    field.resolve = _guarded(field.resolve)


def _guarded(resolve: Callable[..., object]) -> Callable[..., object]:
    @wraps(resolve)
    def answer(
        record: EntityRecord | ProjectRecord | CollectionRecord, info: GraphQLResolveInfo, **arguments: object
    ) -> object:
        if not _open_to(info.context, record):
            raise Refusal(403, f"permission denied: {info.parent_type.name}.{info.field_name} is another's.")
        return resolve(record, info, **arguments)

    return answer


def _open_to(context: Context, record: EntityRecord | ProjectRecord | CollectionRecord) -> bool:
    match record:
        case EntityRecord(key=key):
            return role_in(context, key) is not None
        case ProjectRecord():
            return may_read(context, record)
        case CollectionRecord(project_key=key):
            return may_read(context, get_project(context, key))


NAMES: Final = frozenset({"id", "name", "project", "defaultArtifactType", "state"})

GUARDS: Final[list[SchemaBindable]] = [
    # Teams of an organization see each other's members.
    Guard("Entity", private=frozenset({"integrations", "triggers", "defaultResourceConfig"})),
    Guard("Project", frozenset({"id", "internalId", "name", "entityName", "entity"})),
    Guard("ArtifactSequence", NAMES),
    Guard("ArtifactPortfolio", NAMES),
]
