"""Who lives in the demo."""

from dataclasses import dataclass

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
    password: str = PASSWORD


OWNER = Person("olivia@example.org", "Olivia Marsh", Role.OWNER)
CREATOR = Person("carlo@example.org", "Carlo Reyes", Role.CREATOR)
LEARNERS = (
    Person("lena@example.org", "Lena Brandt", Role.LEARNER),
    Person("malik@example.org", "Malik Osei", Role.LEARNER),
)
CUSTOMER = Person("kira@example.org", "Kira Lund", Role.CUSTOMER)
PEOPLE = (OWNER, CREATOR, *LEARNERS, CUSTOMER)
INVITED = "nadia@example.org"


def found_organization() -> Organization:
    """The demo's organization with its people, and one who was asked and has not answered; made once."""
    organization, is_new = Organization.objects.get_or_create(
        slug="tidewater", defaults={"name": "Tidewater Academy", "is_open": True, "time_zone": "Europe/Lisbon"}
    )
    with organization_scope(organization):
        owner, *_others = [_member(person, organization, person.role) for person in PEOPLE]
        if is_new:
            invite(organization, [INVITED], role=Role.LEARNER, by=owner)
    return organization


def found_second_organization() -> Organization:
    """Closed, in other colors: what somebody of two organizations switches to."""
    organization, _ = Organization.objects.get_or_create(
        slug="rockpool", defaults={"name": "Rockpool Studio", "accent_color": "#7c3aed", "time_zone": "Europe/Lisbon"}
    )
    with organization_scope(organization):
        _member(OWNER, organization, Role.OWNER)
    return organization


def _member(person: Person, organization: Organization, role: Role) -> User:
    user = find_or_make(person)
    Membership.objects.get_or_create(user=user, organization=organization, defaults={"role": role})
    return user


def find_or_make(person: Person) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or make_account(person.email, person.password, name=person.name)
