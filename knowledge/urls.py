"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from knowledge.views import ask, labels, search, suggestions

app_name = "knowledge"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/suggestions/", suggestions.suggestions, name="suggestions"),
    path("labels/", labels.label_list, name="labels"),
    path("labels/<str:label>/", labels.label_page, name="label"),
    path("media/<uuid:media_id>/around/", labels.around, name="around"),
    path("media/<uuid:media_id>/ask/", ask.ask_media, name="ask_media"),
    path("ask/", ask.ask_library, name="ask"),
    path("ask/<uuid:conversation_id>/", ask.conversation_page, name="conversation"),
    path("ask/<uuid:conversation_id>/delete/", ask.remove_conversation, name="delete_conversation"),
    path("ask/answers/<uuid:answer_id>/thumb/", ask.rate, name="rate_answer"),
    path("courses/<slug:course>/ask/", ask.ask_course, name="ask_course"),
    path("courses/<slug:course>/learn/<uuid:item_id>/ask/", ask.ask_lesson, name="ask_lesson"),
]
