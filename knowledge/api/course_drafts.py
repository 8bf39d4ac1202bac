"""Courses made of media, for makers: begin one, see how far it is, accept what would change, try again."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.errors import Refused
from courses.models import Course
from knowledge.api.course_draft_serializers import (
    AcceptCourseDraftSerializer,
    CourseDraftSerializer,
    NewCourseDraftSerializer,
    RetrySerializer,
    WholeCourseDraftSerializer,
)
from knowledge.course_drafts.accepting import accept_course_draft, dismiss_course_draft
from knowledge.course_drafts.starting import retry_course_draft, start_course_draft
from knowledge.models import CourseDraft
from media_library.models import Media, Playlist


class CourseDraftView(OrganizationView):
    reads = "content.view"
    serializer_class: type[serializers.BaseSerializer[Any]] = WholeCourseDraftSerializer
    lookup_url_kwarg = "course_draft_id"
    queryset = CourseDraft.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[CourseDraft]:
        found: QuerySet[CourseDraft] = CourseDraft.objects.select_related("course", "by")
        return found

    def answer(self, draft: CourseDraft, code: int = status.HTTP_200_OK) -> Response:
        found = CourseDraft.objects.prefetch_related("entries__media").select_related("course").get(pk=draft.pk)
        return Response(WholeCourseDraftSerializer(found).data, status=code)


class CourseDraftList(CourseDraftView):
    area = Area.COURSES

    @extend_schema(operation_id="course_drafts", responses=CourseDraftSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(CourseDraftSerializer(page, many=True).data)

    @extend_schema(
        operation_id="course_draft_start", request=NewCourseDraftSerializer, responses={202: WholeCourseDraftSerializer}
    )
    def post(self, request: Request, organization: str) -> Response:
        """Answers at once; jobs go on. Media that is not here answers 404."""
        form = NewCourseDraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        media = _in_order(told.pop("media"))
        playlist, course = told.pop("playlist"), told.pop("course")
        draft = start_course_draft(
            media, by=request.user, **told,
            playlist=get_object_or_404(Playlist.objects.filter(owner=None), pk=playlist) if playlist else None,
            course=get_object_or_404(Course.objects.all(), pk=course) if course else None,
        )  # fmt: skip
        return self.answer(draft, status.HTTP_202_ACCEPTED)


class CourseDraftDetail(CourseDraftView):
    area = Area.COURSES

    @extend_schema(operation_id="course_draft_retrieve", responses=WholeCourseDraftSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    @extend_schema(operation_id="course_draft_dismiss", responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Dismiss a proposal: the course stays as it is."""
        dismiss_course_draft(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CourseDraftAccept(CourseDraftView):
    area = Area.COURSES

    @extend_schema(
        operation_id="course_draft_accept", request=AcceptCourseDraftSerializer, responses=WholeCourseDraftSerializer
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Make these of the proposed changes."""
        form = AcceptCourseDraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        draft = self.get_object()
        accept_course_draft(draft, by=request.user, changes=form.validated_data.get("changes"))
        return self.answer(draft)


class CourseDraftRetry(CourseDraftView):
    area = Area.COURSES

    @extend_schema(
        operation_id="course_draft_retry", request=RetrySerializer, responses={202: WholeCourseDraftSerializer}
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Go on at the step that failed."""
        form = RetrySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        draft = self.get_object()
        retry_course_draft(draft, by=request.user, plain=form.validated_data["plain"])
        return self.answer(draft, status.HTTP_202_ACCEPTED)


def _in_order(keys: list[Any]) -> list[Media]:
    """Raises Refused: not_found (404) for the first that is not here."""
    found = Media.objects.for_list().in_bulk(keys)
    if missing := [key for key in keys if key not in found]:
        words = _("There is no media %(id)s.") % {"id": missing[0]}
        raise Refused("not_found", words, fields={"media": [words]}, status=404)
    return [found[key] for key in dict.fromkeys(keys)]
