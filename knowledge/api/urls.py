"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from knowledge.api.course_drafts import CourseDraftAccept, CourseDraftDetail, CourseDraftList, CourseDraftRetry
from knowledge.api.views import SearchView

DRAFT = "course-drafts/<uuid:course_draft_id>/"

urlpatterns = [
    path("search/", SearchView.as_view(), name="api_search"),
    path("course-drafts/", CourseDraftList.as_view(), name="api_course_drafts"),
    path(DRAFT, CourseDraftDetail.as_view(), name="api_course_draft"),
    path(f"{DRAFT}accept/", CourseDraftAccept.as_view(), name="api_course_draft_accept"),
    path(f"{DRAFT}retry/", CourseDraftRetry.as_view(), name="api_course_draft_retry"),
]
