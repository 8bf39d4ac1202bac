"""What is typed about hosts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from media_library.sources import Credential, Source

UNCHANGED = _("Stored. What you type replaces it.")


class CredentialsForm(forms.Form):
    """One field for each credential of a host. What is stored is never shown; left empty it stays."""

    def __init__(self, source: Source, *args: Any, stored: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for credential in source.credentials:
            self.fields[credential.name] = _field(credential, is_stored=credential.name in stored)

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


def _field(credential: Credential, *, is_stored: bool) -> forms.CharField:
    return forms.CharField(
        label=str(credential.label),
        required=False,
        help_text=str(credential.help),
        widget=_widget(credential, placeholder=str(UNCHANGED) if is_stored else ""),
    )


def _widget(credential: Credential, *, placeholder: str) -> forms.Widget:
    attributes = {"placeholder": placeholder, "autocomplete": "off", "spellcheck": "false"}
    if credential.is_long:
        return UnfoldAdminTextareaWidget(attrs={**attributes, "rows": 4})
    kind = UnfoldAdminPasswordWidget if credential.is_secret else UnfoldAdminTextInputWidget
    widget: forms.Widget = kind(attrs=attributes)
    return widget
