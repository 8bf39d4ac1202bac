from typing import Any

from rest_framework import serializers

from analytics.models import Delivery, DeliveryState, OffReason, WebhookEndpoint
from analytics.models.webhook import URL_CHARACTERS
from analytics.webhooks.kinds import CHOOSABLE, KINDS


class WebhookKindSerializer(serializers.Serializer[Any]):
    """What may be told. `data` names the objects of a message's `data` and says in words what each of them holds."""

    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes it out of the class
    data = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))  # type: ignore[assignment]


class WebhookSerializer(serializers.ModelSerializer):
    """`is_on` switches it. `failures` counts tries that failed one after the other, since the last that was taken."""

    url = serializers.CharField(max_length=URL_CHARACTERS, help_text="It begins with https:// and leads outside.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=[kind.type for kind in CHOOSABLE]), min_length=1
    )
    is_on = serializers.BooleanField(required=False)
    off_because = serializers.ChoiceField(
        choices=OffReason.choices, read_only=True, allow_blank=True, help_text="Empty while it is on."
    )
    old_secret_ends_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Until then the secret before also signs."
    )

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "name", "url", "events", "with_names", "is_on", "off_because", "off_at", "delivered_at", "failures",
            "failing_since", "old_secret_ends_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["off_at", "delivered_at", "failures", "failing_since", "created_at"]


class NewWebhookSerializer(WebhookSerializer):
    """The only answer with its secret."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class ReplaceSecretSerializer(serializers.Serializer[Any]):
    at_once = serializers.BooleanField(default=False, help_text="The secret before stops at once, not after a day.")


class WebhookSecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Given once.")
    old_secret_ends_at = serializers.DateTimeField(allow_null=True)


class DeliveryAttemptSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="Of HTTP; null where nothing was answered.")
    milliseconds = serializers.IntegerField()
    answer = serializers.CharField(help_text="How the answer began; 2 kB at most.")
    error = serializers.CharField(help_text="Why nothing was answered.")


class DeliverySerializer(serializers.ModelSerializer):
    """`id` is that of the message too. The last 20 tries are kept; `payload` is empty where its person was erased."""

    endpoint_id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=[*KINDS])
    attempts = DeliveryAttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "endpoint_id", "type", "state", "tries", "occurred_at", "delivered_at", "next_try_at", "payload",
            "attempts",
        ]  # fmt: skip
        read_only_fields = fields


class WhichDeliveriesSerializer(serializers.Serializer[Any]):
    endpoint_id = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)
    type = serializers.ChoiceField(choices=[*KINDS], required=False)


class ResendSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False, help_text="Only what happened since then.")


class ResentSerializer(serializers.Serializer[Any]):
    sent_again = serializers.IntegerField()
