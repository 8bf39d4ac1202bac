"""Enrollments, codes and invitations as integrators read and write them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.api.serializers import EnrollmentSerializer, ProgressSerializer
from courses.enrolling.answers import AnswerState
from courses.enrolling.rows import END, ENROLL
from courses.models import Enrollment
from courses.models.access import CourseInvitation, EnrollmentCode


class EnrolledLearnerSerializer(EnrollmentSerializer):
    """An enrollment with its learner, for those who teach. Progress of a page is counted in one statement."""

    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)
    course_title = serializers.CharField(source="course.title", read_only=True)
    progress = serializers.SerializerMethodField()

    class Meta(EnrollmentSerializer.Meta):
        model = Enrollment
        fields = [*EnrollmentSerializer.Meta.fields, "email", "name", "course_title", "progress"]
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, enrollment: Enrollment) -> Any:
        return ProgressSerializer(self.context["standings"][enrollment.pk]).data


class GrantSerializer(serializers.Serializer):
    email = serializers.EmailField(
        required=False, help_text="Of the member whom an owner lets in; without it, oneself."
    )
    ends_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it closes to them; owners name it."
    )


class EndSerializer(serializers.Serializer):
    ends_at = serializers.DateTimeField(allow_null=True, help_text="When it closes to them; null: never.")


class RedeemSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=40)


class CodeSerializer(serializers.ModelSerializer):
    """Left out, the code is made: ten signs without look-alikes."""

    code = serializers.CharField(max_length=40, required=False)

    class Meta:
        model = EnrollmentCode
        fields = [
            "id", "course", "code", "note", "max_uses", "uses", "expires_at", "days_of_access", "is_active",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["course", "uses", "created_at"]
        validators: list[Any] = []  # the service answers for duplicates


class CourseInvitationSerializer(serializers.ModelSerializer):
    waits_because = serializers.SerializerMethodField(help_text="In words; empty once it was accepted.")

    class Meta:
        model = CourseInvitation
        fields = ["id", "course", "email", "ends_at", "created_at", "expires_at", "accepted_at", "waits_because"]
        read_only_fields = fields

    def get_waits_because(self, invitation: CourseInvitation) -> str:
        words: str = self.context["waits"][invitation.pk]
        return words


class InviteIntoSerializer(serializers.Serializer):
    emails = serializers.ListField(child=serializers.CharField(max_length=320), help_text="At most 50.")


class EnrollmentAnswerSerializer(serializers.Serializer):
    line = serializers.IntegerField(help_text="From 1.")
    email = serializers.CharField()
    course = serializers.CharField(help_text="Slug.")
    state = serializers.ChoiceField(choices=AnswerState.choices)
    code = serializers.CharField(help_text="Why it was refused; empty otherwise.")
    message = serializers.CharField()


class EnrollmentAnswersSerializer(serializers.Serializer):
    """One answer a row, in the order of the rows."""

    answers = EnrollmentAnswerSerializer(many=True)


class ListRowSerializer(serializers.Serializer):
    """Loosely typed: what is wrong with a row is the answer of that row and loses none of the others."""

    email = serializers.CharField(max_length=320, allow_blank=True)
    course = serializers.CharField(required=False, allow_blank=True, help_text="Slug; else that of the list.")
    ends_at = serializers.CharField(required=False, allow_blank=True, allow_null=True, help_text="YYYY-MM-DD")
    action = serializers.CharField(required=False, allow_blank=True, help_text=f"“{ENROLL}” (else) or “{END}”")


class ListSerializer(serializers.Serializer):
    rows = ListRowSerializer(many=True, help_text="At most 5,000.")
    course = serializers.CharField(required=False, allow_blank=True, help_text="Slug, for rows that name none.")
