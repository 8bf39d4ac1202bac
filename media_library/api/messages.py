"""The address that hosts send their messages to. Whoever knows it needs the secret that they are signed with, too."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organization
from core.tenancy import organization_scope
from media_library.services.messages import MOST_BYTES, take_message


class SourceMessagesView(APIView):
    """For hosts, who have no account here: the signature of each message is what lets it in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes: tuple[type[BaseParser], ...] = ()  # the signature is that of the bytes as they came
    metadata_class = None

    @extend_schema(exclude=True)
    def post(self, request: Request, organization: str, account_id: UUID) -> Response:
        found = Organization.objects.filter(slug=organization).first()
        if found is None:
            raise Http404
        with organization_scope(found):
            is_new = take_message(account_id, request.read(MOST_BYTES + 1), request.headers)
        return Response({"state": "taken" if is_new else "known"}, status=status.HTTP_200_OK)
