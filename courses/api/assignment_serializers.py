"""Assignments, and what is handed in."""

from datetime import datetime
from decimal import Decimal

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.filters import FlagFilter
from courses.models import Assignment, Submission, SubmissionFile
from courses.models.assignment import SubmissionState


class AssignmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Assignment
        fields = [
            "id", "title", "instructions", "points", "pass_mark", "due_at", "accepts_late", "takes_text", "max_files",
            "max_submissions",
        ]  # fmt: skip


class SubmissionFileSerializer(serializers.ModelSerializer):
    class Meta:
        model = SubmissionFile
        fields = ["id", "name", "size_bytes", "content_type", "created_at"]
        read_only_fields = fields


class SubmitterSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class SubmissionSerializer(serializers.ModelSerializer):
    """One try at an assignment. Learners are told of points and feedback from their release on, makers always."""

    learner = SubmitterSerializer(source="enrollment.user", read_only=True)
    state = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()
    feedback = serializers.SerializerMethodField()
    graded_at = serializers.SerializerMethodField()
    files = SubmissionFileSerializer(many=True, read_only=True)

    class Meta:
        model = Submission
        fields = [
            "id", "assignment", "learner", "number", "state", "text", "files", "created_at", "submitted_at", "is_late",
            "points", "feedback", "graded_at", "released_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=SubmissionState.choices))
    def get_state(self, submission: Submission) -> str:
        return str(submission.state if self._sees_all else submission.shown_state)

    def get_points(self, submission: Submission) -> Decimal | None:
        return submission.points if self._sees_all else submission.shown_points

    def get_feedback(self, submission: Submission) -> str:
        return submission.feedback if self._sees_all else submission.shown_feedback

    def get_graded_at(self, submission: Submission) -> datetime | None:
        return submission.graded_at if self._sees_all or submission.is_released else None

    @property
    def _sees_all(self) -> bool:
        return bool(self.context["is_maker"])


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, help_text="Plain text.")


class WorkFileSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)


class GradeSerializer(serializers.Serializer):
    points = serializers.DecimalField(max_digits=8, decimal_places=2, help_text="0 to those of the assignment.")
    feedback = serializers.CharField(
        allow_blank=True, required=False, trim_whitespace=False, help_text="Left out: as it was."
    )


class FeedbackSerializer(serializers.Serializer):
    feedback = serializers.CharField(trim_whitespace=False, help_text="Plain text; the learner sees it at once.")


class SubmissionFilter(filters.FilterSet):
    """For makers: `?state=`, `?late=`, `?released=`."""

    state = filters.ChoiceFilter(choices=SubmissionState.choices)
    late = FlagFilter(field_name="is_late")
    released = FlagFilter(field_name="released_at", lookup_expr="isnull", exclude=True)
