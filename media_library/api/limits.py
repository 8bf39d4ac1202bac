"""Fields whose limits the description tells, and a service judges: its refusals have words and codes of their own."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class Limited(serializers.Field):
    """`limits` in the words of JSON Schema, such as `maxLength`."""

    def __init__(self, *, limits: dict[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self.limits = limits


class LimitedText(Limited, serializers.CharField):
    pass


class LimitedNumber(Limited, serializers.FloatField):
    pass


class LimitedIds(Limited, serializers.ListField):
    child = serializers.UUIDField()


class LimitsTold(OpenApiSerializerFieldExtension):
    target_class = Limited
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        return auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True) | self.target.limits
