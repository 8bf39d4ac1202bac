"""Who uploaded something is told how it ended, in one mail about all of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from accounts.models import Membership
from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.models import Media, Rendition, Source
from media_library.services.retrying import retry_media
from media_library.services.status import refresh_status
from media_library.services.telling import LISTED

pytestmark = pytest.mark.usefixtures("scope")


def upload(title: str, by: object) -> Media:
    """Something whose work is not done yet: nobody here does it."""
    media = Media.objects.create(source=Source.UPLOAD, source_path="s", title=title, creator=by)
    enqueue("process_media", media.pk, key=f"process_media:{media.pk}", delay=timedelta(days=1))
    return media


def end(media: Media, *, failed: str = "") -> None:
    """As its last job does, well or badly."""
    if not failed:
        media.rendition = Rendition.objects.create(media=media, folder="f")
        media.save()
    outcome = {"state": JobState.FAILED if failed else JobState.SUCCEEDED, "error_message": failed}
    Job.objects.filter(subject_id=media.pk, kind="process_media").update(**outcome)
    refresh_status(media.pk)


def tellings() -> list[str]:
    return list(Job.objects.filter(kind="tell_uploader").order_by("id").values_list("state", flat=True))


def test_uploader_is_told_that_it_is_ready_and_where(alice, work_off):
    media = upload("Tides", alice)

    end(media)
    work_off()

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["alice@harbor.test"], "“Tides” is ready")
    assert f"/admin/media_library/media/{media.pk}/change/" in sent.body
    media.refresh_from_db()
    assert media.told_at is not None


def test_uploader_is_told_that_it_failed_and_why(alice, work_off):
    end(upload("Tides", alice), failed="A part is missing. Please upload it again.")
    work_off()

    (sent,) = mail.outbox
    assert sent.subject == "“Tides” could not be prepared"
    assert "A part is missing. Please upload it again." in sent.body


def test_many_that_end_together_are_one_mail(alice, work_off):
    first, second, third = (upload(title, alice) for title in ("One", "Two", "Three"))

    end(first)
    end(second, failed="It broke.")
    waiting = (work_off(), len(mail.outbox), tellings())
    end(third)
    work_off()

    (sent,) = mail.outbox
    assert waiting == (0, 0, ["queued"])
    assert sent.subject == "Your uploads: 2 ready, 1 could not be prepared"


def test_after_a_quarter_of_an_hour_what_ended_is_told_although_more_is_under_way(alice, work_off):
    first, _second = upload("One", alice), upload("Two", alice)
    end(first)

    Job.objects.filter(kind="tell_uploader").update(created_at=Now() - timedelta(minutes=16), available_at=Now())
    work_off()

    assert [sent.subject for sent in mail.outbox] == ["“One” is ready"]


def test_what_began_meanwhile_is_waited_for(alice, work_off):
    end(upload("One", alice))
    upload("Two", alice)

    work_off()

    waiting = Job.objects.get(kind="tell_uploader")
    assert (waiting.state, waiting.attempt, waiting.error_code, mail.outbox) == ("queued", 0, "more_to_come", [])
    assert timedelta(minutes=14) < waiting.available_at - waiting.created_at <= timedelta(minutes=15, seconds=5)


def test_nobody_is_told_twice(alice, work_off):
    media = upload("One", alice)
    end(media)
    work_off()
    media.refresh_from_db()
    Media.objects.update(status="processing")

    refresh_status(media.pk)  # a re-indexing, say, has come and gone
    enqueue("tell_uploader", media.pk, key="once more")
    work_off()

    assert len(mail.outbox) == 1


def test_what_is_tried_again_is_told_again(alice, work_off):
    media = upload("One", alice)
    end(media, failed="It broke.")
    work_off()
    media.refresh_from_db()
    retry_media(media, by=alice)
    Job.objects.filter(kind="process_media").update(available_at=Now() + timedelta(days=1))

    end(media)
    work_off()

    assert [sent.subject for sent in mail.outbox] == ["“One” could not be prepared", "“One” is ready"]


def test_others_uploads_are_not_waited_for_and_not_told(alice, bob, work_off):
    mine, _theirs = upload("Mine", alice), upload("Theirs", bob)

    end(mine)
    work_off()

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["alice@harbor.test"], "“Mine” is ready")]


@pytest.mark.parametrize("gone", ["membership", "account"])
def test_who_makes_nothing_here_any_more_is_not_told(alice, work_off, gone):
    media = upload("One", alice)
    if gone == "membership":
        Membership.objects.filter(user=alice).delete()
    else:
        Media.objects.update(creator=None)
    media.refresh_from_db()

    end(media)
    work_off()

    assert mail.outbox == []


def test_long_lists_are_shortened_to_a_number(alice, work_off):
    for media in [upload(f"Talk {number}", alice) for number in range(LISTED + 2)]:
        end(media)
    work_off()

    (sent,) = mail.outbox
    assert sent.subject == f"{LISTED + 2} uploads are ready"
    assert (sent.body.count("/change/"), "And 2 more:" in sent.body) == (LISTED, True)
