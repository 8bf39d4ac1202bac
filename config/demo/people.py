"""Who lives in the demo."""

from dataclasses import dataclass

from accounts.models import Membership, Organization, Role, User
from accounts.services.members import make_account

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
PEOPLE = (OWNER, CREATOR, *LEARNERS)


def found_organization() -> Organization:
    """The demo's organisation with its people; made once."""
    organization, _ = Organization.objects.get_or_create(
        slug="tidewater", defaults={"name": "Tidewater Academy", "is_open": True, "time_zone": "Europe/Lisbon"}
    )
    for person in PEOPLE:
        Membership.objects.get_or_create(
            user=find_or_make(person), organization=organization, defaults={"role": person.role}
        )
    return organization


def find_or_make(person: Person) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or make_account(person.email, person.password, name=person.name)
