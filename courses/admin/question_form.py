"""A question as creators type it in the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.placed import PlacedForm
from courses.admin.careful_form import CarefulForm
from courses.models import Question, QuestionKind, Quiz
from courses.quizzes.choices import read_options, write_options
from courses.quizzes.questions import KINDS, Typed, Unusable, kind_of

OPTIONS_HELP = _(
    "One option a line; put * in front of a right one. What is to be told about an option follows behind “ | ”: "
    "*The moon | Yes, it pulls most."
)
ACCEPTED_HELP = _("One accepted text a line. Upper and lower case and spaces make no difference.")
VALUE_HELP = _("With a point or a comma.")
TOLERANCE_HELP = _("How far off an answer may be and still be right. Empty: not at all.")
#: Where the back office shows what is wrong with a part of `courses.quizzes.questions.Typed`.
SHOWN_AT = {"options": "choices"}


def lines_widget() -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget(attrs={"rows": 4})


class QuizForm(CarefulForm):
    """What is not sent stays as it is by default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("review", "grade_method"):
            self.fields[name].required = False

    class Meta:
        model = Quiz
        fields = [
            "title", "pass_mark", "max_attempts", "time_limit_minutes", "shuffles_questions", "shuffles_options",
            "review", "grade_method",
        ]  # fmt: skip


class QuestionForm(PlacedForm):
    """Each kind reads its own fields. Keys of options are made once and stay while the text stays."""

    kind = forms.ChoiceField(choices=QuestionKind.choices, required=False, widget=UnfoldAdminSelectWidget)
    choices = forms.CharField(label=_("Options"), help_text=OPTIONS_HELP, required=False, widget=lines_widget())
    is_true = forms.TypedChoiceField(
        label=_("The statement is"), required=False, widget=UnfoldAdminSelectWidget, empty_value=None,
        choices=[("", "—"), ("true", _("True")), ("false", _("False"))], coerce=lambda said: said == "true",
    )  # fmt: skip
    accepted = forms.CharField(
        label=_("Accepted texts"), help_text=ACCEPTED_HELP, required=False, widget=lines_widget()
    )
    value = forms.CharField(label=_("Right number"), help_text=VALUE_HELP, required=False)
    tolerance = forms.CharField(label=_("Tolerance"), help_text=TOLERANCE_HELP, required=False)
    points = forms.IntegerField(
        label=_("Points"), min_value=1, max_value=1000, initial=1, widget=UnfoldAdminIntegerFieldWidget
    )

    class Meta:
        model = Question
        fields = ["kind", "prompt", "feedback", "points", "position"]
        widgets = {
            "prompt": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "feedback": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("value", "tolerance"):
            self.fields[name].widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})
        if not self.instance._state.adding:
            self._show(kind_of(self.instance).typed(self.instance))

    def _show(self, typed: Typed) -> None:
        self.initial = {
            **self.initial,
            "choices": write_options(typed.options),
            "is_true": "" if typed.is_true is None else str(typed.is_true).lower(),
            "accepted": "\n".join(typed.accepted),
            "value": typed.value,
            "tolerance": typed.tolerance,
        }

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind is not None:
            self._read(kind, cleaned)
        return cleaned

    def _read(self, kind: str, cleaned: dict[str, Any]) -> None:
        try:
            content = KINDS[kind].parse(_typed(cleaned), known=self.instance.options)
        except Unusable as fault:
            self.add_error(SHOWN_AT.get(fault.field, fault.field), str(fault))
        else:
            self.instance.options, self.instance.answer = content.options, content.answer


def _typed(cleaned: dict[str, Any]) -> Typed:
    return Typed(
        options=read_options(cleaned.get("choices", "")),
        is_true=cleaned.get("is_true"),
        accepted=cleaned.get("accepted", "").splitlines(),
        value=cleaned.get("value", ""),
        tolerance=cleaned.get("tolerance", ""),
    )
