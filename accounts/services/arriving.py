"""The first steps of somebody new."""

from typing import Any
from urllib.parse import urlsplit

from accounts.models import Membership, Organization
from accounts.services.members import join


def arrive(user: Any, *, came_for: str) -> Membership | None:
    """Make a new person a learner of the open organization whose page they came for, such as `/harbor/courses/…`.

    Answers None where that is no organization, a closed one, one that does not take everybody, or one that
    knows the person already: the account exists, and an invitation can still come.
    """
    slug = urlsplit(came_for).path.strip("/").split("/")[0].replace("\0", "")  # PostgreSQL takes none
    organization = Organization.objects.filter(slug=slug, is_open=True, admits_learners=True).first()
    if organization is None or Membership.objects.filter(organization=organization, user=user).exists():
        return None
    return join(organization, user)
