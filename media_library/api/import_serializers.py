"""Imports as integrators send and see them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media_library.importing import MOST_ROWS
from media_library.models import Import, ImportRow, RowState


class AddressSerializer(serializers.Serializer[Any]):
    """One video by its address at a host; what else is told of it stays when its host tells otherwise."""

    url = serializers.CharField(max_length=1000)
    title = serializers.CharField(max_length=200, required=False)
    batch = serializers.UUIDField(required=False, allow_null=True, help_text="Its id: what it is brought in with.")
    description = serializers.CharField(required=False, allow_blank=True)
    categories = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, help_text="Names; new ones are made."
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, help_text="Names; new ones are made."
    )


class GivenSerializer(serializers.Serializer[Any]):
    """Either `addresses`, or `items`: objects with `url` (or the key of a video, such as `<host>Id`), `title`,
    `description`, `categories`, `tags`, `thumbnail`, `publishedAt`."""

    addresses = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    items = serializers.ListField(child=serializers.DictField(), required=False, help_text=f"At most {MOST_ROWS}.")

    @property
    def rows(self) -> list[Any]:
        told = self.validated_data
        return [*told.get("addresses", []), *told.get("items", [])]


class GivenFileSerializer(serializers.Serializer[Any]):
    """CSV, JSON, text, Markdown with front matter or JSON (several as `file`), or a zip of Markdown and JSON."""

    file = serializers.FileField(allow_empty_file=True)


class CountsSerializer(serializers.Serializer[Any]):
    """How many rows are in each state."""

    waiting = serializers.IntegerField()
    added = serializers.IntegerField()
    here = serializers.IntegerField()
    listed = serializers.IntegerField()
    refused = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer):
    """`is_done`: no row waits any more."""

    by = serializers.UUIDField(source="by_id", allow_null=True)
    counts = serializers.SerializerMethodField()
    is_done = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = ("id", "format", "name", "by", "created_at", "is_done", "counts")
        read_only_fields = fields

    @extend_schema_field(CountsSerializer)
    def get_counts(self, batch: Import) -> dict[str, int]:
        counts: dict[str, int] = self.context["counts"][batch.pk]
        return counts

    def get_is_done(self, batch: Import) -> bool:
        return not self.context["counts"][batch.pk][RowState.WAITING]


class ImportRowSerializer(serializers.ModelSerializer):
    """`position` is that of the line or file; 0 for what a list held, whose row is `found_in`. `code` and `message` say
    why it was refused, or what it waits for."""

    media = serializers.UUIDField(source="media_id", allow_null=True)
    found_in = serializers.UUIDField(source="found_in_id", allow_null=True)

    class Meta:
        model = ImportRow
        fields = ("id", "position", "address", "facts", "found_in", "state", "media", "code", "message")
        read_only_fields = fields


class ForeseenRowSerializer(serializers.Serializer[Any]):
    """What a row would become."""

    position = serializers.IntegerField(source="row.position")
    address = serializers.CharField(source="row.address")
    state = serializers.ChoiceField(choices=RowState.choices)
    media = serializers.UUIDField(source="media.pk", allow_null=True, default=None)
    code = serializers.CharField()
    message = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Any]):
    """Of a dry run."""

    counts = CountsSerializer()
    rows = ForeseenRowSerializer(many=True)
