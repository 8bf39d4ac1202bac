"""Certificates: one's own, and for makers everybody's."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from core.errors import Refused
from courses.certificates.words import verify_address
from courses.models import Certificate
from courses.services.certificates import reinstate_certificate, revoke_certificate
from courses.views.certificate import pdf_response


class CertificateSerializer(serializers.ModelSerializer):
    course = serializers.UUIDField(source="enrollment.course_id", read_only=True)
    user = serializers.UUIDField(source="enrollment.user_id", read_only=True)
    verify_url = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = [
            "id", "number", "course", "user", "learner_name", "course_title", "signer", "completed_at", "issued_at",
            "revoked_at", "verify_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_verify_url(self, certificate: Certificate) -> str:
        return verify_address(certificate, self.context["view"].member_organization)


class RevocationSerializer(serializers.Serializer):
    because = serializers.CharField(max_length=500, help_text="Why; never shown to the learner or in public.")


class CertificateView(OrganizationView):
    """One's own certificates; makers read all, and revoke."""

    area = Area.LEARNING
    serializer_class = CertificateSerializer
    queryset = Certificate.objects.none()  # for the schema
    lookup_url_kwarg = "certificate_id"

    def get_queryset(self) -> QuerySet[Certificate]:
        certificates: QuerySet[Certificate] = Certificate.objects.select_related("enrollment").order_by("-issued_at")
        sees_all = can(self.request.user, "content.view", self.member_organization)
        return certificates if sees_all else certificates.filter(enrollment__user=self.request.user.pk)


@extend_schema(parameters=[OpenApiParameter("course", OpenApiTypes.UUID, description="Of this course only.")])
class CertificateList(CertificateView, ListAPIView):
    area = Area.LEARNING

    def get_queryset(self) -> QuerySet[Certificate]:
        course = self.request.query_params.get("course")
        found = super().get_queryset()
        return found.filter(enrollment__course=_key(course)) if course else found


class CertificateDetail(CertificateView, RetrieveAPIView):
    area = Area.LEARNING


class CertificateFile(CertificateView):
    """As PDF; 409 for one that was revoked."""

    area = Area.LEARNING

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        certificate = self.get_object()
        if certificate.revoked_at is not None:
            raise Refused("revoked", "This certificate was revoked.", status=409)
        return pdf_response(certificate, self.member_organization)


class RevokeCertificate(CertificateView):
    area = Area.LEARNING
    writes = "content.edit"

    @extend_schema(request=RevocationSerializer, responses=CertificateSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = RevocationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        certificate = self.get_object()
        revoke_certificate(certificate, because=sent.validated_data["because"], by=request.user)
        return Response(self.get_serializer(self.get_object()).data)


class ReinstateCertificate(CertificateView):
    area = Area.LEARNING
    writes = "content.edit"

    @extend_schema(request=None, responses=CertificateSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        reinstate_certificate(self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)


def _key(text: str) -> UUID:
    """Raises serializers.ValidationError for what is no key."""
    key: UUID = serializers.UUIDField().to_internal_value(text)
    return key
