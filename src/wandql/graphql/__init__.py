"""The runtime of generated code: operations, models, scalars. It does no I/O."""
