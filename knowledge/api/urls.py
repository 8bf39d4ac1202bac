"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api.repeating import RepetitionsView, SaidBeforeView
from knowledge.api.views import SearchView

urlpatterns = [
    path("search/", SearchView.as_view(), name="api_search"),
    path("search/said-before/", SaidBeforeView.as_view(), name="api_said_before"),
    path("search/repetitions/", RepetitionsView.as_view(), name="api_repetitions"),
]
