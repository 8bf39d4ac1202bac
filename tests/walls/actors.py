"""Who tries the walls of organization A: those of ACTORS have no more there than a learner's or a customer's role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organization, Role, User
from accounts.models.token import SCOPES
from accounts.services.tokens import create_token
from core.tenancy import organization_scope
from tests.conftest import PASSWORD, prove_identity
from tests.walls.register import For


@dataclass
class Actor:
    """`standing`: the highest class of addresses in A that they may use; None for those who have nothing there."""

    name: str
    client: Client
    user: User | None = None
    standing: For | None = None
    home: Organization | None = None
    headers: dict[str, str] = field(default_factory=dict)

    may_browse: bool = False  # the catalog of A
    #: Whether anything opens to them somewhere, and whether the back office does. At a closed door nobody reads what is
    #: asked.
    is_somebody: bool = True
    is_maker: bool = False


Ends = dict[str, Any]


def anonymous(a: Organization, b: Organization) -> Actor:
    return Actor("anonymous", Client(), is_somebody=False)


def learner_of_b(a: Organization, b: Organization) -> Actor:
    return _person("learner of B", b, Role.LEARNER)


def creator_of_b(a: Organization, b: Organization) -> Actor:
    return _maker("creator of B", b, Role.CREATOR)


def owner_of_b(a: Organization, b: Organization) -> Actor:
    return _maker("owner of B", b, Role.OWNER)


def creator_of_a(a: Organization, b: Organization) -> Actor:
    return _maker("creator of A", a, Role.CREATOR, standing=For.CREATOR)


def owner_of_a(a: Organization, b: Organization) -> Actor:
    return _maker("owner of A", a, Role.OWNER, standing=For.OWNER)


def learner_of_a(a: Organization, b: Organization) -> Actor:
    actor = _person("learner of A, not enrolled", a, Role.LEARNER, standing=For.MEMBER)
    actor.may_browse = True
    return actor


def customer_of_a(a: Organization, b: Organization) -> Actor:
    return _person("customer of A, without grant", a, Role.CUSTOMER, standing=For.MEMBER)


def suspended_member_of_a(a: Organization, b: Organization) -> Actor:
    """Once an owner."""
    return _nobody(_person("suspended member of A", a, Role.OWNER, ends={"is_active": False}))


def token_of_a_removed_member(a: Organization, b: Organization) -> Actor:
    """As if the token had survived."""
    actor = _person("token of a removed member", a, Role.OWNER)
    membership = Membership.objects.get(user=actor.user, organization=a)
    with organization_scope(a):
        _, secret = create_token(membership, name="old", scopes=list(SCOPES))
    Membership.objects.filter(pk=membership.pk).update(is_active=False, removed_at=timezone.now())
    actor.client, actor.headers = Client(), {"Authorization": f"Token {secret}"}
    return _nobody(actor)


def token_of_b(a: Organization, b: Organization) -> Actor:
    """Of an owner of both: a token opens its own organization only."""
    actor = _person("token of B, of an owner of both", b, Role.OWNER)
    with organization_scope(b):
        token, secret = create_token(Membership.objects.get(user=actor.user), name="own", scopes=list(SCOPES))
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() + timedelta(hours=1))
    with organization_scope(a):
        Membership.objects.create(user=actor.user, organization=a, role=Role.OWNER)
    actor.client, actor.headers = Client(), {"Authorization": f"Token {secret}"}
    return actor


def session_of_an_erased_account(a: Organization, b: Organization) -> Actor:
    actor = _person("session of an erased account", a, Role.OWNER)
    assert actor.user is not None
    User.objects.filter(pk=actor.user.pk).update(is_active=False, erased_at=timezone.now())
    Membership.objects.filter(user=actor.user).update(is_active=False, removed_at=timezone.now())
    return _nobody(actor)


ACTORS: list[Callable[[Organization, Organization], Actor]] = [
    anonymous, learner_of_b, creator_of_b, owner_of_b, learner_of_a, customer_of_a, suspended_member_of_a,
    token_of_a_removed_member, token_of_b, session_of_an_erased_account,
]  # fmt: skip


def _person(
    name: str, organization: Organization, role: Role, *, standing: For | None = None, ends: Ends | None = None
) -> Actor:
    """Somebody with that membership, logged in before it ended; seen just now, so that trying changes no row of it."""
    user = User.objects.create_user(f"{name.replace(' ', '.').replace(',', '')}@actors.test", PASSWORD, name=name)
    with organization_scope(organization):
        Membership.objects.create(
            user=user, organization=organization, role=role, last_active_at=timezone.now() + timedelta(hours=1)
        )
    client = Client()
    client.force_login(user, backend="accounts.backends.EmailBackend")
    prove_identity(client, user)
    if ends:
        Membership.objects.filter(user=user).update(**ends)
    return Actor(name, client, user, standing, organization)


def _maker(name: str, organization: Organization, role: Role, *, standing: For | None = None) -> Actor:
    actor = _person(name, organization, role, standing=standing)
    actor.is_maker = True
    return actor


def _nobody(actor: Actor) -> Actor:
    actor.is_somebody = False
    return actor
