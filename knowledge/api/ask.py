"""Asking, and one's own conversations. Nobody reads those of somebody else, whatever their role or token."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.models import ContentItem, Course
from knowledge.api.ask_serializers import (
    ConversationSerializer,
    NewQuestionSerializer,
    RatingSerializer,
    ShownAnswerSerializer,
    WholeConversationSerializer,
)
from knowledge.asking.answering import ask, whole
from knowledge.asking.keeping import answers_of, conversations_of, delete_conversation, own_answer, rate_answer
from knowledge.asking.scope import LIBRARY, Scope, course_scope, lesson_scope, media_scope, scope_of
from knowledge.asking.shown import shown_answers
from knowledge.asking.streaming import CONTENT_TYPE, event_stream
from knowledge.models import Answer, Conversation


class EventStreamRenderer(JSONRenderer):
    """Lets a client ask for a stream; what is refused comes as JSON all the same."""

    media_type = CONTENT_TYPE
    format = "stream"


class AskView(OrganizationView):
    """Ask about a lesson (`item`), media, a course, or without any of them the library; or go on with a `conversation`.

    With `Accept: text/event-stream` the answer comes sentence by sentence, as events `begun`, `sentence` and `end`.
    """

    area = Area.KNOWLEDGE
    writes = "library.search"
    serializer_class = ShownAnswerSerializer
    renderer_classes = [JSONRenderer, EventStreamRenderer]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "ask"

    @extend_schema(operation_id="ask", request=NewQuestionSerializer, responses={201: ShownAnswerSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        sent = NewQuestionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = sent.validated_data
        whom: dict[str, Any] = {"user": request.user, "organization": self.member_organization}
        conversation = _going_on(request, wanted["conversation"])
        scope = scope_of(conversation, **whom) if conversation else _scope_named(wanted, **whom)
        told = ask(wanted["question"], scope=scope, conversation=conversation, **whom)
        if getattr(request.accepted_renderer, "media_type", "") == CONTENT_TYPE:
            return event_stream(told, finished=lambda answer: dict(_answer_data(answer, **whom)), **whom)
        return Response(_answer_data(whole(told), **whom), status=status.HTTP_201_CREATED)


class ConversationList(OrganizationView):
    """One's own, the last one first."""

    area = Area.KNOWLEDGE
    reads = "library.search"
    serializer_class = ConversationSerializer
    queryset = Conversation.objects.none()  # for the schema
    filterset_class = None

    def get_queryset(self) -> QuerySet[Conversation]:
        return conversations_of(self.request.user)

    @extend_schema(responses=ConversationSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ConversationSerializer(page, many=True).data)


class ConversationDetail(OrganizationView):
    """One of one's own; everybody else's answers 404."""

    area = Area.KNOWLEDGE
    reads = writes = "library.search"
    serializer_class = WholeConversationSerializer
    queryset = Conversation.objects.none()  # for the schema
    lookup_url_kwarg = "conversation_id"

    def get_queryset(self) -> QuerySet[Conversation]:
        return conversations_of(self.request.user)

    @extend_schema(responses=WholeConversationSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        conversation = self.get_object()
        shown = shown_answers(answers_of(conversation), user=request.user, organization=self.member_organization)
        return Response(WholeConversationSerializer({"conversation": conversation, "answers": shown}).data)

    @extend_schema(responses={204: OpenApiResponse(description="It is gone.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_conversation(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class RateAnswer(OrganizationView):
    """Say whether an answer was helpful."""

    area = Area.KNOWLEDGE
    writes = "library.search"
    serializer_class = RatingSerializer

    @extend_schema(operation_id="rate_answer", request=RatingSerializer, responses=RatingSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = RatingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        answer = rate_answer(own_answer(request.user, kwargs["answer_id"]), thumb=sent.validated_data["thumb"])
        return Response({"thumb": answer.thumb})


def _answer_data(answer: Answer, **whom: Any) -> dict[str, Any]:
    (row,) = [one for one in answers_of(answer.conversation) if one.pk == answer.pk]
    (shown,) = shown_answers([row], **whom)
    data: dict[str, Any] = ShownAnswerSerializer(shown).data
    return data


def _going_on(request: Request, conversation_id: Any) -> Conversation | None:
    if conversation_id is None:
        return None
    found = conversations_of(request.user).filter(pk=conversation_id).first()
    if found is None:
        raise Http404
    return found


def _scope_named(wanted: dict[str, Any], **whom: Any) -> Scope:
    """The narrowest that is named."""
    if wanted["item"]:
        item = ContentItem.objects.filter(pk=wanted["item"]).select_related("chapter__course").first()
        if item is None:
            raise Http404
        return lesson_scope(item.pk, course=item.chapter.course.slug, **whom)
    if wanted["media"]:
        return media_scope(wanted["media"], **whom)
    return _course_named(wanted["course"], **whom) if wanted["course"] else LIBRARY


def _course_named(course_id: Any, **whom: Any) -> Scope:
    course = Course.objects.filter(pk=course_id).only("slug").first()
    if course is None:
        raise Http404
    return course_scope(course.slug, **whom)
