"""Nothing changes without a token, and nothing changes by looking: over all addresses there are."""

import re
from collections import defaultdict

import pytest
from allauth.account.models import EmailAddress
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client

from core.tenancy import every_organization, organization_scope
from tests.walls.bodies import MEANS
from tests.walls.routes import routes
from tests.world import populate

pytestmark = pytest.mark.django_db
METHODS = ("post", "put", "patch", "delete")
SOME_KEY = "01994c6e-0000-7000-8000-000000000000"
OF_HOSTS = "api/v1/<slug:organization>/sources/<uuid:account_id>/messages/"
ROUTES = sorted({route.pattern: route for route in routes()}.values(), key=lambda route: route.pattern)

#: What looking at pages may write, table by table, and why.
VISITS = {
    "django_session": None,  # a session: the last message shown, the organization the back office works in
    "usersessions_usersession": None,  # that it is there
    "accounts_trywindow": None,  # wrong links of mails are counted
    "core_cache": None,  # and so are searches
    "accounts_membership": ["last_active_at"],
    "courses_enrollment": ["last_item_id", "last_accessed_at"],  # where to continue
}
LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')
FIGURE = """
SELECT '{table}', count(*), md5(coalesce(string_agg(row, '' ORDER BY row), ''))
FROM (SELECT (to_jsonb(t) - %s::text[])::text AS row FROM {table} t) rows"""


def address(route, values):
    """`object_id` is that of the model the address names."""
    model = "/".join(route.pattern.split("/")[1:3])
    return route.fill({**{part: values[part] for part in route.parts}, "object_id": values[model]})


def send(client, method, path):
    """A body that the view reads (uploads are forms), so that what refuses is the missing token."""
    status = getattr(client, method)(path, data={}, content_type="application/json").status_code
    return client.post(path).status_code if status == 415 else status


@pytest.mark.parametrize("who", ["owner", "visitor"])
def test_nothing_is_accepted_without_the_token_of_a_page_of_ours(who, alice, organization):
    client = Client(enforce_csrf_checks=True)
    if who == "owner":
        client.force_login(alice, backend="accounts.backends.EmailBackend")
    values = defaultdict(lambda: SOME_KEY, organization=organization.slug, uidb36="1", wildcard="x")

    answers = {
        f"{method} {route.pattern}": send(client, method, address(route, values))
        for route in ROUTES
        for method in METHODS
    }

    # A visitor has no session that a foreign page could use: the API asks who they are, the schema is public.
    refusals = {403} if who == "owner" else {401, 403}
    public = {f"{m} {p}": 405 for p in ("api/schema/", "api/docs/") for m in METHODS} if who == "visitor" else {}
    public |= {f"{m} {OF_HOSTS}": 404 if m == "post" else 405 for m in METHODS}  # what is signed by a host needs none
    assert {where: status for where, status in answers.items() if status not in refusals} == public
    assert len(answers) == len(METHODS) * len(ROUTES) > 400


def test_looking_at_every_page_changes_nothing(alice, bob, organization, client_of):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    with organization_scope(organization):
        rows = populate(alice, bob)
    client = client_of(alice)
    client.get("/admin/")  # the first visit of the hour is noted
    before = fingerprints()

    seen = crawl(client, [address(route, values_of(rows, organization)) for route in ROUTES])

    assert fingerprints() == before
    shown = [path for path, status in seen.items() if status == 200]
    assert len(shown) > 90, sorted(path for path, status in seen.items() if status != 200)


def values_of(rows, organization):
    known = {part: str(rows[row].pk) for part, row in MEANS.items() if row in rows}
    named = {"organization": organization.slug, "course": rows["course"].slug, "uidb36": "1", "file": "master.m3u8"}
    of_admin = {f"{row._meta.app_label}/{row._meta.model_name}": str(row.pk) for row in rows.values()}
    return defaultdict(lambda: SOME_KEY, {**of_admin, **known, **named})


def crawl(client, addresses):
    """Each address, and each one these link to; what each answered."""
    seen = {}
    for path in addresses:
        look(client, path, seen)
    for path in [link for _, links in seen.values() for link in links]:
        look(client, path, seen)
    return {path: status for path, (status, _) in seen.items()}


def look(client, path, seen):
    if path in seen:
        return
    response = client.get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    request_finished.disconnect(close_old_connections)  # as the client does: the test's own is not an old one
    response.close()
    request_finished.connect(close_old_connections)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    seen[path] = response.status_code, LINK.findall(body.decode()) if is_page else []


def fingerprints():
    """Count and hash of the rows of every table."""
    tables = [name for name in connection.introspection.table_names() if VISITS.get(name, []) is not None]
    with every_organization(reason="all tables are compared"), connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(FIGURE.format(table=table), [VISITS.get(table, [])])
            (name, *figure) = cursor.fetchone()
            found[name] = figure
    return found
