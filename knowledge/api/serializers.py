from rest_framework import serializers

from knowledge.question import MAX_CHARACTERS
from knowledge.services.search import FIRST_MOMENTS, MOST_MOMENTS, Manner


class QuestionSerializer(serializers.Serializer):
    q = serializers.CharField(
        max_length=MAX_CHARACTERS, help_text='Any word matches; `"a phrase"` and `-without` bind.'
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST_MOMENTS, default=FIRST_MOMENTS)


class MomentSerializer(serializers.Serializer):
    media = serializers.UUIDField(source="moment.media.pk")
    title = serializers.CharField(source="moment.media.title")
    start = serializers.FloatField(source="moment.start", help_text="Seconds: the sentence is said from here.")
    end = serializers.FloatField(source="moment.end", help_text="Seconds.")
    text = serializers.CharField(source="moment.text")
    html = serializers.CharField(source="moment.sentence", help_text="The text, escaped, with the words in `<mark>`.")
    speaker = serializers.CharField(source="moment.speaker", help_text="Empty where nobody is named.")
    score = serializers.FloatField(source="moment.score", help_text="Compares within one answer only.")
    course = serializers.CharField(source="destination.course", help_text="Empty: it opens outside of a course.")
    url = serializers.CharField(source="destination.url", help_text="Path of the page that plays from there.")


class AnswerSerializer(serializers.Serializer):
    manner = serializers.ChoiceField([manner.value for manner in Manner])
    has_more = serializers.BooleanField()
    moments = MomentSerializer(many=True)
