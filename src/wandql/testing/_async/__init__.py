"""Transports that do the I/O."""
