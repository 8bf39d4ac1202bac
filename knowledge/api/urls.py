"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api.ask import AskView, ConversationDetail, ConversationList, RateAnswer
from knowledge.api.views import SearchView

urlpatterns = [
    path("search/", SearchView.as_view(), name="api_search"),
    path("ask/", AskView.as_view(), name="api_ask"),
    path("ask/answers/<uuid:answer_id>/thumb/", RateAnswer.as_view(), name="api_rate_answer"),
    path("conversations/", ConversationList.as_view(), name="api_conversations"),
    path("conversations/<uuid:conversation_id>/", ConversationDetail.as_view(), name="api_conversation"),
]
