"""Notes, and what was missed, as integrators read and write them."""

from rest_framework import serializers

from courses.models import Note


class NoteSerializer(serializers.ModelSerializer):
    """One's own. `item` is null where the item is gone; `item_title` says what it was called."""

    class Meta:
        model = Note
        fields = ["id", "course", "item", "item_title", "at", "text", "created_at", "updated_at"]
        read_only_fields = fields


class NewNoteSerializer(serializers.Serializer):
    """`at` in seconds of the item's media, null without a time; without `text` it is a bookmark."""

    item = serializers.UUIDField()
    at = serializers.FloatField(required=False, allow_null=True, default=None)
    text = serializers.CharField(required=False, allow_blank=True, default="", trim_whitespace=False)


class NoteTextSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)


class SentenceSerializer(serializers.Serializer):
    start = serializers.FloatField(help_text="Seconds.")
    end = serializers.FloatField(help_text="Seconds.")
    text = serializers.CharField()


class StretchSerializer(serializers.Serializer):
    """Whole seconds from `start` up to `end`. Play from `opens_at`: there the first sentence begins."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    opens_at = serializers.FloatField()
    sentences = SentenceSerializer(many=True)
    more = serializers.IntegerField(help_text="Sentences beyond those listed.")


class MissedSerializer(serializers.Serializer):
    """`length` in seconds is null where nobody knows it; `by_hand` says why nothing is measured, or is empty."""

    length = serializers.FloatField(source="missed.length", allow_null=True)
    seconds = serializers.IntegerField(source="missed.seconds", help_text="Missed, over all stretches.")
    count = serializers.IntegerField(source="missed.count", help_text="Of stretches.")
    stretches = StretchSerializer(source="missed.stretches", many=True, help_text="The longest hundred.")
    by_hand = serializers.CharField()
