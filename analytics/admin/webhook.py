"""Who is told what happens here: endpoints with their state, their secret shown once, a test, a way back on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from analytics.admin.webhook_form import ASKED, WebhookForm
from analytics.models import Delivery, WebhookEndpoint
from analytics.services.deliveries import resend_missed
from analytics.services.webhooks import change_endpoint, delete_endpoint, make_endpoint, replace_secret, send_test
from analytics.webhooks.kinds import CHOOSABLE
from core.admin import NotedByServices, OrganizationAdmin
from core.fetch import origin_of

STANDING = ["standing", "taken", "failing", "old_secret"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(NotedByServices, OrganizationAdmin):
    form = WebhookForm
    list_display = ["name", "leads_to", "state", "told", "with_names", "taken"]
    search_fields = ["name", "url"]
    ordering = ["name"]
    readonly_fields = STANDING

    def get_fieldsets(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        asked = (None, {"fields": [*ASKED, "opened_in"]})
        return [asked] if obj is None else [(_("State"), {"fields": STANDING}), asked]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.do))
        name = "analytics_webhookendpoint_do"
        return [path("<uuid:endpoint_id>/do/<slug:verb>/", view, name=name), *super().get_urls()]

    def do(self, request: HttpRequest, endpoint_id: UUID, verb: str) -> HttpResponse:
        """One of the buttons above the form."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
        if not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        if verb not in VERBS:
            raise Http404
        answer = VERBS[verb](self, request, endpoint)
        return answer or redirect("admin:analytics_webhookendpoint_change", endpoint.pk)

    def save_model(self, request: Any, obj: WebhookEndpoint, form: WebhookForm, change: bool) -> None:
        """A new secret goes into the answer to this request, and nowhere else."""
        if change:
            change_endpoint(obj, by=request.user, **form.values)
            return
        made, request.new_secret = make_endpoint(by=request.user, **form.values)
        obj.pk = made.pk

    def response_add(self, request: Any, obj: WebhookEndpoint, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._secret_page(request, obj, request.new_secret)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The log goes with it: nobody is asked whether they may remove each line of that."""
        counts = {_("deliveries in the log"): Delivery.objects.filter(endpoint__in=list(objs)).count()}
        return [str(one) for one in objs], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        delete_endpoint(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for endpoint in queryset:
            delete_endpoint(endpoint, by=request.user)

    def send_a_test(self, request: HttpRequest, endpoint: WebhookEndpoint) -> None:
        send_test(endpoint, by=request.user)
        self._say(request, _("A test is on its way. What became of it stands in the log."))

    def send_missed(self, request: HttpRequest, endpoint: WebhookEndpoint) -> None:
        count = resend_missed(Delivery.objects.filter(endpoint=endpoint), by=request.user)
        self._say(request, gettext("Deliveries sent again: %(count)d.") % {"count": count})

    def replace_the_secret(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        at_once = request.POST.get("at_once") == "on"
        secret = replace_secret(endpoint, by=request.user, at_once=at_once)
        return self._secret_page(request, endpoint, secret)

    def turn_on(self, request: HttpRequest, endpoint: WebhookEndpoint) -> None:
        change_endpoint(endpoint, by=request.user, is_on=True)
        self._say(request, _("It is switched on. What it missed is sent when you ask for it."))

    def turn_off(self, request: HttpRequest, endpoint: WebhookEndpoint) -> None:
        change_endpoint(endpoint, by=request.user, is_on=False)
        self._say(request, _("It is switched off. What happens meanwhile is kept and can be sent later."))

    @display(description=_("State"), label={"on": "success", "failing": "warning", "off": "danger"})
    def state(self, endpoint: WebhookEndpoint) -> tuple[str, Any]:
        if not endpoint.is_on:
            return "off", endpoint.get_off_because_display()
        return ("failing", _("On, failing")) if endpoint.failures else ("on", _("On"))

    @display(description=_("State"))
    def standing(self, endpoint: WebhookEndpoint) -> str:
        return str(self.state(endpoint)[1])

    @display(description=_("Leads to"), ordering="url")
    def leads_to(self, endpoint: WebhookEndpoint) -> str:
        return origin_of(endpoint.url)

    @display(description=_("Told of"))
    def told(self, endpoint: WebhookEndpoint) -> str:
        return gettext("%(chosen)d of %(all)d kinds") % {"chosen": len(endpoint.events), "all": len(CHOOSABLE)}

    @display(description=_("Last taken"), ordering="delivered_at", empty_value="–")
    def taken(self, endpoint: WebhookEndpoint) -> Any:
        return endpoint.delivered_at

    @display(description=_("Failing since"), empty_value="–")
    def failing(self, endpoint: WebhookEndpoint) -> Any:
        return endpoint.failing_since

    @display(description=_("The secret before also signs until"), empty_value="–")
    def old_secret(self, endpoint: WebhookEndpoint) -> Any:
        return endpoint.old_secret_ends_at if endpoint.old_secret_still_signs else None

    def _say(self, request: HttpRequest, words: Any) -> None:
        self.message_user(request, words, messages.SUCCESS)

    def _secret_page(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of “%(name)s”") % {"name": endpoint.name},
            "endpoint": endpoint,
            "secret": secret,
            "opts": self.opts,
        }
        response = render(request, "admin/analytics/webhook_secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


VERBS: dict[str, Callable[[WebhookEndpointAdmin, HttpRequest, WebhookEndpoint], HttpResponse | None]] = {
    "test": WebhookEndpointAdmin.send_a_test,
    "missed": WebhookEndpointAdmin.send_missed,
    "secret": WebhookEndpointAdmin.replace_the_secret,
    "on": WebhookEndpointAdmin.turn_on,
    "off": WebhookEndpointAdmin.turn_off,
}
