"""Labels and related media, for integrators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from knowledge.labels.labelling import MOST_BY_HAND, edit_labels
from knowledge.labels.reading import labels_of, labels_seen_by
from knowledge.labels.related import RelatedBy, lessons_or_pages, related_media
from knowledge.models import Label
from knowledge.models.label import Origin, Sentiment
from media_library.api.media import MediaView
from media_library.models import Media


class StandingSerializer(serializers.Serializer[Any]):
    """A label of a media item, and who put it there."""

    name = serializers.CharField(source="label.name")
    slug = serializers.CharField(source="label.slug")
    origin = serializers.ChoiceField(Origin.choices)
    model = serializers.CharField(help_text="The language model that named it, else empty.")
    prompt = serializers.CharField(help_text="What that was told to do, with its version.")


class MediaLabelsSerializer(serializers.Serializer[Any]):
    """The most telling first. `sentiment` is empty where nobody judged it, `made_at` where no machine looked at it."""

    topics = StandingSerializer(many=True)
    keywords = StandingSerializer(many=True)
    sentiment = serializers.CharField()
    made_at = serializers.DateTimeField(source="made.made_at", allow_null=True, default=None)


class LabelsGivenSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is. A name that is not in a list is taken away for good."""

    topics = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST_BY_HAND)
    keywords = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST_BY_HAND)
    sentiment = serializers.ChoiceField(Sentiment.choices, required=False, allow_blank=True)


class LabelSerializer(serializers.ModelSerializer):
    """`media_count`: of the media that you may see now."""

    media_count = serializers.IntegerField(source="media_total", read_only=True)

    class Meta:
        model = Label
        fields = ["name", "slug", "media_count"]


class RelatedSerializer(serializers.Serializer[Any]):
    media = serializers.UUIDField(source="related.media.pk")
    title = serializers.CharField(source="related.media.title")
    start = serializers.FloatField(source="related.start", help_text="Seconds: from here on it is most about the same.")
    score = serializers.FloatField(source="related.score", help_text="Compares within one answer only.")
    by = serializers.ChoiceField([one.value for one in RelatedBy], source="related.by")
    url = serializers.CharField(help_text="Path of the page that plays from there.")


class MediaLabelsView(MediaView):
    """Makers edit; others read those of media that they may watch."""

    area = Area.KNOWLEDGE

    @extend_schema(operation_id="media_labels", responses=MediaLabelsSerializer)
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        return self._told(self.get_object())

    @extend_schema(operation_id="media_labels_edit", request=LabelsGivenSerializer, responses=MediaLabelsSerializer)
    def put(self, request: Request, organization: str, media_id: Any) -> Response:
        """Let these be its labels; no machine overwrites what you change."""
        media = self.get_object()
        form = LabelsGivenSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        edit_labels(media, **form.validated_data, by=request.user)
        return self._told(media)

    def _told(self, media: Media) -> Response:
        return Response(MediaLabelsSerializer(labels_of(media)).data)


class LabelListView(OrganizationView):
    """The labels of media that you may see now, the most used first."""

    area = Area.KNOWLEDGE
    reads = "library.search"
    serializer_class = LabelSerializer
    filterset_class = None
    queryset = Label.objects.none()  # for the schema

    @extend_schema(operation_id="labels", responses=LabelSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(labels_seen_by(request.user, self.member_organization))
        return self.get_paginated_response(LabelSerializer(page, many=True).data)


class MediaRelatedView(MediaView):
    """What else is about the same, of what you may see now."""

    area = Area.KNOWLEDGE
    pagination_class = None
    filterset_class = None

    @extend_schema(operation_id="media_related", responses=RelatedSerializer(many=True))
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        here = self.member_organization
        found = related_media(self.get_object(), user=request.user, organization=here)
        places = lessons_or_pages([one.media.pk for one in found], user=request.user, organization=here)
        rows = [{"related": one, "url": f"{places[one.media.pk]}?t={int(one.start)}"} for one in found]
        return Response(RelatedSerializer(rows, many=True).data)
