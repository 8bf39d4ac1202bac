"""What pages of shows and of episodes share: artwork, people, and what is refused."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationInline
from core.errors import Refused
from media_library.admin.podcast_forms import PersonForm, PersonFormSet, SeasonForm, SeasonFormSet
from media_library.models import PodcastPerson, Season
from media_library.podcasts.artwork import artwork_type, set_artwork
from media_library.podcasts.people import MOST_PEOPLE
from media_library.views.sending import send_file

#: Each path is used once: a new picture has another address.
FOREVER = "private, max-age=31536000, immutable"


class PersonInline(OrganizationInline):
    model = PodcastPerson
    form = PersonForm
    formset = PersonFormSet
    fields = ["name", "part", "link", "position"]
    ordering_field = "position"
    hide_ordering_field = True
    max_num = MOST_PEOPLE


class ShowPersonInline(PersonInline):
    """Those of single episodes stand with these."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(episode=None)


class SeasonInline(OrganizationInline):
    model = Season
    form = SeasonForm
    formset = SeasonFormSet
    fields = ["number", "name"]


class PodcastPartAdmin(OrganizationAdmin):
    """A page with artwork, and buttons that are verbs: `verbs` are functions, and what is said afterwards."""

    verbs: dict[str, tuple[Any, Any]] = {}
    change_form_template = "admin/media_library/podcast/change_form.html"

    class Media:
        css = {"all": ["css/admin_podcasts.css"]}

    def get_urls(self) -> list[URLPattern]:
        name, view = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        own = [
            path("<uuid:key>/artwork/<str:version>/", view(require_safe(self.artwork_view)), name=f"{name}_artwork"),
            path("<uuid:key>/do/<str:verb>/", view(require_POST(self.do_view)), name=f"{name}_do"),
        ]
        return [*own, *super().get_urls()]

    def artwork_view(self, request: HttpRequest, key: UUID, version: str) -> HttpResponseBase:
        row = get_object_or_404(self.model, pk=key)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if not row.artwork_path or version != version_of(row):
            raise Http404
        response = send_file(request, row.artwork_path, content_type=artwork_type(row.artwork_path))
        response.headers.setdefault("Cache-Control", FOREVER)
        return response

    def do_view(self, request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
        row = get_object_or_404(self.model, pk=key)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        if verb not in self.verbs:
            raise Http404
        self.do_all(request, [row], verb)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def do_all(self, request: HttpRequest, rows: Any, verb: str) -> None:
        """Each on its own: what is refused is told, the rest is done."""
        act, words = self.verbs[verb]
        done = []
        for row in rows:
            try:
                act(row, by=request.user)
                done.append(str(row))
            except Refused as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        if done:
            said = words % {"names": ", ".join(f"“{name}”" for name in done[:3]), "count": len(done)}
            self.message_user(request, said, messages.SUCCESS)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.by = request.user
        super().save_formset(request, form, formset, change)

    def keep_artwork(self, request: HttpRequest, row: Any, form: Any) -> None:
        if file := form.cleaned_data.get("file"):
            set_artwork(row, file, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    @display(description=_("Artwork"))
    def picture(self, row: Any) -> SafeString | str:
        return picture_of(row) or "–"


def version_of(row: Any) -> str:
    """Of its picture; empty where there is none."""
    return str(row.artwork_path).rpartition("/")[2].partition(".")[0]


def picture_of(row: Any) -> SafeString | str:
    if not row.artwork_path:
        return ""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_artwork"
    address = reverse(name, args=[row.pk, version_of(row)])
    return format_html('<img class="artwork" src="{}" alt="" width="64" height="64" loading="lazy">', address)
