"""Generated from the addresses of the API: what each scope opens on each route, for each method."""

import re
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, get_resolver
from drf_spectacular.generators import SchemaGenerator

from accounts.api.views import OrganizationView
from accounts.models import ApiToken
from accounts.models.token import SCOPES, Area
from accounts.services.tokens import create_token

PREFIX = "api/v1/<slug:organization>/"
PART = re.compile(r"<(?:\w+:)?(\w+)>")
NOBODY = UUID("01a1f8ba-0000-7000-8000-000000000000")
READING = ("get", "head", "options")


def patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from patterns(pattern, route)


#: Where hosts send what they have to tell: they have no tokens, their messages are signed.
OF_HOSTS = f"{PREFIX}sources/<uuid:account_id>/messages/"
ROUTES = {
    route: pattern.callback.view_class
    for route, pattern in patterns()
    if route.startswith("api/v1/") and route != OF_HOSTS
}
CALLS = sorted(
    (route, method)
    for route, view in ROUTES.items()
    for method in view.http_method_names
    if method == "options" or hasattr(view, "get" if method == "head" else method)
)


def needed_by(view, method):
    reads = method in READING or method.upper() in view.reading_methods
    return f"{view.area.value}:{'read' if reads else 'write'}"


def opened_by(scope, view, method):
    """Writing includes reading."""
    return scope in {needed_by(view, method), f"{view.area.value}:write"}


def address(route):
    return "/" + PART.sub(lambda part: "harbor" if part.group(1) == "organization" else str(NOBODY), route)


@pytest.fixture(autouse=True)
def no_requests_counted_yet(db):
    cache.clear()


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_every_view_names_its_own_area(route):
    view = ROUTES[route]

    assert route.startswith(PREFIX)
    assert issubclass(view, OrganizationView)
    assert isinstance(vars(view).get("area"), Area)


@pytest.mark.parametrize(("route", "method"), CALLS)
def test_scope_opens_what_its_area_says_and_nothing_else(route, method, alice):
    view = ROUTES[route]
    token, secret = create_token(alice.memberships.get(), name="one scope after the other", scopes=[])

    opened = {}
    for scope in SCOPES:
        ApiToken.objects.filter(pk=token.pk).update(scopes=[scope])
        answer = Client().generic(
            method.upper(),
            address(route),
            headers={"Authorization": f"Token {secret}"},
            content_type="application/json",
        )
        refusal = answer.status_code == 403 and (method == "head" or answer.json()["error"]["code"] == "scope_missing")
        opened[scope] = not refusal
        assert refusal or answer.status_code not in (401, 403, 500)

    assert opened == {scope: opened_by(scope, view, method) for scope in SCOPES}


@pytest.mark.parametrize("scopes", [[], ["media:read", "learning:write"]])
def test_missing_scope_is_named_in_words(scopes, alice):
    _, secret = create_token(alice.memberships.get(), name="x", scopes=scopes)

    answer = Client().get("/api/v1/harbor/courses/", headers={"Authorization": f"Token {secret}"})

    assert answer.json()["error"] == {
        "code": "scope_missing",
        "message": "This token may not do that. It needs the scope courses:read: Courses (read).",
        "fields": {},
    }


def test_posts_that_only_ask_are_named():
    asking = {route for route, view in ROUTES.items() if "POST" in view.reading_methods}

    assert asking == {f"{PREFIX}frames/export/"}


def test_description_names_the_scope_of_each_operation():
    described = {
        (path, method): (operation["x-token-scope"], re.findall("Scope of tokens: `(.*)`", operation["description"]))
        for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items()
        for method, operation in methods.items()
    }

    needed = {
        ("/" + PART.sub(r"{\1}", route), method): needed_by(ROUTES[route], method)
        for route, method in CALLS
        if method not in ("head", "options")
    }
    assert described == {call: (scope, [scope]) for call, scope in needed.items()}
