"""A Django database engine that brings its own PostgreSQL: no root, no Docker, no account."""
