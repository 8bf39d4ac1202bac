from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from accounts.permissions import can
from analytics.models import MediaDay
from analytics.reports import MediaReport, media_report
from core.admin import OrganizationAdmin, ReadOnly, panel
from media_library.models import Media
from media_library.wording import words_for_duration

DAYS_SHOWN = 30
HEADERS = ["Day", "Views", "Learners", "Completed", "Completion rate", "Watch time"]


@admin.register(MediaDay)
class MediaDayAdmin(ReadOnly, OrganizationAdmin):
    """The rollups as they are, and the page that tells what they mean for one media item."""

    list_display = ["day", "media", "views", "viewers", "watch_time", "completions", "rate"]
    list_display_links = None
    list_select_related = ["media"]
    list_filter = ["day"]
    search_fields = ["media__title"]
    ordering = ["-day", "-views"]

    @admin.display(description="Watch time", ordering="watch_seconds")
    def watch_time(self, day: MediaDay) -> str:
        return words_for_duration(day.watch_seconds)

    @admin.display(description="Completion rate", ordering="completion_rate")
    def rate(self, day: MediaDay) -> str:
        return f"{day.completion_rate:.0f} %"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (
                None,
                {"fields": [field.name for field in MediaDay._meta.fields if field.name not in ("id", "organization")]},
            )
        ]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.report_page)
        return [path("media/<uuid:media_id>/", page, name="analytics_media_report"), *super().get_urls()]

    def report_page(self, request: HttpRequest, media_id: UUID) -> HttpResponse:
        """What became of one media item, for those who make content."""
        organization = request.organization  # type: ignore[attr-defined]
        if organization is None or not can(request.user, "analytics.view", organization):
            raise Http404
        media = get_object_or_404(Media.objects.select_related("organization"), pk=media_id)
        report = media_report(media)
        context = self.admin_site.each_context(request) | {"title": media.title, "media": media, "report": report}
        return render(request, "admin/analytics/media_report.html", context | _in_words(report))


@panel("media_library.Media")
def media_panel(request: HttpRequest, media: Media) -> SafeString:
    """Views, watch time and completion rate on the page of the media item itself."""
    report = media_report(media)
    context = {
        "report": report,
        "watch_time": words_for_duration(report.watch_seconds),
        "report_url": reverse("admin:analytics_media_report", args=[media.pk]),
        "zone": request.organization.time_zone,  # type: ignore[attr-defined]
    }
    return render_to_string("admin/analytics/media_panel.html", context, request)


def _in_words(report: MediaReport) -> dict[str, Any]:
    """Figures as people read them, newest day first; a bar is a day's watch time in percent of the longest one."""
    longest = max((day.watch_seconds for day in report.days), default=0) or 1
    return {
        "headers": HEADERS,
        "watch_time": words_for_duration(report.watch_seconds),
        "days": [
            {
                "figures": day,
                "watch_time": words_for_duration(day.watch_seconds),
                "bar": 100 * day.watch_seconds // longest,
            }
            for day in reversed(report.days[-DAYS_SHOWN:])
        ],
    }
