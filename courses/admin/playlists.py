"""What courses offer on the library's list of playlists."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import list_action
from core.errors import Refused
from courses.models import Course
from courses.services.playlist_courses import course_from_playlist
from media_library.models import Playlist


@list_action("media_library.Playlist")
@admin.action(description=gettext_lazy("Make a course of it"), permissions=["change"])
def make_courses(page: Any, request: HttpRequest, playlists: QuerySet) -> HttpResponse | None:
    """Leads to the outline of the one that was made, or to the list of courses."""
    made = [course for playlist in playlists if (course := _make(page, request, playlist))]
    if not made:
        return None
    page.message_user(request, _("Made: %(courses)s.") % {"courses": ", ".join(map(str, made))}, messages.SUCCESS)
    if len(made) > 1:
        return redirect("admin:courses_course_changelist")
    return redirect(reverse("admin:courses_course_change", args=[made[0].pk]) + "#outline")


def _make(page: Any, request: HttpRequest, playlist: Playlist) -> Course | None:
    try:
        return course_from_playlist(playlist, by=request.user)
    except Refused as refusal:
        page.message_user(request, f"“{playlist}”: {refusal.message}", messages.ERROR)
        return None
