"""wandql."""
