"""Rows of a list that holds things of the library: put in, taken out and moved, but not exchanged for another."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.forms.models import ModelChoiceField
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.placed import PlacedForm, PlacedFormSet


class HeldWidget(forms.Widget):
    """What a row holds, to be read; its title leads to its page."""

    def __init__(self, held: Any, facts: Iterable[str]) -> None:
        super().__init__()
        self.held, self.facts = held, facts

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        address = reverse(f"admin:{self.held._meta.label_lower.replace('.', '_')}_change", args=[self.held.pk])
        title = str(self.held) or _("Untitled")
        facts = format_html_join("", '<span class="held__fact">{}</span>', ((fact,) for fact in self.facts))
        return format_html('<div class="held"><a class="held__title" href="{}">{}</a>{}</div>', address, title, facts)


class HeldField(forms.Field):
    """Answers what the row holds, whatever is sent."""

    def __init__(self, held: Any, *, facts: Iterable[str], label: Any) -> None:
        super().__init__(required=False, disabled=True, label=label, widget=HeldWidget(held, facts))
        self.held = held

    def clean(self, value: Any) -> Any:
        return self.held


class RowKey(ModelChoiceField):
    """The key of a row that the formset has read already."""

    def __init__(self, row: Any, field: ModelChoiceField) -> None:
        super().__init__(field.queryset, initial=row.pk, required=False, widget=field.widget)
        self.row = row

    def to_python(self, value: Any) -> Any:
        return self.row if str(value) == str(self.row.pk) else super().to_python(value)


class HeldForm(PlacedForm):
    """A new row chooses what it holds; one that stands says it, and costs no statement, however many there are."""

    holds: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            held, label = getattr(self.instance, self.holds), self.fields[self.holds].label
            self.fields[self.holds] = HeldField(held, facts=self.facts(held), label=label)

    def facts(self, held: Any) -> Iterable[str]:
        """What is said about it in its row."""
        return ()

    def _post_clean(self) -> None:
        """Of a row that stands only its place changes, and the formset numbers it; one that is gone changes nothing."""
        if self.instance._state.adding and self.fields[self.holds].required:
            super()._post_clean()  # type: ignore[misc]


class HeldFormSet(PlacedFormSet):
    """Whoever else changes the list waits from the first row to the last."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        **PlacedFormSet.default_error_messages,
        "too_many_forms": gettext_lazy("At most %(num)d fit in. Take some out."),
    }

    def lock(self) -> None:
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        self.lock()
        return super().save(commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        return obj

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        key = self._pk_field.name
        if not form.instance._state.adding:
            form.fields[key] = RowKey(form.instance, form.fields[key])
        elif index is not None and index < self.initial_form_count():
            self._let_be(form, key)

    def _let_be(self, form: Any, key: str) -> None:
        """Somebody else took this row out since the form was opened: out it stays, and the others are saved."""
        form.fields[key] = forms.Field(required=False, widget=forms.HiddenInput)
        form.fields[form.holds].required = False
