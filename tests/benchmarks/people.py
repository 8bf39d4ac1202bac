"""Learners with a session each, as a browser would hold it."""

from django.test import Client

from accounts.models import Membership, Organization, Role, User

BACKEND = "accounts.backends.EmailBackend"


def found(slug: str = "benchmark") -> Organization:
    return Organization.objects.create(name="Benchmark", slug=slug)


def learner(organization: Organization, number: int) -> User:
    user = User.objects.create_user(f"learner{number}@{organization.slug}.test", name=f"Learner {number}")
    Membership.objects.create(user=user, organization=organization, role=Role.LEARNER)
    return user


def maker(organization: Organization) -> User:
    user = User.objects.create_user("maker@example.org", name="Maker")
    Membership.objects.create(user=user, organization=organization, role=Role.OWNER)
    return user


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.session.session_key or ""
