"""Who takes a course, and how far they are."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from courses.api.courses import CourseView
from courses.api.serializers import EnrollmentSerializer, GrantSerializer, ProgressSerializer
from courses.counting import standing_of
from courses.models import ContentItem, Enrollment
from courses.services.enrolling import end_enrollment, enroll_oneself, find_member, grant_course
from courses.services.progress import mark_done


class CourseEnrollments(CourseView):
    """Without a body, one enters the course oneself; with `email`, an owner lets that member in."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = EnrollmentSerializer

    @extend_schema(request=GrantSerializer, responses={201: EnrollmentSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = GrantSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        enrollment = self._enroll(sent.validated_data.get("email"))
        return Response(self.get_serializer(enrollment).data, status=status.HTTP_201_CREATED)

    def _enroll(self, email: str | None) -> Enrollment:
        user, organization = self.request.user, self.member_organization
        if email is None:
            return enroll_oneself(self.get_object(), user=user, organization=organization)
        if not can(user, "members.manage", organization):
            raise PermissionDenied
        return grant_course(self.get_object(), member=find_member(email), by=user)


class EnrollmentDetail(OrganizationView):
    """One enrollment: one's own, and for owners everybody's."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = EnrollmentSerializer
    queryset = Enrollment.objects.none()  # for the schema
    lookup_url_kwarg = "enrollment_id"

    def get_queryset(self) -> QuerySet[Enrollment]:
        user = self.request.user
        enrollments: QuerySet[Enrollment] = Enrollment.objects.all()
        sees_all = can(user, "members.manage", self.member_organization)
        return enrollments if sees_all else enrollments.filter(user=user.pk)

    @extend_schema(responses={204: OpenApiResponse(description="It has ended; what was done is kept.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Leave the course, or shut it to a member."""
        end_enrollment(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CourseProgress(CourseView):
    """One's own progress; 404 for who is not enrolled."""

    area = Area.LEARNING
    serializer_class = ProgressSerializer

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        mine = Enrollment.objects.filter(course=self.get_object(), user=request.user, is_active=True)
        return Response(self.get_serializer(standing_of(get_object_or_404(mine).pk)).data)


class ItemDone(OrganizationView):
    """By hand: for texts, and for videos that cannot be measured while they are watched."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = ProgressSerializer
    queryset = ContentItem.objects.none()  # for the schema
    lookup_url_kwarg = "item_id"

    def get_queryset(self) -> QuerySet[ContentItem]:
        items: QuerySet[ContentItem] = ContentItem.objects.open_to(self.request.user)
        return items.select_related("chapter", "media")

    @extend_schema(request=None, responses=ProgressSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Answers the progress of the course; 400 where it completes itself, 404 for who is not enrolled."""
        item = self.get_object()
        enrollment = Enrollment.objects.get(course=item.chapter.course_id, user=request.user, is_active=True)
        mark_done(item, enrollment=enrollment)
        return Response(self.get_serializer(standing_of(enrollment.pk)).data)
