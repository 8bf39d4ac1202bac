"""Projects and the batches of them, for makers."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status
from rest_framework.generics import ListCreateAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.api import says_yes
from core.fields import LARGEST_INTEGER
from media_library.api.filters import ProjectFilter
from media_library.api.limits import LimitedText
from media_library.batches.batches import YEARS, change_batch, delete_batch, move_batch, reorder_batches, save_batch
from media_library.batches.history import WORDS, History
from media_library.batches.projects import delete_project, save_project
from media_library.batches.standing import Standing, standings
from media_library.batches.unused import ends_at
from media_library.models import Project, UploadBatch
from media_library.models.batches import BATCH_NAME_CHARACTERS

WITH_FRAMES = OpenApiParameter("with_frames", bool, description="Its frames go along; media stay in the library.")
NAME = {"maxLength": BATCH_NAME_CHARACTERS}
DAYS = f"A day of the years {YEARS[0]}–{YEARS[-1]}."
GONE = {204: OpenApiResponse(description="It is gone; its media stay in the library.")}


class ProjectSerializer(serializers.ModelSerializer):
    batch_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Project
        fields = ["id", "title", "description", "created_by", "created_at", "batch_count"]
        read_only_fields = ["created_by", "created_at"]


class BatchStandingSerializer(serializers.Serializer[Any]):
    """Media by how far they are; `percent` 0–100 of what was brought in is ready."""

    media = serializers.IntegerField()
    ready = serializers.IntegerField()
    processing = serializers.IntegerField()
    failed = serializers.IntegerField()
    arriving = serializers.IntegerField()
    percent = serializers.IntegerField()
    frames = serializers.IntegerField()
    media_bytes = serializers.IntegerField()
    frame_bytes = serializers.IntegerField()


class BatchSerializer(serializers.ModelSerializer):
    """`position` from 1 in its project; `folder` of its frames never changes.

    One that is empty goes at `ends_at`, unless something comes into it, and was told of at `warned_at`; all of this
    is null for any other.
    """

    project = serializers.UUIDField(source="project_id", read_only=True)
    created_by = serializers.UUIDField(source="created_by_id", read_only=True, allow_null=True)
    standing = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()

    class Meta:
        model = UploadBatch
        fields = [
            "id", "project", "name", "date", "position", "folder", "created_by", "created_at", "standing",
            "empty_since", "warned_at", "ends_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_ends_at(self, batch: UploadBatch) -> datetime | None:
        return ends_at(batch)

    @extend_schema_field(BatchStandingSerializer)
    def get_standing(self, batch: UploadBatch) -> dict[str, Any]:
        standing: Standing = self.context["standings"][batch.pk]
        return BatchStandingSerializer(standing).data


class NewBatchSerializer(serializers.Serializer[Any]):
    """Without `date` it is of today."""

    name = LimitedText(limits=NAME)
    date = serializers.DateField(required=False, allow_null=True, default=None, help_text=DAYS)


class BatchEditSerializer(serializers.Serializer[Any]):
    """`project` moves it there, at `position` from 1 or at the end."""

    name = LimitedText(required=False, limits=NAME)
    date = serializers.DateField(required=False, help_text=DAYS)
    project = serializers.UUIDField(required=False)
    position = serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER, required=False, allow_null=True)


class BatchOrderSerializer(serializers.Serializer[Any]):
    batches = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)


class HappenedSerializer(serializers.Serializer[Any]):
    """`state` is how far it is and `count` how many frames were made, where that is known; `told` is for people."""

    at = serializers.DateTimeField()
    event = serializers.ChoiceField(choices=list(WORDS.items()))
    who = serializers.CharField()
    about = serializers.CharField()
    state = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    told = serializers.CharField()
    batch = serializers.CharField()
    media = serializers.UUIDField(allow_null=True)


class ProjectView(OrganizationView):
    reads = "content.view"
    serializer_class: Any = ProjectSerializer
    queryset = Project.objects.all()
    lookup_url_kwarg = "project_id"

    def get_queryset(self) -> QuerySet:
        return Project.objects.annotate(batch_count=Count("batches")).order_by("title", "pk")

    def told(self, batches: list[UploadBatch]) -> Any:
        context = {**self.get_serializer_context(), "standings": standings(batches)}
        return BatchSerializer(batches, many=True, context=context).data

    def listed(self, project: Project) -> Response:
        page = self.paginate_queryset(UploadBatch.objects.filter(project=project).order_by("position", "pk"))
        return self.get_paginated_response(self.told(page or []))


@extend_schema_view(get=extend_schema(operation_id="project_list"), post=extend_schema(operation_id="project_create"))
class ProjectList(ProjectView, ListCreateAPIView):
    area = Area.MEDIA
    filterset_class = ProjectFilter

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = save_project(Project(**serializer.validated_data), by=self.request.user)


@extend_schema_view(
    get=extend_schema(operation_id="project_retrieve"),
    patch=extend_schema(operation_id="project_update"),
    delete=extend_schema(operation_id="project_delete", parameters=[WITH_FRAMES], responses=GONE),
)
class ProjectDetail(ProjectView, RetrieveModelMixin):
    area = Area.MEDIA

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        project = self.get_object()
        form = self.get_serializer(project, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(project, name, value)
        save_project(project, by=request.user, written=form.validated_data)
        return Response(self.get_serializer(project).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With its batches; 409 while one has frames or media, unless told that they go with their frames."""
        delete_project(self.get_object(), with_frames=says_yes(request, "with_frames"), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProjectBatches(ProjectView):
    area = Area.MEDIA

    @extend_schema(operation_id="project_batches", responses=BatchSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """In order, each with how far it is and what it takes."""
        return self.listed(self.get_object())

    @extend_schema(operation_id="batch_create", request=NewBatchSerializer, responses={201: BatchSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """At the end of the project."""
        project = self.get_object()
        form = NewBatchSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        batch = save_batch(UploadBatch(project=project, **form.validated_data), by=request.user)
        batch.refresh_from_db()
        return Response(self.told([batch])[0], status=status.HTTP_201_CREATED)


class ProjectOrder(ProjectView):
    area = Area.MEDIA

    @extend_schema(operation_id="project_order", request=BatchOrderSerializer, responses=BatchSerializer(many=True))
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Put its batches in this order; those that are not named follow in their own."""
        project = self.get_object()
        form = BatchOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reorder_batches(project, form.validated_data["batches"], by=request.user)
        return self.listed(project)


class ProjectHistory(ProjectView):
    area = Area.MEDIA

    @extend_schema(operation_id="project_history", responses=HappenedSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Uploads, frames asked for, failures, and what was renamed, moved or deleted; the latest first."""
        page = self.paginate_queryset(History(self.get_object()))  # type: ignore[arg-type]
        return self.get_paginated_response(HappenedSerializer(page, many=True).data)


class BatchDetail(ProjectView):
    area = Area.MEDIA
    queryset = UploadBatch.objects.all()
    lookup_url_kwarg = "batch_id"
    serializer_class = BatchSerializer

    def get_queryset(self) -> QuerySet:
        return UploadBatch.objects.select_related("project")

    @extend_schema(operation_id="batch_retrieve", responses=BatchSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.told([self.get_object()])[0])

    @extend_schema(operation_id="batch_update", request=BatchEditSerializer, responses=BatchSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Rename it, date it, move it; the stored paths of its frames stay."""
        batch = self.get_object()
        form = BatchEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        home = get_object_or_404(Project, pk=sent["project"]) if "project" in sent else None
        facts = {name: sent[name] for name in ("name", "date") if name in sent}
        if {"project", "position"} & sent.keys():
            move_batch(batch, project=home, position=sent.get("position"), by=request.user, **facts)
        else:
            change_batch(batch, by=request.user, **facts)
        return Response(self.told([batch])[0])

    @extend_schema(operation_id="batch_delete", parameters=[WITH_FRAMES], responses=GONE)
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """409 (`in_use`) while it has frames or media, unless told that it goes with its frames."""
        delete_batch(self.get_object(), with_frames=says_yes(request, "with_frames"), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
