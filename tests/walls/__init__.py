"""The walls between organizations, tried from outside: every address, every actor, every way to name what is A's."""
