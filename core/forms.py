"""Forms that know whose data they edit."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.tenancy import current_organization_id

MOVED = _("You have switched to another organization since this form was opened. Nothing was saved.")


class OpenedIn(forms.UUIDField):
    """Where the form was opened: nothing about the row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OpenedHereForm(forms.Form):
    """Says in which organization it was opened, and refuses to be posted into another one."""

    opened_in = OpenedIn(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_in"].initial = current_organization_id()

    def clean_opened_in(self) -> Any:
        opened_in = self.cleaned_data["opened_in"]
        if opened_in is not None and opened_in != current_organization_id():
            self.add_error(None, ValidationError(MOVED, code="organization_switched"))  # its own place is hidden
        return opened_in


class OrganizationForm(OpenedHereForm, forms.ModelForm):
    """Validates with the organization set, so duplicates are field errors."""

    #: What a service refused to do with this very input; the form is shown again with it, and nothing typed is lost.
    refusal: ClassVar[Refused | None] = None

    def clean(self) -> Any:
        if self.refusal is not None:
            field = next((name for name in self.refusal.fields if name in self.fields), None)
            self.add_error(field, ValidationError(self.refusal.message, code=self.refusal.code))
        return super().clean()

    def _get_validation_exclusions(self) -> set[str]:
        """Django leaves out what the form does not show, and with it constraints that begin with `organization`."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"organization"}
