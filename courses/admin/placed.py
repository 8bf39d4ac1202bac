"""Rows that are written by services and put in order after all of them stand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from unfold.forms import PaginationInlineFormSet

from courses.forms import PlacedForm
from courses.models import Chapter, ContentItem, Question
from courses.services.authoring import delete_chapter, delete_item, save_chapter, save_item
from courses.services.ordering import LAST, put_in_order
from courses.services.quizzes import save_question


class PlacedFormSet(PaginationInlineFormSet):
    """Translates a posted list of rows into the verbs of the services. `by` is set before it is saved."""

    by: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.instance)
        return self._write(form)

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


class ChapterFormSet(PlacedFormSet):
    def write(self, row: Chapter) -> Chapter:
        return save_chapter(row)

    def delete_existing(self, obj: Chapter, commit: bool = True) -> None:
        delete_chapter(obj)


class ContentItemFormSet(PlacedFormSet):
    def write(self, row: ContentItem) -> ContentItem:
        return save_item(row, by=self.by)

    def delete_existing(self, obj: ContentItem, commit: bool = True) -> None:
        delete_item(obj)


class QuestionFormSet(PlacedFormSet):
    def write(self, row: Question) -> Question:
        return save_question(row)


class PlacedRowsAdmin:
    """Tells the formsets of the page who is asking."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Errors of rows inside rows are no errors of the page to Django: it would say nothing at its top."""
        if request.method == "POST" and not context.get("errors"):
            messages.error(request, "Nothing was saved yet: please correct the items that are marked below.")
        return super().render_change_form(request, context, **options)  # type: ignore[misc]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.by = request.user
        super().save_formset(request, form, formset, change)  # type: ignore[misc]
