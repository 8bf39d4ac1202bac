"""Quizzes for makers, attempts for learners."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.api.serializers import AnswersSerializer, AttemptSerializer, QuizSerializer
from courses.models import Attempt, Enrollment, Quiz
from courses.services.attempts import submit_attempt
from courses.services.quizzes import delete_quiz, write_quiz


class QuizView(OrganizationView):
    """Says what is right, so it is for makers alone."""

    reads = "content.view"
    serializer_class = QuizSerializer
    queryset = Quiz.objects.all()
    lookup_url_kwarg = "quiz_id"

    def get_queryset(self) -> QuerySet:
        return Quiz.objects.prefetch_related("questions").order_by("title", "pk")


class QuizList(QuizView, ListCreateAPIView):
    area = Area.COURSES

    def perform_create(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        questions = values.pop("questions", [])
        serializer.instance = write_quiz(Quiz(**values), questions=questions)


class QuizDetail(QuizView, RetrieveUpdateDestroyAPIView):
    area = Area.COURSES

    def perform_update(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        questions = values.pop("questions", None)
        for field, value in values.items():
            setattr(serializer.instance, field, value)
        write_quiz(serializer.instance, questions=questions)
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    def perform_destroy(self, instance: Quiz) -> None:
        delete_quiz(instance)


class QuizAttempts(OrganizationView):
    """One's own attempts, the last first; handing in another one. 404 for who is not enrolled where the quiz stands."""

    area = Area.LEARNING
    writes = "course.learn"
    serializer_class = AttemptSerializer
    queryset = Attempt.objects.all()

    @extend_schema(responses=AttemptSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        quiz, enrollment = self._own()
        attempts = Attempt.objects.filter(quiz=quiz, enrollment=enrollment)
        return self.get_paginated_response(self._shown(quiz, self.paginate_queryset(attempts), many=True).data)

    @extend_schema(request=AnswersSerializer, responses={201: AttemptSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = AnswersSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        quiz, enrollment = self._own()
        attempt = submit_attempt(quiz, enrollment=enrollment, answers=sent.validated_data["answers"])
        return Response(self._shown(quiz, attempt).data, status=status.HTTP_201_CREATED)

    def _shown(self, quiz: Quiz, attempts: Any, *, many: bool = False) -> AttemptSerializer:
        context = {**self.get_serializer_context(), "questions": list(quiz.questions.all())}
        return AttemptSerializer(attempts, many=many, context=context)

    def _own(self) -> tuple[Quiz, Enrollment]:
        quizzes = Quiz.objects.filter(item__state="published", item__chapter__course__is_published=True)
        quiz = get_object_or_404(quizzes.select_related("item__chapter"), pk=self.kwargs["quiz_id"])
        mine = Enrollment.objects.filter(user=self.request.user, is_active=True)
        return quiz, get_object_or_404(mine, course=quiz.item.chapter.course_id)
