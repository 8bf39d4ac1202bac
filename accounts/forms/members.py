"""What owners type about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.services.inviting import LONGEST_LINE, MOST_AT_ONCE

ROLE_HELP = _(
    "Owners decide about people and settings. Creators make courses. Learners see the catalog. "
    "Customers see only what was granted to them."
)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, label=_("Role"), help_text=ROLE_HELP)


class InviteForm(forms.Form):
    """One address, or a pasted list: a line each, or separated by commas."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One a line, or separated by commas; at most 50 at once."),
        max_length=MOST_AT_ONCE * LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(choices=Role.choices, initial=Role.LEARNER, label=_("Role"), help_text=ROLE_HELP)

    def clean_emails(self) -> list[str]:
        text: str = self.cleaned_data["emails"]
        return [line for line in text.replace(",", "\n").replace(";", "\n").splitlines() if line.strip()]

    def clean_role(self) -> Any:
        return Role(self.cleaned_data["role"])
