# Derived from src/wandql/testing/_async/__init__.py by `make generate`: edit that file instead.
"""Transports that do the I/O."""
