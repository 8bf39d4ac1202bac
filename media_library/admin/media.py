"""Media in the back office: what there is, where it stands, and what can be done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin import OrganizationAdmin, told
from core.content_policy import widen_policy
from core.errors import Refused
from core.models import Job
from core.models.job import JobState
from core.tenancy import current_organization_id
from media_library.admin.episode_switch import episode_urls
from media_library.admin.importing import import_urls
from media_library.admin.list_filters import CategoryFilter, PublicationFilter, TagFilter
from media_library.admin.media_form import CreditInline, MediaForm
from media_library.admin.pictures import picture_urls
from media_library.admin.removal import removal_urls
from media_library.admin.replacing import replacing_urls
from media_library.admin.steps import TroubleFilter, step_urls
from media_library.admin.transcript import transcript_urls
from media_library.admin.upload import upload_page
from media_library.links import audience_of
from media_library.models import Media, Publication, Status
from media_library.player import MediaAddresses, player_preview
from media_library.services.bringing import bring_file, offers_file
from media_library.services.chapters import save_chapters
from media_library.services.editing import edit_media
from media_library.services.publishing import archive_media, publish_media, restore_media, unpublish_media
from media_library.services.retrying import retry_media
from media_library.services.status import status_of
from media_library.usage import uses_of
from media_library.wording import clock_time, words_for_size

Verb = Callable[..., Any]

#: What a button does, and what is said afterwards.
VERBS: dict[str, tuple[Verb, str]] = {
    "publish": (publish_media, "“{}” is published."),
    "unpublish": (unpublish_media, "“{}” is a draft again."),
    "archive": (archive_media, "“{}” is archived."),
    "restore": (restore_media, "“{}” is back, as a draft."),
    "retry": (retry_media, "Work on “{}” begins again."),
    "bring": (bring_file, "The file of “{}” is being fetched. Once it is here, it is made ready to play from here."),
}
STATUS_COLORS = {
    Status.COMPLETED: "success",
    Status.FAILED: "danger",
    Status.PENDING: "warning",
    **dict.fromkeys((Status.UPLOADING, Status.PROCESSING, Status.TRANSCRIBING, Status.EMBEDDING), "info"),
}
PUBLICATION_COLORS = {Publication.PUBLISHED: "success", Publication.DRAFT: "info", Publication.ARCHIVED: "warning"}


class MediaList(ChangeList):
    """A page of media, each with where it is used."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        uses = uses_of([media.pk for media in self.result_list])
        for media in self.result_list:
            media.uses = uses[media.pk]


@admin.register(Media)
class MediaAdmin(OrganizationAdmin):
    form = MediaForm
    inlines = (CreditInline,)
    list_display = ("picture", "title", "state", "length", "size", "used_in", "visibility", "created_at")
    list_display_links = ("title",)
    list_filter = ("status", TroubleFilter, PublicationFilter, "kind", CategoryFilter, TagFilter, "created_at")
    search_fields = ("title", "original_filename", "description", "tags__name")
    fields = ("title", "description", "marks", "in_categories", "known_tags", "new_tags")
    actions = ("publish_selected", "unpublish_selected", "archive_selected", "restore_selected", "retry_selected")
    change_form_template = "admin/media_library/media/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Media]:
        """Every row knows its progress and its address, so that a list of any length costs the same statements."""
        current_organization_id()  # without one there is no library to list
        running = Job.objects.filter(subject_id=OuterRef("pk"), state=JobState.RUNNING).order_by("-id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                running_percent=Subquery(running.values("progress")[:1]),
                slug=Value(request.organization.slug),  # type: ignore[attr-defined]
            )
        )

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return MediaList

    def has_delete_permission(self, request: HttpRequest, obj: Media | None = None) -> bool:
        return False  # it is archived instead

    def get_urls(self) -> list[URLPattern]:
        verbs = path(
            "<uuid:media_id>/do/<str:verb>/",
            self.admin_site.admin_view(require_POST(self.do_view)),
            name="media_library_media_do",
        )
        pages = [*picture_urls(self), *step_urls(self), *removal_urls(self), *import_urls(self), *transcript_urls(self)]
        pages += [*replacing_urls(self), *episode_urls(self)]
        return [verbs, *pages, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Media is added by uploading it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return upload_page(self, request)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        media = options.get("obj")
        if media is None:
            return super().render_change_form(request, context, **options)
        context |= self._panels(request, media) | {"show_save_and_add_another": False}
        response = super().render_change_form(request, context, **options)
        widen_policy(response, context["player"].policy)
        return response

    def save_model(self, request: HttpRequest, obj: Media, form: Any, change: bool) -> None:
        edit_media(
            obj,
            title=obj.title,
            description=obj.description,
            categories=[category.pk for category in form.cleaned_data["in_categories"]],
            tags=form.tags,
            by=request.user,
        )
        save_chapters(obj, form.cleaned_data["marks"], by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.by = request.user
        super().save_formset(request, form, formset, change)

    def do_view(self, request: HttpRequest, media_id: UUID, verb: str) -> HttpResponse:
        """A button of the change page."""
        media = get_object_or_404(Media, pk=media_id)
        if not self.has_change_permission(request, media):
            raise PermissionDenied
        if verb not in VERBS:
            raise Http404
        self._do(request, media, verb)
        return redirect("admin:media_library_media_change", media.pk)

    @told
    def _do(self, request: HttpRequest, media: Media, verb: str) -> None:
        service, words = VERBS[verb]
        service(media, by=request.user)
        self.message_user(request, words.format(media), messages.SUCCESS)

    def _panels(self, request: HttpRequest, media: Media) -> dict[str, Any]:
        slug = request.organization.slug  # type: ignore[attr-defined]
        return {
            "media_item": media,
            "status": status_of(media),
            "offers_file": offers_file(media),
            "status_url": reverse("media_library:status", args=[slug, media.pk]),
            "watch_url": reverse("media_library:watch", args=[slug, media.pk]),
            "player": player_preview(media, slug=slug, audience=audience_of(request)),
            "facts": list(_facts(media)),
        }

    @admin.action(description="Publish")
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Media]) -> None:
        self._do_all(request, queryset, publish_media, "published")

    @admin.action(description="Make a draft again")
    def unpublish_selected(self, request: HttpRequest, queryset: QuerySet[Media]) -> None:
        self._do_all(request, queryset, unpublish_media, "made a draft")

    @admin.action(description="Archive")
    def archive_selected(self, request: HttpRequest, queryset: QuerySet[Media]) -> None:
        self._do_all(request, queryset, archive_media, "archived")

    @admin.action(description=_("Restore"))
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Media]) -> None:
        self._do_all(request, queryset, restore_media, "restored")

    @admin.action(description="Try failed work again")
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Media]) -> None:
        self._do_all(request, queryset, retry_media, "tried again")

    def _do_all(self, request: HttpRequest, queryset: QuerySet[Media], service: Verb, done: str) -> None:
        """Each on its own: what is refused is told, the rest is done."""
        count = 0
        for media in queryset:
            try:
                service(media, by=request.user)
                count += 1
            except Refused as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        if count:
            self.message_user(request, f"{count} {done}.", messages.SUCCESS)

    @display(description="Picture")
    def picture(self, media: Any) -> SafeString | str:
        address = MediaAddresses(media, media.slug).thumbnail
        if not address:
            return "–"
        picture = '<img class="rounded-default" src="{}" alt="" width="96" height="54" loading="lazy">'
        return format_html(picture, address)

    @display(description="Status", ordering="status", label=STATUS_COLORS)
    def state(self, media: Any) -> tuple[str, str]:
        is_moving = media.status == Status.PROCESSING and media.running_percent is not None
        percent = f" {int(media.running_percent)} %" if is_moving else ""
        return media.status, f"{media.get_status_display()}{percent}"

    @display(description="Length", ordering="duration")
    def length(self, media: Media) -> str:
        return clock_time(media.duration) or "–"

    @display(description="Size", ordering="size_bytes")
    def size(self, media: Media) -> str:
        return words_for_size(media.size_bytes) if media.size_bytes else "–"

    @display(description=_("Used in"))
    def used_in(self, media: Any) -> str:
        names = list(dict.fromkeys(use.name for use in media.uses))
        return ", ".join(names[:2]) + (f" (+{len(names) - 2})" if len(names) > 2 else "") or "–"

    @display(description="Visibility", ordering="publication", label=PUBLICATION_COLORS)
    def visibility(self, media: Media) -> tuple[str, str]:
        return media.publication, media.get_publication_display()


def _facts(media: Media) -> Any:
    """What is known about the video: pairs of a name and words."""
    yield "Length", clock_time(media.duration)
    yield "Added by" if media.source_url else "Uploaded by", media.creator or "somebody who has left"
    if media.source_url:
        yield "Address", format_html('<a href="{0}" rel="noopener">{0}</a>', media.source_url)
        yield "Author", media.source_metadata.get("author", "")
    if media.size_bytes:
        yield "Size", words_for_size(media.size_bytes)
    yield "File", media.original_filename
    yield from _source_facts(media.source_metadata)
    if media.rendition:
        names = ", ".join(rung["name"] for rung in media.rendition.rungs) or "sound only"
        yield "Plays as", f"{names} ({words_for_size(media.rendition.size_bytes)})"
    if media.transcript:
        yield "Transcript", f"{media.transcript}, {media.transcript.words} words"


def _source_facts(source: dict[str, Any]) -> Any:
    if video := source.get("video"):
        yield "Picture", f"{video['width']} × {video['height']}, {video['fps']:g} pictures a second, {video['codec']}"
    for sound in source.get("audio", []):
        yield "Sound", " ".join(filter(None, [sound["codec"], _channels(sound["channels"]), sound["language"]]))


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")
