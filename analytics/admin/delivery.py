"""The log of what was told: found by endpoint, state and kind, looked into, sent again."""

import json
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from analytics.models import Delivery
from analytics.services.deliveries import resend
from analytics.webhooks.kinds import KINDS, label_of
from core.admin import OrganizationAdmin, ReadOnly
from core.errors import Refused

COLORS = {"delivered": "success", "failed": "danger", "skipped": "warning"}


class KindFilter(DropdownFilter):
    title = _("kind")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.type, kind.label) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, OrganizationAdmin):
    list_display = ["occurred_at", "what", "endpoint", "how", "tries", "answered", "next_try_at"]
    list_select_related = ["endpoint"]
    list_filter = [
        ("endpoint", RelatedDropdownFilter), ("state", admin.ChoicesFieldListFilter), KindFilter, "occurred_at",
    ]  # fmt: skip
    ordering = ["-id"]
    fields = ["what", "endpoint", "state", "id", "occurred_at", "delivered_at", "next_try_at", "log", "content"]
    readonly_fields = fields
    actions = ["resend_selected"]

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("analytics.change_delivery")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = super().get_queryset(request).select_related("endpoint")
        return found

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.resend_page))
        return [path("<uuid:delivery_id>/resend/", view, name="analytics_delivery_resend"), *super().get_urls()]

    def resend_page(self, request: HttpRequest, delivery_id: Any) -> HttpResponse:
        if not self.has_resend_permission(request):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=delivery_id)
        self._resend(request, delivery)
        return redirect("admin:analytics_delivery_change", delivery.pk)

    @admin.action(description=_("Send again"), permissions=["resend"])
    def resend_selected(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        count = sum(self._resend(request, one, quietly=True) for one in deliveries.order_by("id"))
        words = gettext("Deliveries sent again: %(count)d.") % {"count": count}
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)

    def _resend(self, request: HttpRequest, delivery: Delivery, *, quietly: bool = False) -> bool:
        try:
            resend(delivery, by=request.user)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return False
        if not quietly:
            self.message_user(request, gettext("It is sent again."), messages.SUCCESS)
        return True

    @display(description=_("What"), ordering="type")
    def what(self, delivery: Delivery) -> str:
        return label_of(delivery.type)

    @display(description=_("State"), ordering="state", label=COLORS)
    def how(self, delivery: Delivery) -> tuple[str, str]:
        return str(delivery.state), delivery.get_state_display()

    @display(description=_("Last answer"))
    def answered(self, delivery: Delivery) -> str:
        last = delivery.last_attempt
        return str(last.get("status") or last.get("error") or "–")

    @display(description=_("Tries"))
    def log(self, delivery: Delivery) -> SafeString:
        attempts = [{**one, "at": datetime.fromisoformat(one["at"])} for one in reversed(delivery.attempts)]
        return render_to_string("admin/analytics/delivery_log.html", {"attempts": attempts})

    @display(description=_("Content"))
    def content(self, delivery: Delivery) -> SafeString | str:
        if delivery.is_erased:
            return gettext("It told of somebody who was erased since.")
        text = json.dumps(delivery.payload, ensure_ascii=False, indent=2)
        return format_html(
            '<pre class="overflow-x-auto" role="region" tabindex="0" aria-label="{}">{}</pre>', gettext("Content"), text
        )
