"""What is typed about where figures go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from analytics.models import RecordStore
from analytics.services.record_stores import Terms

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
STORED = _("Stored. What you type replaces it.")


class RecordStoreForm(forms.Form):
    """The secret that is stored is never shown; left empty it stays."""

    endpoint = forms.CharField(
        label=_("Endpoint"),
        help_text=_("As the record store shows it, without “statements” at the end: https://lrs.example/xapi/"),
        widget=UnfoldAdminTextInputWidget(attrs={**PLAIN, "inputmode": "url"}),
    )
    key = forms.CharField(label=_("Key"), help_text=_("Or user name."), widget=UnfoldAdminTextInputWidget(attrs=PLAIN))
    secret = forms.CharField(
        label=_("Secret"), required=False, help_text=_("Or password. Stored encrypted, and shown to nobody again."),
        widget=UnfoldAdminPasswordWidget(attrs=PLAIN),
    )  # fmt: skip
    is_on = forms.BooleanField(
        label=_("Tell it what is watched"), required=False, widget=UnfoldBooleanSwitchWidget, initial=True
    )
    with_addresses = forms.BooleanField(
        label=_("Name learners by e-mail address"), required=False, widget=UnfoldBooleanSwitchWidget,
        help_text=_("Otherwise by a pseudonym, which leads to nobody outside of here."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, store: RecordStore | None = None) -> None:
        super().__init__(data, initial=_known(store))
        if store is not None:
            self.fields["secret"].widget.attrs["placeholder"] = STORED

    @property
    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


def _known(store: RecordStore | None) -> dict[str, Any] | None:
    shown = ("endpoint", "key", "is_on", "with_addresses")
    return None if store is None else {name: getattr(store, name) for name in shown}
