"""The facade: `Api` and `AsyncApi`, and the collections and records that they return."""
