"""The mails on their way, and those that were sent."""

from django.contrib import admin

from core.admin.platform import PlatformAdmin
from core.models import OutgoingMail


@admin.register(OutgoingMail)
class OutboxAdmin(PlatformAdmin):
    """Never what a mail says: neither its subject nor its content."""

    list_display = ["kind", "recipient", "organization", "state", "created_at", "sent_at"]
    list_select_related = ["organization"]
    list_filter = ["state", "kind", ("created_at", admin.DateFieldListFilter)]
    search_fields = ["recipient"]
    fields = readonly_fields = ["kind", "recipient", "organization", "state", "created_at", "sent_at"]
    show_full_result_count = False
