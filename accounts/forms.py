from datetime import timedelta
from typing import Any

from django import forms

from accounts.models import Membership
from accounts.models.token import SCOPES

LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Does not expire")]


class MembershipChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership: Any) -> str:
        return str(membership.organization)


class TokenForm(forms.Form):
    """A new API token: for which organisation, what for, how long."""

    membership = MembershipChoice(queryset=Membership.objects.none(), label="Organization", empty_label=None)
    name = forms.CharField(max_length=80, label="What for", help_text="You will recognize it by this name.")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple, label="May"
    )
    lifetime = forms.ChoiceField(choices=LIFETIMES, initial="90", required=False, label="Valid for")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = Membership.objects.of(user)  # type: ignore[attr-defined]

    def clean_lifetime(self) -> timedelta | None:
        days = self.cleaned_data["lifetime"]
        return timedelta(days=int(days)) if days else None
