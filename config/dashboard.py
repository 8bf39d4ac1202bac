"""What the back office's first page says: what needs a creator today."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.backends import CONTENT_APPS
from core.models import AuditEntry
from courses.models import Course
from media_library.models import Media, Status
from media_library.services.model_endings import known_endings

RECENT = 10


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


def warnings_for(user: Any) -> list[str]:
    """What whoever runs this installation has to do soon."""
    return [ending.words for ending in known_endings()] if user.is_superuser else []


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
