from typing import Any

from django.contrib import admin
from django.urls import path

from analytics.admin.dashboards.lists import course_list, list_file, media_list
from analytics.admin.dashboards.views import course_page, creator_page, media_page, searches_page, table_file


def dashboard_urls() -> list[Any]:
    """Below `/admin/dashboards/`; beside each page its tables as files."""
    doors: dict[str, tuple[Any, str, dict[str, str]]] = {
        "": (creator_page, "back_office_dashboard", {}),
        "<slug:table>.csv": (table_file, "back_office_dashboard_file", {"report": "creator"}),
        "creators/<uuid:creator_id>/": (creator_page, "back_office_creator", {}),
        "creators/<uuid:creator_id>/<slug:table>.csv": (table_file, "back_office_creator_file", {"report": "creator"}),
        "media/": (media_list, "back_office_media_reports", {}),
        "media/all.csv": (list_file, "back_office_media_reports_file", {"of": "media"}),
        "media/<uuid:media_id>/": (media_page, "back_office_media_report", {}),
        "media/<uuid:media_id>/<slug:table>.csv": (table_file, "back_office_media_file", {"report": "media"}),
        "courses/": (course_list, "back_office_course_reports", {}),
        "courses/all.csv": (list_file, "back_office_course_reports_file", {"of": "courses"}),
        "courses/<uuid:course_id>/": (course_page, "back_office_course_report", {}),
        "courses/<uuid:course_id>/<slug:table>.csv": (table_file, "back_office_course_file", {"report": "course"}),
        "searches/": (searches_page, "back_office_searches", {}),
        "searches/<slug:table>.csv": (table_file, "back_office_searches_file", {"report": "searches"}),
    }
    within = admin.site.admin_view
    return [path(below, within(view), given, name=name) for below, (view, name, given) in doors.items()]
