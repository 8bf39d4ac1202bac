"""Questions and answers, as integrators send and read them."""

from rest_framework import serializers

from knowledge.models import Conversation
from knowledge.models.conversation import QUESTION_CHARACTERS, AnswerManner, AnswerState, Thumb


class NewQuestionSerializer(serializers.Serializer):
    question = serializers.CharField(max_length=QUESTION_CHARACTERS)
    item = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="A lesson.")
    media = serializers.UUIDField(required=False, allow_null=True, default=None)
    course = serializers.UUIDField(required=False, allow_null=True, default=None)
    conversation = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="One of your own goes on; what it is about stays."
    )


class CitationSerializer(serializers.Serializer):
    """`url` is empty where it is not open to you any more."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    quote = serializers.CharField(help_text="What is said or written there.")
    speaker = serializers.CharField()
    media = serializers.UUIDField(source="media_id", allow_null=True)
    start = serializers.FloatField(allow_null=True, help_text="Seconds; null for what is written.")
    url = serializers.CharField(help_text="Path of the page that opens it there.")


class ShownAnswerSerializer(serializers.Serializer):
    """`text` carries its citations as `[1]`. A machine wrote it, unless `manner` is `quoted`."""

    id = serializers.UUIDField(source="answer.pk")
    conversation = serializers.UUIDField(source="answer.conversation_id")
    question = serializers.CharField(source="answer.question")
    text = serializers.CharField(source="answer.text")
    state = serializers.ChoiceField(AnswerState.choices, source="answer.state")
    manner = serializers.ChoiceField(AnswerManner.choices, source="answer.manner")
    problem = serializers.CharField(help_text="What went wrong, in words; empty: nothing.")
    model = serializers.CharField(source="answer.model")
    prompt = serializers.CharField(source="answer.prompt")
    thumb = serializers.ChoiceField(Thumb.choices, source="answer.thumb")
    created_at = serializers.DateTimeField(source="answer.created_at")
    citations = CitationSerializer(many=True)


class ConversationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Conversation
        fields = ["id", "title", "about", "reach", "course", "item", "media", "created_at", "asked_at"]
        read_only_fields = fields


class WholeConversationSerializer(serializers.Serializer):
    conversation = ConversationSerializer()
    answers = ShownAnswerSerializer(many=True)


class RatingSerializer(serializers.Serializer):
    thumb = serializers.ChoiceField(Thumb.choices, allow_blank=True, help_text="Empty takes it back.")
