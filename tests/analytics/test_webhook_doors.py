"""The back office, the API and the command: for owners, each about their own."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.asserts import assertContains, assertNotContains

from analytics.models import Delivery, WebhookEndpoint
from analytics.services.webhooks import change_endpoint, send_test
from analytics.webhooks.kinds import KINDS
from core.models import AuditEntry
from core.secrets import unseal
from courses.models import Course
from courses.services.enrolling import enroll
from tests.analytics.webhooks import Receiver, add_endpoint

API = "/api/v1/harbor/webhooks/"
PAGE = "/admin/analytics/webhookendpoint/"
LOG = "/admin/analytics/delivery/"
GIVEN = {"name": "CRM", "url": "https://hooks.example.com/lectern", "events": ["learner.enrolled", "media.ready"]}


@pytest.fixture
def receiver(httpserver, settings):
    found = Receiver(httpserver)
    settings.WEBHOOK_ORIGINS = [found.origin]
    return found


@pytest.fixture
def enrolled(scope, bob, receiver):
    """An endpoint that is to hear of one enrollment."""
    endpoint, _secret = add_endpoint(receiver.url)
    enroll(Course.objects.create(title="Sea", slug="sea", is_published=True), user=bob)
    return endpoint


def test_a_webhook_is_made_in_the_back_office_and_its_secret_shown_once(scope, alice, client_of):
    client = client_of(alice)
    form = client.get(f"{PAGE}add/").context["adminform"].form

    made = client.post(f"{PAGE}add/", {**GIVEN, "opened_in": form["opened_in"].value()})

    endpoint = WebhookEndpoint.objects.get()
    secret = unseal(endpoint.sealed_secret)
    assert made["Cache-Control"].startswith("no-store")
    assertContains(made, secret)
    assert (endpoint.name, endpoint.events) == ("CRM", ["media.ready", "learner.enrolled"])
    page = client.get(f"{PAGE}{endpoint.pk}/change/")
    assertNotContains(page, secret)
    assertContains(page, "Send a test")
    assert list(AuditEntry.objects.values_list("action", "detail")) == [
        ("webhook_made", "media.ready, learner.enrolled")
    ]


def test_an_inner_address_is_refused_on_the_form_with_all_that_was_typed(scope, alice, client_of):
    page = client_of(alice).post(f"{PAGE}add/", {**GIVEN, "url": "https://10.0.0.1/"})

    assertContains(page, "This is no public address.")
    assertContains(page, "https://10.0.0.1/")
    assert not WebhookEndpoint.objects.exists()


def test_its_buttons_test_it_switch_it_and_replace_its_secret(enrolled, alice, receiver, client_of, work_off):
    client, do = client_of(alice), f"{PAGE}{enrolled.pk}/do/"
    work_off()

    client.post(f"{do}test/")
    work_off()
    client.post(f"{do}off/")
    off = client.get(PAGE)
    client.post(f"{do}on/")
    replaced = client.post(f"{do}secret/")

    enrolled.refresh_from_db()
    assert [message["type"] for message in receiver.messages] == ["learner.enrolled", "ping"]
    assertContains(off, "Switched off by hand.")
    assert (enrolled.is_on, enrolled.old_secret_still_signs) == (True, True)
    assertContains(replaced, unseal(enrolled.sealed_secret))
    client.post(f"{do}secret/", {"at_once": "on"})
    enrolled.refresh_from_db()
    assert (enrolled.sealed_old_secret, enrolled.old_secret_still_signs) == ("", False)
    assert client.post(f"{do}else/").status_code == 404
    assert client.get(f"{do}test/").status_code == 405


def test_the_log_shows_what_was_answered_and_sends_again(enrolled, alice, receiver, client_of, work_off):
    client = client_of(alice)
    work_off()
    delivery = Delivery.objects.get()

    shown = client.get(f"{LOG}{delivery.pk}/change/")
    client.post(f"{LOG}{delivery.pk}/resend/")
    work_off()
    many = {"action": "resend_selected", "_selected_action": [delivery.pk], "index": "0"}
    client.post(LOG, many)
    work_off()

    assertContains(shown, "taken")
    assertContains(shown, "learner.enrolled")
    assert len(receiver.requests) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_statements_whatever_they_show(
    rows, scope, alice, client_of, django_assert_num_queries
):
    for n in range(rows):
        endpoint, _secret = add_endpoint(GIVEN["url"], name=f"CRM {n}")
        send_test(endpoint, by=alice)
    client = client_of(alice)
    client.get(PAGE)

    with django_assert_num_queries(7):
        assertContains(client.get(PAGE), "CRM 0")
    with django_assert_num_queries(8):
        assertContains(client.get(LOG), "CRM 0")


def test_removing_one_takes_its_log_along(enrolled, alice, client_of, work_off):
    client = client_of(alice)

    question = client.get(f"{PAGE}{enrolled.pk}/delete/")
    client.post(f"{PAGE}{enrolled.pk}/delete/", {"post": "yes"})

    assertContains(question, "Deliveries in the log: 1")
    assert (WebhookEndpoint.objects.count(), Delivery.objects.count(), work_off()) == (0, 0, 1)


def test_the_api_does_all_of_it(scope, alice, bob, receiver, client_of, work_off):
    client = client_of(alice)
    made = client.post(API, {**GIVEN, "url": receiver.url}, "application/json").json()
    one = f"{API}{made['id']}/"
    client.post(f"{one}test/")
    work_off()
    enroll(Course.objects.create(title="Sea", slug="sea", is_published=True), user=bob)
    off = client.patch(one, {"is_on": False}, "application/json").json()
    work_off()
    skipped = client.get(f"{API}deliveries/", {"state": "skipped", "endpoint_id": made["id"]}).json()
    refused = client.post(f"{API}deliveries/{skipped['results'][0]['id']}/resend/")
    client.patch(one, {"is_on": True, "with_names": True}, "application/json")
    again = client.post(f"{one}resend/", {"since": "2020-01-01T00:00:00Z"}, "application/json")
    work_off()
    delivery = client.get(f"{API}deliveries/{skipped['results'][0]['id']}/").json()
    rotated = client.post(f"{one}secret/", {}, "application/json").json()

    assert made["secret"].startswith("whsec_")
    assert "secret" not in client.get(one).json()
    assert (off["is_on"], off["off_because"]) == (False, "by_hand")
    assert (skipped["count"], refused.status_code, refused.json()["error"]["code"]) == (1, 409, "switched_off")
    assert (again.status_code, again.json()) == (202, {"sent_again": 1})
    assert (delivery["state"], delivery["attempts"][0]["status"], delivery["tries"]) == ("delivered", 200, 1)
    assert rotated["secret"] != made["secret"]
    assert rotated["old_secret_ends_at"] is not None
    assert [kind["type"] for kind in client.get(f"{API}kinds/").json()] == [*KINDS]
    assert client.delete(one).status_code == 204
    assert client.get(API).json()["results"] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"url": "https://localhost/"}, "url"), ({"events": ["ping"]}, "events"), ({"events": []}, "events"),
     ({"events": ["nothing"]}, "events"), ({"name": ""}, "name"), ({"url": "https://x.test/" + "a" * 1000}, "url")],
)  # fmt: skip
def test_the_api_says_what_it_cannot_take(changed, field, scope, alice, client_of):
    answer = client_of(alice).post(API, {**GIVEN, **changed}, "application/json")

    assert answer.status_code == 400
    assert {name.split(".")[0] for name in answer.json()["error"]["fields"]} == {field}


def test_charlie_finds_nothing_of_alices_and_bob_may_not(enrolled, bob, charlie, client_of):
    delivery = Delivery.objects.get()
    foreign, learner = client_of(charlie), client_of(bob)
    below = [f"{enrolled.pk}/", f"deliveries/{delivery.pk}/"]

    assert [foreign.get(f"/api/v1/summit/webhooks/{path}").status_code for path in below] == [404, 404]
    assert foreign.post(f"/api/v1/summit/webhooks/deliveries/{delivery.pk}/resend/").status_code == 404
    assert foreign.get("/api/v1/summit/webhooks/deliveries/", {"endpoint_id": enrolled.pk}).json()["count"] == 0
    assert foreign.get(API).status_code == 404
    assert foreign.get(f"{PAGE}{enrolled.pk}/change/").status_code == 404
    assert foreign.post(f"{PAGE}{enrolled.pk}/do/secret/").status_code == 404
    assert foreign.get(f"{LOG}{delivery.pk}/change/").status_code == 404
    assert learner.get(API).status_code == 403


def test_the_command_sends_what_was_not_taken(enrolled, alice, charlie, receiver, work_off):
    change_endpoint(enrolled, by=alice, is_on=False)
    work_off()
    change_endpoint(enrolled, by=alice, is_on=True)
    output = StringIO()

    call_command("resend_webhooks", "--since=2020-01-01", stdout=output)
    call_command("resend_webhooks", "--organization=harbor", "--since=2100-01-01", stdout=output)
    work_off()

    assert output.getvalue().splitlines() == [
        "Harbor School: 1 sent again.", "Summit Academy: 0 sent again.", "Harbor School: 0 sent again.",
    ]  # fmt: skip
    assert len(receiver.requests) == 1
