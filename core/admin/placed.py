"""Rows of a form that stand in an order: written by services, and numbered when all of them stand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from core.forms import OrganizationForm
from core.ordering import LAST, put_in_order

MOST_ROWS = 100_000  # a place beyond them is the end


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


class PlacedFormSet(PaginationInlineFormSet):
    """Translates a posted list of rows into the verbs of the services. `by` is set before it is saved."""

    by: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.instance)
        form.instance = self._write(form)
        return form.instance

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        return self._write(form)

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        put_in_order(self._siblings(), [form.instance.pk for form in self._kept_in_order()])
        return saved

    def write(self, row: Any) -> Any:
        raise NotImplementedError

    def _write(self, form: Any) -> Any:
        row = form.save(commit=False)
        row.position = LAST if row._state.adding else row.position
        return self.write(row)

    def _siblings(self) -> Any:
        return self.model._default_manager.filter(**{self.fk.name: self.instance.pk})

    def _kept_in_order(self) -> list[PlacedForm]:
        gone = self.deleted_forms
        kept = [form for form in self.forms if form not in gone and not form.instance._state.adding]
        return sorted(kept, key=lambda form: form.place(self.forms.index(form)))


class PlacedRowsAdmin:
    """Tells the formsets of the page who is asking."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Errors of rows inside rows are no errors of the page to Django: it would say nothing at its top."""
        if request.method == "POST" and not context.get("errors"):
            messages.error(request, _("Nothing was saved yet: please correct the items that are marked below."))
        return super().render_change_form(request, context, **options)  # type: ignore[misc]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.by = request.user
        super().save_formset(request, form, formset, change)  # type: ignore[misc]
