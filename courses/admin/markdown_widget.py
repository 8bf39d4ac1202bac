"""Writing Markdown in the back office: a text field with a toolbar, pictures and a preview.

What they do stands in static/js/markdown_editor.js. Without JavaScript it is the text field.
"""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.permissions import can
from courses.markdown import render

#: Name, icon and keys, in order. What each does stands in static/js/markdown_editor.js.
BUTTONS = (
    ("bold", "format_bold", "Ctrl+B"),
    ("italic", "format_italic", "Ctrl+I"),
    ("heading", "title", ""),
    ("list", "format_list_bulleted", ""),
    ("numbers", "format_list_numbered", ""),
    ("quote", "format_quote", ""),
    ("code", "code", ""),
    ("link", "link", "Ctrl+K"),
    ("formula", "function", ""),
    ("image", "image", ""),
)
STYLES = ("css/tokens.css", "css/prose.css", "css/markdown_editor.css")


class MarkdownWidget(UnfoldAdminTextareaWidget):
    """`MarkdownWidget(attrs={"rows": 12})` for a form field with Markdown."""

    class Media:
        css = {"all": STYLES}
        js = [Script("js/markdown_editor.js", type="module")]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html(
            '<markdown-editor class="markdown" data-url="{}" data-buttons="{}" data-words="{}">'
            '<div class="markdown__panes">{}</div></markdown-editor>',
            reverse("back_office_markdown"),
            json.dumps(BUTTONS),
            json.dumps(_words()),
            super().render(name, value, attrs, renderer),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """POST `text` answers it as learners will see it; GET says where images go."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "content.edit", organization):
        raise PermissionDenied
    if request.method == "POST":
        return HttpResponse(render(request.POST.get("text", "")))
    return JsonResponse({"images": reverse("api_images", args=[organization.slug])})


def _words() -> dict[str, str]:
    """Of the buttons, and what the script says."""
    return {
        "toolbar": _("Formatting"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "heading": _("Heading"),
        "list": _("List"),
        "numbers": _("Numbered list"),
        "quote": _("Quote"),
        "code": _("Code"),
        "link": _("Link"),
        "formula": _("Formula"),
        "image": _("Image"),
        "preview": _("Preview"),
        "sample": _("words"),
        "code_sample": _("code"),
        "nothing": _("Here you see what learners will see."),
        "no_preview": _("The preview cannot be drawn now. What you write is not lost."),
        "choose": _("Picture: JPEG, PNG, WebP or GIF, at most 20 MB"),
        "choose_first": _("Please choose a picture first."),
        "alt": _("What does it show?"),
        "alt_hint": _("For people who cannot see it. Leave it empty for a picture that is decoration only."),
        "insert": _("Insert"),
        "cancel": _("Cancel"),
        "sending": _("Sending: {percent} %"),
        "not_sent": _("The picture did not arrive. Please try again."),
    }
