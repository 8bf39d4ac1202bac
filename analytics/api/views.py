from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.api.serializers import MediaReportSerializer, PeriodSerializer
from analytics.reports import media_report
from media_library.models import Media


class MediaReportView(OrganizationView):
    """What became of one media item, as of the last roll-up."""

    area = Area.ANALYTICS
    reads = "analytics.view"
    serializer_class = MediaReportSerializer

    @extend_schema(operation_id="media_report", parameters=[PeriodSerializer], responses=MediaReportSerializer)
    def get(self, request: Request, organization: str, media_id: UUID) -> Response:
        period = PeriodSerializer(data=request.query_params)
        period.is_valid(raise_exception=True)
        media = get_object_or_404(Media.objects.select_related("organization"), pk=media_id)
        report = media_report(media, days=period.validated_data.get("days"))
        return Response(MediaReportSerializer(report).data)
