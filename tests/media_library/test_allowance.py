"""What a member may upload in a week: reserved at the start, given back where nothing came of it, never passed."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Organization
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import AllowanceReset, SiteConfiguration, SiteConfigurationChange, Upload
from media_library.services.allowance import allowance_of, week_of
from media_library.services.expiring import expire_uploads
from media_library.services.settling import settle_accepted, settle_refused
from media_library.services.site import change_site_configuration, site_configuration
from media_library.services.uploads import Announced, cancel_upload, finish_upload, start_upload
from tests.trials.quota import refused_pairs

GIB = 1024**3


def start(by, size):
    return start_upload(Announced("talk.mp4", size), by=by)


def used(user):
    return allowance_of(user).used


@pytest.mark.parametrize(("plan", "largest", "week"), [("basic", 2, 4), ("pro", 5, 20), ("enterprise", 10, 100)])
def test_plan_says_what_is_allowed(scope, alice, plan, largest, week):
    Organization.objects.update(plan=plan)

    allowance = allowance_of(alice)

    assert (allowance.largest_file, allowance.allowed) == (largest * GIB, week * GIB)


def test_site_may_allow_less_and_never_more(scope, alice):
    change_site_configuration(by=alice, largest_file=10, weekly_allowance=100 * GIB)
    first = allowance_of(alice)
    change_site_configuration(by=alice, largest_file=3 * GIB, weekly_allowance=GIB)
    second = allowance_of(alice)

    assert (first.largest_file, first.allowed) == (10, 4 * GIB)
    assert (second.largest_file, second.allowed) == (GIB, GIB)


def test_upload_up_to_the_allowance_is_taken_and_not_a_byte_more(scope, alice):
    change_site_configuration(by=alice, weekly_allowance=10_000_000, largest_file=10_000_000)
    start(alice, 9_000_000)

    with pytest.raises(Refused) as refusal:
        start(alice, 1_000_001)

    reset = allowance_of(alice).reset_words
    assert (refusal.value.code, refusal.value.status, refusal.value.message) == (
        "allowance_used_up",
        429,
        f"This file has 1.0 MB, and 1.0 MB of this week's 10.0 MB are left. They are yours again on {reset}.",
    )
    assert start(alice, 1_000_000).size_bytes == 1_000_000


def test_reset_is_told_in_the_organizations_zone(scope, alice):
    words = allowance_of(alice).reset_words

    assert (words.split(",")[0], words.rpartition("(")[2]) == ("Sunday", "Europe/Berlin)")


def test_each_member_has_their_own(scope, alice, bob):
    start(alice, 1000)

    assert (used(alice), used(bob)) == (1000, 0)


def end_of(upload, by, how):
    if how == "cancelled":
        cancel_upload(upload, by=by)
    elif how == "expired":
        Upload.objects.update(expires_at=timezone.now())
        expire_uploads()
    else:
        media = finish_upload(upload)
        settle_accepted(media, sha256="a" * 64) if how == "accepted" else settle_refused(media, "not_media", "No.")


@pytest.mark.parametrize(("how", "left"), [("cancelled", 0), ("expired", 0), ("refused", 1000), ("accepted", 1000)])
def test_what_is_not_kept_is_given_back(scope, alice, how, left):
    end_of(start(alice, 1000), alice, how)

    assert (Upload.objects.get().state, used(alice)) == (how, left)


def test_last_weeks_uploads_count_no_more(scope, alice):
    begins, _ = week_of(timezone.now(), site_configuration())
    for moment in (begins - timedelta(seconds=1), begins):
        upload = start(alice, 1000)
        Upload.objects.filter(pk=upload.pk).update(created_at=moment)

    assert used(alice) == 1000


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment", "week"),
    [
        ("UTC", 6, 0, "2026-11-18T12:00", ("2026-11-15T00:00", "2026-11-22T00:00")),
        ("UTC", 6, 0, "2026-11-15T00:00", ("2026-11-15T00:00", "2026-11-22T00:00")),
        ("UTC", 6, 0, "2026-11-14T23:59", ("2026-11-08T00:00", "2026-11-15T00:00")),
        ("UTC", 2, 9, "2026-11-18T08:59", ("2026-11-11T09:00", "2026-11-18T09:00")),
        # Clocks go back on October 25: a week of 169 hours; and forward on March 29: one of 167.
        ("Europe/Berlin", 0, 6, "2026-10-25T12:00", ("2026-10-19T04:00", "2026-10-26T05:00")),
        ("Europe/Berlin", 0, 6, "2026-03-28T12:00", ("2026-03-23T05:00", "2026-03-30T04:00")),
        # The hour that is there twice counts once; the one that is skipped comes an hour later.
        ("Europe/Berlin", 6, 2, "2026-10-25T00:30", ("2026-10-25T00:00", "2026-11-01T01:00")),
        ("Europe/Berlin", 6, 2, "2026-03-29T01:30", ("2026-03-29T01:00", "2026-04-05T00:00")),
        ("Pacific/Auckland", 6, 0, "2026-11-14T12:00", ("2026-11-14T11:00", "2026-11-21T11:00")),
    ],
)
def test_week_follows_the_calendar_of_its_zone(zone, day, hour, moment, week):
    site = SiteConfiguration(reset_time_zone=zone, reset_day=day, reset_hour=hour)

    found = week_of(datetime.fromisoformat(moment).replace(tzinfo=UTC), site)

    assert found == tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in week)


def run(*arguments):
    out = StringIO()
    call_command("reset_quotas", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "said", "left"),
    [
        ([], "2 members begin a new allowance.\n", (0, 0)),
        (["--organization", "harbor"], "1 member begins a new allowance.\n", (0, 1000)),
        (
            ["--organization", "harbor", "--member", "ALICE@harbor.test"],
            "1 member begins a new allowance.\n",
            (0, 1000),
        ),
    ],
)
def test_operator_begins_the_week_anew(organization, other_organization, alice, charlie, arguments, said, left):
    people = ((organization, alice), (other_organization, charlie))
    for where, who in people:
        with organization_scope(where):
            start(who, 1000)

    words = run(*arguments), run(*arguments)

    found = []
    for where, who in people:
        with organization_scope(where):
            found.append(used(who))
            assert AllowanceReset.objects.count() <= 1
    assert (words, tuple(found)) == ((said, said), left)


def test_operator_names_the_organization_of_a_member(db):
    with pytest.raises(CommandError, match="organization"):
        run("--member", "alice@harbor.test")


def test_uploads_after_a_reset_count(scope, alice):
    start(alice, 1000)
    run("--organization", "harbor")
    start(alice, 500)

    assert used(alice) == 500


def test_question_costs_four_statements(scope, alice, django_assert_num_queries):
    site_configuration()
    with django_assert_num_queries(4):  # organization, site, reset, sum
        allowance_of(alice)


def test_changes_of_the_site_are_written_down(scope, alice):
    change_site_configuration(by=alice, reset_hour=7, formats=["mp4", "mov"], largest_file=None)
    change_site_configuration(by=alice, reset_hour=7)

    changes = SiteConfigurationChange.objects.order_by("id").values_list("by", "field", "before", "after")
    assert list(changes) == [
        (alice.pk, "reset_hour", "0", "7"),
        (alice.pk, "formats", "mp4, mov, avi, mkv, webm, mp3, m4a, wav, flac, ogg", "mp4, mov"),
    ]
    assert (SiteConfiguration.objects.count(), site_configuration().reset_hour) == (1, 7)


@pytest.mark.django_db(transaction=True)
def test_of_two_parallel_uploads_that_together_are_too_much_one_is_refused(organization, alice):
    assert refused_pairs(organization, alice, pairs=5) == {"pairs": 5, "accepted": 5, "refused": 5, "used_is_right": 5}
