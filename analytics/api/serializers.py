"""Shapes of the reports; what a page shows and a CSV file holds has the same names."""

from typing import Any

from rest_framework import serializers

HALF = "Of the range before, as long."


class PeriodSerializer(serializers.Serializer[Any]):
    first = serializers.DateField(help_text="In the organization's time zone.")
    last = serializers.DateField()


class ViewingSerializer(serializers.Serializer[Any]):
    views = serializers.IntegerField(help_text="Started sessions.")
    starts = serializers.IntegerField(help_text="Learners who came for the first time.")
    viewers = serializers.IntegerField(help_text="Distinct learners.")
    finishers = serializers.IntegerField(help_text="Of these, who reached 90 % for the first time.")
    watch_seconds = serializers.IntegerField(help_text="Sum over sessions of their distinct seconds.")
    completions = serializers.IntegerField(help_text="Learners who reached 90 % for the first time.")
    completion_rate = serializers.FloatField(help_text="0–100: finishers ÷ viewers.")
    ai_interactions = serializers.IntegerField(help_text="Questions asked about it.")
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the figures last changed; null: never rolled up."
    )


class ViewingDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    views = serializers.IntegerField()
    viewers = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()
    completions = serializers.IntegerField()


class RetainedSerializer(serializers.Serializer[Any]):
    first = serializers.IntegerField(help_text="Second of the media item.")
    end = serializers.IntegerField(help_text="The second after the last.")
    learners = serializers.FloatField(help_text="On average over these seconds.")
    percent = serializers.FloatField(help_text="0–100, of all viewers so far.")


class PeakSerializer(serializers.Serializer[Any]):
    first = serializers.IntegerField()
    end = serializers.IntegerField()
    times = serializers.FloatField(help_text="Visits to these seconds ÷ learners who came to them.")
    sentence = serializers.CharField(help_text="What is said there; empty: nothing.")
    at = serializers.IntegerField(help_text="Where the sentence begins: `?t=` of the page that plays it.")


class ShareSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    words = serializers.CharField()
    visits = serializers.IntegerField()
    percent = serializers.FloatField()


class MediaReportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    period = PeriodSerializer()
    totals = ViewingSerializer()
    previous = ViewingSerializer(help_text=HALF)
    days = ViewingDaySerializer(many=True, help_text="Each day, oldest first.")
    previous_days = ViewingDaySerializer(many=True)
    retention = RetainedSerializer(many=True, help_text="At most 300 stretches; none while its length is unknown.")
    peaks = PeakSerializer(many=True, help_text="At most five, the strongest first.")
    devices = ShareSerializer(many=True)
    referrers = ShareSerializer(many=True)


class MediaFiguresSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    views = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()
    completions = serializers.IntegerField()


class CourseFiguresSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    enrollments = serializers.IntegerField()
    completions = serializers.IntegerField()
    items_completed = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()


class CreatorTotalsSerializer(serializers.Serializer[Any]):
    media_added = serializers.IntegerField()
    views = serializers.IntegerField()
    viewers = serializers.IntegerField(help_text="Distinct learners.")
    watch_seconds = serializers.IntegerField()
    completions = serializers.IntegerField(help_text="Of media: learners who reached 90 % for the first time.")
    completion_rate = serializers.FloatField(help_text="0–100: of each learner with each media item viewed.")
    ai_interactions = serializers.IntegerField()
    enrollments = serializers.IntegerField()
    course_completions = serializers.IntegerField()
    ai_cost = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="US dollars.")


class AiCostSerializer(serializers.Serializer[Any]):
    purpose = serializers.CharField()
    words = serializers.CharField()
    calls = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="US dollars.")


class AiSubjectSerializer(serializers.Serializer[Any]):
    """`subject` is the key of a media item, a draft, a course draft or an answer; `name` says where that is gone."""

    subject = serializers.UUIDField()
    name = serializers.CharField(help_text="Such as the media or the course that a draft was made for.")
    purpose = serializers.CharField()
    words = serializers.CharField()
    calls = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=14, decimal_places=6, help_text="US dollars.")


class QuotaSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    used = serializers.IntegerField(help_text="Bytes uploaded this week.")
    allowed = serializers.IntegerField(help_text="Bytes a week.")
    percent = serializers.FloatField()


class CreatorReportSerializer(serializers.Serializer[Any]):
    creator = serializers.UUIDField(allow_null=True, help_text="Null: the whole organization.")
    name = serializers.CharField()
    period = PeriodSerializer()
    media = serializers.IntegerField(help_text="Now, without what is archived.")
    published = serializers.IntegerField()
    with_words = serializers.IntegerField()
    free_words = serializers.IntegerField()
    free_percent = serializers.FloatField(allow_null=True, help_text="0–100; null where nothing has words.")
    totals = CreatorTotalsSerializer()
    previous = CreatorTotalsSerializer(help_text=HALF)
    days = ViewingDaySerializer(many=True)
    previous_days = ViewingDaySerializer(many=True)
    popular = MediaFiguresSerializer(many=True, help_text="At most ten.")
    ai_costs = AiCostSerializer(many=True)
    ai_subjects = AiSubjectSerializer(many=True, help_text="At most ten, the dearest first.")
    quota = QuotaSerializer(many=True, help_text="Of everybody for owners, else one's own.")
    computed_at = serializers.DateTimeField(allow_null=True)


class LearningSerializer(serializers.Serializer[Any]):
    enrollments = serializers.IntegerField()
    learners = serializers.IntegerField(help_text="Distinct, who did anything.")
    completions = serializers.IntegerField()
    views = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()
    items_completed = serializers.IntegerField()
    quizzes_submitted = serializers.IntegerField()
    quizzes_passed = serializers.IntegerField()
    quiz_percent = serializers.FloatField(allow_null=True, help_text="0–100; null without any.")
    assignments_submitted = serializers.IntegerField()
    ai_interactions = serializers.IntegerField()
    computed_at = serializers.DateTimeField(allow_null=True)


class LearningDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    enrollments = serializers.IntegerField()
    learners = serializers.IntegerField()
    items_completed = serializers.IntegerField()
    completions = serializers.IntegerField()
    watch_seconds = serializers.IntegerField()


class StepSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    chapter = serializers.CharField()
    type = serializers.CharField()
    is_required = serializers.BooleanField()
    done = serializers.IntegerField()
    percent = serializers.FloatField(help_text="0–100, of the active learners who are not excused from it.")


class ItemKindSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    media_source = serializers.CharField(help_text="Of a video; else empty.")
    words = serializers.CharField()
    items = serializers.IntegerField()


class AskedQuestionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    quiz = serializers.UUIDField()
    item = serializers.CharField(allow_null=True)
    prompt = serializers.CharField()
    attempts = serializers.IntegerField()
    right = serializers.IntegerField(help_text="Attempts that earned all of its points.")
    right_percent = serializers.FloatField()
    average = serializers.FloatField(help_text="0–100: points earned of those possible.")


class LearnerBehindSerializer(serializers.Serializer[Any]):
    enrollment = serializers.UUIDField()
    name = serializers.CharField()
    reason = serializers.CharField(help_text="quiet, slow")
    reason_words = serializers.CharField()
    percentage = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    last_accessed_at = serializers.DateTimeField()


class BehindSerializer(serializers.Serializer[Any]):
    quiet_days = serializers.IntegerField()
    median = serializers.FloatField(help_text="0–100, of all active learners.")
    total = serializers.IntegerField()
    learners = LearnerBehindSerializer(many=True, help_text="At most 50, who was here the longest ago first.")


class CourseReportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    period = PeriodSerializer()
    learners = serializers.IntegerField(help_text="Enrolled now.")
    totals = LearningSerializer()
    previous = LearningSerializer(help_text=HALF)
    days = LearningDaySerializer(many=True)
    previous_days = LearningDaySerializer(many=True)
    funnel = StepSerializer(many=True, help_text="The published items in order.")
    items = ItemKindSerializer(many=True)
    questions = AskedQuestionSerializer(many=True, help_text="The hardest first.")
    behind = BehindSerializer()


class SearchTotalsSerializer(serializers.Serializer[Any]):
    searches = serializers.IntegerField()
    without_result = serializers.IntegerField()
    gap_percent = serializers.FloatField(help_text="0–100: without_result ÷ searches.")
    searchers = serializers.IntegerField(help_text="Distinct learners.")


class SearchGapSerializer(serializers.Serializer[Any]):
    query = serializers.CharField(help_text="In small letters.")
    searches = serializers.IntegerField()
    without_result = serializers.IntegerField()
    learners = serializers.IntegerField()
    last_day = serializers.DateField()


class SearchReportSerializer(serializers.Serializer[Any]):
    period = PeriodSerializer()
    totals = SearchTotalsSerializer()
    previous = SearchTotalsSerializer(help_text=HALF)
    gaps = SearchGapSerializer(many=True, help_text="At most a hundred.")
