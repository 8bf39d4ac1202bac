"""A learner's own notes: in the order of the course, as files, as a form."""
