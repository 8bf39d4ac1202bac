"""Lists and forms of the back office: one organization in scope, what is done is noted, refusals are told in place."""

import json
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.forms import ActionForm

from core.audit import history_of, record
from core.errors import Refused
from core.forms import MOVED, OpenedIn, OrganizationForm
from core.tenancy import scoped_organization_id

Action = Callable[..., HttpResponse | None]
Panel = Callable[[HttpRequest, Any], SafeString]
ENTRIES_A_PAGE = 100

_panels: dict[str, list[Panel]] = defaultdict(list)
_list_actions: dict[str, list[Any]] = defaultdict(list)


def panel(model: str) -> Callable[[Panel], Panel]:
    """Let a higher floor show something on the page of a lower floor's row: `@panel("media_library.Media")`."""

    def register(draw: Panel) -> Panel:
        _panels[model].append(draw)
        return draw

    return register


def list_action(model: str) -> Callable[[Action], Action]:
    """Let a higher floor offer what can be done with rows chosen on a lower floor's list; above `admin.action`."""

    def register(act: Action) -> Action:
        _list_actions[model].append(act)
        return act

    return register


class ListActionForm(ActionForm):
    """Also a list says where it was opened: “all of them” would be all of another organization."""

    opened_in = OpenedIn(label="", widget=forms.HiddenInput, required=False, initial=scoped_organization_id)


class OrganizationInline(TabularInline):
    form = OrganizationForm
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A cell has no label of its own: its column's is said with it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field


class OrganizationStackedInline(StackedInline):
    form = OrganizationForm
    extra = 0


class ReadOnly:
    """For pages that show and change nothing. Stands before the other base."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NotedByServices:
    """For rows whose services write down what is done. Stands before the other base."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """It is noted already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """It is noted already."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """It will be noted."""


class OrganizationAdmin(ModelAdmin):
    """Lists and forms of tenant models; the scoped manager does the rest."""

    form = OrganizationForm
    action_form = ListActionForm
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    object_history_template = "admin/history_of_row.html"

    class Media:
        css = {"all": ["css/admin_forms.css"]}
        js = ("js/admin_labels.js",)

    warn_unsaved_form = True

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a service refuses is told on the form, with all that was typed; nothing of it is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # the class is this request's own
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every form that can be sent carries the organization it was opened in."""
        fieldsets = super().get_fieldsets(request, obj)
        shown_only = obj is not None and not self.has_change_permission(request, obj)
        if shown_only or any("opened_in" in options["fields"] for _, options in fieldsets):
            return [(name, _without_opened_in(options) if shown_only else options) for name, options in fieldsets]
        return [*fieldsets, (None, {"fields": ["opened_in"], "classes": ["hidden"]})]

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Refuses what was chosen on a list of another organization."""
        opened_in = request.POST.get("opened_in")
        if opened_in and opened_in != str(scoped_organization_id()):
            self.message_user(request, MOVED, messages.ERROR)
            return redirect(request.get_full_path())
        response: HttpResponse | None = super().response_action(request, queryset)
        return response

    def _get_base_actions(self) -> list[Any]:
        offered = [self.get_action(act) for act in _list_actions[self.opts.label]]
        return [*super()._get_base_actions(), *offered]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        if (row := options.get("obj")) is not None:
            context["panels"] = [draw(request, row) for draw in _panels[self.opts.label]]
        return super().render_change_form(request, context, **options)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return record("added", by=request.user, row=obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return record("changed", by=request.user, row=obj, detail=_in_words(message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Called before they are gone."""
        return [record("deleted", by=request.user, row=row) for row in queryset]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was done to a row, from the entries of this organization; the latest first."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History: %(row)s") % {"row": row},
            "object": row,
            "opts": self.opts,
            "entries": self.get_paginator(request, history_of(row), ENTRIES_A_PAGE).get_page(request.GET.get(PAGE_VAR)),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What is not here answers 404, whoever it belongs to, instead of a redirect with a message."""
        raise Http404


def _without_opened_in(options: dict[str, Any]) -> dict[str, Any]:
    return {**options, "fields": [name for name in options["fields"] if name != "opened_in"]}


def _in_words(message: Any) -> str:
    """“Changed Title.”: Django's own words for what a form changed."""
    return LogEntry(change_message=message if isinstance(message, str) else json.dumps(message)).get_change_message()


def told(action: Action) -> Action:
    """What a service refuses is told on the page the person is on."""

    @wraps(action)
    def wrapped(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        try:
            return action(self, request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None

    return wrapped
