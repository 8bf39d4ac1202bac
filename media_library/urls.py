"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import URLPattern

app_name = "media_library"
urlpatterns: list[URLPattern] = []
