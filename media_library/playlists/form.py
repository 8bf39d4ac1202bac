"""What people type about their own playlists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from media_library.models import Playlist, PlaylistType
from media_library.services.playlists import DESCRIPTION_CHARACTERS, TITLE_CHARACTERS

COVER_HELP = _("JPEG, PNG or WebP, at most 20 MB. Without one, the first picture of what stands in it is shown.")


class PlaylistForm(forms.Form):
    texts = ("title", "description", "type")

    title = forms.CharField(label=_("Title"), max_length=TITLE_CHARACTERS)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=DESCRIPTION_CHARACTERS, widget=forms.Textarea({"rows": 3})
    )
    type = forms.ChoiceField(label=_("Type"), choices=PlaylistType, initial=PlaylistType.VIDEO)
    cover = forms.FileField(label=_("Cover"), required=False, allow_empty_file=True, help_text=COVER_HELP)
    without_cover = forms.BooleanField(label=_("Take the chosen cover away"), required=False)

    def __init__(self, data: Any, files: Any, *, playlist: Playlist) -> None:
        told = {name: getattr(playlist, name) for name in self.texts}
        super().__init__(data, files, initial=told, label_suffix="")
        if not playlist.cover_path:
            del self.fields["without_cover"]

    def fill(self, playlist: Playlist) -> Playlist:
        for name in self.texts:
            setattr(playlist, name, self.cleaned_data[name])
        return playlist
