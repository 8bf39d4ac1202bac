"""Who comes in: lists of people, what became of each, the seats."""
