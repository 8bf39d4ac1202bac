"""Media as integrators see and send it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media_library.chapter_marks import TITLE_CHARACTERS, Mark, marks_in
from media_library.links import audience_of
from media_library.models import Category, Contribution, Credit, Device, Media, Publication, Referrer, Tag
from media_library.player import MediaAddresses
from media_library.services.crediting import CreditLine
from media_library.services.status import status_of


class ShelfSerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ("id", "name", "slug")
        read_only_fields = fields


class TagWordSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ("id", "name", "slug")
        read_only_fields = fields


class CreditSerializer(serializers.ModelSerializer):
    """`user` is null for somebody who is known by name only; for a member, `name` may be left out when it is sent."""

    contribution = serializers.ChoiceField(choices=Contribution.choices)
    user = serializers.UUIDField(source="user_id", required=False, allow_null=True, default=None)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")

    class Meta:
        model = Credit
        fields = ("contribution", "user", "name")
        validators = ()  # the service looks at all of them together


class UseSerializer(serializers.Serializer[Any]):
    """A place that shows it: `id` and `name` of the course, `part` the chapter."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    name = serializers.CharField()
    part = serializers.CharField()


class MediaSerializer(serializers.ModelSerializer):
    """Read: `duration` in seconds, `size_bytes` in bytes; addresses are empty while there is nothing to fetch."""

    hls_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    captions_url = serializers.SerializerMethodField()
    creator = serializers.UUIDField(source="creator_id", allow_null=True, read_only=True)
    batch = serializers.SerializerMethodField(help_text="For those who make content; null for others.")
    categories = ShelfSerializer(many=True, read_only=True)
    tags = TagWordSerializer(many=True, read_only=True)
    credits = CreditSerializer(many=True, read_only=True)
    used_in = serializers.SerializerMethodField(help_text="For those who make content; empty for others.")

    class Meta:
        model = Media
        fields = (
            "id", "kind", "source", "title", "description", "creator", "status", "publication", "published_at",
            "duration", "size_bytes", "original_filename", "hls_url", "thumbnail_url", "captions_url",
            "batch", "categories", "tags", "credits", "used_in", "archived_at", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_hls_url(self, media: Media) -> str:
        return self._absolute(self._addresses(media).hls)

    @extend_schema_field(serializers.CharField())
    def get_thumbnail_url(self, media: Media) -> str:
        return self._absolute(self._addresses(media).thumbnail)

    @extend_schema_field(serializers.CharField())
    def get_captions_url(self, media: Media) -> str:
        return self._absolute(self._addresses(media).captions)

    def get_batch(self, media: Media) -> UUID | None:
        return media.batch_id if self.context["is_maker"] else None

    @extend_schema_field(UseSerializer(many=True))
    def get_used_in(self, media: Media) -> Any:
        return UseSerializer(self.context["uses"].get(media.pk, []), many=True).data

    def _addresses(self, media: Media) -> MediaAddresses:
        slug = self.context["view"].member_organization.slug
        return MediaAddresses(media, slug, audience_of(self.context["request"]))

    def _absolute(self, path: str) -> str:
        return self.context["request"].build_absolute_uri(path) if path else ""


class ProcessingSerializer(serializers.Serializer[Any]):
    """`percent` (0–100) of the present step, `step` in words, `seconds_left` a guess; null where nobody can say.

    `code` and `message` say why something failed or waits, else they are empty.
    """

    percent = serializers.IntegerField()
    step = serializers.CharField()
    seconds_left = serializers.FloatField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()
    can_retry = serializers.BooleanField()


class ChapterMarkSerializer(serializers.Serializer[Any]):
    """Where a part begins, in seconds, and what it is called."""

    at = serializers.FloatField(min_value=0)
    title = serializers.CharField(max_length=TITLE_CHARACTERS)


class MediaDetailSerializer(MediaSerializer):
    """One media item, with its chapters and how its processing goes."""

    chapters = serializers.SerializerMethodField()
    processing = serializers.SerializerMethodField()

    class Meta:
        model = Media
        fields = (*MediaSerializer.Meta.fields, "chapters", "processing")
        read_only_fields = fields

    @extend_schema_field(ChapterMarkSerializer(many=True))
    def get_chapters(self, media: Media) -> Any:
        return ChapterMarkSerializer(marks_in(media.chapters), many=True).data

    @extend_schema_field(ProcessingSerializer)
    def get_processing(self, media: Media) -> dict[str, Any]:
        return ProcessingSerializer(status_of(media)).data


class MediaEditSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    publication = serializers.ChoiceField(choices=Publication.choices, required=False)
    batch = serializers.UUIDField(required=False, allow_null=True, help_text="Its id; null takes it out of any.")
    categories = serializers.ListField(
        child=serializers.UUIDField(), max_length=100, required=False, help_text="Ids: all it stands in."
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=100,
        required=False,
        help_text="Names: all it has. What no tag is called yet becomes one.",
    )
    credits = CreditSerializer(many=True, required=False, help_text="All it has, in order.")
    chapters = ChapterMarkSerializer(many=True, required=False, help_text="All it has; at most 200.")

    def validate_chapters(self, chapters: list[dict[str, Any]]) -> list[Mark]:
        return [Mark(**one) for one in chapters]

    def validate_credits(self, credits: list[dict[str, Any]]) -> list[CreditLine]:
        return [CreditLine(**line) for line in credits]


class WatchSessionSerializer(serializers.Serializer[Any]):
    """`item` is what it was opened from, such as a content item."""

    media = serializers.UUIDField()
    item = serializers.UUIDField(required=False, allow_null=True, default=None)
    device = serializers.ChoiceField(choices=Device.choices, default=Device.DESKTOP)
    referrer = serializers.ChoiceField(choices=Referrer.choices, default=Referrer.DIRECT_LINK)


class WatchReportSerializer(serializers.Serializer[Any]):
    """For the schema; `media_library.played` reads reports. Intervals of seconds of the media, at most 500."""

    intervals = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(min_value=0), min_length=2, max_length=2),
        max_length=500,
    )
    position = serializers.FloatField(min_value=0)
    speed = serializers.FloatField(min_value=0, max_value=16, default=1)
    duration = serializers.FloatField(
        required=False, allow_null=True, help_text="How long the player says it is; of use where nobody else has told."
    )


class WatchStateSerializer(serializers.Serializer[Any]):
    """`percent` 0–100 of the learner's record; `position` in seconds."""

    id = serializers.UUIDField()
    percent = serializers.FloatField()
    watched_seconds = serializers.IntegerField()
    position = serializers.FloatField()
    completed = serializers.BooleanField()


class WatchStartSerializer(WatchStateSerializer):
    key = serializers.CharField(help_text="For `X-Visit-Key`: reports to this visit need nothing else.")
