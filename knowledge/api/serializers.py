from dataclasses import fields

from rest_framework import serializers

from knowledge.question import MAX_CHARACTERS
from knowledge.services.search import FIRST_MOMENTS, MOST_MOMENTS, Manner
from knowledge.visible import Filters

MANNERS = [manner.value for manner in Manner]


class QuestionSerializer(serializers.Serializer):
    q = serializers.CharField(
        max_length=MAX_CHARACTERS, help_text='Any word matches; `"a phrase"` and `-without` bind.'
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST_MOMENTS, default=FIRST_MOMENTS)
    course = serializers.SlugField(default="", allow_blank=True, help_text="Only in this course.")
    media = serializers.UUIDField(default=None, allow_null=True, help_text="Only in this media item.")
    speaker = serializers.CharField(default="", allow_blank=True, max_length=80, help_text="Only what they say.")
    language = serializers.CharField(default="", allow_blank=True, max_length=20, help_text="A tag such as `en`.")
    label = serializers.CharField(  # type: ignore[assignment]  # the metaclass takes it out of the class
        default="", allow_blank=True, max_length=80, help_text="Only media about this; a slug."
    )
    since = serializers.DateField(default=None, allow_null=True, help_text="Published on this day or later.")
    until = serializers.DateField(default=None, allow_null=True, help_text="Published on this day or earlier.")
    as_typed = serializers.BooleanField(default=False, help_text="Take no word for another.")

    def filters(self) -> Filters:
        return Filters(**{named.name: self.validated_data[named.name] for named in fields(Filters)})


class MomentSerializer(serializers.Serializer):
    media = serializers.UUIDField(source="moment.media.pk")
    title = serializers.CharField(source="destination.title")
    start = serializers.FloatField(source="moment.start", help_text="Seconds: the sentence is said from here.")
    end = serializers.FloatField(source="moment.end", help_text="Seconds.")
    text = serializers.CharField(source="moment.text")
    html = serializers.CharField(source="moment.sentence", help_text="The text, escaped, with the words in `<mark>`.")
    speaker = serializers.CharField(source="moment.speaker", help_text="Empty where nobody is named.")
    score = serializers.FloatField(source="moment.score", help_text="Compares within one answer only.")
    course = serializers.CharField(source="destination.course", help_text="Empty: it opens outside of a course.")
    url = serializers.CharField(source="destination.url", help_text="Path of the page that plays from there.")


class ReadingSerializer(serializers.Serializer):
    item = serializers.UUIDField(source="reading.item.pk", help_text="Of a course: a text, or a file handed out.")
    title = serializers.CharField(source="destination.title")
    heading = serializers.CharField(source="reading.heading", help_text="Above it; empty where there is none.")
    page = serializers.IntegerField(source="reading.page", allow_null=True, help_text="Of a file, from 1.")
    text = serializers.CharField(source="reading.text")
    html = serializers.CharField(source="reading.sentence", help_text="The text, escaped, with the words in `<mark>`.")
    score = serializers.FloatField(source="reading.score", help_text="Compares with those of moments too.")
    course = serializers.CharField(source="destination.course")
    url = serializers.CharField(source="destination.url", help_text="Path of the page that shows it.")


class FrameNoteSerializer(serializers.Serializer):
    frame = serializers.UUIDField(source="note.frame.pk")
    media = serializers.UUIDField(source="note.media.pk")
    title = serializers.CharField(source="note.media.title")
    start = serializers.FloatField(source="note.frame.second", help_text="Seconds: what the picture was taken of.")
    text = serializers.CharField(source="note.text")
    html = serializers.CharField(source="note.sentence", help_text="The text, escaped, with the words in `<mark>`.")
    score = serializers.FloatField(source="note.score", help_text="Compares with those of notes only.")
    url = serializers.CharField(help_text="Path of the page that plays from there.")


class AnswerSerializer(serializers.Serializer):
    manner = serializers.ChoiceField(MANNERS)
    corrected = serializers.CharField(
        help_text="The question that was answered, where words of yours are said nowhere; else empty."
    )
    has_more = serializers.BooleanField()
    moments = MomentSerializer(many=True)
    readings = ReadingSerializer(many=True, help_text="Where it is written: in texts and files of courses.")


class LibraryAnswerSerializer(AnswerSerializer):
    notes = FrameNoteSerializer(many=True, help_text="What is noted on pictures out of video; for makers alone.")
