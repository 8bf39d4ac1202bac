"""The creator's back office: Django's admin with an organisation in scope."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from accounts.access import choose_back_office
from accounts.models import Membership
from config.dashboard import dashboard


class BackOffice(UnfoldAdminSite):
    """Logs in like every page, and opens only where the person makes content."""

    site_url = "/"

    def get_urls(self) -> list[Any]:
        return [
            path("organization/<uuid:organization_id>/", self.admin_view(choose), name="choose_organization"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The same log-in, rate limits and second factor as in front."""
        return secure_admin_login(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.organization is None:  # type: ignore[attr-defined]
            return render(request, "admin/no_organization.html", self.each_context(request), status=403)
        elsewhere = Membership.objects.of(request.user).making().exclude(organization=request.organization)  # type: ignore[attr-defined]
        return super().index(
            request, {**dashboard(), "title": "Today", "elsewhere": elsewhere, **(extra_context or {})}
        )

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "back_office": getattr(request, "organization", None)}


@require_POST
def choose(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Work in another of one's organisations from now on."""
    membership = Membership.objects.of(request.user).making().filter(organization_id=organization_id).first()
    if membership is None:
        raise Http404
    choose_back_office(request, membership)
    return redirect("admin:index")


def favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar, floor by floor."""
    return [
        _group("Library", _entry("Media", "perm_media", "media_library_media")),
        _group("Courses", _entry("Courses", "school", "courses_course"), _entry("Quizzes", "quiz", "courses_quiz")),
        _group("Analytics", _entry("Media by day", "monitoring", "analytics_mediaday")),
        _group("Operation", _entry("Jobs", "settings_suggest", "core_job", superusers=True)),
    ]


def _group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


def _entry(title: str, icon: str, model: str, *, superusers: bool = False) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{model}_changelist"),
        "permission": lambda request: request.user.is_superuser or not superusers,
    }
