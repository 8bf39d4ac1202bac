"""Images for texts in the back office."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from core.admin import OrganizationAdmin
from core.errors import Refused
from core.forms import OrganizationForm
from media_library.images import image_address, image_markdown
from media_library.models import LibraryImage
from media_library.models.images import ALT_CHARACTERS
from media_library.services.images import add_image, delete_image, describe_image
from media_library.usage import places_in_words, uses_of_images
from media_library.wording import words_for_size

PICKED = "image/jpeg,image/png,image/webp,image/gif"


class ImageForm(OrganizationForm):
    alt = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=ALT_CHARACTERS,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("What it shows, for people who cannot see it. Texts that show it already keep their own words."),
    )

    class Meta:
        model = LibraryImage
        fields = ["alt"]


class NewImageForm(ImageForm):
    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,  # the service refuses it in its own words
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": PICKED}),
        help_text=_("JPEG, PNG, WebP or GIF, at most 20 MB. It is kept as WebP, at most 2,000 pixels wide."),
    )


class ImageList(ChangeList):
    """A page of images, each with where it is used."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        uses = uses_of_images([image.pk for image in self.result_list])
        for image in self.result_list:
            image.uses = uses[image.pk]
            image.address = image_address(image, slug=request.organization.slug)  # type: ignore[attr-defined]


@admin.register(LibraryImage)
class LibraryImageAdmin(OrganizationAdmin):
    """The editor of texts adds them too; an image that a text shows is not deleted."""

    form = ImageForm
    list_display = ["picture", "description", "measures", "size", "used_in", "created_at"]
    list_display_links = ["description"]
    list_filter = ["created_at"]
    search_fields = ["alt"]
    ordering = ["-id"]

    class Media:
        css = {"all": ["css/admin_images.css"]}

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return ImageList

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **kwargs if change else {**kwargs, "form": NewImageForm})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["file", "alt"] if obj is None else ["shown", "alt", "in_texts", "measures", "size", "places"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            obj.slug = request.organization.slug  # type: ignore[attr-defined]
            obj.uses = uses_of_images([obj.pk])[obj.pk]
        return [] if obj is None else ["shown", "in_texts", "measures", "size", "places"]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The service makes the row, or finds the one there is."""
        if change:
            return super().save_form(request, form, change)
        return add_image(form.cleaned_data["file"], alt=form.cleaned_data["alt"], by=request.user)

    def save_model(self, request: HttpRequest, obj: LibraryImage, form: Any, change: bool) -> None:
        if change:
            describe_image(obj, alt=obj.alt, by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is nothing related."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is used stands among what keeps them from being deleted."""
        images = list(objs)
        uses = uses_of_images([image.pk for image in images])
        keeping = [f"{image}: {places_in_words(uses[image.pk])}" for image in images if uses[image.pk]]
        return [str(image) for image in images], {str(_("Images")): len(images)}, set(), keeping

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A text may have begun to show it since the question was asked."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:media_library_libraryimage_change", object_id)

    def delete_model(self, request: HttpRequest, obj: LibraryImage) -> None:
        delete_image(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LibraryImage]) -> None:
        for image in queryset:
            delete_image(image, by=request.user)

    @display(description=_("Picture"))
    def picture(self, image: Any) -> SafeString:
        return format_html(
            '<img class="library-image" src="{}" alt="" width="96" height="64" loading="lazy">', image.address
        )

    @display(description=_("Description"), ordering="alt")
    def description(self, image: LibraryImage) -> str:
        return str(image)

    @display(description=_("Pixels"), ordering="width")
    def measures(self, image: LibraryImage) -> str:
        return f"{image.width} × {image.height}"

    @display(description=_("Size"), ordering="size_bytes")
    def size(self, image: LibraryImage) -> str:
        return words_for_size(image.size_bytes)

    @display(description=_("Used in"))
    def used_in(self, image: Any) -> str:
        return places_in_words(image.uses) or "–"

    @display(description=_("Picture"))
    def shown(self, image: Any) -> SafeString:
        return format_html(
            '<img class="library-image" src="{}" alt="{}" width="{}" height="{}">',
            image_address(image, slug=image.slug), image.alt, image.width, image.height,
        )  # fmt: skip

    @display(description=_("In a text"))
    def in_texts(self, image: Any) -> SafeString:
        return format_html("<code>{}</code>", image_markdown(image, slug=image.slug))

    @display(description=_("Used in"))
    def places(self, image: Any) -> SafeString | str:
        places = [(use.address or "#", use.words) for use in image.uses]
        return format_html_join(SafeString("<br>"), '<a href="{}">{}</a>', places) or "–"
