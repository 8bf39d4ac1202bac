from typing import Any

from django.http import HttpRequest

from accounts.permissions import can


def organization(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: whose pages these are, and what this person may open."""
    current = getattr(request, "organization", None)
    if current is None:
        return {"organization": None}
    user = getattr(request, "user", None)
    return {
        "organization": current,
        "may_edit": user is not None and can(user, "content.edit", current),
        "may_search": user is not None and can(user, "library.search", current),
        "may_manage": user is not None and can(user, "members.manage", current),
    }
