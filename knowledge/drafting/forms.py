"""The parts of a draft as people edit them; where a part stands is not theirs to type."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from core.forms import OpenedHereForm
from courses.models import Chapter
from courses.quizzes.choices import read_options, write_options
from courses.quizzes.questions import TypedOption
from knowledge.drafting.shapes import (
    OPTION_KINDS,
    ChaptersContent,
    Content,
    DraftChapter,
    DraftQuestion,
    NotesContent,
    NoteSection,
)
from knowledge.models import DraftKind

Part = NoteSection | DraftQuestion | DraftChapter

OPTIONS_HELP = _("One option a line; put * in front of a right one.")
ACCEPTED_HELP = _("One accepted text a line.")


def area(rows: int) -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget(attrs={"rows": rows})


class PartForm(forms.Form):
    """`part` is what it shows; `edited` is the same with what was typed, for the shape to check."""

    dropped = forms.BooleanField(label=_("Leave this out"), required=False, widget=UnfoldBooleanWidget)

    def __init__(self, *args: Any, part: Any, **kwargs: Any) -> None:
        kwargs["initial"] = self.shown(part)
        super().__init__(*args, **kwargs)
        self.part = part

    def shown(self, part: Any) -> dict[str, Any]:
        shown: dict[str, Any] = part.model_dump()
        return shown

    def edited(self) -> dict[str, Any]:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "dropped"}
        return {**self.part.model_dump(), **typed}


class SectionForm(PartForm):
    heading = forms.CharField(label=_("Heading"), max_length=200, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(label=_("Text (Markdown)"), max_length=10_000, widget=area(7))
    field_order = ("heading", "text", "dropped")


class ChapterForm(PartForm):
    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget)
    field_order = ("title", "dropped")


class QuestionPartForm(PartForm):
    """Shows the fields of its kind."""

    prompt = forms.CharField(label=_("Question"), max_length=1000, widget=area(2))
    choices = forms.CharField(label=_("Options"), help_text=OPTIONS_HELP, max_length=10_000, widget=area(4))
    is_true = forms.TypedChoiceField(
        label=_("The statement is"), widget=UnfoldAdminSelectWidget, coerce=lambda said: said == "true",
        choices=[("true", _("True")), ("false", _("False"))],
    )  # fmt: skip
    accepted = forms.CharField(label=_("Accepted texts"), help_text=ACCEPTED_HELP, max_length=10_000, widget=area(2))
    explanation = forms.CharField(label=_("Explanation"), required=False, max_length=2000, widget=area(2))
    field_order = ("prompt", "choices", "is_true", "accepted", "explanation", "dropped")

    def __init__(self, *args: Any, part: DraftQuestion, **kwargs: Any) -> None:
        super().__init__(*args, part=part, **kwargs)
        own = "choices" if part.kind in OPTION_KINDS else "is_true" if part.kind == "true_false" else "accepted"
        for name in {"choices", "is_true", "accepted"} - {own}:
            del self.fields[name]

    def shown(self, part: DraftQuestion) -> dict[str, Any]:
        options = [TypedOption(option.text, option.is_right) for option in part.options]
        return {
            **part.model_dump(), "choices": write_options(options), "is_true": str(bool(part.is_true)).lower(),
            "accepted": "\n".join(part.accepted),
        }  # fmt: skip

    def edited(self) -> dict[str, Any]:
        edited = super().edited()
        if (lines := edited.pop("choices", None)) is not None:
            edited["options"] = [{"text": one.text, "is_right": one.is_right} for one in read_options(lines)]
        if "accepted" in self.cleaned_data:
            edited["accepted"] = [line.strip() for line in self.cleaned_data["accepted"].splitlines() if line.strip()]
        return edited


class PlacementForm(OpenedHereForm):
    """Which draft was seen, and where it goes when it is accepted; `words` find chapters, and begin nothing."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label=_("Find a chapter by its title, or that of its course"), required=False)
    chapter = forms.ModelChoiceField(label=_("Chapter it goes into"), queryset=Chapter.objects.none(), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == DraftKind.CHAPTERS:
            del self.fields["chapter"], self.fields["words"]
            return
        chapters: Any = self.fields["chapter"]
        chapters.queryset = Chapter.objects.select_related("course")

    @property
    def sought(self) -> str:
        return str(self["words"].value() or "").replace("\x00", "").strip()[:200]

    @property
    def chosen(self) -> str:
        """The key of a chapter; empty for none, and for what is no key."""
        try:
            return str(UUID(str(self["chapter"].value() or "")))
        except ValueError:
            return ""


FORMS: dict[str, type[PartForm]] = {
    DraftKind.NOTES: SectionForm,
    DraftKind.QUIZ: QuestionPartForm,
    DraftKind.CHAPTERS: ChapterForm,
}


def part_forms(kind: str, content: Content, data: Any = None) -> list[PartForm]:
    return [FORMS[kind](data, prefix=f"part-{number}", part=part) for number, part in enumerate(parts_of(content))]


def parts_of(content: Content) -> Sequence[Part]:
    if isinstance(content, NotesContent):
        return content.sections
    return content.chapters if isinstance(content, ChaptersContent) else content.questions


def edited_content(kind: str, parts: Sequence[PartForm]) -> dict[str, Any]:
    """What valid forms say, without what is left out; a first chapter begins at 0, whichever it is."""
    kept = [part.edited() for part in parts if not part.cleaned_data["dropped"]]
    if kind == DraftKind.CHAPTERS and kept:
        kept[0]["at"] = 0
    name = {DraftKind.NOTES: "sections", DraftKind.QUIZ: "questions", DraftKind.CHAPTERS: "chapters"}
    return {name[DraftKind(kind)]: kept}
