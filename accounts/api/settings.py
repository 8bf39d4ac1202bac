"""What the owners of an organization decide about it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models import Organization
from accounts.models.token import Area
from accounts.services.organizations import change_organization


class OrganizationSerializer(serializers.ModelSerializer):
    """`watched_from`: percent of a video that count as watched, null: as the site says. `storage_ceiling` in bytes."""

    class Meta:
        model = Organization
        fields = [
            "id", "slug", "name", "plan", "time_zone", "is_open", "admits_learners", "accent_color",
            "monthly_ai_ceiling", "storage_ceiling", "watched_from", "watched_slides",
        ]  # fmt: skip
        read_only_fields = ["slug", "plan"]


class OrganizationSettings(OrganizationView):
    area = Area.MEMBERS
    reads = writes = "organization.edit"
    serializer_class = OrganizationSerializer
    queryset = Organization.objects.none()  # for the schema

    @extend_schema(operation_id="organization_retrieve", responses=OrganizationSerializer)
    def get(self, request: Request, organization: str) -> Response:
        return Response(self.get_serializer(self.member_organization).data)

    @extend_schema(
        operation_id="organization_update", request=OrganizationSerializer(partial=True),
        responses=OrganizationSerializer,
    )  # fmt: skip
    def patch(self, request: Request, organization: str, **kwargs: Any) -> Response:
        """Change it. Who had watched enough by a lower `watched_from` is credited soon; a higher takes nothing back."""
        form = self.get_serializer(self.member_organization, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changed = change_organization(self.member_organization, values=form.validated_data, by=request.user)
        return Response(self.get_serializer(changed).data)
