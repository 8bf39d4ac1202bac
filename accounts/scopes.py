"""What a token may do: `courses:read`, `courses:write`, … Writing includes reading."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models.token import Area

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def scope_needed(area: Area, method: str) -> str:
    return f"{area.value}:{'read' if method in SAFE_METHODS else 'write'}"


def is_enough(scopes: Iterable[str], needed: str) -> bool:
    area, _verb = needed.split(":")
    return not {needed, f"{area}:write"}.isdisjoint(scopes)


def in_words(scope: str) -> str:
    """Such as “Courses (read and write)”."""
    area, verb = scope.split(":")
    return f"{Area(area).label} ({_('read') if verb == 'read' else _('read and write')})"
