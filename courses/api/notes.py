"""One's own notes, and what one missed. Nobody reads those of somebody else, whatever their role or token."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.api.courses import CourseView
from courses.api.note_serializers import MissedSerializer, NewNoteSerializer, NoteSerializer, NoteTextSerializer
from courses.learn_space.lessons import NotEnrolled, find_item
from courses.models import ContentItem, Note
from courses.notes.course_notes import course_notes
from courses.progress.seen import missed_in
from courses.services.notes import add_note, delete_note, notes_of, rewrite_note


class CourseNotes(CourseView):
    """One's own notes of a course, in the order of its items and of time."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = NoteSerializer
    filterset_class = None

    @extend_schema(
        responses=NoteSerializer(many=True), parameters=[OpenApiParameter("q", description="Words in text or title.")]
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        words = request.query_params.get("q", "").replace("\0", "")[:200]
        found = course_notes(self.get_object(), user=request.user, words=words)
        return self.get_paginated_response(NoteSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(request=NewNoteSerializer, responses={201: NoteSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Write one at an item that one may open; 404 for any other."""
        course = self.get_object()
        sent = NewNoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = sent.validated_data
        item = opened_item(self, wanted.pop("item"), course.slug)
        return Response(NoteSerializer(add_note(item, by=request.user, **wanted)).data, status=status.HTTP_201_CREATED)


class NoteDetail(OrganizationView):
    """One note of one's own; everybody else's answers 404."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = NoteSerializer
    queryset = Note.objects.none()  # for the schema
    lookup_url_kwarg = "note_id"

    def get_queryset(self) -> QuerySet[Note]:
        return notes_of(self.request.user)

    @extend_schema(responses=NoteSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(NoteSerializer(self.get_object()).data)

    @extend_schema(request=NoteTextSerializer, responses=NoteSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        note = self.get_object()
        sent = NoteTextSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(NoteSerializer(rewrite_note(note, by=request.user, text=sent.validated_data["text"])).data)

    @extend_schema(responses={204: OpenApiResponse(description="It is gone.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_note(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ItemMissed(OrganizationView):
    """What one has not seen of a video item, in stretches with what is said in them. 404 where nothing plays."""

    area = Area.LEARNING
    serializer_class = MissedSerializer
    queryset = ContentItem.objects.none()  # for the schema
    lookup_url_kwarg = "item_id"

    def get_queryset(self) -> QuerySet[ContentItem]:
        items: QuerySet[ContentItem] = ContentItem.objects.filter(media__isnull=False)
        return items.select_related("chapter__course")

    @extend_schema(responses=MissedSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        item = self.get_object()
        opened_item(self, item.pk, item.chapter.course.slug)
        return Response(MissedSerializer(missed_in(item.media_id, user=request.user)).data)


def opened_item(view: OrganizationView, item_id: Any, course: str) -> Any:
    """The item as the learn space opens it for this person. Raises Http404."""
    try:
        return find_item(item_id, course=course, user=view.request.user, organization=view.member_organization)
    except NotEnrolled:
        raise Http404 from None
