"""What hosts tell by themselves. A message is believed when it is signed, and only says what to ask its host about."""

import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.jobs import enqueue
from core.models import Job, JobState
from media_library.models import HostMessage, Media, SourceAccount
from media_library.services.hosts import access_with, credentials_at
from media_library.sources import SOURCES, Forged, Message, Source

MOST_BYTES = 256 * 1024
KEPT = timedelta(days=30)  # hosts send a message again for a day at most
_WORDS = {
    "message_forged": gettext_lazy("This message does not carry the signature of its host."),
    "message_stale": gettext_lazy("This message was signed too long ago, or in the future."),
    "message_unreadable": gettext_lazy("This message could not be read."),
}


def take_message(account_id: UUID, body: bytes, headers: Mapping[str, str]) -> bool:
    """Verify what was sent to the address of an account, and ask its host about the media that it names.

    Answers whether it was news. Raises Refused, and nothing was kept: unknown_account (404), message_too_large (413),
    message_forged (403), message_stale, message_unreadable.
    """
    account = SourceAccount.objects.filter(pk=account_id).first()
    host = SOURCES.get(account.source) if account else None
    if account is None or host is None or not host.has_webhooks:
        raise Refused("unknown_account", _("There is nothing here."), status=404)
    if len(body) > MOST_BYTES:
        raise Refused("message_too_large", _("This message is too long."), status=413)
    return _take_once(account, host, _verified(host, body, headers))


def forget_messages() -> int:
    """Those that no host sends once more. Answers how many. Runs in the scope of every organization."""
    gone, _per_model = HostMessage.objects.filter(received_at__lt=Now() - KEPT).delete()
    return gone


def _verified(host: Source, body: bytes, headers: Mapping[str, str]) -> Message:
    access = access_with(host, credentials_at(host.name))
    try:
        return host.read_message(body, headers, access, now=time.time())
    except Forged as error:
        status = 403 if error.code == "message_forged" else 400
        raise Refused(error.code, str(_WORDS[error.code]), status=status) from error


@transaction.atomic
def _take_once(account: SourceAccount, host: Source, message: Message) -> bool:
    """The database lets one of several copies in; the others wait for it and find that it is there."""
    kept, is_new = HostMessage.objects.get_or_create(account=account, key=message.key, defaults={"type": message.type})
    if is_new:
        for media in _meant(host, message):
            _ask_about(media, kept)
    return is_new


def _meant(host: Source, message: Message) -> list[Media]:
    """By their key or that of their asset; in one order for everybody who locks them."""
    names = (host.key_field, f"{host.name}_asset_id")
    known = {field.name for field in Media._meta.concrete_fields}
    called = Q()
    for name in known.intersection(names):
        called |= Q(**{f"{name}__in": message.subject_keys})
    found = Media.objects.present().filter(called, source=host.name).order_by("pk")
    return list(found.select_for_update(no_key=True).only("pk")) if message.subject_keys else []


def _ask_about(media: Media, message: HostMessage) -> None:
    """Unless the question stands in line already: whoever asks later than now hears of this too."""
    waiting = Job.objects.filter(kind="describe_media", subject_id=media.pk, state=JobState.QUEUED)
    if not waiting.exists():
        key, payload = f"describe_media:{media.pk}:message:{message.pk}", {"message": message.type}
        enqueue("describe_media", media.pk, key=key, payload=payload)
