"""From a visitor to a learner: sign-up, what an open organization shows, what a closed one does not."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope
from courses.models import Course
from tests.conftest import PASSWORD, member

pytestmark = pytest.mark.django_db
PATHS = ("", "courses/tides/", "search/?q=tides", "my/")
NEW = {"name": "Dora", "email": "dora@example.org", "password1": PASSWORD, "password2": PASSWORD}


def sign_up(client=None, **body):
    return (client or Client()).post("/accounts/signup/", {**NEW, **body})


def places_of(email):
    return list(Membership.objects.filter(user__email=email).values_list("organization__slug", "role"))


@pytest.fixture
def open_organization(organization):
    Organization.objects.update(is_open=True)
    organization.refresh_from_db()
    return organization


def test_visitor_who_signs_up_from_an_open_catalog_becomes_a_learner(open_organization):
    response = sign_up(next="/harbor/")

    assert (response.status_code, response["Location"]) == (302, "/harbor/")
    assert places_of("dora@example.org") == [("harbor", Role.LEARNER)]
    assert User.objects.get(email="dora@example.org").name == "Dora"


def test_open_catalog_offers_visitors_to_sign_up(open_organization):
    page = Client().get("/harbor/").content.decode()

    assert 'href="/accounts/signup/?next=/harbor/"' in page


@pytest.mark.parametrize("fields", [{"is_open": False}, {"is_open": True, "admits_learners": False}])
def test_sign_up_where_nobody_may_join_makes_an_account_only(organization, fields):
    Organization.objects.update(**fields)

    response = sign_up(next="/harbor/")

    assert response.status_code == 302
    assert places_of("dora@example.org") == []


def test_account_without_a_membership_is_told_what_to_do_next(open_organization):
    client = Client()
    sign_up(client)

    page = client.get("/")

    assert page.status_code == 200
    assert "Ask the people you want to learn from for an invitation to dora@example.org" in page.content.decode()


def test_later_log_ins_join_nothing(open_organization, charlie):
    client = Client()
    client.post("/accounts/login/", {"login": charlie.email, "password": PASSWORD})
    client.post("/accounts/logout/")

    client.post("/accounts/login/?next=/harbor/", {"login": charlie.email, "password": PASSWORD})

    assert places_of(charlie.email) == [("summit", Role.OWNER)]


def test_suspended_person_can_log_in_for_the_first_time_with_an_address_of_there(open_organization):
    dora = member("dora@example.org", open_organization, Role.LEARNER)
    Membership.objects.filter(user=dora).update(is_active=False)

    answer = Client().post("/accounts/login/?next=/harbor/", {"login": dora.email, "password": PASSWORD})

    assert answer.status_code == 302
    assert Membership.objects.get(user=dora).is_active is False


def test_sign_up_keeps_the_session_of_an_invitation(organization):
    client = Client()
    session = client.session
    session["invitation"] = "digest"
    session.save()

    sign_up(client, next="/accounts/email/")

    assert client.session["invitation"] == "digest"


@pytest.fixture
def confirming(settings):
    """As on a public site: an address must be confirmed."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def test_page_somebody_came_for_travels_through_the_mail(open_organization, confirming, work_off):
    """The link is opened in another browser than the one that signed up."""
    sign_up(next="/harbor/")
    work_off()
    link = re.search(r"http://localhost:8000(/accounts/confirm-email/\S+)", sent_text()).group(1)
    other = Client()
    form = other.get(link)
    key, _, wish = link.partition("?")
    answer = other.post(key, {"next": "/harbor/"})

    assert 'name="next" value="/harbor/"' in form.content.decode()
    assert (wish, answer["Location"]) == ("next=%2Fharbor%2F", "/harbor/")
    assert places_of("dora@example.org") == []
    other.post("/accounts/login/?next=/harbor/", {"login": "dora@example.org", "password": PASSWORD})
    assert places_of("dora@example.org") == [("harbor", Role.LEARNER)]


def test_same_browser_goes_on_after_the_confirmation(open_organization, confirming, work_off):
    client = Client()
    sign_up(client, next="/harbor/")
    work_off()
    link = re.search(r"http://localhost:8000(/accounts/confirm-email/\S+)\?", sent_text()).group(1)

    answer = client.post(link, {"next": "/harbor/"})

    assert (answer["Location"], places_of("dora@example.org")) == ("/harbor/", [("harbor", Role.LEARNER)])


def test_sign_up_says_the_same_for_a_known_address(alice, confirming):
    new, known = sign_up(), sign_up(email="alice@harbor.test")

    assert (new.status_code, new["Location"]) == (known.status_code, known["Location"])
    assert User.objects.count() == 2


def sent_text():
    return "\n".join(message.body for message in mail.outbox)


def test_closed_organization_is_like_none(organization, alice):
    with organization_scope(organization):
        Course.objects.create(title="Secret tides", slug="tides", is_published=True)
    answers = {}
    for slug in ("harbor", "nowhere"):
        for path in PATHS:
            with CaptureQueriesContext(connection) as queries:
                answer = Client().get(f"/{slug}/{path}")
            words = answer.content.decode().replace(f"/{slug}/", "/…/").replace(f"%2F{slug}%2F", "%2F…%2F")
            words = re.sub(r'name="csrf-token" content="\w+"', "", words)
            answers[slug, path] = (answer.status_code, words, len(queries))

    assert [answers["harbor", path] for path in PATHS] == [answers["nowhere", path] for path in PATHS]
    assert [answers["harbor", path][0] for path in PATHS] == [404, 404, 302, 302]  # the last two are for members


def test_page_that_cannot_be_is_no_organization():
    answer = sign_up(next="/%00x/".replace("%00", "\0"))

    assert (answer.status_code, places_of("dora@example.org")) == (302, [])


def test_visitor_sees_published_courses_of_an_open_organization_only(open_organization):
    with organization_scope(open_organization):
        Course.objects.create(title="Tides", slug="tides", is_published=True)
        Course.objects.create(title="Draft of waves", slug="waves")

    page = Client().get("/harbor/").content.decode()

    assert ("Tides" in page, "Draft of waves" in page) == (True, False)
