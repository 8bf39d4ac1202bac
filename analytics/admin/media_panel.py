"""On the page of a media item: how it is watched."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from analytics.reports.periods import ever
from analytics.reports.viewing import one_media, viewing
from core.admin import panel
from media_library.models import Media


@panel("media_library.Media")
def media_panel(request: HttpRequest, media: Media) -> SafeString:
    """Views, watch time and completion rate since there are any. One statement."""
    zone = request.organization.zone  # type: ignore[attr-defined]
    context = {
        "report": viewing(one_media(media), ever(timezone.now().astimezone(zone).date())),
        "report_url": reverse("back_office_media_report", args=[media.pk]),
        "zone": zone,
    }
    return render_to_string("admin/analytics/media_panel.html", context, request)
