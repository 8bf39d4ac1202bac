"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api import course_drafts, drafts
from knowledge.api.answers import AskedList
from knowledge.api.ask import AskView, ConversationDetail, ConversationList, RateAnswer
from knowledge.api.labels import LabelListView, MediaLabelsView, MediaRelatedView
from knowledge.api.repeating import RepetitionDetail, RepetitionsView, SaidBeforeView
from knowledge.api.views import SearchView

COURSE_DRAFT = "course-drafts/<uuid:course_draft_id>/"

urlpatterns = [
    path("search/", SearchView.as_view(), name="api_search"),
    path("media/<uuid:media_id>/drafts/", drafts.MediaDrafts.as_view(), name="api_media_drafts"),
    path("drafts/<uuid:draft_id>/", drafts.DraftDetail.as_view(), name="api_draft"),
    path("drafts/<uuid:draft_id>/accept/", drafts.DraftAccept.as_view(), name="api_draft_accept"),
    path("drafts/<uuid:draft_id>/refuse/", drafts.DraftRefuse.as_view(), name="api_draft_refuse"),
    path("search/said-before/", SaidBeforeView.as_view(), name="api_said_before"),
    path("search/repetitions/", RepetitionsView.as_view(), name="api_repetitions"),
    path("search/repetitions/<uuid:repetition_id>/", RepetitionDetail.as_view(), name="api_repetition"),
    path("labels/", LabelListView.as_view(), name="api_labels"),
    path("media/<uuid:media_id>/labels/", MediaLabelsView.as_view(), name="media_labels"),
    path("media/<uuid:media_id>/related/", MediaRelatedView.as_view(), name="media_related"),
    path("course-drafts/", course_drafts.CourseDraftList.as_view(), name="api_course_drafts"),
    path(COURSE_DRAFT, course_drafts.CourseDraftDetail.as_view(), name="api_course_draft"),
    path(f"{COURSE_DRAFT}accept/", course_drafts.CourseDraftAccept.as_view(), name="api_course_draft_accept"),
    path(f"{COURSE_DRAFT}retry/", course_drafts.CourseDraftRetry.as_view(), name="api_course_draft_retry"),
    path("answers/", AskedList.as_view(), name="api_answers"),
    path("ask/", AskView.as_view(), name="api_ask"),
    path("ask/answers/<uuid:answer_id>/thumb/", RateAnswer.as_view(), name="api_rate_answer"),
    path("conversations/", ConversationList.as_view(), name="api_conversations"),
    path("conversations/<uuid:conversation_id>/", ConversationDetail.as_view(), name="api_conversation"),
]
