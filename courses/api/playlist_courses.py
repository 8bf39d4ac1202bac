"""`playlists/<id>/course/`: the door to a course made of a playlist."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.api.serializers import CourseSerializer
from courses.models import Course
from courses.services.playlist_courses import course_from_playlist
from media_library.models import Playlist


class PlaylistCourse(OrganizationView):
    area = Area.COURSES
    reads = "content.view"
    serializer_class = CourseSerializer
    queryset = Playlist.objects.all()

    @extend_schema(operation_id="playlist_course", request=None, responses={201: CourseSerializer})
    def post(self, request: Request, playlist_id: Any, **kwargs: Any) -> Response:
        """A draft with one chapter of the playlist's media, in order. Each call makes another one."""
        playlist = get_object_or_404(Playlist.objects.filter(owner=None), pk=playlist_id)
        made = course_from_playlist(playlist, by=request.user)
        course = Course.objects.with_seats_taken().get(pk=made.pk)
        return Response(CourseSerializer(course).data, status=status.HTTP_201_CREATED)
