"""What differs between the databases that a server keeps its rows in: SQLite and PostgreSQL."""
