"""A learner's own page: where to go on, what is due."""
