"""The API's description is complete: nothing in it had to be guessed."""

from io import StringIO

from django.core.management import call_command
from django.test import Client


def test_schema_is_valid_and_says_everything():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_documentation_loads_nothing_from_outside(db):
    page = Client().get("/api/docs/")

    assert page.status_code == 200
    assert b"//cdn" not in page.content
    assert b"https://" not in page.content
