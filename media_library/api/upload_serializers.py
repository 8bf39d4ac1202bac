"""Uploads as integrators see and send them. Sizes in bytes."""

import re
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.fields import LARGEST_BIG_INTEGER, LARGEST_INTEGER
from media_library.models import Upload
from media_library.services.multiparts import MOST_AT_ONCE

SHA256_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")


class ReplacementSerializer(serializers.Serializer[Any]):
    """Lengths in whole seconds. Of `watched` learners `clipped` had seen something behind the new end."""

    filename_before = serializers.CharField()
    seconds_before = serializers.IntegerField(allow_null=True)
    seconds_after = serializers.IntegerField()
    watched = serializers.IntegerField()
    clipped = serializers.IntegerField()


class UploadSerializer(serializers.ModelSerializer):
    """`media` is what it became, or what the library had already; `code` and `message` say why it was refused.

    `replaces` is the media whose file it takes the place of, and once it plays `replacement` says what changed.
    """

    size = serializers.IntegerField(source="size_bytes")
    received = serializers.IntegerField(source="received_bytes")
    part_size = serializers.IntegerField(source="part_bytes", allow_null=True)
    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error_message")
    media = serializers.UUIDField(source="media_id", allow_null=True)
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    batch = serializers.UUIDField(source="batch_id", allow_null=True)
    replacement = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    media_url = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = (
            "id", "url", "filename", "title", "size", "received", "method", "part_size", "state", "code", "message",
            "media", "media_url", "batch", "replaces", "replacement", "fingerprint", "created_at", "received_at",
            "expires_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ReplacementSerializer(allow_null=True))
    def get_replacement(self, upload: Upload) -> dict[str, Any] | None:
        return upload.replacement or None

    @extend_schema_field(serializers.CharField())
    def get_url(self, upload: Upload) -> str:
        return self._address("upload", upload.pk)

    @extend_schema_field(serializers.CharField())
    def get_media_url(self, upload: Upload) -> str:
        return self._address("media_detail", upload.media_id) if upload.media_id else ""

    def _address(self, name: str, key: Any) -> str:
        slug = self.context["view"].member_organization.slug
        return self.context["request"].build_absolute_uri(reverse(name, args=[slug, key]))


class PartSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    size = serializers.IntegerField()


class UploadDetailSerializer(UploadSerializer):
    """`parts` lists what the bucket has of an upload that goes there and is not complete."""

    parts = PartSerializer(many=True)

    class Meta:
        model = Upload
        fields = (*UploadSerializer.Meta.fields, "parts")
        read_only_fields = fields


class NewUploadSerializer(serializers.Serializer[Any]):
    """`sha256` of the whole file, in hexadecimal: checked when all is there. By `fingerprint` it is found again.

    With `replaces`, the id of an uploaded media item, it takes the place of that one's file once it is ready; with
    `batch`, the id of one, it is brought in with that.
    """

    filename = serializers.CharField(max_length=255)
    size = serializers.IntegerField(min_value=0, max_value=LARGEST_BIG_INTEGER)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    fingerprint = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    sha256 = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    replaces = serializers.UUIDField(required=False, allow_null=True, default=None)
    batch = serializers.UUIDField(required=False, allow_null=True, default=None)


class PartNumbersSerializer(serializers.Serializer[Any]):
    """Numbers count from 1. `sha256`, base64 by number, lets the bucket check each part: for all parts or for none."""

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER), min_length=1, max_length=MOST_AT_ONCE
    )
    sha256 = serializers.DictField(child=serializers.RegexField(SHA256_BASE64), required=False, default=dict)

    def validate_sha256(self, sums: dict[str, str]) -> dict[int, str]:
        if not all(number.isascii() and number.isdigit() for number in sums):
            raise serializers.ValidationError("Its keys are numbers of parts.")
        return {int(number): digest for number, digest in sums.items()}


class SignedPartSerializer(PartSerializer):
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())


class SignedPartsSerializer(serializers.Serializer[Any]):
    """`expires_in` seconds."""

    parts = SignedPartSerializer(many=True)
    expires_in = serializers.IntegerField()


class AllowanceSerializer(serializers.Serializer[Any]):
    used = serializers.IntegerField()
    allowed = serializers.IntegerField()
    left = serializers.IntegerField()
    largest_file = serializers.IntegerField()
    resets_at = serializers.DateTimeField()
    reset_words = serializers.CharField()


class CaptionsTakenSerializer(serializers.Serializer[Any]):
    """How many cues there were."""

    cues = serializers.IntegerField()
