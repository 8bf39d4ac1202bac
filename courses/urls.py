"""Addresses of learner pages, below `/<organization>/`."""

from django.urls import URLPattern

app_name = "courses"
urlpatterns: list[URLPattern] = []
