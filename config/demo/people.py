"""Who lives in the demo."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from accounts.services.inviting import invite
from accounts.services.members import make_account
from core.tenancy import organization_scope

PASSWORD = "tide-and-time"  # noqa: S105  (printed on the terminal, for this machine only)


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    role: Role
    days_away: int = 0
    password: str = PASSWORD


OWNER = Person("olivia@example.org", "Olivia Marsh", Role.OWNER)
CREATOR = Person("carlo@example.org", "Carlo Reyes", Role.CREATOR, days_away=1)
LEARNERS = (
    Person("lena@example.org", "Lena Brandt", Role.LEARNER),
    Person("malik@example.org", "Malik Osei", Role.LEARNER, days_away=3),
)
CUSTOMER = Person("kira@example.org", "Kira Lund", Role.CUSTOMER, days_away=6)
PEOPLE = (OWNER, CREATOR, *LEARNERS, CUSTOMER)
INVITED = "nadia@example.org"


def found_organization() -> Organization:
    """The demo's organization with its people, and one who was asked and has not answered; made once."""
    organization, is_new = Organization.objects.get_or_create(
        slug="tidewater", defaults={"name": "Tidewater Academy", "is_open": True, "time_zone": "Europe/Lisbon"}
    )
    with organization_scope(organization):
        owner, *_others = [_member(person, organization, seen=_seen(person)) for person in PEOPLE]
        if is_new:
            invite(organization, [INVITED], role=Role.LEARNER, by=owner)
    return organization


def found_second_organization() -> Organization:
    """Closed, in other colors: what somebody of two organizations switches to."""
    organization, _ = Organization.objects.get_or_create(
        slug="rockpool", defaults={"name": "Rockpool Studio", "accent_color": "#7c3aed", "time_zone": "Europe/Lisbon"}
    )
    with organization_scope(organization):
        _member(OWNER, organization, seen=None)
    return organization


def _member(person: Person, organization: Organization, *, seen: datetime | None) -> User:
    user = find_or_make(person)
    defaults = {"role": person.role, "last_active_at": seen}
    Membership.objects.get_or_create(user=user, organization=organization, defaults=defaults)
    return user


def _seen(person: Person) -> datetime:
    return timezone.now() - timedelta(days=person.days_away)


def find_or_make(person: Person) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or make_account(person.email, person.password, name=person.name)
