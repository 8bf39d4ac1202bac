"""What creators type in the back office, turned into what the services take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from courses.admin.availability_form import AvailabilityFormMixin
from courses.admin.careful_form import CarefulForm
from courses.admin.markdown_widget import MarkdownWidget
from courses.content import content_errors, held_by
from courses.models import Chapter, ContentItem, Course, ItemType
from courses.models.item import ItemState
from courses.services.authoring import SLUG_TAKEN, slug_is_taken
from courses.services.revising import lock_course
from media_library.chapter_marks import chapter_marks, read_marks, with_marks, write_marks

SHORT_TEXT = UnfoldAdminTextareaWidget(attrs={"rows": 3})
LONG_TEXT = MarkdownWidget(attrs={"rows": 12})


class ChapterForm(AvailabilityFormMixin, CarefulForm):
    class Meta:
        model = Chapter
        fields = ["title", "description", "availability"]
        widgets = {"description": LONG_TEXT}

    def lock_around(self) -> None:
        lock_course(self.instance.course_id)


class ContentItemForm(AvailabilityFormMixin, CarefulForm):
    """One item; its type stays what it is, and decides what is asked for."""

    estimated_minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("How long it takes, where no video says it."),
    )  # fmt: skip

    watched_from = forms.IntegerField(
        label=_("Counts as watched from"), required=False, min_value=1, max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Percent of the video, 1–100. Empty: as the course says."),
    )  # fmt: skip

    marks = forms.CharField(
        label=_("Chapters of the video"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("One a line, with when it begins: 12:40 High tide. Empty: those of the media."),
    )  # fmt: skip

    class Meta:
        model = ContentItem
        fields = [
            "title", "description", "media", "quiz", "text", "state", "is_required", "estimated_minutes",
            "watched_from", "availability",
        ]  # fmt: skip
        widgets = {"text": LONG_TEXT, "description": LONG_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.type == ItemType.VIDEO:
            self.fields["marks"].initial = write_marks(chapter_marks(self.instance.metadata))
        else:
            del self.fields["marks"], self.fields["watched_from"]

    def lock_around(self) -> None:
        lock_course(self.instance.chapter.course_id)

    def shown_of(self, row: ContentItem) -> dict[str, Any]:
        return {**super().shown_of(row), "marks": write_marks(chapter_marks(row.metadata))}

    def clean_marks(self) -> str:
        """What nobody touched stays as it is: an integrator may know more than whole seconds."""
        lines: str = self.cleaned_data["marks"]
        if "marks" in self.changed_data:
            marks, faults = read_marks(lines)
            if faults:
                raise forms.ValidationError(faults, code="unreadable_marks")
            self.instance.metadata = with_marks(self.instance.metadata, marks)
        return lines

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
            "access", "seats", "opens_at", "closes_at", "watched_from", "watched_slides",
            "awards_certificate", "certificate_signer",
        ]  # fmt: skip
        widgets = {"description": LONG_TEXT, "objectives": SHORT_TEXT}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and slug_is_taken(slug, self.instance):
            raise forms.ValidationError(SLUG_TAKEN, code="unique")
        return slug
