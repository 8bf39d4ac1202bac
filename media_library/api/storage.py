"""What the organization's files take, in numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from media_library.batches.standing import largest_batches
from media_library.services.allowance_report import allowances_seen_by
from media_library.services.storage_report import KINDS, storage_report


class UsedSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text=", ".join(KINDS))
    size_bytes = serializers.IntegerField()


class LargeMediaSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    publication = serializers.CharField()
    total_bytes = serializers.IntegerField(help_text="Its file and everything made from it.")


class BatchBytesSerializer(serializers.Serializer[Any]):
    """In bytes: of its media, files and what was made of them; and of its frames."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    project = serializers.UUIDField()
    media_bytes = serializers.IntegerField()
    frame_bytes = serializers.IntegerField()


class MemberAllowanceSerializer(serializers.Serializer[Any]):
    """`used` and `allowed` in bytes."""

    user = serializers.UUIDField(source="user.pk")
    used = serializers.IntegerField()
    allowed = serializers.IntegerField()


class StorageSerializer(serializers.Serializer[Any]):
    """In bytes; `ceiling` is null where there is none. Owners see the allowance of all who may upload."""

    total = serializers.IntegerField()
    ceiling = serializers.IntegerField(allow_null=True)
    kinds = UsedSerializer(many=True)
    largest = LargeMediaSerializer(many=True)
    batches = BatchBytesSerializer(many=True)
    resets_at = serializers.DateTimeField()
    allowances = MemberAllowanceSerializer(many=True)


class StorageView(OrganizationView):
    area = Area.MEDIA
    reads = "content.view"
    serializer_class = StorageSerializer

    @extend_schema(operation_id="storage", responses=StorageSerializer)
    def get(self, request: Request, organization: str) -> Response:
        """By kind, of the ceiling, the largest media, and what members have uploaded this week."""
        report = storage_report()
        seen = allowances_seen_by(request.user, self.member_organization)
        figures = {name: getattr(report, name) for name in ("total", "ceiling", "kinds", "largest")}
        figures["batches"] = [
            {"id": batch.pk, "name": batch.name, "project": batch.project_id, "media_bytes": standing.media_bytes,
             "frame_bytes": standing.frame_bytes} for batch, standing in largest_batches()
        ]  # fmt: skip
        answer = {**figures, "resets_at": seen.own.resets_at, "allowances": seen.members}
        return Response(StorageSerializer(answer).data)
