"""Courses made of media as programs send and read them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from knowledge.course_drafts.accepting import comparison
from knowledge.course_drafts.comparing import ChangeKind
from knowledge.course_drafts.costs import costs_of
from knowledge.course_drafts.status import waits_for
from knowledge.models import CourseDraft, CourseDraftEntry, CourseDraftState, CourseDraftStep, LessonState
from knowledge.models.course_draft import MOST_MEDIA


class NewCourseDraftSerializer(serializers.Serializer[Any]):
    """Media by their keys, in order, a playlist, addresses, or several of these."""

    media = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_MEDIA, default=list)
    playlist = serializers.UUIDField(allow_null=True, default=None)
    addresses = serializers.CharField(default="", allow_blank=True, max_length=20_000, help_text="One a line.")
    course = serializers.UUIDField(allow_null=True, default=None, help_text="To propose changes of this one.")
    title = serializers.CharField(default="", allow_blank=True, max_length=200)
    notes = serializers.BooleanField(default=False)
    quizzes = serializers.BooleanField(default=False)


class CourseDraftEntrySerializer(serializers.ModelSerializer[CourseDraftEntry]):
    media = serializers.UUIDField(source="media_id")
    title = serializers.CharField(source="media.title")
    notes = serializers.ChoiceField(LessonState.choices)
    quiz = serializers.ChoiceField(LessonState.choices)

    class Meta:
        model = CourseDraftEntry
        fields = ("media", "title", "heading", "notes", "quiz", "words")


class ChangeSerializer(serializers.Serializer[Any]):
    """`was` is the former title of what is renamed, the former text of what is rewritten (`id` is `description` or
    `objectives`, one a line), the former chapter of what is moved. `is_chapter`: a chapter is renamed or moved; of one
    that is moved `chapter` and `was` are those that it comes and came behind, empty where it is the first."""

    id = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in ChangeKind])
    title = serializers.CharField()
    chapter = serializers.CharField()
    was = serializers.CharField()
    is_new_chapter = serializers.BooleanField()
    is_chapter = serializers.BooleanField()


class StepCostSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    cost = serializers.DecimalField(max_digits=12, decimal_places=6, help_text="US dollars.")


class CourseDraftSerializer(serializers.ModelSerializer[CourseDraft]):
    course = serializers.UUIDField(source="course_id")
    state = serializers.ChoiceField(CourseDraftState.choices)
    step = serializers.ChoiceField(CourseDraftStep.choices)

    class Meta:
        model = CourseDraft
        fields = (
            "id", "course", "updates", "title", "state", "step", "model", "prompt_label", "error_code",
            "error_message", "left_out", "created_at", "ended_at",
        )  # fmt: skip


class WholeCourseDraftSerializer(CourseDraftSerializer):
    """With its media, its costs, and, of a proposal, what would change and what stays."""

    waits_for = serializers.SerializerMethodField(help_text="Why it does not go on just now.")
    entries = CourseDraftEntrySerializer(many=True)
    costs = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta(CourseDraftSerializer.Meta):
        fields = (*CourseDraftSerializer.Meta.fields, "waits_for", "entries", "costs", "changes")  # type: ignore[assignment]

    def get_waits_for(self, draft: CourseDraft) -> str:
        return waits_for(draft)

    @extend_schema_field(StepCostSerializer(many=True))
    def get_costs(self, draft: CourseDraft) -> Any:
        return StepCostSerializer(costs_of(draft), many=True).data

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, draft: CourseDraft) -> Any:
        found = comparison(draft) if draft.state == CourseDraftState.PROPOSED else []
        return ChangeSerializer(found, many=True).data


class AcceptCourseDraftSerializer(serializers.Serializer[Any]):
    """Left out: all of it."""

    changes = serializers.ListField(child=serializers.CharField(max_length=60), required=False)


class RetrySerializer(serializers.Serializer[Any]):
    plain = serializers.BooleanField(default=False, help_text="In the order of the media, without a language model.")
