"""“Listen in an app”: a learner's private feed of a course."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from courses.access import find_course, is_maker
from courses.feeds import lessons_with_sound, sounding_items
from media_library.podcasts.following import CONTEXT, Followed
from media_library.podcasts.keys import living_keys
from media_library.views.my_feeds import follow, listener_of


@require_http_methods(["GET", "POST"])
def listen(request: Any, organization: str, course: str) -> HttpResponse:
    """What can be heard now, and a new address, shown once."""
    found = find_course(course, user=request.user, organization=request.organization)
    followed, listener = Followed(CONTEXT, found.pk), listener_of(request)
    if not followed.offer.may_follow(found.pk, listener):
        raise Http404
    with_sound = lessons_with_sound(found.pk, is_maker=is_maker(request.user, request.organization)).count()
    if request.method == "POST" and with_sound:
        return follow(request, followed)
    context = {
        "course": found,
        "key": living_keys().filter(user=request.user, context_id=found.pk).first(),
        "with_sound": with_sound,
        "lessons": sounding_items(found.pk, listener).count(),
    }
    return render(request, "courses/listen.html", context, status=409 if request.method == "POST" else 200)
