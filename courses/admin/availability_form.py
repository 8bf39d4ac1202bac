"""When something opens, edited without writing JSON: rows of rules, each with the fields of its kind.

`AvailabilityFormMixin` gives the form of a chapter or an item the field `availability`. Without JavaScript there are
three empty rows; with it (static/js/admin_availability.js) a row shows what its kind asks for, and rows come and go.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from courses.availability import Contents, UnusableAvailability, dump, parse_availability
from courses.availability.reading import GRADED, MOST_RULES, READERS
from courses.models import Chapter, ContentItem

EMPTY_ROWS = 3
LOCAL = "%Y-%m-%dT%H:%M"
FIELDS = ("kind", "at", "days", "item", "chapter", "percent")
KINDS = {
    "date": gettext_lazy("From a date on"),
    "days": gettext_lazy("So many days after enrolling"),
    "after_previous": gettext_lazy("After the previous one"),
    "after_item": gettext_lazy("After an item"),
    "after_chapter": gettext_lazy("After a chapter"),
    "min_score": gettext_lazy("With a score of at least"),
}
Rows = list[dict[str, Any]]


class CourseParts:
    """What rules may name, with the titles that a maker chooses by. Two statements, when it is first asked."""

    def __init__(self, row: Chapter | ContentItem) -> None:
        self.row = row

    @cached_property
    def chapters(self) -> list[tuple[UUID, str]]:
        course = self.row.course_id if isinstance(self.row, Chapter) else self.row.chapter.course_id
        return list(Chapter.objects.filter(course=course).order_by("position").values_list("pk", "title"))

    @cached_property
    def items(self) -> list[tuple[UUID, str, str, UUID]]:
        keys = [key for key, _title in self.chapters]
        found = ContentItem.objects.filter(chapter__in=keys).in_order()
        return list(found.values_list("pk", "title", "type", "chapter"))

    @property
    def contents(self) -> Contents:
        types = {key: kind for key, _title, kind, _chapter in self.items}
        return Contents(types, frozenset(key for key, _title in self.chapters), self._itself)

    @property
    def _itself(self) -> frozenset[UUID]:
        if isinstance(self.row, Chapter):
            return frozenset([self.row.pk, *(key for key, *_rest, chapter in self.items if chapter == self.row.pk)])
        return frozenset([self.row.pk, self.row.chapter_id])

    def other_items(self) -> list[tuple[str, str]]:
        titles = [(str(key), _titled(title, kind)) for key, title, kind, _c in self.items if key not in self._itself]
        return [("", "–"), *titles]

    def other_chapters(self) -> list[tuple[str, str]]:
        return [("", "–"), *((str(key), title) for key, title in self.chapters if key not in self._itself)]


def _titled(title: str, kind: str) -> str:
    return f"{title} · {_('graded')}" if kind in GRADED else title


class AvailabilityWidget(forms.Widget):
    """Its value is what a form sent, or JSON as it is stored."""

    parts: CourseParts | None = None

    class Media:
        css = {"all": ["css/admin_availability.css"]}
        js = [Script("js/admin_availability.js", type="module")]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = ({field: data.get(f"{name}-{n}-{field}", "").strip() for field in FIELDS} for n in range(MOST_RULES))
        return {"match": data.get(f"{name}-match", "all"), "rules": [row for row in sent if row["kind"]]}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-match" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = value if isinstance(value, Mapping) else {}
        rules = shown.get("rules") if isinstance(shown.get("rules"), list) else []
        filled = [_shown(rule) for rule in rules or [] if isinstance(rule, Mapping)]
        rows = [*filled, *({} for _row in range(EMPTY_ROWS))][:MOST_RULES]
        parts = self.parts
        context = {
            "name": name, "id": (attrs or {}).get("id", name), "match": shown.get("match", "all"), "rows": rows,
            "kinds": KINDS.items(), "items": parts.other_items() if parts else [],
            "chapters": parts.other_chapters() if parts else [], "most": MOST_RULES,
            "input_classes": " ".join(INPUT_CLASSES), "select_classes": " ".join(SELECT_CLASSES),
        }  # fmt: skip
        return render_to_string("admin/courses/availability.html", context)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-match"


def _shown(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A stored rule, or one that was just sent and cannot be used, as its row shows it."""
    return {**rule, "at": _local(rule.get("at"))}


def _local(value: Any) -> str:
    """By the clock of the organization, which the back office runs by."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value or "")
    return (timezone.localtime(moment) if moment.tzinfo else moment).strftime(LOCAL)


class AvailabilityField(forms.Field):
    """Cleans to JSON as `courses.availability` writes it."""

    widget = AvailabilityWidget

    def __init__(self, *, row: Chapter | ContentItem | None = None, **options: Any) -> None:
        defaults = {
            "required": False,
            "label": gettext_lazy("Opens"),
            "help_text": gettext_lazy("Without a rule it is open at once. What a learner has done stays open to them."),
        }
        super().__init__(**{**defaults, **options})
        self.show(row)

    def show(self, row: Chapter | ContentItem | None) -> None:
        """Offer what stands around this row; without one nothing can be named."""
        self.parts = CourseParts(row) if row is not None else None
        self.widget.parts = self.parts

    def clean(self, value: Any) -> dict[str, Any]:
        """Raises ValidationError that says which rule."""
        written = {**value, "rules": [_written(row) for row in value["rules"]]}
        contents = self.parts.contents if self.parts and written["rules"] else None
        try:
            return dump(parse_availability(written, contents=contents))
        except UnusableAvailability as fault:
            raise ValidationError(_told(fault), code="unusable_availability") from fault

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or {}))
        except ValidationError:
            return True


def _told(fault: UnusableAvailability) -> str:
    match fault.place.split("."):
        case ["rules", number, *_rest]:
            return _("Rule %(number)d: %(message)s") % {"number": int(number) + 1, "message": fault.message}
    return fault.message


def _written(row: dict[str, str]) -> dict[str, Any]:
    """Of all fields of a row those that its kind asks for."""
    fields: Sequence[str] = READERS[row["kind"]][0] if row["kind"] in READERS else ()
    return {"kind": row["kind"], **{field: _value(field, row[field]) for field in fields}}


def _value(field: str, text: str) -> Any:
    if field in ("days", "percent"):
        return int(text) if text.isdecimal() and len(text) < 10 else text
    return _moment(text) if field == "at" else text


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_current_timezone())).isoformat()


class AvailabilityFormMixin(forms.ModelForm):
    """For a form whose model is a chapter or an item; name `availability` among its fields."""

    availability = AvailabilityField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("availability")
        if isinstance(field, AvailabilityField):
            field.show(self.instance if has_place(self.instance) else None)


def has_place(row: Any) -> bool:
    """A new row may not know yet where it will stand."""
    return bool(row.course_id if isinstance(row, Chapter) else row.chapter_id)
