"""Filters of lists in the API."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters

FLAGS = {"true": True, "1": True, "false": False, "0": False}


class FlagField(forms.Field):
    """`true` or `false`. Whatever else is sent is refused: the form field of Django takes it for nothing at all."""

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if str(value).lower() not in FLAGS:
            raise forms.ValidationError(_("Write true or false."))
        return FLAGS[str(value).lower()]


class FlagFilter(filters.BooleanFilter):
    """`?name=true` or `?name=false`; without it all are listed."""

    field_class = FlagField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.TextInput, **kwargs})
