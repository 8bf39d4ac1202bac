"""What to send: bodies made from the API's own description and from the forms, with a hole for each relation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from drf_spectacular.generators import SchemaGenerator

from tests.world import OUR_APPS

#: In a body stands for a file; the sweep puts a small picture there.
FILE = "a small picture"

#: Names of relations in bodies, queries and paths: the row of tests.world that they mean.
MEANS = {
    "id": "question", "media": "media", "media_id": "media", "course": "course", "course_id": "course",
    "chapter": "chapter", "chapter_id": "chapter", "item": "item", "item_id": "item", "items": "item",
    "quiz": "quiz", "quiz_id": "quiz",
    "user": "user", "user_id": "user", "creator": "user", "membership": "membership", "membership_id": "membership",
    "code_id": "enrollmentcode", "course_invitation_id": "courseinvitation",
    "invitation_id": "invitation", "token_id": "apitoken", "enrollment": "enrollment", "enrollment_id": "enrollment",
    "session_id": "session", "record_id": "watchrecord", "rendition_id": "rendition", "storyboard_id": "storyboard",
    "organization_id": "organization", "export_id": "dataexport",
    "last_item": "item", "created_by": "user", "instructors": "user", "answers": "question", "question": "question",
    "learner": "user", "category": "category", "categories": "category", "category_id": "category",
    "parent": "category", "tag_id": "tag", "upload_id": "upload", "account_id": "sourceaccount", "import_id": "import",
    "transcript_id": "transcript", "base": "transcript", "assignment": "assignment", "assignment_id": "assignment",
    "submission_id": "submission", "file_id": "submissionfile", "resource": "resource", "resource_id": "resource",
    "remove": "submissionfile", "image_id": "libraryimage", "certificate_id": "certificate",
    "playlist_id": "playlist", "playlist": "playlist", "course_draft_id": "coursedraft",
    "collection_id": "collection", "courses": "course",
    "actor": "user", "note_id": "note", "attempt_id": "attempt", "creator_id": "user",
    "conversation": "conversation", "conversation_id": "conversation", "answer_id": "answer",
    "endpoint_id": "webhookendpoint", "delivery_id": "delivery", "replaces": "media", "rule_id": "alertrule",
    "draft_id": "draft", "repetition_id": "repetition", "episode_id": "episode",
}  # fmt: skip


@dataclass(eq=False)
class Row:
    """A hole for the key of a row; each one is itself, also beside others that mean the same."""

    means: str


Body = dict[str, Any]


def filled(body: Any, choose: Callable[[Row], str]) -> Any:
    """The body with a key in each hole."""
    if isinstance(body, Row):
        return choose(body)
    if isinstance(body, dict):
        return {filled(key, choose): filled(value, choose) for key, value in body.items()}
    return [filled(one, choose) for one in body] if isinstance(body, list) else body


def holes(body: Any) -> list[Row]:
    if isinstance(body, Row):
        return [body]
    if isinstance(body, dict):
        return [hole for pair in body.items() for part in pair for hole in holes(part)]
    return [hole for one in body for hole in holes(one)] if isinstance(body, list) else []


@cache
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operation(pattern: str, method: str) -> dict[str, Any]:
    """What the API says about itself; empty for what it does not describe."""
    path = "/" + pattern.replace("<slug:", "{").replace("<uuid:", "{").replace("<str:", "{").replace(">", "}")
    return schema()["paths"].get(path, {}).get(method.lower(), {})


def api_bodies(pattern: str, method: str) -> Iterator[Body]:
    """The whole body, and for each relation the smallest body that has it."""
    content = operation(pattern, method).get("requestBody", {}).get("content", {})
    if not content:
        yield {}
        return
    described = _resolved(next(iter(content.values()))["schema"])
    yield _sample(described)
    for name, one in described.get("properties", {}).items():
        if holes(_value(name, one)):
            yield _smallest(described, name)


def query_names(pattern: str) -> list[str]:
    return [one["name"] for one in operation(pattern, "GET").get("parameters", []) if one["in"] == "query"]


def _resolved(one: dict[str, Any]) -> dict[str, Any]:
    for key in ("allOf", "oneOf", "anyOf"):
        if key in one:
            return _resolved(one[key][0])
    return schema()["components"]["schemas"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def _sample(described: dict[str, Any]) -> Body:
    return {name: _value(name, one) for name, one in described.get("properties", {}).items()}


def _smallest(described: dict[str, Any], name: str) -> Body:
    properties = described["properties"]
    body = {one: _value(one, properties[one]) for one in {*described.get("required", ()), name}}
    if name in _resolved(properties.get("type", {})).get("enum", ()):
        body["type"] = name
    return body


def _value(name: str, one: dict[str, Any]) -> Any:
    one = _resolved(one)
    if one.get("format") == "uuid":
        return Row(MEANS[name])
    if one.get("additionalProperties") and name in MEANS:
        return {Row(MEANS[name]): "a"}
    if "enum" in one:
        return one["enum"][0]
    if one.get("type") == "object":
        return _sample(one)
    return _value_of_type(name, one)


def _value_of_type(name: str, one: dict[str, Any]) -> Any:
    if one.get("type") == "array":
        return [_value(name, one.get("items", {}))]
    if one.get("format") == "email":
        return "new@people.test"
    return {"integer": 1, "number": 1, "boolean": True}.get(one.get("type", ""), "x")


@cache
def page_body() -> Body:
    """What any form of our pages might take, all in one."""
    body: Body = {name: Row(means) for name, means in MEANS.items() if name.endswith("_id")}
    for form in _our_forms(forms.BaseForm):
        body |= {name: _entry(one) for name, one in form.base_fields.items()}
    return body


def _our_forms(base: type[Any]) -> Iterator[type[Any]]:
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in OUR_APPS and hasattr(form, "base_fields"):
            yield form
        yield from _our_forms(form)


def form_body(form: Any) -> Body:
    """Something valid for each field of a Django form."""
    return {name: _entry(field) for name, field in form.fields.items()}


def _entry(field: Any) -> Any:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [Row(field.queryset.model._meta.model_name)]
    if isinstance(field, forms.ModelChoiceField):
        return Row(field.queryset.model._meta.model_name)
    if isinstance(field, forms.FileField):
        return FILE
    if isinstance(field, forms.BooleanField | forms.UUIDField):
        return ""
    if isinstance(field, forms.ChoiceField):
        return next((key for key, _ in _flat(field.choices) if key), "")
    if isinstance(field, forms.EmailField):
        return "new@people.test"
    return "1" if isinstance(field, forms.IntegerField | forms.FloatField) else "x"


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in choices:
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield key, value
