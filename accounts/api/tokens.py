"""Tokens to look at and to revoke. They are made on the page alone: no token makes another one."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models import ApiToken
from accounts.models.token import Area
from accounts.permissions import can
from accounts.services.tokens import revoke_token


class TokenSerializer(serializers.ModelSerializer):
    """Without the secret, which is stored nowhere."""

    prefix = serializers.CharField(source="token_key", help_text="What the token begins with.")
    owner = serializers.EmailField(source="user.email", help_text="Whose token it is.")

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "owner", "scopes", "created", "expiry", "last_used_at"]
        read_only_fields = fields


class TokenView(OrganizationView):
    """One's own tokens of this organization; for owners those of all its members."""

    writes = "course.learn"
    serializer_class = TokenSerializer
    queryset = ApiToken.objects.none()  # for the schema
    lookup_url_kwarg = "token_id"

    def get_queryset(self) -> QuerySet[ApiToken]:
        here = ApiToken.objects.filter(organization=self.member_organization).select_related("user")
        sees_all = can(self.request.user, "members.manage", self.member_organization)
        return here if sees_all else here.filter(user=self.request.user)  # type: ignore[misc]


class TokenList(TokenView, ListAPIView):
    area = Area.MEMBERS


class TokenDetail(TokenView):
    area = Area.MEMBERS

    @extend_schema(responses={204: OpenApiResponse(description="It stopped working just now.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Revoke a token."""
        revoke_token(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
