"""What is asked of somebody who makes an API token."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.models.token import Area

LIFETIMES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")), ("", _("Does not expire"))]
ACCESS = [("", _("None")), ("read", _("Read")), ("write", _("Read and write"))]


class MembershipChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership: Any) -> str:
        return str(membership.organization)


class TokenForm(forms.Form):
    """A new API token: for which organization, what for, how long; and for each area what it may do there.

    `cleaned_data` is what `create_token` takes.
    """

    name = forms.CharField(max_length=80, label=_("What for"), help_text=_("You will recognize it by this name."))
    membership = MembershipChoice(queryset=Membership.objects.none(), label=_("Organization"), empty_label=None)
    lifetime = forms.ChoiceField(choices=LIFETIMES, initial="90", required=False, label=_("Valid for"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = Membership.objects.of(user)  # type: ignore[attr-defined]
        for area in Area:
            self.fields[area.value] = forms.ChoiceField(
                choices=ACCESS, required=False, initial="", label=area.label, widget=forms.RadioSelect
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "membership", "lifetime")]

    @property
    def areas(self) -> list[forms.BoundField]:
        """A row of the table each."""
        return [self[area.value] for area in Area]

    @property
    def access(self) -> list[Any]:
        """The columns of the table."""
        return [words for _value, words in ACCESS]

    def clean_lifetime(self) -> timedelta | None:
        days = self.cleaned_data["lifetime"]
        return timedelta(days=int(days)) if days else None

    def clean(self) -> dict[str, Any]:
        cleaned = {**self.cleaned_data}
        chosen = {area: cleaned.pop(area, "") for area in Area.values}
        cleaned["scopes"] = [f"{area}:{verb}" for area, verb in chosen.items() if verb]
        if not cleaned["scopes"]:
            raise ValidationError(_("Choose at least one area that the token may read."), code="no_scope")
        return cleaned
