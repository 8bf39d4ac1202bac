"""The one page of what holds for the whole installation, for superusers, with who changed what (requirement M7)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from media_library.models import Format, SiteConfiguration, SiteConfigurationChange, Weekday
from media_library.services.site import change_site_configuration, site_configuration
from media_library.sizes import parse_size, written_size

CHANGES_SHOWN = 50
SIZE_HELP = _("Such as 2 GB or 500 MB. Empty: the plan decides.")


class SizeField(forms.CharField):
    """Bytes, written as people do."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return written_size(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_size(text)
        except ValueError:
            raise ValidationError(_("This is no size. Write it like 2 GB or 500 MB."), code="no_size") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class SiteForm(forms.ModelForm):
    largest_file = SizeField(label=_("Largest file"), required=False, help_text=SIZE_HELP)
    weekly_allowance = SizeField(label=_("Weekly allowance"), required=False, help_text=SIZE_HELP)
    formats = forms.MultipleChoiceField(
        choices=Format.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Judged by content, not by name."),
    )

    class Meta:
        model = SiteConfiguration
        fields = [
            "largest_file", "weekly_allowance", "formats", "storage_prefix", "reset_day", "reset_hour",
            "reset_time_zone", "watched_from", "watched_slides", "transcribes", "uses_ai", "monthly_ai_ceiling",
        ]  # fmt: skip
        labels: ClassVar = {"monthly_ai_ceiling": _("Monthly AI ceiling")}


@admin.register(SiteConfiguration)
class SiteConfigurationAdmin(ModelAdmin):
    form = SiteForm
    change_form_template = "admin/media_library/siteconfiguration/change_form.html"
    warn_unsaved_form = True
    fieldsets = [
        (_("Uploads"), {"fields": ["largest_file", "weekly_allowance", "formats"]}),
        (_("The week of the allowance begins"), {"fields": ["reset_day", "reset_hour", "reset_time_zone"]}),
        (_("Storage"), {"fields": ["storage_prefix"]}),
        (_("Watching"), {"fields": ["watched_from", "watched_slides"]}),
        (_("Transcription and AI"), {"fields": ["transcribes", "uses_ai", "monthly_ai_ceiling"]}),
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Others are refused before anything is looked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().get_object(request, object_id, from_field)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one, so this is no list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:media_library_siteconfiguration_change", site_configuration().pk)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """It stands below the form."""
        return self.changelist_view(request)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        own = {"title": _("Site configuration"), "subtitle": None, "changes": _changes()}
        return super().render_change_form(request, {**context, **own, "show_save_and_continue": False}, **options)

    def save_model(self, request: HttpRequest, obj: SiteConfiguration, form: Any, change: bool) -> None:
        change_site_configuration(by=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The service has written it down."""

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("The site's configuration is saved."), messages.SUCCESS)
        return redirect(request.path)


def _changes() -> QuerySet[SiteConfigurationChange]:
    found: QuerySet[SiteConfigurationChange] = SiteConfigurationChange.objects.select_related("by")[:CHANGES_SHOWN]
    labels = {
        field.name: field.verbose_name for field in SiteConfiguration._meta.concrete_fields
    } | SiteForm.Meta.labels
    for change in found:
        change.label = labels.get(change.field, change.field)  # type: ignore[attr-defined]
        change.before, change.after = (_in_words(change.field, value) for value in (change.before, change.after))
    return found


def _in_words(field: str, value: str) -> str:
    """A stored value as the form shows it."""
    if field in ("largest_file", "weekly_allowance") and value.isdigit():
        return written_size(int(value))
    return str(Weekday(int(value)).label) if field == "reset_day" and value.isdigit() else value
