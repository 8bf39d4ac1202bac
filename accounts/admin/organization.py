"""The settings of the organization one works in."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.admin.people import PeopleAdmin
from accounts.models import Organization
from accounts.models.organization import GIGABYTE
from accounts.services.organizations import change_logo, change_organization
from core.forms import OrganizationForm
from core.lines import one_line
from core.tenancy import current_organization_id

SET_BY_OWNERS = [
    "name", "plan", "time_zone", "is_open", "admits_learners", "accent_color", "monthly_ai_ceiling",
    "caption_languages", "drafts_notes", "drafts_quiz", "watched_from", "watched_slides",
]  # fmt: skip


LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class SettingsForm(OrganizationForm):
    """What is typed: a logo as a file, the storage ceiling in gigabytes."""

    logo = forms.FileField(
        label=_("Logo"), required=False, widget=UnfoldAdminFileFieldWidget,
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Shown in the head of every page."),
    )  # fmt: skip
    remove_logo = forms.BooleanField(label=_("Show no logo"), required=False, widget=UnfoldBooleanWidget)
    storage_gigabytes = forms.DecimalField(
        label=_("Storage ceiling"), required=False, min_value=0, max_digits=9, decimal_places=2,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"step": "0.01"}),
        help_text=_("Gigabytes that all files together may take. Empty: no ceiling."),
    )  # fmt: skip

    caption_languages = SimpleArrayField(
        forms.CharField(max_length=20), label=_("Languages of captions"), min_length=1, max_length=10,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Tags with commas between them, the preferred one first, such as de, en-GB. Captions of hosts are"
                    " taken in the first of them that there is."),
    )  # fmt: skip

    class Meta:
        model = Organization
        fields = SET_BY_OWNERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (ceiling := self.instance.storage_ceiling) is not None:
            self.fields["storage_gigabytes"].initial = round(Decimal(ceiling) / GIGABYTE, 2)

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_accent_color(self) -> str:
        return str(self.cleaned_data["accent_color"]).lower()

    def clean_caption_languages(self) -> list[str]:
        tags = [tag.strip() for tag in self.cleaned_data["caption_languages"]]
        if strange := [tag for tag in tags if not LANGUAGE_TAG.fullmatch(tag)]:
            raise forms.ValidationError(_("“%(tag)s” is no tag of a language."), params={"tag": strange[0]})
        return list(dict.fromkeys(tags))

    def values(self) -> dict[str, Any]:
        """What the service takes; a ceiling that was not touched keeps its exact number of bytes."""
        values = {field: self.cleaned_data[field] for field in SET_BY_OWNERS}
        if "storage_gigabytes" in self.changed_data:
            typed = self.cleaned_data["storage_gigabytes"]
            values["storage_ceiling"] = None if typed is None else int(typed * GIGABYTE)
        return values


@admin.register(Organization)
class SettingsAdmin(PeopleAdmin):
    """One page: there is one organization in scope."""

    form = SettingsForm
    readonly_fields = ["slug"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "plan", "time_zone"]}),
        (_("Who may come in"), {"fields": ["is_open", "admits_learners"]}),
        (_("Looks"), {"fields": ["accent_color", "logo", "remove_logo"]}),
        (_("Words"), {"fields": ["caption_languages", "drafts_notes", "drafts_quiz"]}),
        (_("Watching"), {"fields": ["watched_from", "watched_slides"]}),
        (_("Ceilings"), {"fields": ["monthly_ai_ceiling", "storage_gigabytes"]}),
        (None, {"fields": ["opened_in"], "classes": ["hidden"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Organization.objects.filter(pk=current_organization_id())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:accounts_organization_change", current_organization_id())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organization, form: SettingsForm, change: bool) -> None:
        """All of it or nothing: a picture that cannot be used takes the rest of the form along."""
        with transaction.atomic():
            change_organization(obj, values=form.values(), by=request.user)
            if picture := form.cleaned_data.get("logo"):
                change_logo(obj, picture, by=request.user)
            elif form.cleaned_data["remove_logo"] and obj.logo_path:
                change_logo(obj, None, by=request.user)
