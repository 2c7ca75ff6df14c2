# Derived from src/wandql/api/_async/__init__.py by `make generate`: edit that file instead.
"""The facade that does the I/O."""
