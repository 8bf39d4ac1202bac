"""Below one course: its codes, and whom it was offered to."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import DestroyAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.api.enrolling_serializers import (
    CodeSerializer,
    CourseInvitationSerializer,
    EnrollmentAnswersSerializer,
    InviteIntoSerializer,
)
from courses.models import Course
from courses.models.access import CourseInvitation, EnrollmentCode
from courses.services.codes import change_code, delete_code, make_code
from courses.services.course_invitations import why_they_wait, withdraw
from courses.services.enrollment_lists import invite_into


class OfCourse(OrganizationView):
    """Makers see who gets in how; owners decide it."""

    reads = "content.view"
    writes = "members.manage"

    @property
    def course(self) -> Course:
        found: Course = get_object_or_404(Course, pk=self.kwargs["course_id"])
        return found


class CodeView(OfCourse):
    serializer_class: Any = CodeSerializer
    queryset = EnrollmentCode.objects.none()  # for the schema
    lookup_url_kwarg = "code_id"

    def get_queryset(self) -> QuerySet[EnrollmentCode]:
        codes: QuerySet[EnrollmentCode] = EnrollmentCode.objects.filter(course=self.course)
        return codes.order_by("-created_at", "pk")


class CodeList(CodeView, ListAPIView):
    area = Area.LEARNING

    @extend_schema(request=CodeSerializer, responses={201: CodeSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Make a code; without one of your own it is made up."""
        course = self.course
        sent = CodeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = make_code(course, by=request.user, **sent.validated_data)
        made.refresh_from_db()
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


class CodeDetail(CodeView, RetrieveAPIView):
    area = Area.LEARNING

    @extend_schema(request=CodeSerializer(partial=True), responses=CodeSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change it, or switch it off with `is_active`. Whom it has let in stays."""
        code = self.get_object()
        sent = CodeSerializer(code, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        return Response(self.get_serializer(change_code(code, by=request.user, **sent.validated_data)).data)

    @extend_schema(responses={204: OpenApiResponse(description="It lets nobody in any more.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_code(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CourseInvitationView(OfCourse):
    serializer_class: Any = CourseInvitationSerializer
    queryset = CourseInvitation.objects.none()  # for the schema
    lookup_url_kwarg = "course_invitation_id"

    def get_queryset(self) -> QuerySet[CourseInvitation]:
        invitations: QuerySet[CourseInvitation] = CourseInvitation.objects.filter(course=self.course)
        return invitations.order_by("-created_at", "pk")


class CourseInvitationList(CourseInvitationView, ListAPIView):
    area = Area.LEARNING

    @extend_schema(operation_id="course_invitations", responses=CourseInvitationSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Addresses that were asked, the last first, and why they are not in yet."""
        page = list(self.paginate_queryset(self.get_queryset()) or [])
        context = {**self.get_serializer_context(), "waits": why_they_wait(page)}
        return self.get_paginated_response(CourseInvitationSerializer(page, many=True, context=context).data)

    @extend_schema(operation_id="course_invite", request=InviteIntoSerializer, responses=EnrollmentAnswersSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Ask addresses into the course: members are in at once, others when they become members."""
        course = self.course
        sent = InviteIntoSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        answers = invite_into(course, sent.validated_data["emails"], by=request.user)
        return Response(EnrollmentAnswersSerializer({"answers": answers}).data)


class CourseInvitationDetail(CourseInvitationView, DestroyAPIView):
    area = Area.LEARNING

    def perform_destroy(self, instance: CourseInvitation) -> None:
        """It leads nobody into the course any more; one into the organization stays."""
        withdraw(instance, by=self.request.user)
