"""How soon the links of who may not watch any more end."""

import pytest

from core.tenancy import organization_scope
from courses.models import Enrollment
from tests.media_library.fetching import address, status
from tests.media_library.revoking import REVOCATIONS, put_behind_a_door, unenroll


@pytest.mark.parametrize("revoke", REVOCATIONS, ids=lambda one: one.__name__)
def test_revoking_takes_effect_within_a_minute(stored_talk, bob, client_of, organization, move_clock, revoke):
    client = client_of(bob)
    link = address(stored_talk, client)
    opened = status(client, link)
    with organization_scope(organization):
        revoke(stored_talk, bob)

    move_clock(61)

    assert (opened, status(client, link)) == (200, 404)


def test_ended_enrollment_takes_effect_within_a_minute(stored_talk, bob, client_of, organization, move_clock):
    client = client_of(bob)
    with organization_scope(organization):
        Enrollment.objects.create(course=put_behind_a_door(stored_talk, bob), user=bob)
    opened = status(client, address(stored_talk, client))
    with organization_scope(organization):
        unenroll(stored_talk, bob)

    move_clock(61)

    assert (opened, status(client, address(stored_talk, client))) == (200, 404)
