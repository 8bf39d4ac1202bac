"""The order of a whole course, at once."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from courses.api.content_serializers import OrderedSerializer, OrderSerializer
from courses.api.courses import CourseView
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
