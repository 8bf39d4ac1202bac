"""The creator's upload form."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from core.forms import MOVED
from core.tenancy import current_organization_id

ACCEPTED = "video/*,audio/*,.mkv,.mov,.avi,.flac,.ogg"


class UploadForm(forms.Form):
    """A file, its title, its captions. What a file is, is judged by its content when it is processed."""

    file = forms.FileField(
        label="Video or audio file",
        allow_empty_file=True,  # the service refuses it, with the words of all uploads
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ACCEPTED}),
        help_text="MP4, MOV, MKV, WebM, AVI, MP3, M4A, WAV, FLAC or Ogg.",
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Left empty, it is the name of the file.",
    )
    captions = forms.FileField(
        label="Captions",
        required=False,
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".vtt,.srt,text/vtt"}),
        help_text="WebVTT or SubRip. Without them, a subtitle track in the file is read.",
    )
    opened_in = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["opened_in"].initial = current_organization_id()

    def clean_opened_in(self) -> UUID | None:
        opened_in: UUID | None = self.cleaned_data["opened_in"]
        if opened_in is not None and opened_in != current_organization_id():
            raise ValidationError(MOVED, code="organization_switched")
        return opened_in
