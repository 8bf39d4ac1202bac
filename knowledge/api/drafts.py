"""`media/<id>/drafts/`, `drafts/<id>/`: having drafts written, and reviewing them. For makers."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from knowledge.api.draft_serializers import (
    AcceptDraftSerializer,
    DraftDetailSerializer,
    DraftSerializer,
    DraftWishSerializer,
)
from knowledge.drafting.generating import generate_draft
from knowledge.drafting.reviewing import accept_draft, edit_draft, refuse_draft
from knowledge.models import Draft
from media_library.models import Media


class DraftView(OrganizationView):
    """They hold what is right in a quiz: learners have no business here."""

    reads = "content.view"
    serializer_class: Any = DraftDetailSerializer
    queryset = Draft.objects.all()

    def draft(self) -> Draft:
        found: Draft = get_object_or_404(Draft.objects.select_related("media"), pk=self.kwargs["draft_id"])
        return found

    def told(self, draft: Draft, **options: Any) -> Response:
        return Response(DraftDetailSerializer(draft).data, **options)


class MediaDrafts(DraftView, ListAPIView):
    area = Area.KNOWLEDGE
    serializer_class = DraftSerializer

    def media(self) -> Media:
        found: Media = get_object_or_404(Media, pk=self.kwargs["media_id"])
        return found

    def get_queryset(self) -> QuerySet[Draft]:
        return Draft.objects.filter(media=self.media())

    @extend_schema(operation_id="media_drafts_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The latest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(operation_id="media_draft", request=DraftWishSerializer, responses={202: DraftDetailSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Have one written in the background; one of that kind that is being written is answered as it is."""
        media = self.media()
        wish = DraftWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        draft = generate_draft(media, wish.validated_data["kind"], by=request.user)
        return self.told(draft, status=status.HTTP_202_ACCEPTED)


class DraftDetail(DraftView):
    area = Area.KNOWLEDGE

    @extend_schema(operation_id="draft")
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.told(self.draft())

    @extend_schema(operation_id="draft_edit")
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """`content` takes the place of what there is; 400 with what does not fit its shape."""
        draft = self.draft()
        sent = DraftSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self.told(edit_draft(draft, sent.validated_data["content"], by=request.user))


class DraftAccept(DraftView):
    area = Area.KNOWLEDGE

    @extend_schema(operation_id="draft_accept", request=AcceptDraftSerializer, responses=DraftDetailSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """`item` is what was made, a draft still. A second time nothing is made."""
        draft = self.draft()
        wish = AcceptDraftSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return self.told(accept_draft(draft, by=request.user, chapter=wish.validated_data.get("chapter")))


class DraftRefuse(DraftView):
    area = Area.KNOWLEDGE

    @extend_schema(operation_id="draft_refuse", request=None, responses=DraftDetailSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.told(refuse_draft(self.draft(), by=request.user))
