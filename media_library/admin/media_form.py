"""What creators say about one media item: words, shelves, people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.models import Membership, User
from core.admin import OrganizationInline
from core.errors import Refused
from core.forms import OrganizationForm
from core.tenancy import current_organization_id
from media_library.chapter_marks import Mark, marks_in, write_marks
from media_library.models import Category, Credit, Media, Tag
from media_library.services.chapters import checked_marks
from media_library.services.crediting import name_of_member, remove_credit, save_credit
from media_library.services.shelving import distinct_names, split_names
from media_library.tree import branches


class MediaForm(OrganizationForm):
    in_categories = forms.ModelMultipleChoiceField(
        Category.objects.all(), label=_("Categories"), required=False, widget=UnfoldAdminSelect2MultipleWidget
    )
    known_tags = forms.ModelMultipleChoiceField(
        Tag.objects.all(),
        label=_("Tags"),
        required=False,
        widget=AutocompleteSelectMultiple(Media._meta.get_field("tags"), admin.site),
    )
    new_tags = forms.CharField(
        label=_("New tags"), required=False, widget=UnfoldAdminTextInputWidget, help_text=_("Between commas.")
    )

    marks = forms.CharField(
        label=_("Chapters"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("One a line, with when it begins: 12:40 High tide. A lesson may have chapters of its own."),
    )  # fmt: skip

    class Meta:
        model = Media
        fields = ["title", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories: Any = self.fields["in_categories"]
        categories.choices = [(one.row.pk, one.words) for one in branches()]
        self.initial["marks"] = write_marks(marks_in(self.instance.chapters))
        self.initial["in_categories"] = list(self.instance.categories.all())
        self.initial["known_tags"] = list(self.instance.tags.all())

    def clean_marks(self) -> list[Mark]:
        """What nobody touched stays as it is: an integrator may know more than whole seconds."""
        lines = "\n".join(self.cleaned_data["marks"].splitlines())  # browsers end them in their own way
        if lines == self.initial["marks"]:
            return marks_in(self.instance.chapters)
        try:
            return checked_marks(self.instance, lines)
        except Refused as refusal:
            raise forms.ValidationError(refusal.fields["chapters"], code=refusal.code) from refusal

    def clean(self) -> Any:
        cleaned = super().clean()
        names = [tag.name for tag in cleaned.get("known_tags", ())] + split_names(cleaned.get("new_tags", ""))
        try:
            self.tags = list(distinct_names(names).values())
        except Refused as refusal:
            self.add_error("new_tags", refusal.message)
        return cleaned


class CreditForm(OrganizationForm):
    class Meta:
        model = Credit
        fields = ["contribution", "user", "name", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["position"].required = False

    def clean(self) -> Any:
        """Whoever is chosen is called by their own name, unless another one is given."""
        cleaned = super().clean()
        cleaned["position"] = cleaned.get("position") or 0
        cleaned["name"] = cleaned.get("name") or name_of_member(cleaned.get("user"))
        if not cleaned["name"]:
            self.add_error("name", _("Choose somebody who has a name, or write one."))
        return cleaned


class CreditFormSet(PaginationInlineFormSet):
    """Translates the posted rows into verbs. `by` is set before it is saved."""

    by: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Credit:
        form.instance.media = self.instance
        return self._write(form)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Credit:
        return self._write(form)

    def delete_existing(self, obj: Credit, commit: bool = True) -> None:
        remove_credit(obj, by=self.by)

    def _write(self, form: Any) -> Credit:
        return save_credit(form.save(commit=False), by=self.by)


class CreditInline(OrganizationInline):
    model = Credit
    form = CreditForm
    formset = CreditFormSet
    fields = ["contribution", "user", "name", "position"]
    ordering_field = "position"
    hide_ordering_field = True
    verbose_name_plural = _("Credits")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Those who make content here, and whoever is credited already."""
        if db_field.name == "user":
            makers = Membership.objects.making().filter(organization=current_organization_id())
            credited = Credit.objects.filter(user__isnull=False).values("user")
            offered = User.objects.filter(Q(pk__in=makers.values("user")) | Q(pk__in=credited))
            kwargs["queryset"] = offered.order_by("name", "email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
