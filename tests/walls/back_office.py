"""The back office's own ways to name a row: filters, actions, forms with rows inside rows, pickers."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.test import RequestFactory

from core.tenancy import organization_scope
from tests.walls.bodies import Body, Row, form_body, holes
from tests.walls.routes import Route
from tests.walls.tries import Tries, Try
from tests.world import CANARY, our_models

DOORS = {f"{page.opts.app_label}_{page.opts.model_name}": page for page in admin.site._registry.values()}


class BackOffice:
    """As an owner of B has it, whose forms are the fullest."""

    def __init__(self, owner: Any, organization: Any) -> None:
        self.organization = organization
        self.request = RequestFactory().get("/admin/")
        self.request.user = owner
        self.request.organization = organization
        self.made: dict[str, list[Any]] = {}

    def __call__(self, route: Route, tries: Tries) -> Iterator[Try]:
        if route.name == "admin:autocomplete":
            yield from _pickers(route, tries)
        elif route.name == "admin:search":
            yield from (_asked(route, tries, {"s": CANARY, "extended": "1"}),)
        model, _, page = route.name.removeprefix("admin:").rpartition("_")
        door = DOORS.get(model)
        if door is not None and hasattr(self, f"_{page}"):
            with organization_scope(self.organization):
                found = list(getattr(self, f"_{page}")(door))
            yield from self._of_page(route, tries, found)

    def _of_page(self, route: Route, tries: Tries, found: list[tuple[str, Body]]) -> Iterator[Try]:
        """A query, or a body with each of its relations foreign in turn."""
        for method, sent in found:
            if method == "GET":
                yield _asked(route, tries, {name: _key(tries, value) for name, value in sent.items()})
                continue
            for relation in holes(sent):
                yield tries.make(route, method, sent, slug=False, path=False, relations=[relation])

    def _changelist(self, door: Any) -> Iterator[tuple[str, Body]]:
        model = door.opts.model_name
        yield "GET", {"_popup": "1", "_to_field": "id", "q": CANARY}
        yield "GET", {"organization__id__exact": Row("organization")}
        yield "GET", {"id__exact": Row(model)}
        for one in door.model._meta.concrete_fields:
            if one.is_relation:
                yield "GET", {f"{one.name}__id__exact": Row(one.related_model._meta.model_name)}
        for action in door.get_actions(self.request):
            for everything in ("0", "1"):
                yield "POST", {
                    "action": action, "select_across": everything, "index": "0", "post": "yes",
                    "_selected_action": [Row(model)],
                }  # fmt: skip

    def _add(self, door: Any) -> Iterator[tuple[str, Body]]:
        if door.has_add_permission(self.request):
            yield "POST", self._form(door, saved=False)

    def _change(self, door: Any) -> Iterator[tuple[str, Body]]:
        """One's own row, with foreign rows named inside of it."""
        if door.has_change_permission(self.request):
            yield "POST", self._form(door, saved=True)

    def _form(self, door: Any, *, saved: bool) -> Body:
        body = form_body(door.get_form(self.request, None)())
        for inline in door.get_inline_instances(self.request, None):
            body |= self._rows(inline, "", saved=saved)
        return body

    def _rows(self, inline: Any, above: str, *, saved: bool) -> Body:
        """One row of an inline, and of the inlines within it; a saved one is named by its key."""
        formset = inline.get_formset(self.request, None)
        prefix = f"{above}{formset.get_default_prefix()}"
        fields = form_body(formset.form())
        body: Body = {f"{prefix}-0-{name}": value for name, value in fields.items()}
        body |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "1" if saved else "0"}
        if saved:
            body[f"{prefix}-0-id"] = Row(inline.model._meta.model_name)
        for inner in getattr(inline, "inlines", ()):
            within = inner(inline.model, admin.site)
            body |= self._rows(within, f"{prefix}-0-", saved=saved)
        return body


def _pickers(route: Route, tries: Tries) -> Iterator[Try]:
    """Each relation of each model, whether a page of ours offers it or not."""
    for model in our_models():
        for one in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if isinstance(one, models.ForeignKey | models.ManyToManyField):
                named = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": one.name,
                }
                yield _asked(route, tries, {**named, "term": CANARY})


def _asked(route: Route, tries: Tries, query: dict[str, str]) -> Try:
    return tries.make(route, "GET", {}, slug=False, path=False, relations=[], query=query)


def _key(tries: Tries, value: Any) -> str:
    return tries.ground.key(value.means, foreign=True) if isinstance(value, Row) else str(value)
