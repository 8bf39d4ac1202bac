"""Drafts as integrators read and write them."""

from typing import Any

from rest_framework import serializers

from courses.models import Chapter
from knowledge.drafting.generating import cost_of, is_out_of_date
from knowledge.models import Draft, DraftKind

CONTENT_HELP = (
    "After its kind: `sections` of `heading`, `text` (Markdown), `span`; `questions` of `kind`, `prompt`, `options` of "
    "`text` and `is_right`, `is_true`, `accepted`, `explanation`, `span`; `chapters` of `title`, `at`. A span is "
    "`start` and `end` in seconds, `first_cue` and `last_cue` by position."
)


class LeftOutSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    why = serializers.CharField()


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """What waits for review; `error_code` and `error_message` say why it failed."""

    content = serializers.JSONField(help_text=CONTENT_HELP)
    left_out = LeftOutSerializer(many=True, read_only=True, help_text="What did not pass the checks, and why.")

    class Meta:
        model = Draft
        fields = [
            "id", "media", "kind", "state", "content", "left_out", "transcript", "model", "prompt_label", "error_code",
            "error_message", "made_by", "reviewed_by", "reviewed_at", "item", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [name for name in fields if name != "content"]


class DraftDetailSerializer(DraftSerializer):
    cost = serializers.SerializerMethodField(help_text="US dollars, as the ledger has them.")
    is_out_of_date = serializers.SerializerMethodField(help_text="Other words are read by now.")

    class Meta(DraftSerializer.Meta):
        fields = [*DraftSerializer.Meta.fields, "cost", "is_out_of_date"]

    def get_cost(self, draft: Draft) -> str:
        return str(cost_of(draft))

    def get_is_out_of_date(self, draft: Draft) -> bool:
        return is_out_of_date(draft)


class DraftWishSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=DraftKind.choices)


class AcceptDraftSerializer(serializers.Serializer[Any]):
    """Left out: behind the first item that shows the media."""

    chapter = serializers.PrimaryKeyRelatedField(queryset=Chapter.objects.all(), required=False, allow_null=True)
