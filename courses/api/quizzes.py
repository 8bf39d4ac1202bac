"""Quizzes for makers, attempts for learners."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.api.quiz_serializers import (
    AnswersSerializer,
    AttemptReportSerializer,
    AttemptSerializer,
    QuizSerializer,
    StartSerializer,
)
from courses.learn_space.lessons import refuse_locked
from courses.models import Attempt, ContentItem, Enrollment, Quiz
from courses.quizzes.attempt_rules import may_review
from courses.services.attempts import (
    attempts_at,
    may_be_finished,
    own_attempt,
    save_answers,
    start_attempt,
    submit_attempt,
    take_quiz,
    with_sheets,
)
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


class QuizResults(OrganizationView):
    """All attempts of all learners at a quiz, the latest first; without their answers."""

    area = Area.COURSES
    reads = "content.view"
    serializer_class = AttemptReportSerializer
    queryset = Attempt.objects.all()

    @extend_schema(responses=AttemptReportSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        quiz = get_object_or_404(Quiz, pk=self.kwargs["quiz_id"])
        attempts = Attempt.objects.filter(quiz=quiz).select_related("enrollment").defer("questions", "answers")
        page = self.paginate_queryset(attempts.order_by("-started_at", "-pk"))
        return self.get_paginated_response(AttemptReportSerializer(page, many=True).data)


class LearnerView(OrganizationView):
    """Of one's own attempts. 404 for whoever does not take the course where the quiz stands, 403 while it is locked."""

    writes = "course.learn"
    serializer_class = AttemptSerializer
    queryset = Attempt.objects.all()

    def own(self, **where: Any) -> tuple[Quiz, Enrollment]:
        taken = ContentItem.objects.taken_by(self.request.user).select_related("quiz", "chapter")
        item = get_object_or_404(taken, quiz__isnull=False, **where)
        mine = Enrollment.objects.filter(user=self.request.user, is_active=True).select_related("course")
        enrollment = get_object_or_404(mine, course=item.chapter.course_id)
        refuse_locked(item, enrollment=enrollment, user=self.request.user, organization=self.member_organization)
        return cast(Quiz, item.quiz), enrollment

    def shown(self, quiz: Quiz, attempts: Any, *, among: list[Attempt], many: bool = False) -> Any:
        reviewable = {one.pk for one in among if may_review(one, among, max_attempts=quiz.max_attempts)}
        context = {**self.get_serializer_context(), "reviewable": reviewable}
        return AttemptSerializer(attempts, many=many, context=context).data

    def one_shown(self, quiz: Quiz, attempt: Attempt, *, status: int = 200) -> Response:
        among = attempts_at(quiz.pk, enrollment_id=attempt.enrollment_id)
        return Response(self.shown(quiz, attempt, among=among), status=status)


class QuizAttempts(LearnerView):
    """One's own attempts, the last first; starting one, or going on with the one that is running."""

    area = Area.LEARNING

    @extend_schema(responses=AttemptSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        quiz, enrollment = self.own(quiz=self.kwargs["quiz_id"])
        among = attempts_at(quiz.pk, enrollment_id=enrollment.pk)
        page = with_sheets(self.paginate_queryset(among) or [])
        return self.get_paginated_response(self.shown(quiz, page, among=among, many=True))

    @extend_schema(request=StartSerializer, responses={201: AttemptSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = StartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        quiz, enrollment = self.own(quiz=self.kwargs["quiz_id"])
        answers = sent.validated_data.get("answers")
        if answers is None:
            attempt = start_attempt(quiz, enrollment=enrollment)
        else:
            attempt = take_quiz(quiz, enrollment=enrollment, answers=answers)
        return self.one_shown(quiz, attempt, status=status.HTTP_201_CREATED)


class AttemptDetail(LearnerView):
    """One of one's own attempts; saving answers while it runs."""

    area = Area.LEARNING

    @extend_schema(responses=AttemptSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        quiz, attempt = self.found()
        return self.one_shown(quiz, attempt)

    @extend_schema(request=AnswersSerializer, responses=AttemptSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        sent = AnswersSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        quiz, attempt = self.found()
        return self.one_shown(quiz, save_answers(attempt, sent.validated_data["answers"]))

    def found(self) -> tuple[Quiz, Attempt]:
        mine = Attempt.objects.filter(enrollment__user=self.request.user)
        attempt = own_attempt(mine, self.kwargs["attempt_id"])
        if attempt is None:
            raise Http404
        try:
            quiz, _ = self.own(quiz=attempt.quiz_id, chapter__course__enrollments=attempt.enrollment_id)
        except Http404:
            if not may_be_finished(attempt):
                raise
            quiz = attempt.quiz
        return quiz, attempt


class SubmitAttempt(AttemptDetail):
    """Handing in. The same attempt handed in again answers the same result."""

    area = Area.LEARNING
    http_method_names = ["post"]

    @extend_schema(request=None, responses=AttemptSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        quiz, attempt = self.found()
        return self.one_shown(quiz, submit_attempt(attempt))
