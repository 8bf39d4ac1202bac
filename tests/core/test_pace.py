"""However many processes ask at once, somebody is asked no more often than is allowed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.models.ai_call import RequestPace
from core.pace import LONGEST_HOLD, held, hold, holds, take

HOUR = 3600.0


def back_date(**fields):
    RequestPace.objects.filter(key="host").update(**fields)


@pytest.mark.django_db
def test_so_many_are_taken_and_the_next_waits_for_the_rest_of_the_window():
    taken = [take("host", limit=3, seconds=HOUR) for _ in range(3)]
    waits = [take("host", limit=3, seconds=HOUR) for _ in range(3)]

    assert taken == [0.0, 0.0, 0.0]
    assert [HOUR - 60 < one <= HOUR for one in waits] == [True, True, True]
    assert RequestPace.objects.get().requests == 4


@pytest.mark.django_db
def test_a_new_window_begins_with_the_first_that_asks():
    for _ in range(3):
        take("host", limit=2, seconds=HOUR)
    back_date(window_began_at=timezone.now() - timedelta(seconds=HOUR + 1))

    assert [take("host", limit=2, seconds=HOUR) for _ in range(2)] == [0.0, 0.0]
    assert take("host", limit=2, seconds=HOUR) > 0
    assert timezone.now() - RequestPace.objects.get().window_began_at < timedelta(minutes=1)


@pytest.mark.django_db
def test_each_key_has_a_pace_of_its_own():
    take("host", limit=1, seconds=HOUR)

    assert take("other", limit=1, seconds=HOUR) == 0.0
    assert take("host", limit=1, seconds=HOUR) > 0


@pytest.mark.django_db
def test_it_takes_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        take("host", limit=1, seconds=HOUR)
    with django_assert_num_queries(1):
        take("host", limit=1, seconds=HOUR)


@pytest.mark.django_db
def test_while_it_is_held_nothing_is_taken_or_counted():
    take("host", limit=5, seconds=HOUR)
    hold("host", 120.0)

    waits = take("host", limit=5, seconds=HOUR)

    assert (119 < waits <= 120, 119 < held("host") <= 120) == (True, True)
    assert RequestPace.objects.get().requests == 1


@pytest.mark.django_db
def test_a_hold_ends():
    hold("host", 120.0)
    back_date(held_until=timezone.now() - timedelta(seconds=1))

    assert (held("host"), take("host", limit=1, seconds=HOUR)) == (0.0, 0.0)


@pytest.mark.django_db
def test_the_longer_pause_stays_and_none_is_endless():
    hold("host", 600.0)
    hold("host", 5.0)
    longer = held("host")
    hold("host", 1e12)

    assert (599 < longer <= 600, LONGEST_HOLD - 1 < held("host") <= LONGEST_HOLD) == (True, True)
    assert held("other") == 0.0


@pytest.mark.django_db
def test_all_pauses_are_read_at_once(django_assert_num_queries):
    hold("host", 120.0)
    hold("other", 120.0)
    back_date(held_until=timezone.now() - timedelta(seconds=1))

    with django_assert_num_queries(1):
        found = holds(["host", "other", "third"])

    assert found == {"other": RequestPace.objects.get(key="other").held_until}


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_ten_are_taken():
    waits, ready = [], threading.Barrier(20)

    def ask():
        ready.wait()
        waits.append(take("host", limit=10, seconds=HOUR))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (waits.count(0.0), len(waits)) == (10, 20)
