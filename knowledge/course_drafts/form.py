"""What a maker chooses, ticks or pastes to have a course drafted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OpenedHereForm
from courses.models import Course
from media_library.models import Media, Playlist


class CourseDraftForm(OpenedHereForm):
    """`videos` in the order in which they were chosen."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    course = forms.ModelChoiceField(Course.objects.none(), label=_("For an existing course"), required=False)
    playlist = forms.ModelChoiceField(Playlist.objects.none(), label=_("A playlist of the library"), required=False)
    addresses = forms.CharField(label=_("Or addresses"), required=False, widget=forms.Textarea)
    videos = forms.ModelMultipleChoiceField(Media.objects.none(), required=False)
    notes = forms.BooleanField(label=_("Notes for each video"), required=False)
    quizzes = forms.BooleanField(label=_("A quiz for each video"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"course": Course.objects.order_by("title"), "playlist": Playlist.objects.filter(owner=None)}
        for name, rows in {**choices, "videos": Media.objects.present()}.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @property
    def wishes(self) -> dict[str, Any]:
        """As `start_course_draft` takes them."""
        names = ("title", "course", "playlist", "addresses", "notes", "quizzes")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def chosen(self) -> list[Media]:
        found = {str(media.pk): media for media in self.cleaned_data["videos"]}
        keys = self["videos"].data or []
        return [found[key] for key in dict.fromkeys(keys) if key in found]
