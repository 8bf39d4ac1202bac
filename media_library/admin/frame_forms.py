"""What is typed about frames in the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from media_library.frames.annotating import ANNOTATION_CHARACTERS, Region
from media_library.frames.finding import FrameFilter
from media_library.models import Frame, Media, Project

EITHER = [("", _("Annotated or not")), ("1", _("Annotated")), ("0", _("Not annotated"))]


class FrameFilterForm(forms.Form):
    """What to show; what names nothing is passed over."""

    q = forms.CharField(required=False, max_length=200, label=_("Words of the annotation"))
    project = forms.ModelChoiceField(Project.objects.none(), required=False, label=_("Project"))
    media: Any = forms.ModelChoiceField(Media.objects.none(), required=False, label=_("Media"))
    annotated = forms.ChoiceField(choices=EITHER, required=False, label=_("Annotation"))
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        media: Any = self.fields["media"]
        project: Any = self.fields["project"]
        framed = Frame.objects.order_by().values("media")
        media.queryset = Media.objects.filter(pk__in=framed).only("title").order_by("title", "pk")
        project.queryset = Project.objects.only("title")
        media.empty_label, project.empty_label = _("All media"), _("All projects")

    def wanted(self) -> FrameFilter:
        found = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        keys = {name: row.pk for name in ("project", "media") if (row := found.get(name))}
        annotated = {"1": True, "0": False}.get(found.get("annotated") or "")
        return FrameFilter(batch=found.get("batch"), words=found.get("q") or "", annotated=annotated, **keys)


class AnnotationForm(forms.Form):
    """The region in percent of the picture: all four, or none."""

    annotation = forms.CharField(
        required=False, strip=False, label=_("Annotation"), widget=forms.Textarea(attrs={"rows": 6})
    )
    left = forms.FloatField(required=False, label=_("From the left"))
    top = forms.FloatField(required=False, label=_("From the top"))
    width = forms.FloatField(required=False, label=_("Width"))
    height = forms.FloatField(required=False, label=_("Height"))
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annotation"].widget.attrs["maxlength"] = ANNOTATION_CHARACTERS
        for name in SIDES:
            self.fields[name].widget.attrs |= {"min": 0, "max": 100, "step": "any", "inputmode": "decimal"}

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = super().clean() or {}
        given = [sent.get(name) for name in SIDES]
        if any(one is None for one in given) and any(one is not None for one in given) and not self.errors:
            raise forms.ValidationError(_("Give all four numbers of the region, or none."), code="region_incomplete")
        return sent

    @property
    def region(self) -> Region | None:
        left, top, width, height = (self.cleaned_data[name] for name in SIDES)
        return None if left is None else Region(left / 100, top / 100, width / 100, height / 100)


SIDES = ("left", "top", "width", "height")


class ChangeForm(forms.Form):
    """What many frames are to go through; `sure` after one was asked."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("move", "annotate", "delete", "export")])
    batch = forms.UUIDField(required=False)
    annotation = forms.CharField(required=False)
    sure = forms.BooleanField(required=False)
