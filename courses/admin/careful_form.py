"""Forms of the back office that two people may have open at once."""

import json
from hashlib import sha256
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from core.forms import OrganizationForm


class OpenedAs(forms.CharField):
    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """It is nothing that a person changes."""
        return False


class CarefulForm(OrganizationForm):
    """Two people with the same form open: the second is told, what they typed stays, and saving again is their word.

    `opened_as` stands for what the form showed when it was opened, whatever else has changed in the row since.
    """

    opened_as = OpenedAs(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_as"].initial = self._fingerprint(self.instance)

    def clean(self) -> Any:
        cleaned = super().clean()
        opened_as = self.cleaned_data.get("opened_as")
        if opened_as and not self.instance._state.adding and opened_as != (present := self._present()):
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("opened_as")] = present  # type: ignore[index]
            raise forms.ValidationError(self.changed_meanwhile, code="changed_meanwhile")
        return cleaned

    changed_meanwhile = _(
        "Somebody else has changed this since you opened it. Nothing was saved, and what you typed is still here. "
        "Look at the other version in a second window; saving once more puts yours in its place."
    )

    def _present(self) -> str:
        """Under a lock, so that of two who save at once one is the second."""
        self.lock_around()
        rows = type(self.instance)._default_manager.select_for_update(no_key=True)
        return self._fingerprint(rows.get(pk=self.instance.pk))

    def lock_around(self) -> None:
        """What its service locks before the row is locked before it here too, so that nobody waits for each other."""

    def _fingerprint(self, row: Any) -> str:
        if row._state.adding:
            return ""
        values = {name: _plain(value) for name, value in self.shown_of(row).items()}
        return sha256(json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()[:32]

    def shown_of(self, row: Any) -> dict[str, Any]:
        """What the form shows of a row."""
        return model_to_dict(row, fields=[name for name in self._meta.fields or () if name in self.fields])


def _plain(value: Any) -> Any:
    """Of people their keys, in an order of their own."""
    return sorted(str(one.pk) for one in value) if isinstance(value, list) else value
