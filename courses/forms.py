"""What creators type in the back office, turned into what the services take."""

import json
from hashlib import sha256
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from core.forms import OrganizationForm
from courses.admin.availability_form import AvailabilityFormMixin
from courses.admin.markdown_widget import MarkdownWidget
from courses.content import content_errors, held_by
from courses.models import Chapter, ContentItem, Course
from courses.models.item import ItemState
from courses.services.authoring import SLUG_TAKEN, slug_is_taken

SHORT_TEXT = UnfoldAdminTextareaWidget(attrs={"rows": 3})
LONG_TEXT = MarkdownWidget(attrs={"rows": 12})


class CarefulForm(OrganizationForm):
    """Two people with the same form open: the second is told, what they typed stays, and saving again is their word.

    `opened_as` stands for what the form showed when it was opened, whatever else has changed in the row since.
    """

    opened_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_as"].initial = self._fingerprint(self.instance)

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"opened_as"})

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
        rows = type(self.instance)._default_manager.select_for_update(no_key=True)
        return self._fingerprint(rows.get(pk=self.instance.pk))

    def _fingerprint(self, row: Any) -> str:
        if row._state.adding:
            return ""
        shown = [name for name in self._meta.fields or () if name in self.fields]
        values = {name: _plain(value) for name, value in model_to_dict(row, fields=shown).items()}
        return sha256(json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """Of people their keys, in an order of their own."""
    return sorted(str(one.pk) for one in value) if isinstance(value, list) else value


class ChapterForm(AvailabilityFormMixin, CarefulForm):
    class Meta:
        model = Chapter
        fields = ["title", "description", "availability"]
        widgets = {"description": SHORT_TEXT}


class ContentItemForm(AvailabilityFormMixin, CarefulForm):
    """One item; its type stays what it is, and decides what is asked for."""

    estimated_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("How long it takes, where no video says it."),
    )  # fmt: skip

    class Meta:
        model = ContentItem
        fields = [
            "title", "description", "media", "quiz", "text", "state", "is_required", "estimated_minutes",
            "availability",
        ]  # fmt: skip
        widgets = {"text": LONG_TEXT, "description": SHORT_TEXT}

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        for field, messages in self._content_errors(cleaned).items():
            self.add_error(field if field in self.fields else None, messages)
        return cleaned

    def _content_errors(self, cleaned: dict[str, Any]) -> dict[str, list[str]]:
        """A text that is a draft may still have to be written."""
        errors = content_errors(self.instance.type, {**held_by(self.instance), **cleaned})
        if cleaned.get("state") == ItemState.DRAFT:
            errors.pop("text", None)
        return errors


class CourseForm(CarefulForm):
    cover = forms.FileField(
        required=False,
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP. Without one, the first video's is shown."),
    )

    class Meta:
        model = Course
        fields = [
            "title", "slug", "description", "objectives", "level", "estimated_hours", "category", "instructors",
            "access", "seats", "opens_at", "closes_at", "awards_certificate", "certificate_signer",
        ]  # fmt: skip
        widgets = {"description": LONG_TEXT, "objectives": SHORT_TEXT}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and slug_is_taken(slug, self.instance):
            raise forms.ValidationError(SLUG_TAKEN, code="unique")
        return slug
