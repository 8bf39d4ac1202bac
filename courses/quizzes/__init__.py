"""Questions, answers, what they earn, and what of it is told. Without the database."""
