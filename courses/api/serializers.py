"""Courses as integrators read and write them; what they write goes to the services as plain values."""

from typing import Any

from rest_framework import serializers

from courses.access import makers_here
from courses.api.course_terms import TERMS, CourseTerms
from courses.models import Course, Enrollment, ItemType
from courses.models.item import ItemState


class InstructorField(serializers.PrimaryKeyRelatedField):
    def get_queryset(self) -> Any:
        return makers_here()


class CourseSerializer(CourseTerms):
    """Chapters and items: see `structure/`. `status` and `is_published` change by publishing."""

    slug = serializers.SlugField(max_length=80, required=False)
    instructors = InstructorField(many=True, required=False, help_text="Keys of people who make content here.")

    class Meta:
        model = Course
        fields = [
            "id", "title", "slug", "description", "objectives", "level", "estimated_hours", "status",
            "instructors", "is_published", "published_at", "revision", "created_by", "created_at", "updated_at", *TERMS,
        ]  # fmt: skip
        read_only_fields = [
            "status", "is_published", "published_at", "revision", "created_by", "created_at", "updated_at",
        ]  # fmt: skip


class StructureItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=ItemType.choices)
    title = serializers.CharField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ItemState.choices)
    is_required = serializers.BooleanField()
    estimated_minutes = serializers.IntegerField(allow_null=True)
    needed_percent = serializers.IntegerField(allow_null=True, help_text="Of a video: how much of it completes it.")
    media = serializers.UUIDField(allow_null=True)
    duration = serializers.FloatField(allow_null=True, help_text="Seconds.")
    quiz = serializers.UUIDField(allow_null=True)
    assignment = serializers.UUIDField(allow_null=True)
    resource = serializers.UUIDField(allow_null=True)
    completed = serializers.BooleanField(help_text="By whoever asks.")
    locked = serializers.BooleanField(help_text="To whoever asks and takes the course; it then holds nothing here.")
    opens_at = serializers.DateTimeField(allow_null=True, help_text="Where time alone opens it.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is locked, in sentences.")


class StructureChapterSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    description = serializers.CharField()
    position = serializers.IntegerField()
    items = StructureItemSerializer(many=True)


class StructureSerializer(CourseSerializer):
    """What `courses.api.structure` writes; here only to be described."""

    chapters = StructureChapterSerializer(many=True, read_only=True)

    class Meta(CourseSerializer.Meta):
        fields = [*CourseSerializer.Meta.fields, "chapters"]


class EnrollmentSerializer(serializers.ModelSerializer):
    completed_at = serializers.DateTimeField(
        source="course_completion.completed_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Enrollment
        fields = [
            "id", "course", "user", "is_active", "source", "started_at", "ends_at", "last_accessed_at", "completed_at",
        ]  # fmt: skip
        read_only_fields = fields


class ProgressSerializer(serializers.Serializer):
    """Over the items that count; `percentage` is rounded down, null where nothing counts."""

    completed = serializers.IntegerField()
    total = serializers.IntegerField()
    percentage = serializers.IntegerField(allow_null=True, help_text="0–100.")


def position_of(values: dict[str, Any]) -> int | None:
    """Take the wish for a place out of written values: services place, they do not store what was sent."""
    position: int | None = values.pop("position", None)
    return position
