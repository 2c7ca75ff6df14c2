"""Measures wandql beside the official client and the cheapest program that reads the same bytes: `make bench`."""
