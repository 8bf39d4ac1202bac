"""Where the outline's verbs find the order of rows (core.ordering)."""

from core.ordering import LAST, move_to, put_in_order, renumber

__all__ = ["LAST", "move_to", "put_in_order", "renumber"]
