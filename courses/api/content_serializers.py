"""Chapters and items as integrators read and write them."""

from typing import Any

from rest_framework import serializers

from core.fields import LARGEST_INTEGER
from courses.api.quiz_serializers import QuizSheetSerializer
from courses.models import Assignment, Chapter, ContentItem, ItemType, Quiz, Resource
from courses.models.item import ItemState
from media_library.models import Media

AVAILABILITY_HELP = (
    'When learners may open it: `{"match": "all" | "any", "rules": [{"kind", …}]}`; `{}`: at once. '
    "Kinds: `date` (`at`), "
    "`days` (`days` after enrolling), `after_item` (`item`), `after_chapter` (`chapter`), `after_previous`, "
    "`min_score` (`item`, `percent`)."
)


class ChapterSerializer(serializers.ModelSerializer):
    """A chapter of the old kind has one video directly: a written `media` becomes its item."""

    position = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, help_text="From 1; without it, the end."
    )
    availability = serializers.JSONField(required=False, help_text=AVAILABILITY_HELP)
    media = serializers.PrimaryKeyRelatedField(
        queryset=Media.objects.all(), required=False, write_only=True, help_text="Becomes a video item of the chapter."
    )

    class Meta:
        model = Chapter
        fields = ["id", "title", "description", "position", "availability", "media"]


class ItemSerializer(serializers.ModelSerializer):
    """An item of a chapter. It holds one thing, as its type says: `media`, `quiz`, `text`, `assignment`, `resource`."""

    type = serializers.ChoiceField(choices=ItemType.choices)
    state = serializers.ChoiceField(choices=ItemState.choices, default=ItemState.PUBLISHED)
    position = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, help_text="From 1; without it, the end."
    )
    estimated_minutes = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, allow_null=True
    )
    watched_from = serializers.IntegerField(
        min_value=1, max_value=100, required=False, allow_null=True,
        help_text="Percent of the video that completes it; null: as the course says.",
    )  # fmt: skip
    availability = serializers.JSONField(required=False, help_text=AVAILABILITY_HELP)
    media = serializers.PrimaryKeyRelatedField(queryset=Media.objects.all(), required=False, allow_null=True)
    quiz = serializers.PrimaryKeyRelatedField(queryset=Quiz.objects.all(), required=False, allow_null=True)
    assignment = serializers.PrimaryKeyRelatedField(queryset=Assignment.objects.all(), required=False, allow_null=True)
    resource = serializers.PrimaryKeyRelatedField(queryset=Resource.objects.all(), required=False, allow_null=True)
    metadata = serializers.DictField(required=False)

    class Meta:
        model = ContentItem
        fields = [
            "id", "chapter", "type", "title", "description", "position", "state", "is_required",
            "estimated_minutes", "watched_from", "media", "quiz", "text", "assignment", "resource", "availability",
            "metadata",
        ]  # fmt: skip
        read_only_fields = ["chapter"]


class ItemDetailSerializer(ItemSerializer):
    """With the quiz's questions, to be answered at `quizzes/{id}/attempts/`."""

    quiz_sheet = QuizSheetSerializer(source="quiz", read_only=True, allow_null=True)

    class Meta(ItemSerializer.Meta):
        fields = [*ItemSerializer.Meta.fields, "quiz_sheet"]


class ChapterOrderSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    items = serializers.ListField(child=serializers.UUIDField(), allow_empty=True)


class OrderSerializer(serializers.Serializer):
    """The whole course: each of its chapters and items once."""

    chapters = ChapterOrderSerializer(many=True, allow_empty=True)
    revision = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_INTEGER,
        help_text="Of the outline that this was made upon; without it the last one wins.",
    )

    def order(self) -> list[tuple[Any, list[Any]]]:
        return [(chapter["id"], chapter["items"]) for chapter in self.validated_data["chapters"]]


class OpeningSerializer(serializers.Serializer):
    one_after_another = serializers.BooleanField(help_text="Each chapter waits for the one before it; else none does.")
    revision = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST_INTEGER, help_text="As in `order/`."
    )


class OrderedSerializer(serializers.Serializer):
    revision = serializers.IntegerField(help_text="Of the outline as it is now.")
