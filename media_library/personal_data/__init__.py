"""What the library holds about people: what they watched, what they brought, and what they made of it."""

from media_library.personal_data import bringing, listening, making, watching

__all__ = ["bringing", "listening", "making", "watching"]
