"""What creators type in the back office, turned into what the services take."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from core.forms import OrganizationForm
from courses.choices import UnusableChoices, format_choices, parse_choices
from courses.content import content_errors
from courses.models import Chapter, ContentItem, Course, Question
from courses.services.authoring import SLUG_TAKEN, slug_is_taken

SHORT_TEXT = UnfoldAdminTextareaWidget(attrs={"rows": 3})
LONG_TEXT = UnfoldAdminTextareaWidget(attrs={"rows": 8})
MOST_ROWS = 100_000  # a place beyond them is the end
CHOICES_HELP = "One option a line; put * in front of the right one."


class PlacedForm(OrganizationForm):
    """A row with a position. What is typed there is a wish; the service numbers the rows without gaps and doubles."""

    position = forms.IntegerField(required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}

    def clean_position(self) -> int:
        """Kept as it was, or any number, until the row is put in its place."""
        wish = self.cleaned_data["position"]
        return self.instance.position or 1 if wish is None else min(max(1, wish), MOST_ROWS)

    def place(self, index: int) -> tuple[int, bool, int]:
        """Sorts the rows of a form: by the wish, at a tie the one that was moved first, then as they stand."""
        wish = self.data.get(self.add_prefix("position"), "").strip()
        moved = "position" in self.changed_data
        return int(wish) if wish.isdigit() else 2**31, not moved, index


class ChapterForm(PlacedForm):
    class Meta:
        model = Chapter
        fields = ["title", "position"]


class ContentItemForm(PlacedForm):
    estimated_minutes = forms.IntegerField(required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget)

    class Meta:
        model = ContentItem
        fields = ["title", "type", "media", "quiz", "text", "state", "is_required", "estimated_minutes", "position"]
        widgets = {"text": SHORT_TEXT}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "type" in cleaned:
            for field, messages in content_errors(cleaned["type"], cleaned).items():
                self.add_error(field if field in self.fields else None, messages)
        return cleaned


class CourseForm(OrganizationForm):
    cover = forms.FileField(
        required=False, label="Picture", help_text="JPEG, PNG or WebP. Without one, the first video's is shown."
    )

    class Meta:
        model = Course
        fields = ["title", "slug", "description", "objectives", "level", "estimated_hours", "instructors"]
        widgets = {"description": LONG_TEXT, "objectives": SHORT_TEXT}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and slug_is_taken(slug, self.instance):
            raise forms.ValidationError(SLUG_TAKEN, code="unique")
        return slug


class QuestionForm(PlacedForm):
    """Options are typed as lines; their keys are made here once and stay while the text stays."""

    choices = forms.CharField(
        label="Options", help_text=CHOICES_HELP, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )

    class Meta:
        model = Question
        fields = ["prompt", "choices", "feedback", "points", "position"]
        widgets = {"prompt": SHORT_TEXT, "feedback": SHORT_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choices"].initial = format_choices(self.instance.options, self.instance.answer)

    def clean_choices(self) -> str:
        lines: str = self.cleaned_data["choices"]
        try:
            options, answer = parse_choices(lines, known=self.instance.options)
        except UnusableChoices as fault:
            raise forms.ValidationError(str(fault), code="unusable_choices") from fault
        self.instance.options, self.instance.answer = options, answer
        return lines
