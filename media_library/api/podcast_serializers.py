"""Shows, seasons, episodes and people as integrators see and send them."""

from typing import Any

from rest_framework import serializers

from media_library.models import Audience, Episode, Podcast, PodcastPerson, Season
from media_library.models.podcasts import LARGEST_NUMBER
from media_library.podcasts.addresses import feed_url_of
from media_library.podcasts.people import PersonLine
from media_library.podcasts.sound import Sound
from media_library.podcasts.states import EpisodeState


class PodcastSerializer(serializers.ModelSerializer):
    """`feed_url` answers once it is published; a private show has none: each listener makes their own (`feeds/`).

    `artwork_side` in pixels, 0 without artwork.
    """

    slug = serializers.SlugField(max_length=80, required=False, help_text="Left out, it is made of the title.")
    category = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="Apple's, such as `Education/Courses`."
    )
    description = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="At most 4,000 bytes; needed to publish."
    )
    feed_url = serializers.SerializerMethodField()
    episode_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Podcast
        fields = [
            "id", "title", "slug", "description", "author", "owner_name", "owner_email", "link", "language", "category",
            "copyright", "type", "medium", "is_explicit", "is_locked", "is_complete", "audience", "status", "guid",
            "new_feed_url", "feed_url", "artwork_side", "episode_count", "changed_at", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["status", "guid", "artwork_side", "changed_at", "created_by", "created_at"]

    def get_feed_url(self, podcast: Podcast) -> str:
        if podcast.audience == Audience.PRIVATE:
            return ""
        return feed_url_of(self.context["view"].member_organization.slug, podcast.slug)


class SeasonSerializer(serializers.ModelSerializer):
    number = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, required=False, help_text="Left out, it is the next one."
    )

    class Meta:
        model = Season
        fields = ["id", "number", "name"]


class PersonSerializer(serializers.ModelSerializer):
    """`role` and `group` of the Podcasting 2.0 taxonomy, in lower case; without a group the first that has the role."""

    role = serializers.CharField(max_length=60, required=False)
    group = serializers.CharField(max_length=60, required=False, allow_blank=True)

    class Meta:
        model = PodcastPerson
        fields = ["name", "role", "group", "link"]
        validators = ()  # the service looks at all of them together


class PeopleSerializer(serializers.Serializer[Any]):
    """All there are, in order."""

    people = PersonSerializer(many=True)

    def validate_people(self, people: list[dict[str, Any]]) -> list[PersonLine]:
        return [PersonLine(**line) for line in people]


class EpisodeSerializer(serializers.ModelSerializer):
    """`published_at` may lie in the future; null is a draft. `duration` in seconds.

    `waiting` is an episode whose time was told and whose sound is not there yet; `held_back` one that would be heard if
    its show were published.
    """

    media = serializers.UUIDField(source="media_id", allow_null=True, read_only=True)
    season = serializers.UUIDField(source="season_id", allow_null=True, read_only=True)
    season_number = serializers.IntegerField(source="season.number", allow_null=True, default=None, read_only=True)
    duration = serializers.FloatField(source="media.duration", allow_null=True, default=None, read_only=True)
    state = serializers.ChoiceField(choices=EpisodeState.choices, read_only=True)
    has_sound = serializers.BooleanField(read_only=True)

    class Meta:
        model = Episode
        fields = [
            "id", "media", "season", "season_number", "number", "type", "title", "description", "link", "is_explicit",
            "guid", "published_at", "state", "has_sound", "duration", "artwork_side", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class SoundSerializer(serializers.Serializer[Any]):
    """`code` and `message` say why it did not come from its address, or why not yet; else they are empty."""

    state = serializers.ChoiceField(choices=[(one.value, one.value) for one in Sound])
    code = serializers.CharField()
    message = serializers.CharField()


class EpisodeDetailSerializer(EpisodeSerializer):
    """`warnings` are sentences about what is unusual, such as a number that two episodes of a season have."""

    sound = SoundSerializer(source="sound_told", read_only=True)
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Episode
        fields = [*EpisodeSerializer.Meta.fields, "sound", "warnings"]
        read_only_fields = fields


class EpisodeEditSerializer(serializers.ModelSerializer):
    """What is left out of a new episode it takes from its media."""

    media = serializers.UUIDField(required=False, allow_null=True, help_text="An upload, also a video.")
    season = serializers.UUIDField(required=False, allow_null=True)
    number = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False, allow_null=True)
    title = serializers.CharField(max_length=200, required=False)

    class Meta:
        model = Episode
        fields = [
            "media", "season", "number", "type", "title", "description", "link", "is_explicit", "published_at",
        ]  # fmt: skip


class PublicationSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="From when it is heard; left out: from now on."
    )


class ArtworkSerializer(serializers.Serializer[Any]):
    """JPEG or PNG, square, 1400–3000 pixels a side, at most 20 MB."""

    file = serializers.FileField(allow_empty_file=True)  # the service refuses it in its own words
