"""The back office, the API, the command and the nightly job."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.asserts import assertContains

from analytics.models import MediaDay
from analytics.services.rollup import roll_up
from core.models import Job
from core.models.job import JobState
from core.tenancy import every_organization
from media_library.services.watching import end_session, start_session
from tests.analytics.conftest import add_media, visit


@pytest.fixture
def watched(talk, bob, organization):
    session = start_session(talk, user=bob)
    end_session(session.pk, user=bob, intervals=[[0, 10]], position=10)
    start_session(talk, user=bob)
    roll_up(organization)
    return talk


def test_the_page_of_a_media_item_says_how_it_is_watched(watched, alice, organization, client_of):
    page = client_of(alice).get(f"/admin/media_library/media/{watched.pk}/change/")

    assertContains(page, "10 seconds really played")
    changed = MediaDay.objects.get().computed_at.astimezone(organization.zone)
    assertContains(page, f"As of {changed.day} {changed:%b %Y, %H:%M}")
    assertContains(page, f"/admin/dashboards/media/{watched.pk}/")


def test_the_page_says_when_nothing_was_counted_yet(talk, alice, client_of):
    page = client_of(alice).get(f"/admin/media_library/media/{talk.pk}/change/")

    assertContains(page, "Nothing has been counted yet.")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_days_costs_the_same_statements_whatever_it_shows(
    rows, scope, alice, bob, client_of, django_assert_num_queries
):
    for n in range(rows):
        visit(add_media(f"Talk {n}"), bob, at=timezone.now())
    roll_up(scope)
    client = client_of(alice)
    client.get("/admin/analytics/mediaday/")

    with django_assert_num_queries(7):
        page = client.get("/admin/analytics/mediaday/")

    assertContains(page, "Talk 0")


@pytest.mark.parametrize("address", ["add/", "{}/change/", "{}/delete/"])
def test_days_cannot_be_changed(address, watched, alice, client_of):
    day = MediaDay.objects.get()
    client = client_of(alice)

    answer = client.post(f"/admin/analytics/mediaday/{address.format(day.pk)}", {"views": 99})

    assert answer.status_code == 403
    assert list(MediaDay.objects.values_list("pk", "views")) == [(day.pk, 2)]


def test_a_day_can_be_looked_at(watched, alice, client_of):
    assertContains(
        client_of(alice).get(f"/admin/analytics/mediaday/{MediaDay.objects.get().pk}/change/"), "Watch seconds"
    )


def test_the_command_counts_today(talk, bob, charlie, organization):
    start_session(talk, user=bob)
    output = StringIO()

    call_command("roll_up", stdout=output)
    call_command("roll_up", "--organization=harbor", "--from=2026-03-28", "--to=2026-03-30", "--rebuild", stdout=output)

    assert output.getvalue().splitlines() == [
        "Harbor School: 2 days rolled up.",
        "Summit Academy: 2 days rolled up.",
        "Harbor School: 3 days rolled up.",
    ]
    assert MediaDay.objects.get().views == 1


@pytest.mark.parametrize("arguments", [["--from=yesterday"], ["--organization=nowhere"]])
def test_the_command_refuses_what_it_cannot_understand(arguments, organization):
    with pytest.raises(CommandError):
        call_command("roll_up", *arguments)


def test_the_nightly_job_counts_every_organization(talk, bob, charlie, other_organization, work_off):
    start_session(talk, user=bob)
    with every_organization(reason="the schedule belongs to no organization"):
        Job.objects.create(kind="roll_up_yesterday", lane="short", key="tonight")

    work_off()

    with every_organization(reason="the schedule belongs to no organization"):
        assert Job.objects.get(kind="roll_up_yesterday").state == JobState.SUCCEEDED
    assert MediaDay.objects.get().views == 1
