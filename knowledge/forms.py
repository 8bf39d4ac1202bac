from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.visible import Choices, Filters


class FilterForm(forms.Form):
    """What to look in. Courses, labels and languages are those in which this person can find something."""

    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput({"type": "date"}))
    speaker = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, choices: Choices) -> None:
        super().__init__(data, auto_id="filter_%s")
        # Not as an attribute: a form has a `media` of its own.
        self.fields["media"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.fields["course"] = _choice(_("Course"), _("All courses"), choices.courses)
        self.fields["language"] = _choice(_("Language"), _("All languages"), choices.languages)
        self.fields["label"] = _choice(_("About"), _("Everything"), choices.labels)
        self.order_fields(["course", "label", "language"])

    def filters(self) -> Filters:
        """What is not understood does not narrow; the form says so."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})


def _choice(label: Any, everything: Any, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, choices=[("", everything), *choices])
