"""Two organizations with everything in them."""

from typing import Any

from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from core.jobs.liveness import leave_sign
from core.tenancy import organization_scope
from courses.models import Course
from media_library.models import Media, Podcast, ShowStatus
from media_library.models.media import Publication
from tests.walls.tries import Ground
from tests.world import CANARY, populate

NATIVE = "native"


def make_organization(slug: str, mark: str) -> dict[str, Any]:
    """Rows of a closed organization by name; `owner` and `user` are its people."""
    organization = Organization.objects.create(name=mark, slug=slug)
    with organization_scope(organization):
        owner, learner = (_member(organization, mark, role) for role in (Role.OWNER, Role.LEARNER))
        return {**populate(owner, learner, mark=mark), "owner": owner}


def make_ground() -> Ground:
    leave_sign("walls/1")  # or /readyz/ would say that nothing works
    return Ground(a=make_organization("harbor", CANARY), b=make_organization("summit", NATIVE))


def withdraw(organization: Any) -> None:
    """Take back all that is published there."""
    with organization_scope(organization):
        Course.objects.update(is_published=False)
        Media.objects.update(publication=Publication.DRAFT)


def hold_shows_back(organization: Any) -> None:
    """Published ones are for all members: whoever is let into nothing has not even these."""
    with organization_scope(organization):
        Podcast.objects.update(status=ShowStatus.DRAFT)


def _member(organization: Organization, mark: str, role: Role) -> User:
    user = User.objects.create_user(f"{mark}-user-email-{role}@people.test", None)
    Membership.objects.create(organization=organization, user=user, role=role, last_active_at=timezone.now())
    return user
