"""Taking a resource: its file, or on to its link."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from courses.learn_space.lessons import LessonItem, NotEnrolled, find_item, find_own_item
from courses.models import Resource
from courses.services.resources import open_resource
from media_library.views.sending import send_file


@require_safe
def open_item(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponseBase:
    """Counted for learners: neither the previews of makers nor HEAD, by which nothing is taken."""
    try:
        item = find_item(item_id, course=course, user=request.user, organization=request.organization)
    except NotEnrolled:
        return redirect("courses:course", organization=organization, course=course)
    resource = Resource.objects.filter(item=item.id).first()
    if resource is None:
        raise Http404
    _note(request, item, course, resource)
    if resource.link:
        return HttpResponseRedirect(resource.link)
    return send_file(request, resource.path, content_type=resource.content_type, download=resource.filename)


def _note(request: Any, item: LessonItem, course: str, resource: Resource) -> None:
    if item.enrollment_id is None:
        return
    _, enrollment = find_own_item(item.id, course=course, user=request.user, organization=request.organization)
    if request.method == "GET":
        open_resource(resource, enrollment=enrollment)
