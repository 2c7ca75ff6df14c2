"""How `schema.graphql` and `queries/` become generated code, and `_async` folders their `_sync` twins."""
