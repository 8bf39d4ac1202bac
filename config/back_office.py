"""The creator's back office: Django's admin with an organisation in scope."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class BackOfficeConfig(AdminConfig):
    default_site = "unfold.sites.UnfoldAdminSite"


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    return []
