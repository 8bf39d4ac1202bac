"""On the page of a media item: where it is used."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.admin import panel
from media_library.models import Media
from media_library.usage import uses_of


@panel("media_library.Media")
def usage_panel(request: HttpRequest, media: Media) -> SafeString:
    context = {"uses": uses_of([media.pk])[media.pk]}
    return render_to_string("admin/media_library/media/usage.html", context, request)
