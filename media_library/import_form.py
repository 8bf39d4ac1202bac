"""What is typed, pasted or chosen to be imported."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.forms import OpenedHereForm
from media_library.importing import File, Given, read_files, read_text
from media_library.importing.reading import ACCEPTED, refuse_large


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """A list of files, empty where none was chosen."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [forms.FileField.clean(self, one, initial) for one in chosen if one]


class ImportForm(OpenedHereForm):
    """Either text or files; `given` holds what was read from them."""

    addresses = forms.CharField(
        label=_("Addresses"), required=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
    )
    files = SeveralFiles(  # type: ignore[assignment]  # a field, which the form class takes out of itself
        label=_("Or a file"),
        required=False,
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    given: Given

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        text, files = told.get("addresses", "").strip(), told.get("files", [])
        if bool(text) == bool(files):
            words = _("Give either addresses or a file, not both.") if text else _("Paste addresses, or choose a file.")
            raise ValidationError(words, code="one_of_both")
        try:
            self.given = read_uploads(files) if files else read_text(text)
        except Refused as refusal:
            self.add_error("files" if files else "addresses", ValidationError(refusal.message, code=refusal.code))
        return told


def read_uploads(files: Sequence[UploadedFile]) -> Given:
    """Raises Refused like `read_files`, before anything too large is read."""
    refuse_large(sum(file.size or 0 for file in files))
    return read_files([File(file.name or "", file.read()) for file in files])
