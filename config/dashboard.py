"""What the back office's first page says: what needs a creator today."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.backends import CONTENT_APPS
from accounts.models import Organization
from accounts.permissions import can
from analytics.models import AlertRule
from analytics.services.alert_notices import RAISED, sentence
from analytics.services.alerts import raised_rules
from core.models import AuditEntry
from courses.models import Course
from media_library.batches.unused import ends_at, warned_batches
from media_library.models import Media, Status
from media_library.services.model_endings import known_endings

RECENT = 10
BATCHES = 5


@dataclass(frozen=True)
class Card:
    """A number, what it counts, and where to see it."""

    count: int
    words: str
    link: str


@dataclass(frozen=True)
class Action:
    words: str
    link: str


def cards() -> list[Card]:
    """Two statements."""
    ended = (Status.COMPLETED, Status.FAILED)
    media = Media.objects.present().aggregate(
        failed=Count("pk", filter=Q(status=Status.FAILED)), working=Count("pk", filter=~Q(status__in=ended))
    )
    drafts = Course.objects.filter(is_published=False).count()
    library, courses = reverse("admin:media_library_media_changelist"), reverse("admin:courses_course_changelist")
    return [
        Card(media["failed"], "media could not be prepared", f"{library}?status__exact={Status.FAILED}"),
        Card(media["working"], "media being prepared", library),
        Card(drafts, "courses not published yet", f"{courses}?is_published__exact=0"),
    ]


@dataclass(frozen=True)
class Notice:
    """A sentence, and where to see more; empty where that is nowhere here."""

    words: str
    link: str = ""


def warnings_for(user: Any, organization: Organization) -> list[Notice]:
    """What whoever runs this installation, or owns the organization, has to look at: alerts that are raised first."""
    found = []
    if user.is_superuser:
        found += [_alert(rule) for rule in raised_rules(None)]
    if user.is_superuser or can(user, "organization.edit", organization):
        found += [_alert(rule) for rule in raised_rules(organization.pk)]
    if can(user, "content.edit", organization):
        found += list(_unused_batches())
    return found + ([Notice(ending.words) for ending in known_endings()] if user.is_superuser else [])


def _unused_batches() -> Iterator[Notice]:
    """Those that go first."""
    warned = warned_batches().order_by("warned_at", "pk")
    for batch in warned[:BATCHES]:
        words = _(
            "“%(batch)s” of “%(project)s” is empty and will be cleaned away after %(day)s, unless something is brought"
            " in with it."
        )
        day = date_format(localtime(ends_at(batch)), "DATE_FORMAT")
        page = reverse("admin:media_library_project_change", args=[batch.project_id])
        yield Notice(words % {"batch": batch, "project": batch.project, "day": day}, page)
    if (further := warned.count() - BATCHES) > 0:
        more = ngettext("… and %(count)d more empty batch.", "… and %(count)d more empty batches.", further)
        yield Notice(more % {"count": further}, reverse("admin:media_library_project_changelist"))


def _alert(rule: AlertRule) -> Notice:
    value = rule.raise_at if rule.last_value is None else rule.last_value
    page = "alertrule" if rule.organization_id else "sitealertrule"
    return Notice(sentence(rule, RAISED, value), reverse(f"admin:analytics_{page}_change", args=[rule.pk]))


def recent_actions(*, of_people: bool) -> QuerySet[AuditEntry]:
    """What was done last in the organization in scope, by whom; to members and settings only for who manages them."""
    content = reduce(or_, (Q(model__startswith=f"{app}.") for app in CONTENT_APPS))
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(Q() if of_people else content)
    return entries.select_related("actor")[:RECENT]


def dashboard() -> dict[str, Any]:
    """The page's own part of the template context."""
    return {
        "cards": cards(),
        "actions": [
            Action("Upload media", reverse("admin:media_library_media_add")),
            Action("New course", reverse("admin:courses_course_add")),
        ],
    }
