"""Courses as integrators read and write them; what they write goes to the services as plain values."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.choices import UnusableChoices, build_choices
from courses.models import Attempt, Chapter, ContentItem, Course, Enrollment, ItemType, Question, Quiz
from courses.models.item import ItemState
from media_library.models import Media


class CourseSerializer(serializers.ModelSerializer):
    """Chapters and items: see `structure/`. `status` and `is_published` change by publishing."""

    slug = serializers.SlugField(max_length=80, required=False)

    class Meta:
        model = Course
        fields = [
            "id", "title", "slug", "description", "objectives", "level", "estimated_hours", "status",
            "is_published", "published_at", "created_by", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["status", "is_published", "published_at", "created_by", "created_at", "updated_at"]


class ChapterSerializer(serializers.ModelSerializer):
    position = serializers.IntegerField(min_value=1, required=False, help_text="From 1; without it, the end.")

    class Meta:
        model = Chapter
        fields = ["id", "title", "position"]


class ItemSerializer(serializers.ModelSerializer):
    """An item of a chapter. It holds one thing: `media`, `quiz` or `text`, as its type says."""

    type = serializers.ChoiceField(choices=ItemType.choices)
    state = serializers.ChoiceField(choices=ItemState.choices, default=ItemState.PUBLISHED)
    position = serializers.IntegerField(min_value=1, required=False, help_text="From 1; without it, the end.")
    estimated_minutes = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    media = serializers.PrimaryKeyRelatedField(queryset=Media.objects.all(), required=False, allow_null=True)
    quiz = serializers.PrimaryKeyRelatedField(queryset=Quiz.objects.all(), required=False, allow_null=True)

    class Meta:
        model = ContentItem
        fields = [
            "id", "chapter", "type", "title", "description", "position", "state", "is_required",
            "estimated_minutes", "media", "quiz", "text", "metadata",
        ]  # fmt: skip
        read_only_fields = ["chapter"]


class QuestionSheetSerializer(serializers.ModelSerializer):
    """A question as learners may see it: nothing about what is right."""

    options = serializers.ListField(child=serializers.DictField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = Question
        fields = ["id", "prompt", "options", "points"]


class QuizSheetSerializer(serializers.ModelSerializer):
    questions = QuestionSheetSerializer(many=True, read_only=True)

    class Meta:
        model = Quiz
        fields = ["id", "title", "pass_mark", "max_attempts", "questions"]


class ItemDetailSerializer(ItemSerializer):
    """With the quiz's questions, to be answered at `quizzes/{id}/attempts/`."""

    quiz_sheet = QuizSheetSerializer(source="quiz", read_only=True, allow_null=True)

    class Meta(ItemSerializer.Meta):
        fields = [*ItemSerializer.Meta.fields, "quiz_sheet"]


class StructureItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=ItemType.choices)
    title = serializers.CharField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ItemState.choices)
    is_required = serializers.BooleanField()
    estimated_minutes = serializers.IntegerField(allow_null=True)
    media = serializers.UUIDField(source="media_id", allow_null=True)
    duration = serializers.FloatField(allow_null=True, help_text="Seconds.")
    quiz = serializers.UUIDField(source="quiz_id", allow_null=True)
    completed = serializers.BooleanField(help_text="By whoever asks.")


class StructureChapterSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    items = StructureItemSerializer(many=True)


class StructureSerializer(CourseSerializer):
    """A course with its whole tree, in a number of statements that does not depend on its size."""

    chapters = StructureChapterSerializer(source="tree", many=True, read_only=True)

    class Meta(CourseSerializer.Meta):
        fields = [*CourseSerializer.Meta.fields, "chapters"]


class EnrollmentSerializer(serializers.ModelSerializer):
    completed_at = serializers.DateTimeField(
        source="course_completion.completed_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Enrollment
        fields = ["id", "course", "user", "is_active", "started_at", "last_accessed_at", "completed_at"]
        read_only_fields = fields


class GrantSerializer(serializers.Serializer):
    email = serializers.EmailField(
        required=False, help_text="Of the member whom an owner lets in; without it, oneself."
    )


class ProgressSerializer(serializers.Serializer):
    """Over the items that count; `percentage` is rounded down, null where nothing counts."""

    completed = serializers.IntegerField()
    total = serializers.IntegerField()
    percentage = serializers.IntegerField(allow_null=True, help_text="0–100.")


class OptionSerializer(serializers.Serializer):
    key = serializers.CharField(read_only=True)
    text = serializers.CharField(max_length=1000)
    is_right = serializers.BooleanField(default=False)


class QuestionSerializer(serializers.ModelSerializer):
    """For makers only: it says what is right. Keys of options are made here, and stay while the text stays."""

    id = serializers.UUIDField(required=False)
    options = OptionSerializer(many=True)

    class Meta:
        model = Question
        fields = ["id", "prompt", "options", "feedback", "points"]

    def to_representation(self, instance: Question) -> dict[str, Any]:
        shown: dict[str, Any] = {name: getattr(instance, name) for name in ("prompt", "feedback", "points")}
        right = instance.answer.get("key")
        options = [{**option, "is_right": option["key"] == right} for option in instance.options]
        return {"id": str(instance.pk), **shown, "options": options}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "options" not in attrs:
            return attrs
        options = attrs.pop("options")
        if not all(option.get("text") for option in options):
            raise serializers.ValidationError({"options": ["An option has no text."]})
        texts = [option["text"] for option in options]
        right = [option["text"] for option in options if option.get("is_right")]
        try:
            attrs["options"], attrs["answer"] = build_choices(texts, right, known=self._known(attrs.get("id")))
        except UnusableChoices as fault:
            raise serializers.ValidationError({"options": [str(fault)]}) from fault
        return attrs

    def _known(self, key: Any) -> list[dict[str, str]] | None:
        return Question.objects.filter(pk=key).values_list("options", flat=True).first() if key else None


class QuizSerializer(serializers.ModelSerializer):
    """A quiz with its questions, in order; written questions become all it has."""

    questions = QuestionSerializer(many=True, required=False)

    class Meta:
        model = Quiz
        fields = ["id", "title", "pass_mark", "max_attempts", "questions"]


class AttemptSerializer(serializers.ModelSerializer):
    """A handed-in quiz with its verdicts."""

    percent = serializers.IntegerField(read_only=True, help_text="0–100, rounded down.")
    review = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = ["id", "number", "answers", "points", "points_possible", "percent", "passed", "submitted_at", "review"]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "question": {"type": "string", "format": "uuid"},
                    "points": {"type": "integer"},
                    "right": {"type": "string", "description": "Key of the right option."},
                    "feedback": {"type": "string"},
                },
            },
        }
    )
    def get_review(self, attempt: Attempt) -> list[dict[str, Any]]:
        return [
            {
                "question": str(question.pk),
                "points": attempt.results.get(str(question.pk), 0),
                "right": question.answer.get("key"),
                "feedback": question.feedback,
            }
            for question in self.context["questions"]
        ]


class AnswersSerializer(serializers.Serializer):
    answers = serializers.DictField(child=serializers.CharField(max_length=100), help_text="{question id: option key}")


def position_of(values: dict[str, Any]) -> int | None:
    """Take the wish for a place out of written values: services place, they do not store what was sent."""
    position: int | None = values.pop("position", None)
    return position
