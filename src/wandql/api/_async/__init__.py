"""The facade that does the I/O."""
