"""Sweeps: their definitions, what they try next, their agents and their ends."""
