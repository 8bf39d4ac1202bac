"""Importing through the API: many addresses at once, or a file; each row answered on its own."""

from collections import Counter
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.api import says_yes
from core.errors import Refused
from core.parsers import JsonParser
from media_library.api.import_serializers import (
    GivenFileSerializer,
    GivenSerializer,
    ImportRowSerializer,
    ImportSerializer,
    PreviewSerializer,
)
from media_library.import_form import read_uploads
from media_library.importing import Given
from media_library.importing.documents import read_items
from media_library.models import Import, ImportRow, RowState
from media_library.services.importing import counts_of, preview_import, retry_import, start_import, stop_import

DRY_RUN = OpenApiParameter("dry_run", bool, description="Answer what would happen, and write nothing.")


class RowFilter(filters.FilterSet):
    """`?state=`"""

    state = filters.ChoiceFilter(choices=RowState.choices)


class ImportView(OrganizationView):
    reads = "content.view"
    serializer_class: type[BaseSerializer[Any]] = ImportSerializer
    lookup_url_kwarg = "import_id"
    queryset = Import.objects.none()  # for the schema

    def get_queryset(self) -> Any:
        return Import.objects.all()

    def told(self, batches: list[Import]) -> Any:
        context = {**self.get_serializer_context(), "counts": counts_of(batches)}
        return ImportSerializer(batches, many=True, context=context).data

    def answer(self, batch: Import, **options: Any) -> Response:
        return Response(self.told([batch])[0], **options)


class ImportListView(ImportView):
    area = Area.MEDIA
    parser_classes = (JsonParser, MultiPartParser, FormParser)

    @extend_schema(operation_id="imports", responses=ImportSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.told(list(page)))

    @extend_schema(
        operation_id="import_start",
        parameters=[DRY_RUN],
        request={"application/json": GivenSerializer, "multipart/form-data": GivenFileSerializer},
        responses={202: ImportSerializer, 200: PreviewSerializer},
    )
    def post(self, request: Request, organization: str) -> Response:
        """Bring in videos by their addresses. Answers at once; what needs its host goes on in jobs.

        Imported twice, nothing is here twice.
        """
        given = _given(request)
        if says_yes(request, "dry_run"):
            return _preview(given)
        batch = start_import(given.rows, format=given.format, name=given.name, by=request.user)
        return self.answer(batch, status=status.HTTP_202_ACCEPTED)


class ImportDetailView(ImportView):
    area = Area.MEDIA

    @extend_schema(operation_id="import_retrieve", responses=ImportSerializer)
    def get(self, request: Request, organization: str, import_id: Any) -> Response:
        return self.answer(self.get_object())


class ImportRowsView(ImportView):
    area = Area.MEDIA
    serializer_class = ImportRowSerializer
    filterset_class = RowFilter
    queryset = ImportRow.objects.none()  # for the schema

    @extend_schema(operation_id="import_rows", responses=ImportRowSerializer(many=True))
    def get(self, request: Request, organization: str, import_id: Any) -> Response:
        """What became of each row."""
        batch = get_object_or_404(Import, pk=import_id)
        rows = self.filter_queryset(ImportRow.objects.filter(batch=batch))
        answer = ImportRowSerializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response(answer.data)


class ImportRetryView(ImportView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="import_retry", request=None, responses={202: ImportSerializer})
    def post(self, request: Request, organization: str, import_id: Any) -> Response:
        """Try again what was refused for a reason that may have passed; 409 where there is nothing like that."""
        batch = self.get_object()
        retry_import(batch, by=request.user)
        return self.answer(batch, status=status.HTTP_202_ACCEPTED)


class ImportStopView(ImportView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="import_stop", request=None, responses={202: ImportSerializer})
    def post(self, request: Request, organization: str, import_id: Any) -> Response:
        """Stop waiting: such rows are refused as `cancelled`, and can be tried again; 409 where nothing goes on."""
        batch = self.get_object()
        stop_import(batch, by=request.user)
        return self.answer(batch, status=status.HTTP_202_ACCEPTED)


def _given(request: Request) -> Given:
    if files := request.FILES.getlist("file"):
        return read_uploads(files)
    form = GivenSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    if not form.rows:
        words = _("Give addresses, items or a file.")
        raise Refused("empty", words, fields={"addresses": [words]})
    return Given(read_items(form.rows), "json" if form.validated_data.get("items") else "pasted")


def _preview(given: Given) -> Response:
    answers = preview_import(given.rows)
    counts = {**dict.fromkeys(RowState.values, 0), **Counter(str(answer.state) for answer in answers)}
    return Response(PreviewSerializer({"counts": counts, "rows": answers}).data)
