"""The learning record store that is told what is watched. Its secret is taken and never given out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.models import RecordStore
from analytics.services.record_stores import Terms, forget_store, push_again, refused, set_store, store_here, waiting
from core.errors import Refused
from core.parsers import JsonParser


class TermsSerializer(serializers.Serializer[Any]):
    """`secret` may be left out where one is stored. `with_addresses`: learners are named by e-mail address."""

    endpoint = serializers.CharField()
    key = serializers.CharField()
    secret = serializers.CharField(required=False, allow_blank=True, default="", write_only=True)
    is_on = serializers.BooleanField(required=False, default=True)
    with_addresses = serializers.BooleanField(required=False, default=False)


class RecordStoreSerializer(serializers.Serializer[Any]):
    """`waiting` and `refused` count visits and completions; `error` is why it took nothing the last time, or empty."""

    endpoint = serializers.CharField()
    key = serializers.CharField()
    is_on = serializers.BooleanField()
    with_addresses = serializers.BooleanField()
    pushed_statements = serializers.IntegerField()
    pushed_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    failed_at = serializers.DateTimeField(allow_null=True)
    next_try_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.SerializerMethodField()
    refused = serializers.SerializerMethodField()

    def get_waiting(self, store: RecordStore) -> int:
        return int(waiting().count())

    def get_refused(self, store: RecordStore) -> int:
        return int(refused().count())


class StoreView(OrganizationView):
    reads = writes = "sources.manage"
    serializer_class = RecordStoreSerializer
    parser_classes = (JsonParser, FormParser)


class RecordStoreView(StoreView):
    area = Area.ANALYTICS

    @extend_schema(operation_id="record_store", responses=RecordStoreSerializer)
    def get(self, request: Request, organization: str) -> Response:
        """How it goes with it."""
        return Response(RecordStoreSerializer(_store()).data)

    @extend_schema(operation_id="record_store_set", request=TermsSerializer, responses=RecordStoreSerializer)
    def put(self, request: Request, organization: str) -> Response:
        """From now on it is told of each visit and completion, as xAPI statements."""
        form = TermsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(RecordStoreSerializer(set_store(Terms(**form.validated_data), by=request.user)).data)

    @extend_schema(operation_id="record_store_forget", responses={204: None})
    def delete(self, request: Request, organization: str) -> Response:
        forget_store(_store(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RecordStorePushView(StoreView):
    area = Area.ANALYTICS

    @extend_schema(operation_id="record_store_push", request=None, responses={202: RecordStoreSerializer})
    def post(self, request: Request, organization: str) -> Response:
        """Tell it soon what waits, and once more what it refused."""
        store = _store()
        push_again(store)
        return Response(RecordStoreSerializer(store).data, status=status.HTTP_202_ACCEPTED)


def _store() -> RecordStore:
    found = store_here()
    if found is None:
        raise Refused("not_found", "No record store was named.", status=404)
    return found
