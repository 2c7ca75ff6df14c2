# Derived from src/wandql/client/transfers/_async/__init__.py by `make generate`: edit that file instead.
"""The client that does the I/O."""
