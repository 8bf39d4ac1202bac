"""Reports that arrive at the same moment, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core.tenancy import organization_scope
from media_library.models import Media, Source, WatchRecord, WatchSession
from media_library.services.watching import report_watching, start_session

TABS = 4


@pytest.mark.django_db(transaction=True)
def test_tabs_that_report_at_once_share_one_credit(organization, alice, bob):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="T", creator=alice, duration=1000)
        sessions = [start_session(media, user=bob) for _ in range(TABS)]
    together = Barrier(TABS)

    def report(number: int) -> None:
        with organization_scope(organization):
            together.wait(timeout=10)
            first = number * 100
            report_watching(sessions[number].pk, user=bob, intervals=[[first, first + 10]], position=first)
        connection.close()

    with ThreadPoolExecutor(TABS) as threads:
        list(threads.map(report, range(TABS)))

    with organization_scope(organization):
        record = WatchRecord.objects.get()
        visits = sum(WatchSession.objects.values_list("watched_seconds", flat=True))
    assert (record.watched_seconds, visits) == (15, 15)


@pytest.mark.django_db(transaction=True)
def test_the_same_report_at_once_counts_once(organization, alice, bob):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="T", creator=alice, duration=1000)
        session = start_session(media, user=bob)
    together = Barrier(TABS)

    def report(number: int) -> None:
        with organization_scope(organization):
            together.wait(timeout=10)
            report_watching(session.pk, user=bob, intervals=[[0, 10]], position=10)
        connection.close()

    with ThreadPoolExecutor(TABS) as threads:
        list(threads.map(report, range(TABS)))

    with organization_scope(organization):
        record = WatchRecord.objects.get()
    assert (record.seconds, 5 <= record.credit < 15) == ([(0, 10)], True)  # ten of fifteen are spent; time adds some
