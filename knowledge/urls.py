"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import URLPattern

app_name = "knowledge"
urlpatterns: list[URLPattern] = []
