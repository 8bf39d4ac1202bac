from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from analytics.models import WebhookEndpoint
from analytics.models.webhook import URL_CHARACTERS
from analytics.webhooks.kinds import CHOOSABLE
from core.forms import OrganizationForm

ASKED = ("name", "url", "events", "with_names")


class WebhookForm(OrganizationForm):
    url = forms.CharField(
        label=_("Address"), max_length=URL_CHARACTERS, help_text=_("Of a program of yours. It begins with https://."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("What it is told"), choices=[(kind.type, kind.label) for kind in CHOOSABLE],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )  # fmt: skip

    class Meta:
        model = WebhookEndpoint
        fields = ASKED

    @property
    def values(self) -> dict[str, Any]:
        """What services take."""
        return {name: self.cleaned_data[name] for name in ASKED}
