"""What people decide about how others see them."""

from typing import Any

from core.lines import one_line


def rename(user: Any, *, name: str) -> None:
    """Show this name, in one line; without one, others see the address."""
    user.name = one_line(name)
    user.save(update_fields=["name"])
