"""Notes, quizzes and chapters that a model drafts from a transcript, and that a person accepts, edits or refuses."""
