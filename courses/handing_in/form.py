"""What a learner writes and adds on the page of an assignment."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name))


class FilesField(forms.FileField):
    """Any number of files; the services say how many and how large."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(one, initial) for one in data or ()]


class SubmissionForm(forms.Form):
    text = forms.CharField(required=False, strip=False)
    added = FilesField(required=False, allow_empty_file=True)
    remove = forms.UUIDField(required=False)

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])
