"""Whole projects as directories: written, and read back."""
