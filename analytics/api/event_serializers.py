"""What the API's description says about events. They are read and answered without: see `services.ingest`."""

from typing import Any

from rest_framework import serializers

from analytics.models import Event
from analytics.registry import ABOUT, EVENT_TYPES
from analytics.services.ingest import MOST_EVENTS
from analytics.services.reading import MOST_READ

OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


class NewEventSerializer(serializers.Serializer):
    """Something that happened elsewhere. It has an `id`, or `occurred_at`, or both (which then agree)."""

    id = serializers.UUIDField(
        **OPTIONAL, help_text="A UUIDv7 made when it happened. With it the event can be sent again without harm."
    )
    type = serializers.ChoiceField(choices=sorted(EVENT_TYPES))
    occurred_at = serializers.DateTimeField(**OPTIONAL, help_text="With its zone. Left out: the time of the id.")
    learner = serializers.UUIDField(**OPTIONAL, help_text="Pseudonym of a member, as `members/` tells it.")
    actor = serializers.UUIDField(**OPTIONAL, help_text="Pseudonym of whoever made or changed something.")
    media = serializers.UUIDField(**OPTIONAL)
    course = serializers.UUIDField(**OPTIONAL)
    chapter = serializers.UUIDField(**OPTIONAL)
    item = serializers.UUIDField(**OPTIONAL)
    metadata = serializers.DictField(**OPTIONAL, help_text="As `analytics/event-types/` says for the type.")


class NewEventsSerializer(serializers.Serializer):
    sent_at = serializers.DateTimeField(**OPTIONAL, help_text="What your clock says now; how far it is off is kept.")
    events = NewEventSerializer(many=True, min_length=1, max_length=MOST_EVENTS)  # type: ignore[call-arg]


class EventAnswerSerializer(serializers.Serializer):
    id = serializers.CharField(allow_null=True, help_text="That of the event; null: it had none and was refused.")
    status = serializers.ChoiceField(choices=["stored", "known", "refused"])
    code = serializers.CharField(allow_blank=True, help_text="Why it was refused.")
    message = serializers.CharField(allow_blank=True)
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), help_text="What to correct."
    )


class EventAnswersSerializer(serializers.Serializer):
    """In the order of the events."""

    results = EventAnswerSerializer(many=True)
    stored = serializers.IntegerField()
    known = serializers.IntegerField(help_text="They were there already; nothing changed.")
    refused = serializers.IntegerField()


class EventQuerySerializer(serializers.Serializer):
    """Which events, and from where on."""

    after = serializers.UUIDField(required=False, help_text="`next` of the page before.")
    since = serializers.DateTimeField(required=False)
    type = serializers.ChoiceField(choices=sorted(EVENT_TYPES), required=False)
    learner = serializers.UUIDField(required=False, help_text="A pseudonym.")
    media = serializers.UUIDField(required=False, source="media_id")
    course = serializers.UUIDField(required=False, source="course_id")
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_READ, default=100, source="most",
        help_text="So many events are looked at; of these a page may hold fewer.",
    )  # fmt: skip


class EventSerializer(serializers.ModelSerializer):
    actor = serializers.UUIDField(source="actor_id")
    media = serializers.UUIDField(source="media_id")
    course = serializers.UUIDField(source="course_id")
    chapter = serializers.UUIDField(source="chapter_id")
    item = serializers.UUIDField(source="item_id")
    metadata = serializers.DictField()

    class Meta:
        model = Event
        fields = [
            "id", "type", "occurred_at", "received_at", "clock_skew", "learner", "actor", "media", "course", "chapter",
            "item", "metadata",
        ]  # fmt: skip


class EventPageSerializer(serializers.Serializer):
    next = serializers.UUIDField(allow_null=True, help_text="Ask with `after` for the next page; null: no more now.")
    results = EventSerializer(many=True, source="events")


class EntrySerializer(serializers.Serializer):
    name = serializers.CharField()
    must_be = serializers.CharField(source="words")
    is_required = serializers.BooleanField(source="required")


class EventTypeSerializer(serializers.Serializer):
    type = serializers.CharField()
    meaning = serializers.CharField()
    metadata = EntrySerializer(many=True)


def described_types() -> list[dict[str, Any]]:
    """The registry, as `EventTypeSerializer` shows it."""
    return [
        {"type": type, "meaning": ABOUT[type], "metadata": [{"name": name, **vars(one)} for name, one in shape.items()]}
        for type, shape in EVENT_TYPES.items()
    ]
