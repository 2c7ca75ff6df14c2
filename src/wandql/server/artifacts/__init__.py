"""Versions of artifacts, their collections, contents and registries."""
