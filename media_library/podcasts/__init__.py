"""Shows to listen to, and the feeds by which apps follow them."""
