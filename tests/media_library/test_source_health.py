"""How it goes with each host, also where no credentials are given: what it said, and whether it says anything to us."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.pace import hold
from core.tenancy import organization_scope
from media_library.models import Outcome, Rung, SourceAccount
from media_library.models.transcript import Method
from media_library.services.hosts import credentials_at
from media_library.services.source_accounts import give_credentials
from media_library.services.source_health import health_of_sources
from media_library.sources import Check, Description, SourceError
from tests.media_library.small_host import hosted, small_host

__all__ = ["small_host"]
BLOCKED = "Small Host refuses to answer this server. Add the captions as a file, or ask the operator for a proxy."
NO_CAPTIONS = "Small Host has no captions for this video. Add captions there, or a file here."


def health():
    return next(one for one in health_of_sources() if one.name == "vimeo")


def asked_for_captions(media, code, *, ago=timedelta()):
    Rung.objects.create(
        media=media, job_id=uuid7(), method=Method.HOST, outcome=Outcome.REFUSED, code=code, message=f"It is {code}.",
        happened_at=timezone.now() - ago,
    )  # fmt: skip


def checked(**options):
    """Exit status, and what was told of each host."""
    told, status = StringIO(), 0
    try:
        call_command("check_sources", organization="harbor", json=True, stdout=told, **options)
    except SystemExit as ended:
        status = ended.code
    return status, [json.loads(line) for line in told.getvalue().splitlines()]


def test_a_pause_and_the_last_answer_are_told(scope, alice, small_host, client_of):
    when = timezone.now() - timedelta(hours=3)
    hosted("100001", described_at=when - timedelta(days=1))
    hosted("100002", described_at=when)
    hold("vimeo:anyone", 600.0)

    found, page = health(), client_of(alice).get(reverse("back_office_sources")).content.decode()

    assert (found.described_at, found.paused_until > timezone.now() + timedelta(seconds=590)) == (when, True)
    assert ("Asked for a pause until" in page, "Answered 3" in page) == (True, True)


def test_a_pause_of_an_account_is_told_to_it_alone(scope, alice, small_host, organization, other_organization):
    give_credentials(small_host, {"token": "x"}, by=alice)
    hold(f"vimeo:{organization.pk}", 600.0)

    with organization_scope(other_organization):
        theirs = health().paused_until

    assert (health().paused_until is not None, theirs) == (True, None)


def test_a_host_that_refuses_this_server_is_told(scope, alice, small_host, client_of):
    media = hosted(described_at=timezone.now())
    asked_for_captions(media, "captions_absent", ago=timedelta(hours=2))
    asked_for_captions(media, "blocked_by_provider", ago=timedelta(hours=1))

    page = client_of(alice).get(reverse("back_office_sources")).content.decode()

    assert (health().closed, "It is blocked_by_provider." in page) == ("It is blocked_by_provider.", True)


@pytest.mark.parametrize(
    "answers",
    [[], [("blocked_by_provider", 25)], [("blocked_by_provider", 2), ("captions_absent", 1)]],
    ids=["none", "yesterday", "open again"],
)
def test_a_host_that_answers_is_not_called_closed(scope, small_host, answers):
    media = hosted(described_at=timezone.now())
    for code, hours in answers:
        asked_for_captions(media, code, ago=timedelta(hours=hours))

    assert health().closed == ""


@pytest.mark.parametrize(
    ("code", "status", "works", "words"),
    [("blocked_by_provider", 1, False, BLOCKED), ("captions_absent", 0, None, NO_CAPTIONS)],
)
def test_command_tries_hosts_without_credentials_on_a_video(scope, small_host, code, status, works, words):
    hosted(described_at=timezone.now())
    small_host.words = SourceError(code)

    told = checked()

    findings = [
        {"what": "Tells about videos", "works": True, "words": ""},
        {"what": "Gives its captions", "works": works, "words": words},
    ]
    assert told == (status, [{"organization": "harbor", "source": "vimeo", "findings": findings}])


def test_command_fails_where_a_host_cannot_be_reached(scope, alice, small_host):
    give_credentials(small_host, {"token": "x"}, by=alice)
    small_host.finds = SourceError("network")

    status, [told] = checked()

    assert (status, told["findings"][0]["works"]) == (1, False)


def test_command_waits_for_no_pause(scope, alice, small_host):
    give_credentials(small_host, {"token": "x"}, by=alice)
    small_host.finds = SourceError("rate_limited")

    status, [told] = checked()

    assert (status, told["findings"][0]["works"]) == (0, None)


def test_command_says_nothing_of_hosts_of_which_nothing_is_here(scope, small_host):
    assert checked() == (0, [])


def test_when_credentials_work_what_failed_without_them_is_asked_again(scope, alice, small_host, work_off):
    small_host.told = SourceError("auth_invalid")
    media = hosted()
    enqueue("describe_media", media.pk, key="first")
    work_off()
    small_host.told = Description("A talk")
    give_credentials(small_host, {"token": "x"}, by=alice)

    work_off()

    media.refresh_from_db()
    assert (media.described_at is not None, Job.objects.filter(kind="describe_media").count()) == (True, 2)


def test_while_credentials_go_on_working_nothing_is_asked_again(scope, alice, small_host, work_off):
    give_credentials(small_host, {"token": "x"}, by=alice)
    work_off()
    small_host.told = SourceError("private")
    enqueue("describe_media", hosted().pk, key="first")
    work_off()

    checked()

    assert Job.objects.filter(kind="describe_media").count() == 1


def test_credentials_that_do_not_all_work_ask_nothing_again(scope, alice, small_host, work_off):
    small_host.told, small_host.finds = SourceError("auth_invalid"), [Check("Read videos", works=False)]
    enqueue("describe_media", hosted().pk, key="first")
    give_credentials(small_host, {"token": "x"}, by=alice)

    work_off()

    assert Job.objects.filter(kind="describe_media").count() == 1


@pytest.mark.django_db(transaction=True)
def test_first_credentials_given_twice_at_once_are_one_account(organization, alice, small_host):
    together, failures = threading.Barrier(2), []

    def give(name):
        try:
            with organization_scope(organization):
                together.wait()
                give_credentials(small_host, {name: "x"}, by=alice)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(name,)) for name in ("token", "key")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with organization_scope(organization):
        assert (failures, SourceAccount.objects.count(), credentials_at("vimeo")) == ([], 1, {"token": "x", "key": "x"})
