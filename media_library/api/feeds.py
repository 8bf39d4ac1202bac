"""Private feeds: one's own addresses, and for makers who follows what and how often it was downloaded."""

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from core.filters import FlagFilter
from media_library.api.feed_serializers import (
    AddressSerializer,
    DownloadsSerializer,
    FollowedSerializer,
    KeySerializer,
    ListenerSerializer,
    RevokedSerializer,
    address_told,
)
from media_library.models import Episode, ListenerKey, Podcast
from media_library.podcasts.downloads import EPISODE, Tally, tallies, tally_of_show
from media_library.podcasts.following import Listener, titles_of
from media_library.podcasts.keys import give_key, keys_here, living_keys, renew_key, revoke_all, revoke_key, rotate_key
from media_library.podcasts.sharing import IS_SHARED, with_use


class ListenerFilter(django_filters.FilterSet):
    podcast = django_filters.UUIDFilter(field_name="podcast_id")
    context_id = django_filters.UUIDFilter(help_text="Such as a course.")
    shared = FlagFilter(method="if_shared", help_text="Probably shared, or not.")

    class Meta:
        model = ListenerKey
        fields: ClassVar[list[str]] = []

    def if_shared(self, keys: QuerySet, name: str, wanted: bool) -> QuerySet:
        return keys.filter(IS_SHARED) if wanted else keys.exclude(IS_SHARED)


class FeedView(OrganizationView):
    """One's own living addresses."""

    writes = "course.learn"
    serializer_class: Any = KeySerializer
    queryset = ListenerKey.objects.none()  # for the schema
    lookup_url_kwarg = "key_id"
    filterset_class: Any = None

    def get_queryset(self) -> QuerySet[ListenerKey]:
        return living_keys().filter(user=self.request.user)  # type: ignore[misc]

    def listed(self, keys: QuerySet[ListenerKey]) -> Response:
        page: Any = self.paginate_queryset(keys)
        form = self.get_serializer(page, many=True, context={"titles": titles_of(page)})
        return self.get_paginated_response(form.data)


class FeedListView(FeedView):
    area = Area.LEARNING

    @extend_schema(operation_id="feed_list", responses=KeySerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """What one follows with an app. The addresses themselves are stored nowhere."""
        return self.listed(self.get_queryset())

    @extend_schema(operation_id="feed_create", request=FollowedSerializer, responses={201: AddressSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Follow a private show, or a course, at an address of one's own. It is told now, and never again."""
        form = FollowedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        key, token = give_key(form.followed(), Listener(request.user, self.member_organization))
        return Response(address_told(key, token), status=status.HTTP_201_CREATED)


class FeedAddressView(FeedView):
    area = Area.LEARNING

    @extend_schema(operation_id="feed_rotate", request=None, responses={201: AddressSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Another address instead of one's own: the former one stops at once."""
        key, token = rotate_key(self.get_object())
        return Response(address_told(key, token), status=status.HTTP_201_CREATED)


class FeedDetailView(FeedView):
    area = Area.LEARNING

    def get_queryset(self) -> QuerySet[ListenerKey]:
        """Makers end those of others, too."""
        makes = can(self.request.user, "content.edit", self.member_organization)
        return living_keys() if makes else super().get_queryset()

    @extend_schema(
        operation_id="feed_revoke", responses={204: OpenApiResponse(description="The address stopped just now.")}
    )
    def delete(self, request: Request, **kwargs: Any) -> Response:
        revoke_key(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FeedRenewView(OrganizationView):
    area = Area.MEDIA
    serializer_class = KeySerializer

    @extend_schema(
        operation_id="feed_renew", request=None,
        responses={204: OpenApiResponse(description="The address stopped; its listener got a mail.")},
    )  # fmt: skip
    def post(self, request: Request, key_id: UUID, **kwargs: Any) -> Response:
        """Stop somebody's address, and ask them by mail to make a new one."""
        renew_key(get_object_or_404(living_keys(), pk=key_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FeedListenersView(FeedView):
    """Who follows what, the latest first, with what says how many people probably use an address."""

    area = Area.MEDIA
    reads = "content.view"
    serializer_class = ListenerSerializer
    filterset_class = ListenerFilter

    def get_queryset(self) -> QuerySet[ListenerKey]:
        found: QuerySet[ListenerKey] = with_use(keys_here().filter(revoked_at=None).select_related("user"))
        return found.order_by("-created_at", "-pk")

    @extend_schema(operation_id="feed_listeners", responses=ListenerSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listed(self.filter_queryset(self.get_queryset()))


class FeedListenersRevokeView(OrganizationView):
    area = Area.MEDIA
    serializer_class = RevokedSerializer

    @extend_schema(operation_id="feed_listeners_revoke", request=FollowedSerializer, responses=RevokedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Stop every private address of a show or a course."""
        form = FollowedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response({"revoked": revoke_all(form.followed(), by=request.user)})


class PodcastDownloadsView(OrganizationView):
    """Downloads: one listener, day and episode is one, once a minute of sound was sent. Not what was heard."""

    area = Area.MEDIA
    reads = "content.view"
    serializer_class = DownloadsSerializer

    @extend_schema(
        operation_id="podcast_downloads", responses=DownloadsSerializer,
        parameters=[OpenApiParameter("since", OpenApiTypes.DATE, description="From that day (of UTC) on.")],
    )  # fmt: skip
    def get(self, request: Request, podcast_id: UUID, **kwargs: Any) -> Response:
        podcast: Any = get_object_or_404(Podcast, pk=podcast_id)
        since = serializers.DateField(allow_null=True).run_validation(request.query_params.get("since"))
        episodes = list(Episode.objects.filter(podcast=podcast).order_by("-published_at", "-id"))
        counted = tallies(EPISODE, [one.pk for one in episodes], since=since)
        rows = [{"episode": one.pk, "title": one.title, **vars(counted.get(one.pk, Tally()))} for one in episodes]
        return Response({**vars(tally_of_show(podcast.pk, since=since)), "episodes": rows})
