"""Whoever asked for a draft is told how it ended."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import can
from core.mail import send_mail
from core.tenancy import current_organization_id
from knowledge.models import CourseDraft, CourseDraftState

MAIL = "knowledge/mail/course_draft"


def tell_maker(draft: CourseDraft) -> None:
    """In the transaction in which it ended. Who may not make courses any more is told nothing."""
    organization = Organization.objects.get(pk=current_organization_id())
    if draft.by is not None and can(draft.by, "content.edit", organization):
        send_mail(MAIL, to=draft.by.email, context=_content(draft), organization=organization)


def _content(draft: CourseDraft) -> dict[str, Any]:
    path = reverse("admin:knowledge_coursedraft_change", args=[draft.pk])
    return {
        "title": str(draft.course),
        "is_failed": draft.state == CourseDraftState.FAILED,
        "is_proposed": draft.state == CourseDraftState.PROPOSED,
        "words": draft.error_message,
        "link": f"{settings.SITE_URL.rstrip('/')}{path}",
    }
