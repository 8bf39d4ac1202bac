"""Hosts that videos come from: how it goes with each, and credentials, which are taken and never given out."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.errors import Refused
from core.models import JobState
from core.parsers import JsonParser
from media_library.models import SourceAccount
from media_library.services.source_accounts import (
    findings_on,
    forget_credentials,
    give_credentials,
    is_being_checked,
    request_check,
    source_named,
)
from media_library.services.source_health import health_of_sources
from media_library.services.syncing import last_sync, request_sync

OF_HEALTH = (
    "name", "label", "state", "paused_until", "described_at", "closed", "media", "playable", "with_words", "failing",
    "troubles",
)  # fmt: skip


class FindingSerializer(serializers.Serializer[Any]):
    """`works` is null where it could not be told."""

    what = serializers.CharField()
    works = serializers.BooleanField(allow_null=True)
    words = serializers.CharField()


class TroubleSerializer(serializers.Serializer[Any]):
    media = serializers.UUIDField(source="subject_id")
    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error_message")


class SourceSerializer(serializers.Serializer[Any]):
    """`credentials` are the names that may be given; `state` is open, unchecked, works or failing."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes it out of the class
    state = serializers.CharField()
    credentials = serializers.ListField(child=serializers.CharField())
    findings = FindingSerializer(many=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    paused_until = serializers.DateTimeField(allow_null=True, help_text="The host asked for a pause until then.")
    described_at = serializers.DateTimeField(allow_null=True, help_text="When it last told about a video.")
    closed = serializers.CharField(help_text="Why it gave no captions when it was asked last, of the last day.")
    media = serializers.IntegerField()
    playable = serializers.IntegerField()
    with_words = serializers.IntegerField(help_text="Media that the host had captions for.")
    failing = serializers.IntegerField()
    troubles = TroubleSerializer(many=True)


class SyncSerializer(serializers.Serializer[Any]):
    """Reading the lessons of a host; the import of `id` holds what became of each, once one was read.

    `code` and `message` say why it failed, or what it waits for.
    """

    id = serializers.UUIDField(source="pk")
    state = serializers.ChoiceField(choices=JobState.choices)
    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error_message")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class AccountSerializer(serializers.Serializer[Any]):
    """`is_checking`: a test is under way. `sync` is the last time that its lessons were to be read."""

    id = serializers.UUIDField(source="pk")
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes it out of the class
    findings = serializers.SerializerMethodField()
    checked_at = serializers.DateTimeField(allow_null=True)
    is_checking = serializers.SerializerMethodField()
    sync = serializers.SerializerMethodField()

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, account: SourceAccount) -> list[dict[str, Any]]:
        return findings_on(account)

    def get_is_checking(self, account: SourceAccount) -> bool:
        return is_being_checked(account)

    @extend_schema_field(SyncSerializer(allow_null=True))
    def get_sync(self, account: SourceAccount) -> Any:
        job = last_sync(account)
        return SyncSerializer(job).data if job else None


class SourceListView(OrganizationView):
    area = Area.MEDIA
    reads = "content.view"
    pagination_class = None
    queryset = SourceAccount.objects.none()  # for the schema
    serializer_class = SourceSerializer

    @extend_schema(operation_id="source_list", responses={(200, "application/json"): SourceSerializer(many=True)})
    def get(self, request: Request, organization: str) -> Response:
        """Each host, what is here from it, and what fails."""
        return Response(SourceSerializer([_row(health) for health in health_of_sources()], many=True).data)


class SourceAccountView(OrganizationView):
    area = Area.MEDIA
    reads = writes = "sources.manage"
    serializer_class = AccountSerializer
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="source_account", responses=AccountSerializer)
    def get(self, request: Request, organization: str, source: str) -> Response:
        """What the last test found. Secrets are given out to nobody."""
        return Response(AccountSerializer(_account(source)).data)

    @extend_schema(
        operation_id="source_account_give",
        request={"application/json": {"type": "object", "additionalProperties": {"type": "string"}}},
        responses={202: AccountSerializer},
    )
    def put(self, request: Request, organization: str, source: str) -> Response:
        """Credentials by their names; what is left out stays as it was. They are tested soon."""
        account = give_credentials(source_named(source), _strings(request.data), by=request.user)
        return Response(AccountSerializer(account).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="source_account_forget", responses={204: None})
    def delete(self, request: Request, organization: str, source: str) -> Response:
        forget_credentials(_account(source), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SourceCheckView(OrganizationView):
    area = Area.MEDIA
    reads = writes = "sources.manage"
    serializer_class = AccountSerializer
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="source_check", request=None, responses={202: AccountSerializer})
    def post(self, request: Request, organization: str, source: str) -> Response:
        """Have the credentials tested; `GET …/account/` tells what came out."""
        account = _account(source)
        request_check(account)
        return Response(AccountSerializer(account).data, status=status.HTTP_202_ACCEPTED)


class SourceSyncView(OrganizationView):
    area = Area.MEDIA
    reads = writes = "sources.manage"
    serializer_class = AccountSerializer
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="source_sync", request=None, responses={202: AccountSerializer})
    def post(self, request: Request, organization: str, source: str) -> Response:
        """Read its lessons now; 409 for a source without lessons. `GET …/account/` tells how it goes."""
        account = _account(source)
        request_sync(account, by=request.user)
        return Response(AccountSerializer(account).data, status=status.HTTP_202_ACCEPTED)


def _account(name: str) -> SourceAccount:
    found: SourceAccount | None = SourceAccount.objects.filter(source=source_named(name).name).first()
    if found is None:
        raise Refused("not_found", "No credentials were given for this source.", status=404)
    return found


def _row(health: Any) -> dict[str, Any]:
    account = health.account
    return {
        **{name: getattr(health, name) for name in OF_HEALTH},
        "credentials": [credential.name for credential in health.source.credentials],
        "findings": findings_on(account) if account else [],
        "checked_at": account.checked_at if account else None,
    }


def _strings(data: Any) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise Refused("invalid_credentials", "Credentials are an object of names and strings.")
    return dict(data)
