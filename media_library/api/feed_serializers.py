from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from media_library.models import ListenerKey
from media_library.podcasts.following import CONTEXT, SHOW, Followed
from media_library.podcasts.private_addresses import PrivateAddresses
from media_library.podcasts.sharing import Use


class FollowedSerializer(serializers.Serializer):
    """One of the two."""

    podcast = serializers.UUIDField(required=False, help_text="A private show.")
    context_id = serializers.UUIDField(required=False, help_text="What can be followed besides, such as a course.")

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if len(sent) != 1:
            raise serializers.ValidationError(_("Name either a podcast or a context_id."))
        return sent

    def followed(self) -> Followed:
        """What a valid one names."""
        podcast = self.validated_data.get("podcast")
        return Followed(SHOW, podcast) if podcast else Followed(CONTEXT, self.validated_data["context_id"])


class KeySerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()

    class Meta:
        model = ListenerKey
        fields = ["id", "podcast", "context_id", "title", "created_at", "last_used_at"]
        read_only_fields = fields

    def get_title(self, key: ListenerKey) -> str:
        return str(self.context["titles"].get(Followed.by(key).key, ""))


class ListenerSerializer(KeySerializer):
    """Figures of the last seven days; `reasons` are sentences, none where nothing is remarkable."""

    email = serializers.CharField(source="user.email", read_only=True)
    networks_a_day = serializers.IntegerField(read_only=True, help_text="On the busiest day.")
    networks_a_week = serializers.IntegerField(read_only=True)
    apps_a_day = serializers.IntegerField(read_only=True, help_text="On the busiest day.")
    apps_a_week = serializers.IntegerField(read_only=True)
    reasons = serializers.SerializerMethodField()

    class Meta(KeySerializer.Meta):
        fields = [
            "user", "email", *KeySerializer.Meta.fields, "networks_a_day", "networks_a_week", "apps_a_day",
            "apps_a_week", "reasons",
        ]  # fmt: skip
        read_only_fields = fields

    def get_reasons(self, key: ListenerKey) -> list[str]:
        return Use.of(key).reasons


class AddressSerializer(serializers.Serializer):
    """`address` is told once and stored nowhere."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    address = serializers.URLField()


class RevokedSerializer(serializers.Serializer):
    revoked = serializers.IntegerField(help_text="How many addresses stopped.")


class EpisodeDownloadsSerializer(serializers.Serializer):
    episode = serializers.UUIDField()
    title = serializers.CharField()
    total = serializers.IntegerField()
    private = serializers.IntegerField(help_text="By private addresses.")


class DownloadsSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    private = serializers.IntegerField(help_text="By private addresses.")
    episodes = EpisodeDownloadsSerializer(many=True)


def address_told(key: ListenerKey, token: str) -> dict[str, Any]:
    """Of a new one."""
    followed = Followed.by(key)
    page = followed.offer.page(followed.key, key.organization)
    address = PrivateAddresses(key.organization.slug, token, page=lambda: page).feed()
    return {"id": key.pk, "title": followed.title, "address": address}
