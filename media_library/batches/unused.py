"""Batches that nobody used: told of after a while, and cleaned away when they are still empty after another one."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import can
from core.audit import record
from core.errors import Refused
from core.mail import send_mail
from core.ordering import renumber
from core.tenancy import current_organization_id, organization_scope
from media_library.batches.batches import hold_to_end
from media_library.batches.extracting import under_way
from media_library.batches.noting import BATCH_DELETED, note
from media_library.models import Frame, FrameExtraction, Media, Upload, UploadBatch, UploadState

MAIL = "media_library/mail/batches_unused"


def clean_batches_everywhere() -> None:
    """Of all organizations; with UNUSED_BATCH_DAYS 0 nothing is cleaned."""
    for organization in Organization.objects.order_by("slug") if settings.UNUSED_BATCH_DAYS else ():
        with organization_scope(organization):
            clean_batches()


@dataclass(frozen=True)
class Cleaned:
    """Batches that went, and those whose makers were told that they go."""

    gone: list[UploadBatch] = field(default_factory=list)
    warned: list[UploadBatch] = field(default_factory=list)


def clean_batches(*, dry_run: bool = False) -> Cleaned:
    """Of the organization in scope: warn, and remove what was warned of before; with `dry_run` what would be."""
    if not settings.UNUSED_BATCH_DAYS:
        return Cleaned()
    due = list(due_batches())
    if dry_run:
        return Cleaned(due, list(_unwarned()))
    look_for_empty()
    warned = warn_of_unused()
    return Cleaned([batch for batch in due if _remove(batch)], warned)


def due_batches() -> QuerySet[UploadBatch]:
    """Empty, and warned of so long ago."""
    before = timezone.now() - timedelta(days=settings.UNUSED_BATCH_NOTICE_DAYS)
    return _warned().filter(warned_at__lte=before)


def warned_batches() -> QuerySet[UploadBatch]:
    """Those that will go unless something is brought in with them."""
    return _warned().select_related("project")


def ends_at(batch: UploadBatch) -> datetime | None:
    """When it goes if nothing comes into it until then, as far as that is known; None for one that is not empty."""
    if batch.empty_since is None or not settings.UNUSED_BATCH_DAYS:
        return None
    told = batch.warned_at or batch.empty_since + timedelta(days=settings.UNUSED_BATCH_DAYS)
    return told + timedelta(days=settings.UNUSED_BATCH_NOTICE_DAYS)


@transaction.atomic
def look_for_empty() -> None:
    """Note since when batches are empty, however what lay in them left; what is filled again begins anew.

    Held meanwhile: whoever brings something in has done so by then, or does so after it.
    """
    held = {batch.pk for batch in UploadBatch.objects.select_for_update(of=("self",), no_key=True).order_by("pk")}
    empty = set(_empty().filter(pk__in=held).values_list("pk", flat=True))
    noted = Q(empty_since__isnull=False) | Q(warned_at__isnull=False)
    UploadBatch.objects.filter(noted, pk__in=held - empty).update(empty_since=None, warned_at=None)
    UploadBatch.objects.filter(pk__in=empty, empty_since=None).update(empty_since=Now())


@transaction.atomic
def warn_of_unused() -> list[UploadBatch]:
    """Tell the makers of batches that are empty after so long, once: one mail to each. Answers which."""
    found: Any = _unwarned()
    batches = list(found.select_for_update(of=("self",), no_key=True).select_related("created_by", "project"))
    UploadBatch.objects.filter(pk__in=[batch.pk for batch in batches]).update(warned_at=Now())
    by_maker = defaultdict(list)
    for batch in batches:
        by_maker[batch.created_by].append(batch)
    for maker, theirs in by_maker.items():
        _tell(maker, theirs)
    return batches


def _unwarned() -> QuerySet[UploadBatch]:
    before = timezone.now() - timedelta(days=settings.UNUSED_BATCH_DAYS)
    return _empty().filter(warned_at=None, empty_since__lte=before).order_by("pk")


def _tell(maker: Any, batches: list[UploadBatch]) -> None:
    """Who may bring nothing in any more need not know; the first page of the back office tells everybody else."""
    organization = Organization.objects.get(pk=current_organization_id())
    if maker is None or not can(maker, "media.upload", organization):
        return
    page = reverse("admin:media_library_project_changelist")
    context = {
        "batches": [f"{batch.project} / {batch}" for batch in batches],
        "count": len(batches),
        "days": settings.UNUSED_BATCH_NOTICE_DAYS,
        "link": f"{settings.SITE_URL.rstrip('/')}{page}",
    }
    send_mail(MAIL, to=maker.email, context=context, organization=organization)


@transaction.atomic
def _remove(batch: UploadBatch) -> bool:
    """What was filled meanwhile stays."""
    try:
        held = hold_to_end(batch)
    except Refused:
        return False
    if not due_batches().filter(pk=held.pk).exists():
        return False
    note(BATCH_DELETED, held.project_id, f"The batch “{held.name}” was cleaned away: it was empty.", by=None)
    record("deleted", by=None, row=held, detail="It was empty, as told before.")
    held.delete()
    renumber(UploadBatch.objects.filter(project=held.project_id))
    return True


def _warned() -> QuerySet[UploadBatch]:
    return _empty().filter(warned_at__isnull=False)


def _empty() -> QuerySet[UploadBatch]:
    """No media, no frames, nothing arriving or being taken."""
    arriving = Upload.objects.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    used = Q()
    for rows in (Media.objects.all(), Frame.objects.all(), FrameExtraction.objects.filter(under_way()), arriving):
        used |= Q(Exists(rows.filter(batch=OuterRef("pk"))))
    found: QuerySet[UploadBatch] = UploadBatch.objects.filter(~used)
    return found
