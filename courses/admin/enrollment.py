from django.contrib import admin

from core.admin import OrganizationAdmin, ReadOnly
from courses.models import Enrollment


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnly, OrganizationAdmin):
    """Who learns what, to look at; people enroll themselves."""

    list_display = ["user", "course", "is_active", "started_at", "last_accessed_at", "completed_at"]
    list_select_related = ["user", "course"]
    list_filter = ["is_active", "completed_at"]
    search_fields = ["user__email", "user__name", "course__title"]
    ordering = ["-last_accessed_at"]
