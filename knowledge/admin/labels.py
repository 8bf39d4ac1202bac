"""Labels in the back office: the list of all, renamed and dropped everywhere at once."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import NotedByServices, OrganizationAdmin
from core.forms import OrganizationForm
from knowledge.labels.labelling import drop_label, rename_label
from knowledge.labels.reading import labels_in_use, media_labelled
from knowledge.models import Label
from media_library.models import Media
from media_library.wording import words_for_duration

SHOWN = 100


class LabelForm(OrganizationForm):
    """A name that another label has is no mistake here: the two become one."""

    class Meta:
        model = Label
        fields = ["name"]

    def _get_validation_exclusions(self) -> set[str]:
        """Constraints of names begin with the organization. The service puts the two together."""
        return super()._get_validation_exclusions() | {"organization"}


@admin.register(Label)
class LabelAdmin(NotedByServices, OrganizationAdmin):
    form = LabelForm
    fields = ["name", "media_named"]
    readonly_fields = ["media_named"]
    list_display = ["name", "media_count", "spoken"]
    search_fields = ["name"]
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return labels_in_use()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A label is put on a media item, on the page of that."""
        return False

    def save_model(self, request: HttpRequest, obj: Label, form: Any, change: bool) -> None:
        """The row keeps its old name: it goes from the media to the label that is called so now."""
        before = Label.objects.get(pk=obj.pk)
        rename_label(before, obj.name, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Label) -> None:
        drop_label(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for label in queryset:
            drop_label(label, by=request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Media stay; nothing but the labels goes."""
        return [str(one) for one in objs], {}, set(), []

    @display(description=_("Media"), ordering="media_total")
    def media_count(self, label: Any) -> int:
        return int(label.media_total)

    @display(description=_("Time spoken"), ordering="spoken_seconds")
    def spoken(self, label: Any) -> str:
        return words_for_duration(label.spoken_seconds)

    @display(description=_("Media"))
    def media_named(self, label: Label) -> SafeString:
        media = Media.objects.present().filter(media_labelled(label.slug)).for_list().order_by("title")[:SHOWN]
        context = [(f"/admin/media_library/media/{one.pk}/change/", one.title) for one in media]
        return SafeString("<br>".join(format_html('<a href="{}">{}</a>', *one) for one in context))
