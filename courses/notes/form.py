"""What the note panel asks."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]?\d)(?:\.\d+)?|(\d{1,7}(?:\.\d+)?)")
NO_TIME = _("A time looks like 12:40 or 1:02:03.")


class MomentField(forms.CharField):
    """`12:40`, `1:02:03` or plain seconds, as seconds; None where it is left empty."""

    def clean(self, value: Any) -> float | None:
        written = super().clean(value)
        if not written:
            return None
        found = TIME.fullmatch(written)
        if found is None:
            raise forms.ValidationError(NO_TIME)
        hours, minutes, seconds, plain = found.groups()
        return float(plain) if plain else 3600.0 * int(hours or 0) + 60 * int(minutes) + int(seconds)


class NoteForm(forms.Form):
    text = forms.CharField(required=False)
    at = MomentField(required=False)
