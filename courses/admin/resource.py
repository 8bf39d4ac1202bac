"""Files and links for courses in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from accounts.services.locking import lock_organization
from core.admin import OrganizationAdmin
from core.tenancy import current_organization_id
from courses.admin.careful_form import CarefulForm
from courses.admin.in_course import InCourse
from courses.models import ContentItem, Resource
from courses.services.resources import delete_resource, save_resource
from media_library.wording import words_for_size


class ResourceForm(CarefulForm):
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the name of the file, or the link."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True, widget=UnfoldAdminFileFieldWidget,
        help_text=_("Takes the place of the file or link there is."),
    )  # fmt: skip
    link = forms.CharField(
        label=_("Or a link"), max_length=2000, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("An address that begins with https:// or http://."),
    )  # fmt: skip

    class Meta:
        model = Resource
        fields = ["title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].initial = self.instance.link

    def lock_around(self) -> None:
        lock_organization(current_organization_id())

    def shown_of(self, row: Resource) -> dict[str, Any]:
        return {"title": row.title, "link": row.link, "path": row.path}

    def _post_clean(self) -> None:
        """What is typed becomes the row's in the service, which checks it."""


@admin.register(Resource)
class ResourceAdmin(OrganizationAdmin):
    form = ResourceForm
    list_display = ["title", "what", "size", "opened"]
    list_filter = [InCourse]
    search_fields = ["title", "filename", "link"]
    ordering = ["title"]
    fields = ["title", "file", "link", "what", "size", "opened", "opened_as"]
    readonly_fields = ["what", "size", "opened"]

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @display(description=_("File or link"))
    def what(self, resource: Resource) -> str:
        return resource.filename or resource.link or "–"

    @display(description=_("Size"), ordering="size_bytes")
    def size(self, resource: Resource) -> str:
        return words_for_size(resource.size_bytes) if resource.path else "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an item of a course holds stays."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not ContentItem.objects.filter(resource=obj).exists())

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        """A new file takes the place of the link that still stands in the form."""
        file, link = form.cleaned_data["file"], form.cleaned_data["link"]
        obj.title = form.cleaned_data["title"]
        save_resource(obj, file=file, link="" if file and link == obj.link else link)

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        delete_resource(obj)
