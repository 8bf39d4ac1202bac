"""Playlists as integrators see and send them."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.fields import LARGEST_INTEGER
from media_library.api.filters import OWNER_CHOICES, OWNERS
from media_library.api.limits import LimitedText
from media_library.models import Playlist, PlaylistEntry
from media_library.playlists.cards import name_of_owner, whose_is
from media_library.playlists.totals import Totals
from media_library.services.playlists import DESCRIPTION_CHARACTERS, MOST_ENTRIES

DESCRIPTION = {"maxLength": DESCRIPTION_CHARACTERS}


class PlaylistSerializer(serializers.ModelSerializer):
    """`media_count`, `seconds` and `completed` are of what you may watch now; see `entries/`.

    `unknown_lengths` is of how many media nobody knows the length yet: `seconds` is without them.

    One's own with the status `published` is shared with the organization.
    `cover` answers the chosen picture; empty: none was chosen.
    """

    description = LimitedText(required=False, allow_blank=True, limits=DESCRIPTION)
    owner = serializers.SerializerMethodField()
    owner_name = serializers.SerializerMethodField()
    media_count = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    unknown_lengths = serializers.SerializerMethodField()
    completed = serializers.SerializerMethodField()
    cover = serializers.SerializerMethodField()

    class Meta:
        model = Playlist
        fields = [
            "id", "title", "description", "type", "status", "owner", "owner_name", "cover", "created_by",
            "created_at", "media_count", "seconds", "unknown_lengths", "completed",
        ]  # fmt: skip
        read_only_fields = ["created_by", "created_at"]

    @extend_schema_field(serializers.ChoiceField(choices=OWNER_CHOICES))
    def get_owner(self, playlist: Playlist) -> str:
        return OWNERS[whose_is(playlist, self.context["request"].user)]

    def get_owner_name(self, playlist: Playlist) -> str:
        return name_of_owner(playlist)

    def get_media_count(self, playlist: Playlist) -> int:
        return self._totals(playlist).count

    def get_seconds(self, playlist: Playlist) -> float:
        return self._totals(playlist).seconds

    def get_unknown_lengths(self, playlist: Playlist) -> int:
        return self._totals(playlist).unknown

    def get_completed(self, playlist: Playlist) -> int:
        return self._totals(playlist).completed

    def get_cover(self, playlist: Playlist) -> str:
        slug = self.context["view"].kwargs["organization"]
        return reverse("api_playlist_cover", args=[slug, playlist.pk]) if playlist.cover_path else ""

    def _totals(self, playlist: Playlist) -> Totals:
        found: Totals = self.context["totals"].get(playlist.pk, Totals())
        return found


class NewPlaylistSerializer(serializers.ModelSerializer):
    description = LimitedText(required=False, allow_blank=True, limits=DESCRIPTION)
    own = serializers.BooleanField(default=False, help_text="Yours, and nobody else's; without it the library's.")

    class Meta:
        model = Playlist
        fields = ["title", "description", "type", "status", "own"]


class PlaylistEntrySerializer(serializers.ModelSerializer):
    """`percent` (0–100) and `completed` are yours."""

    title = serializers.CharField(source="media.title", read_only=True)
    duration = serializers.FloatField(source="media.duration", read_only=True, allow_null=True, help_text="Seconds.")
    percent = serializers.FloatField(read_only=True, allow_null=True)
    completed = serializers.SerializerMethodField()

    class Meta:
        model = PlaylistEntry
        fields = ["media", "title", "duration", "position", "percent", "completed"]
        read_only_fields = fields

    def get_completed(self, entry: Any) -> bool:
        return entry.completed_at is not None


class PlaylistCoverSerializer(serializers.Serializer[Any]):
    """JPEG, PNG or WebP."""

    file = serializers.FileField(allow_empty_file=True)  # the service refuses it in its own words


class MediaOrderSerializer(serializers.Serializer):
    media = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_ENTRIES)


class AddedMediaSerializer(MediaOrderSerializer):
    """One or many, in this order."""

    position = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_INTEGER,
        required=False,
        allow_null=True,
        help_text="Of the first one, from 1; else at the end.",
    )
