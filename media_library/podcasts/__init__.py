"""Shows with seasons and episodes: what makers do with them."""
