"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api.views import SearchView

urlpatterns = [path("search/", SearchView.as_view(), name="api_search")]
