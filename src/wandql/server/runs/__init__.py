"""Runs: how they begin, what they report, and their histories."""
