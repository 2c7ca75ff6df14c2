"""One request done well: transport, retries, errors."""
