"""PostgreSQL as the floor under every query: its policies let through only what the scope allows."""
