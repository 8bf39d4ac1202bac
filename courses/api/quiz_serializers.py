"""Quizzes for makers, who write what is right; sheets and attempts for learners, who do not read it before its time."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.models import Attempt, AttemptState, Question, QuestionKind, Quiz
from courses.quizzes.question_copies import read_copies
from courses.quizzes.questions import KINDS, Typed, TypedOption, Unusable, kind_of
from courses.quizzes.sheet import QuestionSheet, reviewed_sheet
from courses.services.attempts import seconds_left

SETTINGS = [
    "id", "title", "pass_mark", "max_attempts", "time_limit_minutes", "shuffles_questions", "shuffles_options",
    "review", "grade_method",
]  # fmt: skip


class OptionSheetSerializer(serializers.Serializer):
    key = serializers.CharField()
    text = serializers.CharField()


class QuestionSheetSerializer(serializers.Serializer):
    """A question as learners may see it: nothing about what is right."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    prompt = serializers.CharField()
    options = OptionSheetSerializer(many=True)
    points = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = {"id": str(instance.id), "kind": str(instance.kind), "prompt": instance.prompt}
        return {**shown, "options": kind_of(instance).show(instance), "points": instance.points}


class QuizSheetSerializer(serializers.ModelSerializer):
    """A quiz before its start. Where the time is limited, the questions come with the attempt."""

    questions = serializers.SerializerMethodField()

    class Meta:
        model = Quiz
        fields = [*SETTINGS, "questions"]

    @extend_schema_field(QuestionSheetSerializer(many=True))
    def get_questions(self, quiz: Quiz) -> Any:
        if quiz.time_limit_minutes:
            return []
        return QuestionSheetSerializer(quiz.questions.all(), many=True).data


class OptionSerializer(serializers.Serializer):
    key = serializers.CharField(read_only=True)
    text = serializers.CharField(max_length=1000)
    is_right = serializers.BooleanField(default=False)
    feedback = serializers.CharField(max_length=2000, default="", allow_blank=True)


class QuestionSerializer(serializers.ModelSerializer):
    """For makers only: it says what is right. Each kind reads its part:

    `options` of a single or multiple choice; `is_true` of a statement; `accepted` of a short text; `value` and
    `tolerance` of a number. Keys of options are made here, and stay while the text stays.
    """

    id = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=QuestionKind.choices, required=False)
    options = OptionSerializer(many=True, required=False)
    is_true = serializers.BooleanField(required=False, allow_null=True)
    accepted = serializers.ListField(child=serializers.CharField(max_length=500), required=False)
    value = serializers.CharField(max_length=60, required=False, allow_blank=True)
    tolerance = serializers.CharField(max_length=60, required=False, allow_blank=True)
    points = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    class Meta:
        model = Question
        fields = [
            "id", "kind", "prompt", "options", "is_true", "accepted", "value", "tolerance", "feedback", "points",
        ]  # fmt: skip

    def to_representation(self, instance: Question) -> dict[str, Any]:
        typed = kind_of(instance).typed(instance)
        pairs = zip(instance.options, typed.options, strict=True)
        options = [
            {"key": option["key"], "text": one.text, "is_right": one.is_right, "feedback": one.feedback}
            for option, one in pairs
        ]
        return {
            "id": str(instance.pk), "kind": str(instance.kind), "prompt": instance.prompt, "options": options,
            "is_true": typed.is_true, "accepted": list(typed.accepted), "value": typed.value,
            "tolerance": typed.tolerance, "feedback": instance.feedback, "points": instance.points,
        }  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is not sent of a known question stays as it is."""
        sent = {name: attrs.pop(name) for name in Typed.__dataclass_fields__ if name in attrs}
        known = Question.objects.filter(pk=attrs["id"]).first() if "id" in attrs else None
        kind = attrs.setdefault("kind", known.kind if known else QuestionKind.SINGLE_CHOICE)
        if known is not None and kind == known.kind and not sent:
            return attrs
        try:
            content = KINDS[kind].parse(_typed(sent), known=known.options if known else ())
        except Unusable as fault:
            raise serializers.ValidationError({fault.field: [str(fault)]}) from fault
        return {**attrs, "options": content.options, "answer": content.answer}


def _typed(sent: dict[str, Any]) -> Typed:
    """A PATCH checks only what it was sent: an option may have come without a text."""
    options = [
        TypedOption(one.get("text", ""), one.get("is_right", False), one.get("feedback", ""))
        for one in sent.pop("options", [])
    ]
    return Typed(options=options, **sent)


class QuizSerializer(serializers.ModelSerializer):
    """A quiz with its questions, in order; written questions become all it has."""

    questions = QuestionSerializer(many=True, required=False)

    class Meta:
        model = Quiz
        fields = [*SETTINGS, "questions"]


class OptionReviewSerializer(serializers.Serializer):
    key = serializers.CharField()
    is_right = serializers.BooleanField()
    feedback = serializers.CharField()


class QuestionReviewSerializer(serializers.Serializer):
    """`accepted`: texts, or the number, that would be right where there are no options."""

    question = serializers.CharField()
    points = serializers.FloatField()
    options = OptionReviewSerializer(many=True)
    accepted = serializers.ListField(child=serializers.CharField())
    feedback = serializers.CharField()


class AttemptSerializer(serializers.ModelSerializer):
    """A running attempt with its sheet, or a graded one.

    `review` is null until what is right may be seen. `context["reviewable"]`: keys of the attempts where it may.
    """

    state = serializers.ChoiceField(choices=AttemptState.choices, read_only=True)
    seconds_left = serializers.SerializerMethodField(help_text="By the server's clock; null without a limit.")
    questions = serializers.SerializerMethodField()
    points = serializers.FloatField(read_only=True)
    percent = serializers.IntegerField(read_only=True, help_text="0–100, rounded down.")
    review = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = [
            "id", "quiz", "number", "state", "started_at", "deadline_at", "seconds_left", "questions", "answers",
            "saved_at", "points", "points_possible", "percent", "passed", "submitted_at", "review",
        ]  # fmt: skip
        read_only_fields = fields

    def get_seconds_left(self, attempt: Attempt) -> int | None:
        return seconds_left(attempt) if attempt.state == AttemptState.IN_PROGRESS else None

    @extend_schema_field(QuestionSheetSerializer(many=True))
    def get_questions(self, attempt: Attempt) -> Any:
        return QuestionSheetSerializer(read_copies(attempt.questions), many=True).data

    @extend_schema_field(QuestionReviewSerializer(many=True, allow_null=True))
    def get_review(self, attempt: Attempt) -> list[dict[str, Any]] | None:
        if attempt.pk not in self.context["reviewable"]:
            return None
        sheet = reviewed_sheet(read_copies(attempt.questions), attempt.answers, attempt.results)
        return [_review(question) for question in sheet]


def _review(question: QuestionSheet) -> dict[str, Any]:
    options = [
        {"key": choice.key, "is_right": choice.verdict == "right", "feedback": choice.feedback}
        for choice in question.choices
    ]
    return {
        "question": question.id, "points": float(question.earned), "options": options,
        "accepted": list(question.right_texts), "feedback": question.feedback,
    }  # fmt: skip


ANSWERS_HELP = (
    "`{question id: answer}`: the key of an option, a list of keys for a multiple choice, a text or a number as typed; "
    "null takes an answer back."
)


class AnswersSerializer(serializers.Serializer):
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=ANSWERS_HELP)


class StartSerializer(serializers.Serializer):
    """Without answers the attempt starts; with them it is handed in at once."""

    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False, help_text=ANSWERS_HELP
    )


class AttemptReportSerializer(serializers.ModelSerializer):
    """An attempt as makers see it in the list of a quiz."""

    user = serializers.UUIDField(source="enrollment.user_id", read_only=True)
    state = serializers.ChoiceField(choices=AttemptState.choices, read_only=True)
    points = serializers.FloatField(read_only=True)
    percent = serializers.IntegerField(read_only=True, help_text="0–100, rounded down.")

    class Meta:
        model = Attempt
        fields = [
            "id", "user", "enrollment", "number", "state", "points", "points_possible", "percent", "passed",
            "started_at", "submitted_at",
        ]  # fmt: skip
        read_only_fields = fields
