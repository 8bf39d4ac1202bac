"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import path

from knowledge.views import search

app_name = "knowledge"
urlpatterns = [path("search/", search.search_page, name="search")]
