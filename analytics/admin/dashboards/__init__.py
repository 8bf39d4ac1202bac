"""The pages of Analytics, and their tables as files."""

from analytics.admin.dashboards.urls import dashboard_urls

__all__ = ["dashboard_urls"]
