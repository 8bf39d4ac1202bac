"""A course's videos and recordings, put into a playlist."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.access import find_course, is_maker
from courses.models import ContentItem, Course
from media_library.models import Media, PlaylistType
from media_library.views.playlist_adding import Offered, adding


@require_http_methods(["GET", "HEAD", "POST"])
def playlist(request: Any, organization: str, course: str) -> HttpResponse:
    """Those that this person may watch now, in the order of the outline."""
    found = find_course(course, user=request.user, organization=request.organization)
    media = _media_of(found, request)
    address = reverse("courses:course", args=[organization, course])
    if not media:
        messages.info(request, _("There is no video in this course that you may watch now."))
        return redirect(address)
    count = ngettext("%(count)d video", "%(count)d videos", len(media)) % {"count": len(media)}
    return adding(request, Offered(media, f"{found.title} · {count}", address, PlaylistType.COURSE, found.title))


def _media_of(course: Course, request: Any) -> list[Any]:
    """Keys, each once."""
    watchable = Media.objects.present().visible_to(request.user, request.organization).values("pk")
    items = ContentItem.objects.of_course(course).in_outline(is_maker=is_maker(request.user, request.organization))
    keys = items.filter(media__in=watchable).in_order().values_list("media_id", flat=True)
    return list(dict.fromkeys(keys))
