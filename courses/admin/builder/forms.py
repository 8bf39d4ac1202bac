"""What the course builder sends, one small form a verb. Rows are looked for in the course by the verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import ItemType
from courses.models.item import ItemState
from media_library.models import Media

NO_TITLE = {"required": _("Give it a title.")}


class Change(forms.Form):
    """Every change names the revision of the outline that it was made upon."""

    revision = forms.IntegerField(min_value=0)


class NewChapter(Change):
    title = forms.CharField(max_length=200, error_messages=NO_TITLE)


class OneChapter(Change):
    chapter = forms.UUIDField()


class ChapterTitle(OneChapter):
    title = forms.CharField(max_length=200, error_messages=NO_TITLE)


class ChapterPlace(OneChapter):
    position = forms.IntegerField(min_value=1)


class ChapterStep(OneChapter):
    """One place up (−1) or down (1)."""

    step = forms.TypedChoiceField(choices=[("-1", "up"), ("1", "down")], coerce=int)


class ChapterRemoval(OneChapter):
    """Asked first what goes along; then confirmed."""

    confirmed = forms.BooleanField(required=False)


class NewItem(OneChapter):
    type = forms.ChoiceField(choices=[one for one in ItemType.choices if one[0] != ItemType.VIDEO])
    title = forms.CharField(max_length=200, error_messages=NO_TITLE)
    link = forms.CharField(max_length=2000, required=False)
    file = forms.FileField(required=False, allow_empty_file=True, max_length=255)


class NewMedia(OneChapter):
    """Several at once, in the order in which they were chosen."""

    media: Any = forms.ModelMultipleChoiceField(
        Media.objects.none(), error_messages={"required": _("Choose some first.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["media"]
        field.queryset = Media.objects.present()

    def clean_media(self) -> list[Media]:
        chosen = {str(media.pk): media for media in self.cleaned_data["media"]}
        return [chosen[key] for key in dict.fromkeys(self.data.getlist("media")) if key in chosen]  # type: ignore[attr-defined]


class OneItem(Change):
    item = forms.UUIDField()


class ItemTitle(OneItem):
    title = forms.CharField(max_length=200, error_messages=NO_TITLE)


class ItemPlace(OneItem):
    """At the end of the chapter without a position."""

    chapter = forms.UUIDField()
    position = forms.IntegerField(min_value=1, required=False)


class ItemStep(OneItem):
    step = forms.TypedChoiceField(choices=[("-1", "up"), ("1", "down")], coerce=int)


class ItemFacts(OneItem):
    state = forms.ChoiceField(choices=ItemState.choices)
    is_required = forms.BooleanField(required=False)
    estimated_minutes = forms.IntegerField(min_value=1, max_value=10_000, required=False)


class ItemRemoval(OneItem):
    confirmed = forms.BooleanField(required=False)
