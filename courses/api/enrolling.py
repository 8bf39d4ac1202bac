"""Who takes a course, and how far they are."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.origin import address_of
from accounts.permissions import can
from accounts.services import limits
from core.filters import FlagFilter
from courses.api.courses import CourseView
from courses.api.enrolling_serializers import (
    EndSerializer,
    EnrolledLearnerSerializer,
    GrantSerializer,
    RedeemSerializer,
)
from courses.api.serializers import EnrollmentSerializer, ProgressSerializer
from courses.learn_space.lessons import refuse_locked
from courses.models import ContentItem, Enrollment
from courses.models.enrollment import EnrollmentSource
from courses.progress.counting import standing_of, standings_of
from courses.services.codes import redeem_code
from courses.services.enrolling import change_end, end_enrollment, enroll_oneself, find_member, grant_course
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
        enrollment = self._enroll(**sent.validated_data)
        return Response(self.get_serializer(enrollment).data, status=status.HTTP_201_CREATED)

    def _enroll(self, email: str | None = None, ends_at: datetime | None = None) -> Enrollment:
        user: Any = self.request.user
        organization = self.member_organization
        if email is None and ends_at is None:
            return enroll_oneself(self.get_object(), user=user, organization=organization)
        if not can(user, "members.manage", organization):
            raise PermissionDenied
        return grant_course(self.get_object(), member=find_member(email or user.email), by=user, ends_at=ends_at)


class EnrollmentFilter(filters.FilterSet):
    active = FlagFilter(field_name="is_active")
    source = filters.ChoiceFilter(choices=EnrollmentSource.choices)
    email = filters.CharFilter(field_name="user__email", lookup_expr="iexact")

    class Meta:
        model = Enrollment
        fields = ["course"]


class Enrollments(OrganizationView):
    """Who takes which course, with how far they are; the last seen first."""

    area = Area.LEARNING
    reads = "content.view"
    serializer_class = EnrolledLearnerSerializer
    filterset_class: Any = EnrollmentFilter
    queryset = Enrollment.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[Enrollment]:
        enrollments: QuerySet[Enrollment] = Enrollment.objects.select_related("user", "course", "course_completion")
        return enrollments.order_by("-last_accessed_at", "pk")

    @extend_schema(operation_id="enrollments", responses=EnrolledLearnerSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        page = list(self.paginate_queryset(self.filter_queryset(self.get_queryset())) or [])
        context = {**self.get_serializer_context(), "standings": standings_of(one.pk for one in page)}
        return self.get_paginated_response(EnrolledLearnerSerializer(page, many=True, context=context).data)


class RedeemCode(OrganizationView):
    """A code lets into its course, whatever its access. Wrong codes are counted, and soon slowed down."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = EnrollmentSerializer
    queryset = Enrollment.objects.none()  # for the schema

    @extend_schema(operation_id="redeem_code", request=RedeemSerializer, responses={201: EnrollmentSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """400 code_invalid; 409 code_used_up, code_expired, course_full, course_closed; 429 too_many_tries."""
        sent = RedeemSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user: Any = request.user
        window = {"door": "enrollment_code", "account": user.email, "address": address_of(request)}
        limits.charge(**window)
        enrollment = redeem_code(sent.validated_data["code"], user=request.user, organization=self.member_organization)
        limits.give_back(**window)
        return Response(self.get_serializer(enrollment).data, status=status.HTTP_201_CREATED)


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

    @extend_schema(request=EndSerializer, responses=EnrollmentSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Until when the course is open to a learner; for owners. 409 where that would take a seat there is not."""
        enrollment = self.get_object()
        if not can(request.user, "members.manage", self.member_organization):
            raise PermissionDenied
        sent = EndSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        changed = change_end(enrollment, sent.validated_data["ends_at"], by=request.user)
        return Response(self.get_serializer(changed).data)

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
        items: QuerySet[ContentItem] = ContentItem.objects.taken_by(self.request.user)
        return items.select_related("chapter", "media")

    @extend_schema(request=None, responses=ProgressSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Answers the progress of the course; 400 where it completes itself, 403 where it is locked, 404 for who is
        not enrolled."""
        item = self.get_object()
        mine = Enrollment.objects.select_related("course").filter(user=request.user, is_active=True)
        enrollment = mine.get(course=item.chapter.course_id)
        refuse_locked(item, enrollment=enrollment, user=request.user, organization=self.member_organization)
        mark_done(item, enrollment=enrollment)
        return Response(self.get_serializer(standing_of(enrollment.pk)).data)
