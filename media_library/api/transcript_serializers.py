"""Transcripts as integrators see and send them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.fields import LARGEST_INTEGER
from media_library.captions import MAX_CUES, TimedText
from media_library.models import Outcome, Rung, Transcript
from media_library.models.transcript import Method
from media_library.services.corrections import Corrections
from media_library.services.rung_record import words_about


class CueSerializer(serializers.Serializer[Any]):
    """`start` and `end` in seconds. Markup in `text` is left out."""

    start = serializers.FloatField(min_value=0)
    end = serializers.FloatField(min_value=0)
    text = serializers.CharField(max_length=10_000)
    speaker = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class VersionSerializer(serializers.ModelSerializer):
    """Where words came from. `cost` in US dollars, `seconds_taken` for the work; `by` is who wrote them, by name."""

    by = serializers.SerializerMethodField()
    based_on = serializers.UUIDField(source="based_on_id", allow_null=True)
    is_present = serializers.SerializerMethodField(help_text="Whether this is the version that is read.")

    class Meta:
        model = Transcript
        fields = (
            "id", "language", "method", "is_generated", "timing", "model", "words", "cost", "seconds_taken", "by",
            "based_on", "is_present", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_by(self, transcript: Transcript) -> str:
        return str(transcript.by) if transcript.by else ""

    @extend_schema_field(serializers.BooleanField())
    def get_is_present(self, transcript: Transcript) -> bool:
        return bool(transcript.pk == self.context["present"])


class TranscriptSerializer(VersionSerializer):
    """A version with its cues; their order is their `position`, from 0.

    `cost`, `model` and `by` are for those who make content: null and empty for others.
    """

    cost = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)
    cues = serializers.SerializerMethodField()

    class Meta:
        model = Transcript
        fields = (*VersionSerializer.Meta.fields, "cues")
        read_only_fields = fields

    @extend_schema_field(CueSerializer(many=True))
    def get_cues(self, transcript: Transcript) -> list[Any]:
        return list(transcript.cues.order_by("position").values("start", "end", "text", "speaker"))

    def to_representation(self, instance: Transcript) -> Any:
        told = super().to_representation(instance)
        return told if self.context["tells"] else {**told, "cost": None, "model": "", "by": ""}


class LinesField(serializers.ListField):
    child = CueSerializer()

    def to_internal_value(self, data: Any) -> list[TimedText]:
        return [TimedText(**one) for one in super().to_internal_value(data)]


class TranscriptGivenSerializer(serializers.Serializer[Any]):
    """One of `cues`, `text` (of a WebVTT or SubRip file) and, in a form, `file`. `language` is a tag such as `de`."""

    language = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    cues = LinesField(required=False, max_length=MAX_CUES)
    text = serializers.CharField(required=False, trim_whitespace=False)
    file = serializers.FileField(required=False, allow_empty_file=True, max_length=255)


class ChangedCueSerializer(CueSerializer):
    position = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class CorrectionsSerializer(serializers.Serializer[Any]):
    """What changes, and nothing else. `base` is the version that was corrected; positions are those of its cues."""

    base = serializers.UUIDField()
    changed = serializers.ListField(child=ChangedCueSerializer(), required=False, max_length=MAX_CUES, default=list)
    removed = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER),
        required=False,
        max_length=MAX_CUES,
        default=list,
    )
    added = LinesField(required=False, max_length=MAX_CUES, default=list)

    def corrections(self) -> Corrections:
        given = self.validated_data
        changed = {one.pop("position"): TimedText(**one) for one in map(dict, given["changed"])}
        return Corrections(changed, frozenset(given["removed"]), given["added"])


class RungSerializer(serializers.ModelSerializer):
    """How looking for words ended at one place. `message` says what to do."""

    method = serializers.ChoiceField(choices=Method.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    place = serializers.CharField(source="get_method_display")
    message = serializers.SerializerMethodField()

    class Meta:
        model = Rung
        fields = ("method", "place", "outcome", "code", "message", "seconds_taken", "happened_at")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_message(self, rung: Rung) -> str:
        return words_about(rung)
