"""The order of a whole course, at once."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from courses.api.content_serializers import OpeningSerializer, OrderedSerializer, OrderSerializer
from courses.api.courses import CourseView
from courses.services.availability import open_in_order, open_side_by_side
from courses.services.rearranging import reorder


class CourseOrder(CourseView):
    """Put chapters and items in order, also across chapters.

    400 with `fields` where something is unknown, missing or named twice; 409 `outline_changed` where the outline has
    another revision by now.
    """

    area = Area.COURSES
    serializer_class = OrderSerializer

    @extend_schema(request=OrderSerializer, responses=OrderedSerializer)
    def post(self, request: Request, **kwargs: str) -> Response:
        course = self.get_object()
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reorder(course, asked.order(), by=request.user, revision=asked.validated_data.get("revision"))
        course.refresh_from_db(fields=["revision"])
        return Response({"revision": course.revision})


class ChapterOpening(CourseView):
    """Let chapters open one after another, or all at once; their other rules stay. Answers as `order/` does."""

    area = Area.COURSES
    serializer_class = OpeningSerializer

    @extend_schema(request=OpeningSerializer, responses=OrderedSerializer)
    def post(self, request: Request, **kwargs: str) -> Response:
        course = self.get_object()
        asked = OpeningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        change = open_in_order if asked.validated_data["one_after_another"] else open_side_by_side
        change(course, by=request.user, revision=asked.validated_data.get("revision"))
        course.refresh_from_db(fields=["revision"])
        return Response({"revision": course.revision})
