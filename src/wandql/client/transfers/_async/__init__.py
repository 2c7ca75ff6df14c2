"""The client that does the I/O."""
