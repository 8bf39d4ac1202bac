"""Alerts: an organization's, for its owners, and the site's, for superusers. Each with what it has told so far."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.permissions import can
from analytics.models import OF_ORGANIZATIONS, AlertIncident, AlertRule, SiteAlertRule
from analytics.operation.conditions import words_for
from analytics.services.alert_notices import recipients_of, send_test
from analytics.services.alerts import save_rule
from core.admin import OrganizationAdmin, PlatformAdmin
from core.forms import OrganizationForm
from core.tenancy import current_organization_id, every_organization

DECIDED = [
    "condition", "is_active", "raise_at", "clear_at", "window_minutes", "after_minutes", "recipients", "webhook_url",
]  # fmt: skip
INCIDENTS_SHOWN, MOST_RECIPIENTS = 50, 20


class AlertForm(forms.ModelForm):
    recipients = SimpleArrayField(
        forms.EmailField(max_length=254),
        label=_("Recipients"),
        required=False,
        max_length=MOST_RECIPIENTS,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("E-mail addresses, separated by commas. Empty: whoever runs this site, or owns the organization."),
    )


class OrganizationAlertForm(OrganizationForm, AlertForm):
    class Meta:
        model = AlertRule
        fields = DECIDED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "condition" in self.fields:
            choices = [(one.value, one.label) for one in OF_ORGANIZATIONS]
            self.fields["condition"].choices = choices  # type: ignore[attr-defined]


class SiteAlertForm(AlertForm):
    class Meta:
        model = SiteAlertRule
        fields = DECIDED


class AlertPages(ModelAdmin):
    """What both have in common."""

    change_form_template = "admin/analytics/alert.html"
    list_display = ["about", "state", "figure", "threshold", "told", "checked_at", "is_active"]
    list_filter = ["is_active", "condition"]
    fieldsets = [
        (_("What is watched"), {"fields": ["condition", "is_active", "raise_at", "clear_at"]}),
        (_("How patiently"), {"fields": ["window_minutes", "after_minutes"]}),
        (_("Who is told"), {"fields": ["recipients", "webhook_url"]}),
    ]
    actions = ["send_a_test"]
    show_full_result_count = False
    warn_unsaved_form = True

    def save_model(self, request: HttpRequest, obj: AlertRule, form: Any, change: bool) -> None:
        save_rule(obj, changed=form.changed_data)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        rule = options.get("obj")
        shown = {"incidents": incidents_of(rule), "standing": _standing(rule)} if rule is not None else {}
        return super().render_change_form(request, {**context, **shown}, **options)

    @display(description=_("Alert"), ordering="condition")
    def about(self, rule: AlertRule) -> str:
        return str(rule)

    @display(description=_("State"), label={"raised": "danger", "ok": "success", "off": "info", "new": "info"})
    def state(self, rule: AlertRule) -> tuple[str, Any]:
        return _state(rule)

    @display(description=_("Now"), ordering="last_value")
    def figure(self, rule: AlertRule) -> str:
        return "–" if rule.last_value is None else words_for(rule, rule.last_value)

    @display(description=_("Threshold"), ordering="raise_at")
    def threshold(self, rule: AlertRule) -> str:
        return words_for(rule, rule.raise_at)

    @display(description=_("Tells"))
    def told(self, rule: AlertRule) -> str:
        named = len(rule.recipients) if rule.recipients else gettext("by default")
        return gettext("mail (%(who)s), webhook") % {"who": named} if rule.webhook_url else f"mail ({named})"

    @admin.action(description=_("Send a test"), permissions=["change"])
    def send_a_test(self, request: HttpRequest, rules: QuerySet[AlertRule]) -> None:
        told: set[str] = set()
        for rule in rules.select_related("organization"):
            send_test(rule)
            told |= {*recipients_of(rule), *([rule.webhook_url] if rule.webhook_url else [])}
        words = gettext("A test is on its way to %(who)s.") % {"who": ", ".join(sorted(told))}
        nobody = gettext("There is nobody to tell: name recipients or a webhook.")
        self.message_user(request, words if told else nobody, messages.SUCCESS if told else messages.WARNING)


@admin.register(AlertRule)
class AlertRuleAdmin(AlertPages, OrganizationAdmin):
    """Failures and costs of the organization one works in; owners decide."""

    form = OrganizationAlertForm

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(organization=current_organization_id())

    def save_model(self, request: HttpRequest, obj: AlertRule, form: Any, change: bool) -> None:
        obj.organization_id = current_organization_id()
        super().save_model(request, obj, form, change)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _decides(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _decides(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


@admin.register(SiteAlertRule)
class SiteAlertRuleAdmin(AlertPages, PlatformAdmin):
    """Backlog, disk, workers, failures and costs of the whole installation."""

    form = SiteAlertForm

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(organization=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_delete_permission = has_change_permission

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        with every_organization(reason="superusers look at the whole installation, wherever they are working"):
            response = super().delete_view(request, object_id, extra_context)
            return response.render() if hasattr(response, "render") else response


def incidents_of(rule: AlertRule) -> list[AlertIncident]:
    """The latest first, their figures in words."""
    found = list(rule.incidents.all()[:INCIDENTS_SHOWN])
    for one in found:
        values = {"raised": one.raised_value, "worst": one.worst_value, "cleared": one.cleared_value}
        one.figures = {name: "–" if value is None else words_for(rule, value) for name, value in values.items()}  # type: ignore[attr-defined]
    return found


def _standing(rule: AlertRule) -> dict[str, Any]:
    """How it is now, beside what was decided."""
    value = None if rule.last_value is None else words_for(rule, rule.last_value)
    return {"rule": rule, "state": _state(rule)[1], "value": value, "clears_at": words_for(rule, rule.clears_at)}


def _state(rule: AlertRule) -> tuple[str, Any]:
    if not rule.is_active:
        return "off", _("Off")
    if rule.raised_at:
        return "raised", _("Raised")
    return ("ok", _("All is well")) if rule.checked_at else ("new", _("Not looked at yet"))


def _decides(request: HttpRequest) -> bool:
    """Whoever may edit the organization."""
    organization = getattr(request, "organization", None)
    is_platform = request.user.is_active and request.user.is_superuser
    return organization is not None and (is_platform or can(request.user, "organization.edit", organization))
