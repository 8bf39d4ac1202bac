"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api.labels import LabelListView, MediaLabelsView, MediaRelatedView
from knowledge.api.views import SearchView

urlpatterns = [
    path("search/", SearchView.as_view(), name="api_search"),
    path("labels/", LabelListView.as_view(), name="api_labels"),
    path("media/<uuid:media_id>/labels/", MediaLabelsView.as_view(), name="media_labels"),
    path("media/<uuid:media_id>/related/", MediaRelatedView.as_view(), name="media_related"),
]
