"""Asking the library: from a question to sentences of which each one can be checked."""
