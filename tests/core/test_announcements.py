import pytest
from django.db.transaction import TransactionManagementError, atomic

from core import announcements
from core.announcements import announce, hears


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(announcements, "_receivers", announcements.defaultdict(list))
    return []


def test_announcing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(TransactionManagementError):
        announce("media_completed", object())


def test_announcement_reaches_every_receiver_in_the_same_transaction(db, heard):
    hears("media_uploaded")(lambda media, by: heard.append((media, by)))

    with atomic():
        announce("media_uploaded", "media", by="alice")

    assert heard == [("media", "alice")]


def test_announcement_nobody_registered_is_refused(db):
    with pytest.raises(TypeError), atomic():
        announce("nothing_of_the_kind", object())


def test_announcement_with_other_facts_is_refused(db):
    with pytest.raises(TypeError), atomic():
        announce("media_completed", object(), by="alice")


def test_announcement_with_a_fact_of_another_shape_is_refused(db):
    with pytest.raises(TypeError), atomic():
        announce("library_searched", object(), user=object(), query="tide", results="three")


def test_hearing_what_nobody_announces_is_refused():
    with pytest.raises(LookupError):
        hears("nothing_of_the_kind")


def test_failing_receiver_fails_the_verb(db, heard):
    def fail(media):
        raise ValueError("no room")

    hears("media_completed")(fail)

    with pytest.raises(ValueError, match="no room"), atomic():
        announce("media_completed", object())
