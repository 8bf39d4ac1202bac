"""An organization's learning record store: named, sealed, asked for, forgotten."""

from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from analytics.models import RecordStore, StatementDue
from analytics.models.record_store import ENDPOINT_CHARACTERS, KEY_CHARACTERS
from core.audit import record
from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.models.job import LIVE_STATES
from core.secrets import seal, unseal

LONGEST_SECRET = 1000  # characters
PUSH = "push_statements"


@dataclass(frozen=True)
class Terms:
    """What is set of a store. An empty `secret` leaves the one that is stored."""

    endpoint: str
    key: str
    secret: str = ""
    is_on: bool = True
    with_addresses: bool = False


def store_here() -> RecordStore | None:
    """That of the organization in scope."""
    return RecordStore.objects.first()


@transaction.atomic
def set_store(terms: Terms, *, by: Any) -> RecordStore:
    """Keep it, and try at once what it was not told yet. Raises Refused: invalid_store, with the fields."""
    store = RecordStore.objects.select_for_update().first() or RecordStore()
    _refuse_wrong(terms, has_secret=bool(store.sealed))
    store.endpoint, store.key = terms.endpoint.strip(), terms.key.strip()
    store.is_on, store.with_addresses = terms.is_on, terms.with_addresses
    if terms.secret:
        store.sealed = seal(terms.secret)
    store.failures, store.error, store.next_try_at = 0, "", None
    store.save()
    record("record_store_changed", by=by, row=store)
    request_push(store)
    return store


@transaction.atomic
def forget_store(store: RecordStore, *, by: Any) -> None:
    """What it was not told yet is forgotten with it."""
    record("record_store_removed", by=by, row=store)
    StatementDue.objects.all().delete()
    store.delete()


@transaction.atomic
def request_push(store: RecordStore) -> bool:
    """Have it told soon; while that is under way once is enough. Answers whether there was anything to do."""
    if not store.is_on or is_being_pushed(store) or not waiting().exists():
        return False
    enqueue(PUSH, store.pk, key=f"{PUSH}:{store.pk}:{uuid7()}")
    return True


@transaction.atomic
def push_again(store: RecordStore) -> bool:
    """A person asks: what was refused is tried once more too. Answers whether there was anything to do."""
    refused().update(refusal="")
    return request_push(store)


def request_due_push() -> None:
    """What comes round: unless it failed and waits."""
    due = RecordStore.objects.filter(is_on=True).exclude(next_try_at__gt=Now()).first()
    if due is not None:
        request_push(due)


def is_being_pushed(store: RecordStore) -> bool:
    return Job.objects.filter(kind=PUSH, subject_id=store.pk, state__in=LIVE_STATES).exists()


def waiting() -> Any:
    return StatementDue.objects.filter(refusal="")


def refused() -> Any:
    return StatementDue.objects.exclude(refusal="")


def secret_of(store: RecordStore) -> str | None:
    """None where it was sealed under a SECRET_KEY that is here no more."""
    try:
        return unseal(store.sealed)
    except InvalidToken:
        return None


def _refuse_wrong(terms: Terms, *, has_secret: bool) -> None:
    fields: dict[str, list[str]] = {}
    if not _is_address(terms.endpoint.strip()):
        fields["endpoint"] = [_("Write its address with https://, as the record store shows it.")]
    if not 0 < len(terms.key.strip()) <= KEY_CHARACTERS:
        fields["key"] = [_("A record store asks for a key.")]
    if len(terms.secret) > LONGEST_SECRET or not (terms.secret or has_secret):
        fields["secret"] = [_("A record store asks for a secret.")]
    if fields:
        raise Refused("invalid_store", _("This record store could not be stored."), fields=fields)


def _is_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return len(text) <= ENDPOINT_CHARACTERS
