from rest_framework import serializers


class PeriodSerializer(serializers.Serializer):
    days = serializers.IntegerField(
        min_value=1,
        max_value=3660,
        required=False,
        help_text="The last so many days with today; all of them without it.",
    )


class DayFiguresSerializer(serializers.Serializer):
    day = serializers.DateField(help_text="In the organization's time zone.")
    views = serializers.IntegerField()
    viewers = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()
    completions = serializers.IntegerField(help_text="Learners who reached 90 % that day.")
    completion_rate = serializers.FloatField(help_text="0–100: of those who started that day.")


class MediaReportSerializer(serializers.Serializer):
    media = serializers.UUIDField(source="media_id")
    views = serializers.IntegerField(help_text="Started sessions.")
    viewers = serializers.IntegerField(help_text="Distinct learners.")
    finishers = serializers.IntegerField(help_text="Of these, who reached 90 %.")
    watch_seconds = serializers.IntegerField(help_text="Sum over sessions of their distinct seconds.")
    completion_rate = serializers.FloatField(help_text="0–100: finishers ÷ viewers.")
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the figures last changed; null: never rolled up."
    )
    days = DayFiguresSerializer(many=True, help_text="Oldest first; days without anything are left out.")
