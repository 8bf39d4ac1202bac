"""Frames, as integrators read and annotate them."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from media_library.api.limits import LimitedIds, LimitedNumber, LimitedText
from media_library.api.serializers import ChapterMarkSerializer
from media_library.chapter_marks import TITLE_CHARACTERS
from media_library.frames.annotating import ANNOTATION_CHARACTERS, SMALLEST_REGION, Region, region_of, version_of
from media_library.frames.finding import FrameFilter
from media_library.frames.outcome import MOST_AT_ONCE, Outcome
from media_library.links import Files, audience_of, sign_link
from media_library.models import Frame
from media_library.wording import clock_time

WORDS = {"maxLength": ANNOTATION_CHARACTERS}
AT_ONCE = {"minItems": 1, "maxItems": MOST_AT_ONCE}
PART = {"minimum": 0, "maximum": 1}
SIDE = {"minimum": SMALLEST_REGION, "maximum": 1}


class RegionSerializer(serializers.Serializer[Any]):
    """A rectangle inside the picture, in parts of its width and height, 0–1."""

    left = LimitedNumber(limits=PART)
    top = LimitedNumber(limits=PART)
    width = LimitedNumber(limits=SIDE)
    height = LimitedNumber(limits=SIDE)


class FrameSerializer(serializers.ModelSerializer[Frame]):
    """`second` of its media; `url` opens the JPEG for a while; `version` names the state of the annotation."""

    title = serializers.CharField(source="media.title", read_only=True, help_text="Of its media.")
    time = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    region = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()

    class Meta:
        model = Frame
        fields = [
            "id", "batch", "media", "title", "second", "time", "url", "width", "height", "size_bytes", "annotation",
            "region", "annotated_by", "annotated_at", "version", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_time(self, frame: Frame) -> str:
        return clock_time(frame.second)

    def get_url(self, frame: Frame) -> str:
        request, slug = self.context["request"], self.context["slug"]
        token = sign_link(Files(slug, frame.media_id, frame.pk), audience=audience_of(request))
        path = reverse("media_library:linked_frame", args=[slug, frame.media_id, frame.pk, token])
        return str(request.build_absolute_uri(path))

    @extend_schema_field(RegionSerializer(allow_null=True))
    def get_region(self, frame: Frame) -> Any:
        region = region_of(frame)
        return region and RegionSerializer(region).data

    def get_version(self, frame: Frame) -> str:
        return version_of(frame)


class FrameAnnotationSerializer(serializers.Serializer[Any]):
    """What is left out stays; a region of null goes. With `version`, what somebody wrote since is not written over."""

    annotation = LimitedText(required=False, allow_blank=True, limits=WORDS)
    region = RegionSerializer(required=False, allow_null=True)
    version = serializers.CharField(required=False, allow_blank=True, allow_null=True, default=None)


class FrameQuerySerializer(serializers.Serializer[Any]):
    project = serializers.UUIDField(default=None, allow_null=True)
    batch = serializers.UUIDField(default=None, allow_null=True)
    media = serializers.UUIDField(default=None, allow_null=True)
    annotated = serializers.BooleanField(default=None, allow_null=True, help_text="Left out: both.")
    q = serializers.CharField(default="", allow_blank=True, max_length=200, help_text="Words of the annotation.")

    def wanted(self) -> FrameFilter:
        sent = dict(self.validated_data)
        return FrameFilter(words=sent.pop("q"), **sent)


class NamedFramesField(LimitedIds):
    """Ids in a query: the name repeated, or with commas between them."""

    def to_internal_value(self, data: Iterable[str]) -> list[Any]:
        return super().to_internal_value([key for part in data for key in part.split(",") if key])


class FrameExportQuerySerializer(FrameQuerySerializer):
    frames = NamedFramesField(
        default=None, allow_null=True, limits=AT_ONCE, help_text="Ids, repeated or with commas. Left out: all."
    )


class ManyFramesSerializer(serializers.Serializer[Any]):
    frames = LimitedIds(limits=AT_ONCE)


class FrameMoveSerializer(ManyFramesSerializer):
    batch = serializers.UUIDField(help_text="Where to; it takes 100 frames.")


class FramesAnnotationSerializer(ManyFramesSerializer):
    annotation = LimitedText(allow_blank=True, limits=WORDS)


class FrameOutcomeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(
        choices=[(one.name, one.name) for one in fields(Outcome)],
        help_text="`kept`: it was so already; `gone`: there is no such frame.",
    )


class FrameOutcomesSerializer(serializers.Serializer[Any]):
    """Of each frame that was named."""

    results = FrameOutcomeSerializer(many=True)


class FrameChapterSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_CHARACTERS, allow_blank=True)  # the service refuses it: `no_title`


class FrameChaptersSerializer(serializers.Serializer[Any]):
    """All that its media has."""

    chapters = ChapterMarkSerializer(many=True)


def region_from(sent: dict[str, float] | None) -> Region | None:
    return Region(**sent) if sent else None
