# Derived from src/wandql/client/_async/__init__.py by `make generate`: edit that file instead.
"""The client that does the I/O."""
