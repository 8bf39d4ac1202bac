"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from knowledge.views import labels, search, suggestions

app_name = "knowledge"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/suggestions/", suggestions.suggestions, name="suggestions"),
    path("labels/", labels.label_list, name="labels"),
    path("labels/<str:label>/", labels.label_page, name="label"),
    path("media/<uuid:media_id>/around/", labels.around, name="around"),
]
