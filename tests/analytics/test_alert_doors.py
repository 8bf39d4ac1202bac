"""Alerts reach people: webhooks, the command that needs no worker, and their pages in the back office."""

import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command

from accounts.models import Role
from accounts.services.erasure import erase_account
from analytics.models import AlertRule
from analytics.services.alert_notices import send_test
from core.jobs.liveness import SIGN
from core.models import AuditEntry, Job
from tests.analytics.alerting import ADDRESS, failed_jobs, look, rows, rule, silent_minutes, told, waiting_jobs
from tests.conftest import member
from tests.mail_server import Mailbox, mail_server

pytestmark = pytest.mark.django_db
PAGE, SITE_PAGE = "/admin/analytics/alertrule/", "/admin/analytics/sitealertrule/"


@pytest.fixture(autouse=True)
def at_once(settings):
    cache.delete(SIGN)
    settings.JOB_BACKOFF_SECONDS = 0


@pytest.fixture
def hook(httpserver, settings):
    settings.ALERT_ORIGINS = [httpserver.url_for("").rstrip("/")]
    return httpserver.url_for("/hook")


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with mail_server(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        yield box


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("root@platform.test", "x", name="Root")


def posted(httpserver):
    return [request.get_json() for request, _answer in httpserver.log]


def form(**facts):
    typed = {"condition": "failures", "raise_at": "10", "window_minutes": "60", "after_minutes": "0", "is_active": "on"}
    return {**typed, "clear_at": "", "recipients": "", "webhook_url": "", **facts}


def test_webhook_gets_one_message_for_each_news(hook, httpserver, work_off, settings):
    httpserver.expect_request("/hook", method="POST").respond_with_data(status=204)
    watched = rule("waiting_jobs", 10, webhook_url=hook, recipients=[])

    for minute, figure in enumerate((12, 12, 3)):
        Job.objects.filter(kind="process_media").delete()
        rows(figure, priority=-1)
        look(minute=minute)
        Job.objects.filter(kind="process_media").delete()
        work_off()

    raised, cleared = posted(httpserver)
    incident = watched.incidents.get()
    assert (raised["id"], cleared["id"]) == (f"{incident.pk}:raised", f"{incident.pk}:cleared")
    assert raised["text"] == "Alert: Jobs that wait: 12 jobs (from 10 jobs on)"
    assert (raised["event"], raised["value"], raised["raise_at"], raised["clear_at"]) == ("alert_raised", 12, 10, 8)
    assert (raised["detail"], raised["organization"]) == ("short 0, long 12, hosts 0", None)
    assert raised["link"] == f"{settings.SITE_URL}{SITE_PAGE}{watched.pk}/change/"


def test_webhook_is_tried_again_until_it_is_there(hook, httpserver, work_off):
    httpserver.expect_ordered_request("/hook").respond_with_data(status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data(status=429)
    httpserver.expect_ordered_request("/hook").respond_with_data(status=200)
    send_test(rule("waiting_jobs", 10, webhook_url=hook))

    work_off()

    job = Job.objects.get(kind="deliver_alert")
    assert (job.state, job.attempt, {body["id"] for body in posted(httpserver)}) == (
        "succeeded", 3, {job.key.removeprefix("deliver_alert:")},
    )  # fmt: skip


def test_webhook_inside_the_network_is_not_gone_to(httpserver, work_off):
    send_test(rule("waiting_jobs", 10, webhook_url=httpserver.url_for("/hook")))

    work_off()

    job = Job.objects.get(kind="deliver_alert")
    assert (job.state, job.error_code, job.attempt, httpserver.log) == ("failed", "alert_refused", 1, [])


def test_command_tells_by_itself_that_no_worker_is_alive(hook, httpserver, mailbox):
    httpserver.expect_request("/hook").respond_with_data(status=200)
    rule("worker_silence", 300, webhook_url=hook)
    silent_minutes(20)
    out = StringIO()

    for _again in range(2):
        with pytest.raises(SystemExit) as ended:
            call_command("check_alerts", stdout=out)

    assert ended.value.code == 1
    assert out.getvalue().splitlines() == ["raised  site         Silence of the workers: 20 min"] * 2
    assert [mail["Subject"] for mail in mailbox.mails] == ["Alert: Silence of the workers: 20 min (from 5 min on)"]
    assert [body["event"] for body in posted(httpserver)] == ["alert_raised"]


def test_command_answers_zero_where_all_is_well():
    watched, out = rule("waiting_jobs", 10), StringIO()

    call_command("check_alerts", json=True, stdout=out)

    assert json.loads(out.getvalue()) == [
        {"id": str(watched.pk), "organization_id": None, "condition": "waiting_jobs", "state": "ok", "value": 0.0}
    ]


def test_owner_makes_a_rule_for_the_organization(alice, client_of, organization):
    made = client_of(alice).post(f"{PAGE}add/", form(recipients=f"{ADDRESS}, two@harbor.test", raise_at="1"))

    watched = AlertRule.objects.get()
    assert (made.status_code, watched.organization_id) == (302, organization.pk)
    assert watched.recipients == [ADDRESS, "two@harbor.test"]


def test_rules_of_others_are_nowhere(alice, charlie, client_of, organization, other_organization):
    theirs, site = rule("failures", 1, organization=other_organization), rule("waiting_jobs", 1)
    browser = client_of(alice)

    answers = [browser.get(f"{page}{one.pk}/change/").status_code for page in (PAGE,) for one in (theirs, site)]

    assert (answers, browser.get(SITE_PAGE).status_code) == ([404, 404], 403)
    assert browser.get(PAGE).context["cl"].result_count == 0


def test_creators_and_strangers_decide_nothing(organization, client_of):
    carol = member("carol@harbor.test", organization, Role.CREATOR)

    assert [client_of(carol).get(page).status_code for page in (PAGE, f"{PAGE}add/", SITE_PAGE)] == [403, 403, 403]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"condition": "disk_share"}, "condition"), ({"clear_at": "11"}, "clear_at"), ({"recipients": "x"}, "recipients"),
     ({"window_minutes": "0"}, "window_minutes"), ({"webhook_url": "no"}, "webhook_url"),
     ({"raise_at": "-1"}, "raise_at")],
)  # fmt: skip
def test_rule_that_cannot_be_is_refused_at_its_field(typed, field, alice, client_of):
    page = client_of(alice).post(f"{PAGE}add/", form(**typed))

    assert (page.status_code, list(page.context["adminform"].form.errors)) == (200, [field])


def test_superuser_decides_about_the_site_from_inside_an_organization(root, client_of, organization):
    browser = client_of(root)
    browser.post(f"/admin/organization/{organization.pk}/")
    browser.post(f"{SITE_PAGE}add/", form(condition="disk_share", raise_at="10", clear_at="15"))
    watched = AlertRule.objects.get()
    look()

    listed, opened = browser.get(SITE_PAGE), browser.get(f"{SITE_PAGE}{watched.pk}/change/")
    browser.post(f"{SITE_PAGE}{watched.pk}/delete/", {"post": "yes"})

    assert (watched.organization_id, listed.status_code, opened.status_code) == (None, 200, 200)
    assert opened.context["standing"]["clears_at"] == "15 %"
    assert AlertRule.objects.count() == 0


def test_pages_show_what_was_told(root, client_of):
    watched = rule("waiting_jobs", 10)
    waiting_jobs(12)
    look()
    browser = client_of(root)

    listed = browser.get(SITE_PAGE).content.decode()
    opened = browser.get(f"{SITE_PAGE}{watched.pk}/change/")

    [incident] = opened.context["incidents"]
    assert incident.figures == {"raised": "12 jobs", "worst": "12 jobs", "cleared": "–"}
    assert [word for word in ("Raised", "12 jobs", "mail (1)") if word not in listed] == []


def test_list_costs_the_same_for_one_rule_and_for_three(root, client_of, django_assert_num_queries):
    browser = client_of(root)
    rule("waiting_jobs", 10)
    browser.get(SITE_PAGE)
    with django_assert_num_queries(5):
        browser.get(SITE_PAGE)
    rule("waiting_jobs", 20)
    rule("failures", 20)

    with django_assert_num_queries(5):
        browser.get(SITE_PAGE)


def test_send_a_test_from_the_list_changes_nothing(alice, client_of, organization):
    watched = rule("failures", 10, organization=organization)

    page = client_of(alice).post(PAGE, {"action": "send_a_test", "_selected_action": [watched.pk]}, follow=True)

    watched.refresh_from_db()
    assert [str(one) for one in page.context["messages"]] == [f"A test is on its way to {ADDRESS}."]
    assert (told(), watched.raised_at) == (["Test: Alert: Failed jobs: 10 jobs (from 10 jobs on)"], None)


def test_address_of_an_erased_person_is_taken_off(alice, bob, organization):
    watched = rule("failures", 10, organization=organization, recipients=["Bob@harbor.test", ADDRESS])

    erase_account(bob)

    watched.refresh_from_db()
    assert watched.recipients == [ADDRESS]


API = "/api/v1/harbor/alerts/"


def test_owner_s_program_makes_changes_and_deletes_a_rule(scope, alice, client_of):
    client = client_of(alice)
    made = client.post(API, {"condition": "failures", "raise_at": 10, "recipients": [ADDRESS]}, "application/json")
    address = f"{API}{made.json()['id']}/"

    changed = client.patch(address, {"raise_at": 5, "clear_at": 2}, content_type="application/json").json()
    listed = client.get(API).json()
    tested = client.post(f"{address}test/")
    gone = client.delete(address)

    assert (made.status_code, changed["raise_at"], changed["clear_at"], changed["recipients"]) == (201, 5, 2, [ADDRESS])
    assert (listed["count"], tested.status_code, gone.status_code) == (1, 202, 204)
    assert (told()[0].startswith("Test"), AlertRule.objects.count()) == (True, 0)
    actions = AuditEntry.objects.order_by("id").values_list("action", "detail")
    assert list(actions) == [
        ("added", "condition, raise_at, recipients"), ("changed", "raise_at, clear_at"), ("deleted", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"condition": "waiting_jobs"}, "condition"), ({"raise_at": -1}, "raise_at"), ({"raise_at": "nan"}, "raise_at"),
        ({"clear_at": 11}, "clear_at"), ({"window_minutes": 0}, "window_minutes"), ({"is_active": None}, "is_active"),
        ({"recipients": ["x"]}, "recipients.0"), ({"after_minutes": 40_000}, "after_minutes"),
        ({"webhook_url": "ftp://x.test"}, "webhook_url"),
    ],
)  # fmt: skip
def test_rule_that_cannot_be_is_refused_by_its_field(scope, alice, client_of, facts, field):
    answer = client_of(alice).post(API, {"condition": "failures", "raise_at": 10, **facts}, "application/json")

    assert (answer.status_code, [*answer.json()["error"]["fields"]]) == (400, [field])


def test_incidents_are_read_and_those_of_others_are_nowhere(organization, alice, bob, client_of, other_organization):
    mine = rule("failures", 1, organization=organization)
    theirs, site = rule("failures", 1, organization=other_organization), rule("waiting_jobs", 1)
    failed_jobs(2, organization)
    look()
    client = client_of(alice)

    incidents = client.get(f"{API}{mine.pk}/incidents/").json()["results"]
    strange = [client.get(f"{API}{one.pk}/{page}").status_code for one in (theirs, site) for page in ("", "incidents/")]

    assert [(one["raised_value"], one["cleared_at"]) for one in incidents] == [(2, None)]
    assert (strange, client.get(API).json()["count"]) == ([404] * 4, 1)
    assert client_of(bob).get(API).status_code == 403


def test_first_page_tells_of_alerts_that_are_raised(organization, alice, root, client_of, other_organization):
    carol = member("carol@harbor.test", organization, Role.CREATOR)
    rule("failures", 1, organization=organization)
    rule("failures", 3, organization=other_organization)
    rule("failures", 2)
    failed_jobs(2, organization)
    pages = [client_of(person) for person in (alice, root, carol)]
    pages[1].post(f"/admin/organization/{organization.pk}/")
    look()

    told_to = [[one.words for one in browser.get("/admin/", follow=True).context["warnings"]] for browser in pages]

    own = "Alert: Failed jobs: 2 jobs (from 1 job on)"
    assert told_to == [[own], ["Alert: Failed jobs: 2 jobs (from 2 jobs on)", own], []]
