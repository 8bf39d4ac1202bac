"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from knowledge.views import search, suggestions

app_name = "knowledge"
urlpatterns = [
    path("search/", search.search_page, name="search"),
    path("search/suggestions/", suggestions.suggestions, name="suggestions"),
]
