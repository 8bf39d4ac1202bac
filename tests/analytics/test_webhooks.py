"""Messages to other people's programs: what is sent, how often, and when it ends."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from werkzeug import Response

from analytics.models import Delivery, DeliveryState, OffReason, WebhookEndpoint
from analytics.services import deliveries
from analytics.services.deliveries import resend, resend_missed
from analytics.services.delivering import PAUSES
from analytics.services.webhooks import change_endpoint, replace_secret, send_test
from core.errors import Refused
from core.models import Job
from core.tenancy import organization_scope
from courses.models import Course
from courses.services.enrolling import enroll
from tests.analytics.webhooks import Receiver, add_endpoint, signatures, waits_are_over


@pytest.fixture
def receiver(httpserver, settings):
    found = Receiver(httpserver)
    settings.WEBHOOK_ORIGINS = [found.origin]
    return found


@pytest.fixture
def course(scope):
    return Course.objects.create(title="Sea", slug="sea", is_published=True)


def states():
    return list(Delivery.objects.order_by("id").values_list("type", "state"))


def log_of(delivery):
    delivery.refresh_from_db()
    return [(one["status"], one["answer"], one["error"]) for one in delivery.attempts]


def test_a_message_is_signed_so_that_its_receiver_can_check_it(course, bob, receiver, work_off):
    endpoint, secret = add_endpoint(receiver.url)
    enroll(course, user=bob)

    work_off()

    (request,), delivery = receiver.requests, Delivery.objects.get()
    computed, sent = signatures(request, secret)
    sent_at = int(request.headers["webhook-timestamp"])
    assert sent == [computed]
    assert request.headers["webhook-id"] == str(delivery.pk)
    assert abs(timezone.now().timestamp() - sent_at) < 60
    assert request.headers["content-type"] == "application/json"
    assert receiver.messages == [
        {
            "id": str(delivery.pk),
            "type": "learner.enrolled",
            "occurred_at": delivery.occurred_at.isoformat(),
            "organization": {"id": str(endpoint.organization_id), "slug": "harbor", "name": "Harbor School"},
            "data": {
                "course": {"id": str(course.pk), "title": "Sea", "slug": "sea"},
                "person": {"id": str(bob.pseudonym)},
            },
        }
    ]
    assert (delivery.state, log_of(delivery)) == (DeliveryState.DELIVERED, [(200, "taken", "")])


def test_names_are_told_only_where_the_owner_said_so(course, bob, receiver, work_off):
    add_endpoint(receiver.url, with_names=True)
    enroll(course, user=bob)

    work_off()

    assert receiver.messages[0]["data"]["person"] == {
        "id": str(bob.pseudonym), "name": "Bob", "email": "bob@harbor.test",
    }  # fmt: skip


def test_only_what_was_chosen_is_told_and_only_here(course, bob, other_organization, receiver, work_off):
    add_endpoint(receiver.url, ["course.completed"])
    with organization_scope(other_organization):
        add_endpoint(receiver.url)
    enroll(course, user=bob)

    work_off()

    assert (receiver.requests, Delivery.objects.count()) == ([], 0)


def test_without_an_endpoint_one_question_is_asked_and_nothing_written(course, bob, django_assert_num_queries):
    with django_assert_num_queries(1):
        deliveries.tell("learner.enrolled", lambda: pytest.fail("nobody asked"), person=lambda: bob)


def test_what_is_taken_back_is_not_told(course, bob, receiver, work_off):
    add_endpoint(receiver.url)

    with transaction.atomic():
        enroll(course, user=bob)
        transaction.set_rollback(True)

    assert (work_off(), receiver.requests) == (0, [])


def test_a_secret_that_is_replaced_signs_along_for_a_day(course, bob, alice, receiver, work_off):
    endpoint, old = add_endpoint(receiver.url)
    new = replace_secret(endpoint, by=alice)
    enroll(course, user=bob)
    work_off()
    WebhookEndpoint.objects.update(old_secret_ends_at=timezone.now())
    resend(Delivery.objects.get(), by=alice)
    work_off()

    during, after = receiver.requests

    assert signatures(during, new)[1] == [signatures(during, new)[0], signatures(during, old)[0]]
    assert signatures(after, new)[1] == [signatures(after, new)[0]]
    assert old not in WebhookEndpoint.objects.get().sealed_old_secret


def test_what_is_not_taken_is_tried_again_until_it_is(course, bob, receiver, work_off):
    add_endpoint(receiver.url)
    receiver.answers = [Response("down", 503), Response(status=302, headers={"Location": "/else"}), Response("", 204)]
    enroll(course, user=bob)
    work_off()
    waits = Job.objects.get(kind="deliver_webhook", state="queued").available_at - timezone.now()
    waits_are_over()
    work_off()
    later = Job.objects.get(kind="deliver_webhook", state="queued").available_at - timezone.now()
    waits_are_over()
    work_off()

    ids = {request.headers["webhook-id"] for request in receiver.requests}
    delivery = Delivery.objects.get()
    assert (round(waits.total_seconds(), -1), round(later.total_seconds(), -1)) in {(0, 300), (10, 300)}
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 3)
    assert log_of(delivery) == [(503, "down", ""), (302, "", ""), (204, "", "")]
    assert ids == {str(delivery.pk)}


def test_after_the_last_try_it_has_failed_and_can_be_sent_again(course, bob, alice, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    receiver.answers = [Response("no", 500)]
    enroll(course, user=bob)
    for _pause in range(len(PAUSES) + 3):
        work_off()
        waits_are_over()

    failed = Delivery.objects.get()
    receiver.answers = [Response("yes", 200)]
    resend(failed, by=alice)
    work_off()

    assert (failed.state, failed.tries, failed.next_try_at) == (DeliveryState.FAILED, len(PAUSES) + 1, None)
    endpoint.refresh_from_db()
    assert (states(), endpoint.failures, endpoint.given_up) == ([("learner.enrolled", DeliveryState.DELIVERED)], 0, 0)


def test_whoever_answers_410_is_told_nothing_more(course, bob, alice, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    receiver.answers = [Response("gone", 410)]
    enroll(course, user=bob)
    work_off()
    enroll(course, user=alice)
    work_off()

    endpoint.refresh_from_db()
    assert (len(receiver.requests), endpoint.off_because) == (1, OffReason.GONE)
    waiting, missed = states()
    waits_are_over()
    work_off()
    assert states() == [("learner.enrolled", DeliveryState.SKIPPED)] * 2
    assert (waiting[1], missed[1], len(receiver.requests)) == (DeliveryState.WAITING, DeliveryState.SKIPPED, 1)


def test_a_day_of_failures_switches_it_off_and_its_owners_are_told(course, bob, alice, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    receiver.answers = [Response("no", 500)]
    WebhookEndpoint.objects.update(failures=4, failing_since=timezone.now() - timedelta(hours=25))
    enroll(course, user=bob)

    work_off()

    (notice,) = mail.outbox
    endpoint.refresh_from_db()
    assert endpoint.off_because == OffReason.FAILING
    assert (notice.to, notice.subject) == ([alice.email], "The webhook “CRM” was switched off")
    assert f"/admin/analytics/webhookendpoint/{endpoint.pk}/change/" in notice.body

    with pytest.raises(Refused) as refused:
        resend(Delivery.objects.get(), by=alice)
    switched_on = change_endpoint(endpoint, by=alice, is_on=True)
    receiver.answers = [Response("yes", 200)]
    waits_are_over()
    work_off()

    assert refused.value.code == "switched_off"
    assert (switched_on.failures, switched_on.failing_since) == (0, None)
    assert states() == [("learner.enrolled", DeliveryState.DELIVERED)]


@pytest.mark.parametrize(("failures", "hours", "is_on"), [(3, 25, True), (50, 23, True), (4, 25, False)])
def test_only_many_failures_over_a_long_time_switch_it_off(failures, hours, is_on, course, bob, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    receiver.answers = [Response("no", 500)]
    since = timezone.now() - timedelta(hours=hours)
    WebhookEndpoint.objects.update(failures=failures, failing_since=since)
    enroll(course, user=bob)

    work_off()

    endpoint.refresh_from_db()
    assert (endpoint.is_on, endpoint.failures) == (is_on, failures + 1)


def test_what_was_missed_is_sent_when_it_is_on_again(course, bob, alice, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    change_endpoint(endpoint, by=alice, is_on=False)
    enroll(course, user=bob)
    enroll(course, user=alice)
    while_off = resend_missed(Delivery.objects.all(), by=alice)
    change_endpoint(endpoint, by=alice, is_on=True)

    sent = resend_missed(Delivery.objects.all(), by=alice)
    work_off()

    people = [message["data"]["person"]["id"] for message in receiver.messages]
    assert (while_off, sent, people) == (0, 2, [str(bob.pseudonym), str(alice.pseudonym)])


@pytest.mark.parametrize(
    "url",
    ["http://example.com/hook", "https://127.0.0.1/hook", "https://10.0.0.5/hook", "https://[::1]/", "ftp://example.com",
     "https://router.local/", "https://metadata/", "https://example.com:22/", "https://u:p@example.com/", "", "x",
     "https://169.254.169.254/latest/meta-data", "https://0x7f000001/"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_when_it_is_given(url, scope, receiver):
    with pytest.raises(Refused) as refused:
        add_endpoint(url)

    assert (refused.value.code, list(refused.value.fields)) == ("bad_address", ["url"])
    assert not WebhookEndpoint.objects.exists()


def test_a_name_that_leads_inside_later_is_not_gone_to(course, bob, receiver, work_off, monkeypatch):
    add_endpoint("https://hooks.example.com/")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 443))])
    enroll(course, user=bob)

    work_off()

    assert log_of(Delivery.objects.get()) == [(None, "", "This is no public address.")]


def test_wake_ups_that_come_twice_send_once(course, bob, receiver, work_off):
    add_endpoint(receiver.url)
    enroll(course, user=bob)
    delivery = Delivery.objects.get()
    job = Job.objects.get(kind="deliver_webhook")
    work_off()
    Job.objects.create(
        kind="deliver_webhook", lane="hosts", key="again", subject_id=delivery.pk, payload=job.payload,
        organization_id=job.organization_id,
    )  # fmt: skip

    work_off()

    assert len(receiver.requests) == 1


def test_a_message_sent_again_while_it_waits_is_not_sent_twice(course, bob, alice, receiver, work_off):
    add_endpoint(receiver.url)
    receiver.answers = [Response("no", 500), Response("yes", 200)]
    enroll(course, user=bob)
    work_off()
    resend(Delivery.objects.get(), by=alice)

    work_off()
    waits_are_over()
    work_off()

    assert [code for code, *_ in log_of(Delivery.objects.get())] == [500, 200]


def test_a_slow_one_is_sent_one_message_at_a_time_and_rests(course, bob, alice, receiver, work_off):
    slow, _secret = add_endpoint(receiver.url, name="Slow")
    quick, _secret = add_endpoint(receiver.url, name="Quick")
    resting = timezone.now() + timedelta(seconds=30)
    WebhookEndpoint.objects.filter(pk=slow.pk).update(slow_seconds=5, rests_until=resting)
    enroll(course, user=bob)
    enroll(course, user=alice)

    work_off()

    waits = Job.objects.filter(kind="deliver_webhook", state="queued").order_by("available_at")
    seconds = [(job.available_at - timezone.now()).total_seconds() for job in waits]
    assert [round(wait, -1) for wait in seconds] == [30, 60]
    assert set(Delivery.objects.filter(state="delivered").values_list("endpoint__name", flat=True)) == {"Quick"}

    WebhookEndpoint.objects.filter(pk=slow.pk).update(rests_until=timezone.now())
    waits_are_over()
    work_off()

    slow.refresh_from_db()
    assert (Delivery.objects.filter(state="delivered").count(), slow.slow_seconds) == (4, 0)


def test_of_a_long_answer_the_beginning_is_kept(course, bob, receiver, work_off):
    add_endpoint(receiver.url)
    receiver.answers = [Response("x\0" * 100_000, 200)]
    enroll(course, user=bob)

    work_off()

    assert log_of(Delivery.objects.get()) == [(200, "x" * 1024, "")]


def test_a_test_is_sent_once_even_to_one_that_is_off_and_counts_for_nothing(scope, alice, receiver, work_off):
    endpoint, _secret = add_endpoint(receiver.url)
    change_endpoint(endpoint, by=alice, is_on=False)
    receiver.answers = [Response("no", 500)]

    delivery = send_test(endpoint, by=alice)
    work_off()

    endpoint.refresh_from_db()
    delivery.refresh_from_db()
    assert receiver.messages[0]["data"] == {"endpoint": {"id": str(endpoint.pk), "name": "CRM"}}
    assert (delivery.state, endpoint.failures, endpoint.failing_since) == (DeliveryState.FAILED, 0, None)


def test_a_job_that_dies_for_good_leaves_a_failed_delivery(course, bob, receiver, work_off):
    add_endpoint(receiver.url)
    enroll(course, user=bob)
    job = Job.objects.get(kind="deliver_webhook")
    deliveries.give_up(job.subject_id, turn=0)
    still = Delivery.objects.get().state

    deliveries.give_up(job.subject_id, turn=job.payload["turn"])

    assert (still, Delivery.objects.get().state) == (DeliveryState.WAITING, DeliveryState.FAILED)


def test_old_deliveries_are_forgotten(course, bob, alice, receiver, settings):
    add_endpoint(receiver.url)
    enroll(course, user=bob)
    Delivery.objects.update(occurred_at=timezone.now() - timedelta(days=settings.WEBHOOK_KEPT_DAYS, minutes=1))
    enroll(course, user=alice)

    assert (deliveries.prune(), Delivery.objects.get().learner) == (1, alice.pseudonym)
