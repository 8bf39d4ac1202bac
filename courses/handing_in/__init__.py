"""Assignments: what holds for what is handed in, and its form."""
