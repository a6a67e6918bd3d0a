"""One Postgres server without Docker: the system's binaries or PyPI's, its data in the stack."""
