"""No text in the database can hold a NUL character: an address with one is refused before anybody looks for it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/admin/accounts/membership/?role=%00",
        "/admin/django_q/failure/%00/change/",
        "/harbor/?q=%00",
        "/harbor/courses/%00/",
        "/static/%00",
    ],
)
def test_page_of_an_address_with_nul_is_refused(alice: User, client_of: Callable[[User], Client], path: str) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)

    page = client_of(alice).get(path)

    assert page.status_code == 400
    assert "This address holds a character" in page.content.decode()


@pytest.mark.parametrize(
    ("encoding", "query", "status"),
    [("utf-7", "q=%2BAAA-", 400), ("unicode_escape", "q=%5C0", 400), ("latin-1", "q=%E4", 200)],
)
def test_nul_is_refused_in_whatever_encoding_the_request_names(
    alice: User, client_of: Callable[[User], Client], encoding: str, query: str, status: int
) -> None:
    named = {"content-type": f"text/plain; charset={encoding}"}

    assert client_of(alice).get(f"/harbor/members/?{query}", headers=named).status_code == status


def test_api_refuses_nul_in_its_own_shape(alice: User, client_of: Callable[[User], Client]) -> None:
    answers = [client_of(alice).get(f"/api/v1/harbor/{path}") for path in ("media/?publication=%00", "media/%00/")]

    assert [(one.status_code, one.json()["error"]["code"]) for one in answers] == [(400, "invalid_address")] * 2
