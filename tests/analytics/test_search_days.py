"""Searches, day by day; and what is left of them when somebody goes."""

from datetime import timedelta

from django.utils import timezone

from accounts.services.erasure import erase_account
from analytics.models import SearchDay
from analytics.services.events import track
from analytics.services.rollup import borders_of
from analytics.services.search_days import roll_up_searches
from core.identifiers import first_of


def search(query, *, by, results, days_ago=0):
    moment = timezone.now() - timedelta(days=days_ago)
    metadata = {"query": query, "results": results}
    track("search_made", learner=by and by.pseudonym, occurred_at=moment, metadata=metadata)


def count(organization):
    """The day of today."""
    day = timezone.now().astimezone(organization.zone).date()
    start, end = borders_of(day, organization)
    return roll_up_searches(
        {"organization": organization.pk, "day": day, "start_id": first_of(start), "end_id": first_of(end)}
    )


def rows():
    return sorted(SearchDay.objects.values_list("query", "learner", "searches", "without_result"), key=str)


def test_a_day_of_searches_is_counted_by_query_and_learner(scope, alice, bob):
    for query, by, results in [
        ("Spring  tide", bob, 0), (" spring tide ", bob, 2), ("spring tide", alice, 0), ("ebb", None, 0), ("  ", bob, 0)
    ]:  # fmt: skip
        search(query, by=by, results=results)
    search("ebb", by=bob, results=0, days_ago=3)

    changed = [count(scope), count(scope)]

    expected = [("ebb", None, 1, 1), ("spring tide", alice.pseudonym, 1, 1), ("spring tide", bob.pseudonym, 2, 1)]
    assert rows() == sorted(expected, key=str)
    assert changed == [3, 0]


def test_what_an_erased_account_searched_for_is_gone_and_stays_gone(scope, alice, bob, charlie):
    search("my own illness", by=bob, results=0)
    search("ebb", by=bob, results=0)
    search("ebb", by=alice, results=1)
    count(scope)

    erase_account(bob)
    after = rows()
    count(scope)

    assert after == rows() == [("ebb", alice.pseudonym, 1, 0)]
