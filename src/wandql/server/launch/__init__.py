"""Queues of launch, and automations."""
