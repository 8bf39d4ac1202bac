"""Assignments for makers, handing in for learners, grading for makers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.access import is_maker
from courses.api.assignment_serializers import (
    AssignmentSerializer,
    FeedbackSerializer,
    GradeSerializer,
    SubmissionFileSerializer,
    SubmissionFilter,
    SubmissionSerializer,
    TextSerializer,
    WorkFileSerializer,
)
from courses.learn_space.lessons import find_own_item
from courses.models import Assignment, Enrollment, Submission, SubmissionFile
from courses.models.assignment import SubmissionState
from courses.services.assignments import delete_assignment, write_assignment
from courses.services.marking import grade, release, return_for_rework
from courses.services.submissions import attach_file, remove_file, save_draft, submit, take_in_hand
from media_library.views.sending import send_file

GONE = OpenApiResponse(description="It is gone.")


class AssignmentView(OrganizationView):
    reads = "content.view"
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.order_by("title", "pk")
    lookup_url_kwarg = "assignment_id"

    def get_queryset(self) -> QuerySet:
        return Assignment.objects.order_by("title", "pk")


class AssignmentList(AssignmentView, ListCreateAPIView):
    area = Area.COURSES

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = write_assignment(Assignment(**serializer.validated_data))


class AssignmentDetail(AssignmentView, RetrieveUpdateDestroyAPIView):
    area = Area.COURSES

    def perform_update(self, serializer: Any) -> None:
        for field, value in serializer.validated_data.items():
            setattr(serializer.instance, field, value)
        write_assignment(serializer.instance)

    def perform_destroy(self, instance: Assignment) -> None:
        delete_assignment(instance)


class SubmissionView(OrganizationView):
    """Learners see their own submissions in courses they are in; makers what was handed in, and drafts of their own."""

    writes = "course.learn"
    serializer_class = SubmissionSerializer
    queryset = Submission.objects.all()
    lookup_url_kwarg = "submission_id"

    def get_queryset(self) -> QuerySet:
        own = Q(enrollment__user=self.request.user)
        learns = Q(enrollment__is_active=True, enrollment__course__is_published=True)
        seen = own | ~Q(state=SubmissionState.DRAFT) if self.is_maker else own & learns
        found = Submission.objects.filter(seen).select_related("assignment", "enrollment__user", "enrollment__course")
        return found.prefetch_related("files").order_by("-submitted_at", "-pk")

    @property
    def is_maker(self) -> bool:
        return is_maker(self.request.user, self.member_organization)

    def told(self, submissions: Any, *, many: bool = False) -> Any:
        context = {**self.get_serializer_context(), "is_maker": self.is_maker}
        return SubmissionSerializer(submissions, many=many, context=context).data

    def own(self) -> tuple[Submission, Enrollment]:
        """To be worked on: one's own, where its item is open to one. Raises Http404, Refused."""
        submission = self.get_object()
        return submission, self.enrollment_for(submission.assignment, course=submission.enrollment.course.slug)

    def enrollment_for(self, assignment: Assignment, *, course: str) -> Enrollment:
        item = getattr(assignment, "item", None)
        if item is None:
            raise Http404
        return find_own_item(item.pk, course=course, user=self.request.user, organization=self.member_organization)[1]


class AssignmentSubmissions(SubmissionView):
    area = Area.LEARNING
    filterset_class = SubmissionFilter

    def filter_queryset(self, queryset: Any) -> Any:
        """Filters tell what is behind a submission, so learners have none."""
        return super().filter_queryset(queryset) if self.is_maker else queryset

    @extend_schema(operation_id="assignment_submissions", responses=SubmissionSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """One's own, the last first; makers see all that was handed in."""
        found = self.filter_queryset(self.get_queryset().filter(assignment=self._assignment()))
        return self.get_paginated_response(self.told(self.paginate_queryset(found), many=True))

    @extend_schema(operation_id="submission_begin", request=TextSerializer, responses={201: SubmissionSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Begin a draft, or write the open one anew. 404 for who is not enrolled where the assignment stands."""
        sent = _sent(TextSerializer, request)
        assignment = self._assignment()
        enrollment = self.enrollment_for(assignment, course=assignment.item.chapter.course.slug)
        draft = save_draft(assignment, enrollment=enrollment, text=sent["text"])
        return Response(self.told(draft), status=status.HTTP_201_CREATED)

    def _assignment(self) -> Assignment:
        """Learners know of those in the courses they take."""
        theirs = Q(
            item__state="published",
            item__chapter__course__is_published=True,
            item__chapter__course__enrollments__user=self.request.user,
            item__chapter__course__enrollments__is_active=True,
        )
        placed = Assignment.objects.select_related("item__chapter__course")
        seen = placed if self.is_maker and self.request.method == "GET" else placed.filter(theirs)
        return get_object_or_404(seen, pk=self.kwargs["assignment_id"])


class SubmissionDetail(SubmissionView):
    area = Area.LEARNING

    @extend_schema(operation_id="submission_retrieve", responses=SubmissionSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.told(self.get_object()))

    @extend_schema(operation_id="submission_write", request=TextSerializer, responses=SubmissionSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Write the text of a draft."""
        sent = _sent(TextSerializer, request)
        submission, enrollment = self.own()
        take_in_hand(submission)
        save_draft(submission.assignment, enrollment=enrollment, text=sent["text"])
        return Response(self.told(self.get_object()))


class SubmissionSubmit(SubmissionView):
    area = Area.LEARNING

    @extend_schema(operation_id="submission_submit", request=None, responses=SubmissionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Hand in a draft; once more answers what was handed in."""
        submission, enrollment = self.own()
        if not submission.is_waiting:
            take_in_hand(submission)
            submit(submission.assignment, enrollment=enrollment)
        return Response(self.told(self.get_object()))


class SubmissionFiles(SubmissionView):
    area = Area.LEARNING
    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(
        operation_id="submission_add_file",
        request={"multipart/form-data": WorkFileSerializer},
        responses={201: SubmissionFileSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add a file to a draft."""
        sent = _sent(WorkFileSerializer, request)
        submission, enrollment = self.own()
        take_in_hand(submission)
        file = attach_file(submission.assignment, enrollment=enrollment, file=sent["file"])
        return Response(SubmissionFileSerializer(file).data, status=status.HTTP_201_CREATED)


class SubmissionFileDetail(SubmissionView):
    area = Area.LEARNING

    @extend_schema(operation_id="submission_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The file, to be saved; it is never shown in place."""
        file = self._file(self.get_object())
        return send_file(request._request, file.path, content_type=file.content_type, download=file.name)

    @extend_schema(operation_id="submission_remove_file", responses={204: GONE})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Take it out of a draft."""
        remove_file(self._file(self.own()[0]))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _file(self, submission: Submission) -> SubmissionFile:
        return get_object_or_404(submission.files, pk=self.kwargs["file_id"])


class SubmissionGrade(SubmissionView):
    area = Area.COURSES
    writes = "content.edit"

    @extend_schema(operation_id="submission_grade", request=GradeSerializer, responses=SubmissionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Points and feedback; the learner sees them from their release on."""
        sent = _sent(GradeSerializer, request)
        grade(self.get_object(), points=sent["points"], feedback=sent.get("feedback"), by=request.user)
        return Response(self.told(self.get_object()))


class SubmissionRelease(SubmissionView):
    area = Area.COURSES
    writes = "content.edit"

    @extend_schema(operation_id="submission_release", request=None, responses=SubmissionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Show the learner their grade; once more changes nothing."""
        release(self.get_object(), by=request.user)
        return Response(self.told(self.get_object()))


class SubmissionReturn(SubmissionView):
    area = Area.COURSES
    writes = "content.edit"

    @extend_schema(operation_id="submission_return", request=FeedbackSerializer, responses=SubmissionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Give it back with feedback, to be handed in again."""
        sent = _sent(FeedbackSerializer, request)
        return_for_rework(self.get_object(), feedback=sent["feedback"], by=request.user)
        return Response(self.told(self.get_object()))


def _sent(serializer: Any, request: Request) -> Any:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return form.validated_data
