"""The creator's back office: Django's admin with an organization in scope."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.sites import UnfoldAdminSite

from accounts.access import SESSION_KEY, choose_back_office
from accounts.models import Membership, Organization
from accounts.permissions import can
from accounts.second_factor import second_factor_first
from config.dashboard import dashboard, recent_actions, warnings_for
from core.tenancy import organization_scope

#: Their own people keep them, or nobody: groups mean nothing here, addresses and second factors are personal.
NOBODYS_PAGES = frozenset({"auth", "account", "mfa", "usersessions"})
ORGANIZATIONS_A_PAGE = 50


class BackOffice(UnfoldAdminSite):
    """Logs in like every page, and opens only where the person makes content."""

    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in NOBODYS_PAGES]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[Any]:
        return [
            path("organizations/", self.admin_view(self.organizations), name="organizations"),
            path("organizations/leave/", self.admin_view(leave), name="leave_organization"),
            path("organization/<uuid:organization_id>/", self.admin_view(choose), name="choose_organization"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(second_factor_first(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The same log-in, rate limits and second factor as in front."""
        return secure_admin_login(super().login)(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        organization = request.organization  # type: ignore[attr-defined]
        if organization is None:
            return self._outside(request)
        sees_all = can(request.user, "activity.view", organization)
        own = {
            "title": gettext("Today"),
            "recent": recent_actions(of_people=sees_all),
            "may_see_activity": sees_all,
            "warnings": warnings_for(request.user, organization),
        }
        return super().index(request, {**dashboard(), **own, **(extra_context or {})})

    def _outside(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_superuser:
            return redirect("admin:organizations")
        return render(request, "admin/no_organization.html", self.each_context(request), status=403)

    def organizations(self, request: HttpRequest) -> HttpResponse:
        """All there are, for superusers to choose the one they act in."""
        _refuse_all_but_superusers(request)
        return require_safe(self._organizations)(request)

    def _organizations(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        found = Organization.objects.filter(Q(name__icontains=words) | Q(slug__icontains=words))
        page = Paginator(found, ORGANIZATIONS_A_PAGE).get_page(request.GET.get("page"))
        context = {**self.each_context(request), "title": gettext("Organizations"), "page": page, "words": words}
        return render(request, "admin/organizations.html", context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Each page's frame says where one works, and leads to where else one may in one click."""
        organization = getattr(request, "organization", None)
        elsewhere = _elsewhere(request.user, organization) if organization is not None else []
        return {**super().each_context(request), "back_office": organization, "elsewhere": elsewhere}


def _refuse_all_but_superusers(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise Http404


def _elsewhere(user: Any, organization: Organization) -> list[Membership]:
    """Where else this person makes content. Asked outside the scope: inside it one sees one's membership here only."""
    with organization_scope(None):
        return list(Membership.objects.of(user).making().exclude(organization=organization))


@require_POST
def choose(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Work in another organization from now on: one's own, or any for a superuser, which is written down there."""
    membership = Membership.objects.of(request.user).making().filter(organization_id=organization_id).first()
    if membership is None:
        _refuse_all_but_superusers(request)
    organization = membership.organization if membership else get_object_or_404(Organization, pk=organization_id)
    choose_back_office(request, organization)
    return redirect("admin:index")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Work in no organization that is not one's own."""
    _refuse_all_but_superusers(request)
    request.session.pop(SESSION_KEY, None)
    return redirect("admin:organizations")


def favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")


def where(request: HttpRequest) -> str:
    """Whose back office each page belongs to, below the name of the site."""
    return str(getattr(request, "organization", None) or "")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar, floor by floor."""
    return [_library(), _courses(), _knowledge(), _analytics(), _people(), _operation()]


def _library() -> dict[str, Any]:
    return _group(
        "Library",
        _entry("Media", "perm_media", "media_library_media"),
        _entry(_("Images"), "image", "media_library_libraryimage"),
        _entry(_("Categories"), "account_tree", "media_library_category"),
        _entry(_("Tags"), "sell", "media_library_tag"),
        _entry(_("Playlists"), "playlist_play", "media_library_playlist"),
        _entry(_("Podcasts"), "podcasts", "media_library_podcast"),
        _entry(_("Episodes"), "graphic_eq", "media_library_episode"),
        _entry(_("Private feeds"), "rss_feed", "media_library_listenerkey"),
        _entry(_("Projects"), "folder_open", "media_library_project"),
        _link(_("Frames"), "photo_library", "back_office_frames", action="content.view"),
        _link(_("Sources"), "hub", "back_office_sources", action="content.view"),
        _link(_("Storage"), "hard_drive", "back_office_storage", action="content.view"),
        _link(_("Words and costs"), "payments", "back_office_words", action="content.view"),
    )


def _courses() -> dict[str, Any]:
    return _group(
        "Courses",
        _entry("Courses", "school", "courses_course"),
        _entry(_("Collections"), "collections_bookmark", "courses_collection"),
        _entry("Quizzes", "quiz", "courses_quiz"),
        _entry(_("Assignments"), "assignment", "courses_assignment"),
        _entry(_("Grading"), "grading", "courses_submission"),
        _entry(_("Resources"), "attach_file", "courses_resource"),
        _entry(_("Enrollments"), "how_to_reg", "courses_enrollment"),
        _entry(_("Watched"), "visibility", "media_library_watchrecord"),
        _entry(_("Codes"), "key_vertical", "courses_enrollmentcode"),
        _entry(_("Course invitations"), "forward_to_inbox", "courses_courseinvitation"),
        _entry(_("Certificates"), "workspace_premium", "courses_certificate"),
    )


def _knowledge() -> dict[str, Any]:
    return _group(
        _("Knowledge"),
        _entry(_("Course from media"), "auto_stories", "knowledge_coursedraft"),
        _entry(_("Drafts"), "edit_note", "knowledge_draft"),
        _entry(_("Questions asked"), "forum", "knowledge_answer"),
        _link(_("Have I said this?"), "manage_search", "back_office_said_before", action="content.view"),
        _link(_("Said twice"), "content_copy", "back_office_repetitions", action="content.view"),
        _link(_("Themes"), "bubble_chart", "back_office_themes", action="content.view"),
        _entry(_("Labels"), "label", "knowledge_label"),
    )


def _analytics() -> dict[str, Any]:
    return _group(
        _("Analytics"),
        _link(_("Dashboard"), "monitoring", "back_office_dashboard", action="analytics.view"),
        _entry(_("Media by day"), "calendar_month", "analytics_mediaday"),
    )


def _people() -> dict[str, Any]:
    return _group(
        _("People"),
        _entry(_("Members"), "group", "accounts_membership", action="members.manage"),
        _entry(_("Invitations"), "mail", "accounts_invitation", action="members.manage"),
        _entry(_("API tokens"), "key", "accounts_apitoken", action="members.manage"),
        _entry(_("Webhooks"), "webhook", "analytics_webhookendpoint", action="webhooks.manage"),
        _entry(_("Webhook log"), "receipt_long", "analytics_delivery", action="webhooks.manage"),
        _link(_("Record store"), "outbox", "back_office_record_store", action="sources.manage"),
        _entry(_("Organization"), "storefront", "accounts_organization", action="organization.edit"),
    )


def _operation() -> dict[str, Any]:
    return _group(
        _("Operation"),
        _entry(_("Alerts"), "notifications_active", "analytics_alertrule", action="organization.edit"),
        _entry(_("Site alerts"), "crisis_alert", "analytics_sitealertrule", superusers=True),
        _entry(_("Activity"), "history", "core_auditentry", action="activity.view"),
        _entry("Jobs", "settings_suggest", "core_job", superusers=True),
        _entry(_("Mail"), "outgoing_mail", "core_outgoingmail", superusers=True),
        _entry(_("Site configuration"), "tune", "media_library_siteconfiguration", superusers=True),
        _link(_("Search model"), "network_node", "back_office_search_model", superusers=True),
        _link(_("Organizations"), "domain", "admin:organizations", superusers=True),
    )


def _group(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


def _entry(title: Any, icon: str, model: str, *, superusers: bool = False, action: str = "") -> dict[str, Any]:
    return _link(title, icon, f"admin:{model}_changelist", superusers=superusers, action=action)


def _link(title: Any, icon: str, name: str, *, superusers: bool = False, action: str = "") -> dict[str, Any]:
    """`superusers`: for them only; `action`: for those who may do it here."""

    def permitted(request: Any) -> bool:
        if superusers or not action:
            return not superusers or request.user.is_superuser
        return request.organization is not None and can(request.user, action, request.organization)

    return {"title": title, "icon": icon, "link": reverse(name), "permission": permitted}
