"""Addresses below `/api/v1/<organization>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
